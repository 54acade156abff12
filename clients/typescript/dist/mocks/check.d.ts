/** What is wrong with a body, as far as forms need to know. */
import type { Code, FieldError } from "../generated/types.gen.js";
import { type Row } from "./schema.js";
export declare function problem(code: Code, errors?: FieldError[]): Response;
export declare function check(name: string, body: Row): FieldError[];
