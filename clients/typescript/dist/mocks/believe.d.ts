/** Data that looks like somebody's: made from a schema, and from what a field is called. */
import type { Json, Row, Schema, Special, Specials } from "./schema.js";
export declare class Believer {
    private seed;
    private readonly specials;
    private readonly now;
    private made;
    constructor(seed: number, specials: Specials, now?: number);
    /** From 0 to below 1, the same for the same seed (mulberry32). */
    chance(): number;
    between(low: number, high: number): number;
    /** A UUIDv7, so that a later one sorts after an earlier one. */
    id(): string;
    moment(name: string): string;
    /** A row of what a schema describes. `number` tells rows apart where values must not be the same. */
    row(name: string, number?: number): Row;
    value(schema: Schema, field: string, number: number, special?: Special): Json;
    private named;
    private text;
}
/** `UserSummary` is taken from the rows of `UserPublic`. */
export declare const tableOf: (schema: string) => string;
export declare function later(moment: string, milliseconds: number): string;
