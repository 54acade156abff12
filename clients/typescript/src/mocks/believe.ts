/** Data that looks like somebody's: made from a schema, and from what a field is called. */

import { schemas } from "./operations.gen.js";
import type { Json, Row, Schema, Special, Specials } from "./schema.js";

const PEOPLE = ["Ada Lovelace", "Emil Novak", "Aisha Rahman", "Mateo Silva", "Noor de Vries", "Yuki Tanaka", "Lena Fischer"];
const LAST = PEOPLE.map((name) => name.split(" ").slice(1).join(" "));
const FIRST = PEOPLE.map((name) => name.split(" ")[0] ?? name);
const SENTENCES = [
  "Bring something warm, it is outside.",
  "We start with a short round, then work in pairs.",
  "Ask at the front desk if you cannot find the room.",
  "What is left over goes to the garden team.",
  "Photos from last time are in the shared folder.",
];
/** For fields of this name, whichever entity they are of. */
const WORDS: Record<string, string[]> = {
  first_name: FIRST,
  last_name: LAST,
  full_name: PEOPLE,
  customer_name: PEOPLE,
  username: FIRST.map((name) => name.toLowerCase()),
  child_name: ["Mia", "Leo", "Zoe", "Sam"], // part: child
  ip_address: ["192.0.2.17", "198.51.100.4", "203.0.113.99"],
  category: ["Office", "Garden", "Events"],
  role: ["member", "admin", "viewer"],
  version: ["0.1.0"],
};
const DAY = 86_400_000;

/** When a row was changed, and the version that follows from it. */
export function stamp(row: Row, at: number): void {
  row.updated_at = new Date(at).toISOString();
  if (typeof row.version === "string") row.version = String(at * 1000);
}

export class Believer {
  private made = 0;

  constructor(
    private seed: number,
    private readonly specials: Specials,
    private readonly now = Date.now(),
  ) {}

  /** From 0 to below 1, the same for the same seed (mulberry32). */
  chance(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.chance() * (high - low + 1));
  }

  /** A UUIDv7, so that a later one sorts after an earlier one. */
  id(): string {
    const time = (this.now + this.made++).toString(16).padStart(12, "0");
    const rest = Array.from({ length: 18 }, () => this.between(0, 15).toString(16)).join("");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6)}`;
  }

  moment(name: string): string {
    const past = /^(created|updated|joined|enrolled|occurred|published|last_used|read|exported)_at$/.test(name);
    const days = past ? -this.chance() * 30 : 1 + this.chance() * 30;
    return new Date(Math.round((this.now + days * DAY) / 1_800_000) * 1_800_000).toISOString();
  }

  /** A row of what a schema describes. `number` tells rows apart where values must not be the same. */
  row(name: string, number = 0): Row {
    const schema = schemas[name] ?? {};
    const special = this.specials[tableOf(name)];
    const row: Row = {};
    for (const [field, part] of Object.entries(schema.properties ?? {})) row[field] = this.value(part, field, number, special);
    if (typeof row.starts_at === "string" && "ends_at" in row) row.ends_at = later(row.starts_at, 3_600_000);
    if (typeof row.created_at === "string") stamp(row, Date.parse(row.created_at));
    if ("first_name" in row && "full_name" in row) row.full_name = `${row.first_name} ${row.last_name}`;
    if ("username" in row && "email" in row) row.email = `${row.username}@example.com`;
    if (typeof row.available === "number" && typeof row.capacity === "number") row.available = row.capacity;
    return row;
  }

  value(schema: Schema, field: string, number: number, special?: Special): Json {
    if (schema.const !== undefined) return schema.const;
    if (schema.$ref) return this.named(schema.$ref, field, number, special);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return this.value(choices[0] ?? {}, field, number, special);
    if (schema.enum) return schema.enum[this.between(0, schema.enum.length - 1)] ?? null;
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    if (special?.empty?.includes(field)) return null;
    if (types.includes("string")) return this.text(schema, field, number, special);
    if (types.includes("boolean")) return schema.default ?? true;
    if (types.includes("integer") || types.includes("number")) {
      return this.between(Math.max(schema.minimum ?? 0, 0), Math.min(schema.maximum ?? 20, 20));
    }
    if (types.includes("array")) {
      const { items = {} } = schema;
      const whole = items.$ref === undefined ? undefined : schemas[items.$ref]?.enum;
      return whole ? [...whole] : [];
    }
    return types.includes("object") ? {} : null;
  }

  private named(name: string, field: string, number: number, special?: Special): Json {
    const schema = schemas[name] ?? {};
    return schema.properties ? this.row(name, number) : this.value(schema, field, number, special);
  }

  private text(schema: Schema, field: string, number: number, special?: Special): string {
    if (schema.format === "uuid") return this.id();
    if (schema.format === "email") return `${FIRST[number % FIRST.length]?.toLowerCase()}${number}@example.com`;
    if (schema.format === "uri") return `https://example.com/${number}`;
    if (schema.format === "date-time") return this.moment(field);
    if (schema.format === "date") return `${this.between(2015, 2024)}-0${this.between(1, 9)}-${this.between(10, 28)}`;
    if (field === "price") return `${this.between(2, 90)}.${this.between(1, 9)}0`;
    const words = special?.words?.[field] ?? WORDS[field];
    if (words) {
      const word = words[number % words.length] ?? "";
      const again = Math.floor(number / words.length);
      if (again === 0 || !/^(name|username)$/.test(field)) return word;
      return word === word.toLowerCase() ? `${word}${again + 1}` : `${word} ${again + 1}`;
    }
    const [example] = schema.examples ?? [];
    const sentence = SENTENCES[(number + field.length) % SENTENCES.length] ?? "";
    return typeof example === "string" ? example : sentence.slice(0, schema.maxLength);
  }
}

/** `UserSummary` is taken from the rows of `UserPublic`, and so is `CourseUserSummary`. */
export function tableOf(schema: string): string {
  const name = schema.replace(/(Summary|Row)$/, "Public");
  const words = name.split(/(?=[A-Z])/);
  const ends = words.map((_, first) => words.slice(first).join("")).filter((end) => end !== "Public");
  return ends.find((end) => end in schemas) ?? name;
}

export function later(moment: string, milliseconds: number): string {
  return new Date(Date.parse(moment) + milliseconds).toISOString();
}
