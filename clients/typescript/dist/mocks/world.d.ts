/** What is there: rows of every entity, made up when they are first looked at, and changed by what is asked for. */
import { Believer } from "./believe.js";
import type { Json, Row, Rows, Schema, Specials } from "./schema.js";
export declare const isRow: (value: Json | undefined) => value is Row;
export declare function refOf(schema: Schema | undefined): string | undefined;
export declare class World {
    private readonly seed;
    private readonly size;
    private readonly specials;
    private readonly tables;
    readonly believer: Believer;
    constructor(seed: number, size: number, specials: Specials);
    /** Who is signed in: may do everything. */
    me(): Row;
    readonly rows: Rows;
    find(table: string, id: Json | undefined): Row | undefined;
    add(schema: string, given: Row, allowed: string | undefined): Row;
    change(schema: string, row: Row, given: Row): void;
    remove(table: string, row: Row): void;
    /** A row as it is answered: what it refers to, and what is counted, as of now. */
    shown(schema: string, row: Row): Row;
    private imagine;
    private anyOf;
    /** The row that `post_id` or `owner_id` names. */
    private parent;
}
