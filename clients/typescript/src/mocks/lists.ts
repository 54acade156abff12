/** Lists as the API answers them: filtered, searched, sorted and paged. */

import type { Json, Row, Special } from "./schema.js";
import { isRow } from "./world.js";

const PAGING = new Set(["limit", "cursor", "skip", "sort", "order", "count", "topics"]);
const COMPARED: Record<string, (value: number, limit: number) => boolean> = {
  before: (value, limit) => value < limit,
  after: (value, limit) => value > limit,
  min: (value, limit) => value >= limit,
  max: (value, limit) => value <= limit,
};

export function page(rows: Row[], query: URLSearchParams, { filters = {} }: Special = {}): Row {
  const { sort = "id", order = "desc", limit = "50", cursor, skip = "0", count } = Object.fromEntries(query);
  const asked = [...new Set(query.keys())].filter((name) => !PAGING.has(name)).map((name) => [name, query.getAll(name)] as const);
  const found = rows.filter((row) => asked.every(([name, values]) => suits(row, name, values, filters[name])));
  found.sort((one, other) => compare(one[sort], other[sort]) || compare(one.id, other.id));
  if (order === "desc") found.reverse();
  const start = Number(skip) + (cursor ? found.findIndex((row) => row.id === cursor) + 1 : 0);
  const items = found.slice(start, start + Number(limit));
  const more = start + items.length < found.length;
  return { items, next_cursor: (more && items.at(-1)?.id) || null, total: count === "true" ? found.length : null };
}

/** Whether one of the values of a filter suits a row, or none of them for `_not`. */
function suits(row: Row, name: string, values: string[], filter?: (row: Row) => boolean): boolean {
  const [, stem = "", end = ""] = /^(.+)_(in|not|is_null)$/.exec(name) ?? [];
  if (filter || !end || name in row) return values.some((value) => matches(row, name, value, filter));
  if (end === "is_null") return ((row[stem] ?? null) === null) === (values[0] === "true");
  return values.some((value) => matches(row, stem, value)) === (end === "in");
}

function matches(row: Row, name: string, value: string, filter?: (row: Row) => boolean): boolean {
  if (filter) return filter(row) === (value === "true");
  if (name === "q") return Object.values(row).some((text) => typeof text === "string" && has(text, value));
  const [, stem = "", suffix = ""] = /^(.+)_(before|after|min|max)$/.exec(name) ?? [];
  const compared = COMPARED[suffix];
  if (compared) {
    const held = row[stem] ?? row[`${stem}_at`] ?? null;
    const [left, right] = /min|max/.test(suffix) ? [Number(held), Number(value)] : [Date.parse(String(held)), Date.parse(value)];
    return held !== null && compared(left, right);
  }
  const other = row[name.replace(/_id$/, "")];
  const held = isRow(other) ? (name.endsWith("_id") ? other.id : other.name) : row[name];
  return held === undefined || String(held) === value;
}

const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

function compare(one: Json | undefined, other: Json | undefined): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one ?? "").localeCompare(String(other ?? ""));
}
