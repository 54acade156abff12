/** What is there: rows of every entity, made up when they are first looked at, and changed by what is asked for. */

import { Believer, stamp, tableOf } from "./believe.js";
import { schemas } from "./operations.gen.js";
import type { Json, Row, Rows, Schema, Specials } from "./schema.js";

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function refOf(schema: Schema | undefined): string | undefined {
  const ref = schema?.$ref ?? schema?.anyOf?.[0]?.$ref;
  return ref !== undefined && schemas[ref]?.properties?.id ? ref : undefined;
}

export class World {
  private readonly tables = new Map<string, Row[]>();
  readonly believer: Believer;

  constructor(
    private readonly seed: number,
    private readonly size: number,
    private readonly specials: Specials,
  ) {
    this.believer = new Believer(seed, specials);
  }

  /** Who is signed in: may do everything. */
  me(): Row {
    return this.rows("UserPublic")[0] ?? {};
  }

  readonly rows: Rows = (table) => {
    let rows = this.tables.get(table);
    if (rows === undefined) {
      rows = [];
      this.tables.set(table, rows);
      const letters = [...table].map((letter) => letter.charCodeAt(0));
      const believer = new Believer(letters.reduce((sum, letter) => sum * 31 + letter, this.seed), this.specials);
      for (let number = 0; number < this.size; number++) rows.push(this.imagine(believer, table, number));
    }
    return rows;
  };

  find(table: string, id: Json | undefined): Row | undefined {
    return this.rows(table).find((row) => row.id === id);
  }

  add(schema: string, given: Row, allowed: string | undefined): Row {
    const row = this.imagine(this.believer, schema, this.rows(schema).length);
    const writable = Object.entries(schemas[allowed ?? ""]?.properties ?? {});
    const empty = writable.filter(([, part]) => part.default !== undefined || JSON.stringify(part).includes('"null"'));
    const silent = Object.fromEntries(empty.map(([name, part]) => [name, part.default ?? null]));
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
      if (given.full_name && !given.first_name && !given.last_name) {
        const [, first, last] = /^(.+) ([^ ]+)$/.exec(String(given.full_name)) ?? [];
        Object.assign(row, { first_name: first ?? given.full_name, last_name: last ?? null });
      }
      row.full_name = given.full_name || [row.first_name, row.last_name].filter(Boolean).join(" ") || (row.username ?? "");
    }
    if ("updated_at" in row) stamp(row, Math.max(Date.now(), Date.parse(String(row.updated_at)) + 1));
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
    const special = this.specials[schema];
    for (const [field, [table, key]] of Object.entries(special?.counted ?? {})) {
      shown[field] = this.rows(table).filter((one) => one[key] === row.id).length;
    }
    special?.shown?.(shown, this.rows);
    return shown;
  }

  private imagine(believer: Believer, schema: string, number: number): Row {
    const row = believer.row(schema, number);
    const { empty = [], imagined } = this.specials[schema] ?? {};
    for (const [name, part] of Object.entries(schemas[schema]?.properties ?? {})) {
      const ref = refOf(part);
      if (ref !== undefined) {
        const other = this.anyOf(believer, tableOf(ref)); // the first row that refers to its own kind finds none
        row[name] = other ?? null;
        if (other === undefined && `${name}_id` in row) row[`${name}_id`] = null;
      }
      const parent = name.endsWith("_id") && !empty.includes(name) ? this.parent(believer, name.slice(0, -3), schema) : undefined;
      if (parent !== undefined) row[name] = parent;
    }
    for (const name of Object.keys(row)) {
      const other = row[name.replace(/_id$/, "")];
      if (name.endsWith("_id") && isRow(other)) row[name] = other.id ?? null;
    }
    imagined?.(row, number, this.rows);
    return row;
  }

  private anyOf(believer: Believer, table: string): Row | undefined {
    const rows = this.rows(table);
    return rows[believer.between(0, rows.length - 1)];
  }

  /** The row that `post_id` or `owner_id` names. */
  private parent(believer: Believer, noun: string, schema: string): Json | undefined {
    if (noun === "owner") return this.me().id;
    const table = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}Public`;
    return table in schemas && table !== schema ? this.anyOf(believer, table)?.id : undefined;
  }
}
