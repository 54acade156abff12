/** What is wrong with a body, as far as forms need to know. */

import type { Code, FieldError, Problem } from "../generated/types.gen.js";
import { problems, schemas } from "./operations.gen.js";
import { type Json, type Row, type Schema } from "./schema.js";

export function problem(code: Code, members: Partial<Problem> = {}): Response {
  const said: Problem = problems[code] ?? { type: "about:blank", title: code, status: 500, code, detail: code };
  const headers = { "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify({ ...said, ...members }), { status: said.status, headers });
}

export function check(name: string, body: Row): FieldError[] {
  const { properties = {}, required = [] } = schemas[name] ?? {};
  const wrong = (field: string, type: string, msg: string): FieldError => ({ loc: ["body", field], msg, type });
  const errors = required.filter((field) => !(field in body)).map((field) => wrong(field, "missing", "This is required."));
  for (const [field, value] of Object.entries(body)) {
    const schema = properties[field];
    if (schema === undefined) errors.push(wrong(field, "extra_forbidden", "This is not known here. Remove it."));
    const fault = schema && judge(schema, value);
    if (fault) errors.push(wrong(field, "value_error", fault));
  }
  return errors;
}

function judge(schema: Schema, value: Json): string | undefined {
  if (schema.$ref) return judge(schemas[schema.$ref] ?? {}, value);
  const faults = schema.anyOf?.map((choice) => judge(choice, value));
  if (faults) return faults.includes(undefined) ? undefined : faults[0];
  if (schema.enum && !schema.enum.includes(value)) return `Choose one of: ${schema.enum.join(", ")}.`;
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length && !types.some((type) => isOf(type, value))) return `This must be of the type ${types.join(" or ")}.`;
  if (typeof value === "string") {
    if (value.length < (schema.minLength ?? 0)) return `Use at least ${schema.minLength} characters.`;
    if (value.length > (schema.maxLength ?? Infinity)) return `Use at most ${schema.maxLength} characters.`;
    if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) return "Write a time like 2030-12-31T09:00:00Z.";
  }
  if (typeof value === "number") {
    if (value < (schema.minimum ?? -Infinity)) return `This must be at least ${schema.minimum}.`;
    if (value > (schema.maximum ?? Infinity)) return `This must be at most ${schema.maximum}.`;
  }
  return undefined;
}

function isOf(type: string, value: Json): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type && value !== null;
}
