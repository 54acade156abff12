import type { Entity } from "./asked.js";
export declare const entities: Entity[];
