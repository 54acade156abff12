/** What is wrong with a body, as far as forms need to know. */
import { problems, schemas } from "./operations.gen.js";
import {} from "./schema.js";
export function problem(code, errors) {
    const said = problems[code] ?? { type: "about:blank", title: code, status: 500, code, detail: code };
    const headers = { "Content-Type": "application/problem+json" };
    return new Response(JSON.stringify({ ...said, ...(errors && { errors }) }), { status: said.status, headers });
}
export function check(name, body) {
    const { properties = {}, required = [] } = schemas[name] ?? {};
    const wrong = (field, type, msg) => ({ loc: ["body", field], msg, type });
    const errors = required.filter((field) => !(field in body)).map((field) => wrong(field, "missing", "Field required"));
    for (const [field, value] of Object.entries(body)) {
        const schema = properties[field];
        if (schema === undefined)
            errors.push(wrong(field, "extra_forbidden", "Extra inputs are not permitted"));
        const fault = schema && judge(schema, value);
        if (fault)
            errors.push(wrong(field, "value_error", fault));
    }
    return errors;
}
function judge(schema, value) {
    if (schema.$ref)
        return judge(schemas[schema.$ref] ?? {}, value);
    const faults = schema.anyOf?.map((choice) => judge(choice, value));
    if (faults)
        return faults.includes(undefined) ? undefined : faults[0];
    if (schema.enum && !schema.enum.includes(value))
        return `Input should be ${schema.enum.join(", ")}`;
    const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
    if (types.length && !types.some((type) => isOf(type, value)))
        return `Input should be ${types.join(" or ")}`;
    if (typeof value === "string") {
        if (value.length < (schema.minLength ?? 0))
            return `String should have at least ${schema.minLength} characters`;
        if (value.length > (schema.maxLength ?? Infinity))
            return `String should have at most ${schema.maxLength} characters`;
        if (schema.format === "date-time" && Number.isNaN(Date.parse(value)))
            return "Input should be a valid datetime";
    }
    if (typeof value === "number") {
        if (value < (schema.minimum ?? -Infinity))
            return `Input should be at least ${schema.minimum}`;
        if (value > (schema.maximum ?? Infinity))
            return `Input should be at most ${schema.maximum}`;
    }
    return undefined;
}
function isOf(type, value) {
    if (type === "null")
        return value === null;
    if (type === "array")
        return Array.isArray(value);
    if (type === "integer")
        return Number.isInteger(value);
    return typeof value === type && value !== null;
}
