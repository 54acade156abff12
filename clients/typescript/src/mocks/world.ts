/** What is there: rows of every entity, made up when they are first looked at, and changed by what is asked for. */

import { Believer } from "./believe.js";
import { schemas } from "./operations.gen.js";
import type { Json, Row, Schema } from "./schema.js";

/** What is counted when it is shown: the field, the rows that count, and how they name what they belong to. */
const COUNTED: Record<string, [field: string, table: string, key: string]> = {
  PostPublic: ["comment_count", "CommentPublic", "post_id"],
  GroupPublic: ["member_count", "GroupMemberPublic", "group_id"],
  CoursePublic: ["enrolled_count", "EnrollmentPublic", "course_id"],
};

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `UserSummary` is taken from the rows of `UserPublic`. */
export const tableOf = (schema: string) => schema.replace(/(Summary|Row)$/, "Public");

export function refOf(schema: Schema | undefined): string | undefined {
  const ref = schema?.$ref ?? schema?.anyOf?.[0]?.$ref;
  return ref !== undefined && schemas[ref]?.properties?.id ? ref : undefined;
}

export class World {
  private readonly tables = new Map<string, Row[]>();
  readonly believer: Believer;
  /** The one of whoever is signed in. */
  picture: { id: string; data: Blob } | undefined;

  constructor(
    private readonly seed: number,
    private readonly size: number,
  ) {
    this.believer = new Believer(seed);
  }

  /** Who is signed in: may do everything. */
  me(): Row {
    return this.rows("UserPublic")[0] ?? {};
  }

  rows(table: string): Row[] {
    let rows = this.tables.get(table);
    if (rows === undefined) {
      rows = [];
      this.tables.set(table, rows);
      const letters = [...table].map((letter) => letter.charCodeAt(0));
      const believer = new Believer(letters.reduce((sum, letter) => sum * 31 + letter, this.seed)); // whoever looks first
      for (let number = 0; number < this.size; number++) rows.push(this.imagine(believer, table, number));
    }
    return rows;
  }

  find(table: string, id: Json | undefined): Row | undefined {
    return this.rows(table).find((row) => row.id === id);
  }

  add(schema: string, given: Row, allowed: string | undefined): Row {
    const row = this.imagine(this.believer, schema, this.rows(schema).length);
    const writable = Object.entries(schemas[allowed ?? ""]?.properties ?? {});
    const silent = Object.fromEntries(writable.map(([name, part]) => [name, part.default ?? null]));
    for (const name of ["author", "owner", "instructor", "user"]) if (name in row) row[name] = this.me();
    if ("owner_id" in row) row.owner_id = this.me().id ?? null;
    row.id = this.believer.id();
    row.created_at = new Date().toISOString();
    this.change(schema, row, { ...silent, ...given });
    this.rows(schema).push(row);
    return row;
  }

  change(schema: string, row: Row, given: Row): void {
    for (const [name, value] of Object.entries(given)) {
      const ref = refOf(schemas[schema]?.properties?.[name.replace(/_id$/, "")]);
      if (ref === undefined) {
        if (name in row) row[name] = value;
        continue;
      }
      const other = name.endsWith("_id") ? this.find(tableOf(ref), value) : this.rows(tableOf(ref)).find((one) => one.name === value);
      row[name.replace(/_id$/, "")] = other ?? null;
      if (name in row && name.endsWith("_id")) row[name] = value;
    }
    if ("first_name" in row && "full_name" in row) {
      row.full_name = [row.first_name, row.last_name].filter(Boolean).join(" ") || (row.username ?? "");
    }
    row.updated_at = new Date().toISOString();
  }

  remove(table: string, row: Row): void {
    this.rows(table).splice(this.rows(table).indexOf(row), 1);
  }

  /** A row as it is answered: what it refers to, and what is counted, as of now. */
  shown(schema: string, row: Row): Row {
    const shown: Row = {};
    for (const [name, part] of Object.entries(schemas[schema]?.properties ?? {})) {
      const ref = refOf(part);
      const value = row[name] ?? null;
      shown[name] = ref && isRow(value) ? this.shown(ref, this.find(tableOf(ref), value.id) ?? value) : value;
    }
    const [counted, table, key] = COUNTED[schema] ?? [];
    if (counted && table && key) shown[counted] = this.rows(table).filter((one) => one[key] === row.id).length;
    if (schema === "BookingSlotPublic") shown.available = Number(row.capacity) - this.taken(row);
    return shown;
  }

  private taken(slot: Row): number {
    const bookings = this.rows("BookingPublic").filter((one) => one.slot_id === slot.id && one.status === "confirmed");
    return bookings.reduce((seats, one) => seats + Number(one.seats), 0);
  }

  private imagine(believer: Believer, schema: string, number: number): Row {
    const row = believer.row(schema, number);
    for (const [name, part] of Object.entries(schemas[schema]?.properties ?? {})) {
      const ref = refOf(part);
      if (ref !== undefined) row[name] = this.anyOf(believer, tableOf(ref));
      const parent = name.endsWith("_id") ? this.parent(believer, name.slice(0, -3), schema) : undefined;
      if (parent !== undefined) row[name] = parent;
    }
    for (const name of Object.keys(row)) {
      const other = row[name.replace(/_id$/, "")];
      if (name.endsWith("_id") && isRow(other)) row[name] = other.id ?? null;
    }
    if (schema === "BookingSlotPublic") row.capacity = 20 + Number(row.capacity);
    if (schema === "BookingPublic") row.seats = 1;
    if (schema === "UserPublic" && number === 0) row.role = this.rows("RolePublic")[0] ?? null;
    if (schema === "UserSessionPublic") row.current = number === 0;
    return row;
  }

  private anyOf(believer: Believer, table: string): Row {
    const rows = this.rows(table);
    return rows[believer.between(0, rows.length - 1)] ?? {};
  }

  /** The row that `post_id` or `owner_id` names. */
  private parent(believer: Believer, noun: string, schema: string): Json | undefined {
    if (noun === "owner") return this.me().id;
    const table = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}Public`;
    return table in schemas && table !== schema && noun !== "booking" ? this.anyOf(believer, table).id : undefined;
  }
}
