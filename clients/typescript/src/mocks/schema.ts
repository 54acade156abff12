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
  /** As MSW writes it: `/api/v1/teams/:id`. */
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

/** The rows of an entity, by the name of its schema. */
export type Rows = (table: string) => Row[];

/** What mocks know of the rows of one schema beyond the schema. */
export interface Special {
  /** Values of text fields. */
  words?: Record<string, string[]>;
  /** Fields that are null at first. */
  empty?: string[];
  /** Fields that count rows: of which schema, and which of its fields names the row that is shown. */
  counted?: Record<string, [table: string, key: string]>;
  /** Filters that no field has the name of. */
  filters?: Record<string, (row: Row) => boolean>;
  /** Completes a row that is made up, the first of which has the number 0. */
  imagined?(row: Row, number: number, rows: Rows): void;
  /** Completes a row that is answered. */
  shown?(row: Row, rows: Rows): void;
}

/** By the name of the schema. */
export type Specials = Record<string, Special>;
