/** As much of JSON Schema, and of an OpenAPI operation, as mocks have to know. */
export interface Schema {
    /** The name of another one. */
    $ref?: string;
    type?: string | string[];
    format?: string;
    enum?: readonly Json[];
    const?: Json;
    items?: Schema;
    properties?: Record<string, Schema>;
    required?: readonly string[];
    anyOf?: readonly Schema[];
    oneOf?: readonly Schema[];
    default?: Json;
    examples?: readonly Json[];
    minimum?: number;
    maximum?: number;
    minLength?: number;
    maxLength?: number;
    additionalProperties?: boolean | Schema;
}
export interface Operation {
    method: string;
    /** As MSW writes it: `/api/v1/tasks/:id`. */
    path: string;
    status: number;
    /** The name of the schema that it answers with. */
    answer?: string;
    /** The name of the schema of its body. */
    body?: string;
    /** The media type of an answer that is no JSON. */
    type?: string;
    signedIn?: boolean;
}
export type Json = string | number | boolean | null | Json[] | Row;
export interface Row {
    [name: string]: Json;
}
