/** As much of JSON Schema, and of an OpenAPI operation, as mocks have to know. */
export {};
