/** Somebody's place in a group or a course: operations that take it and leave it. */
import { type Asked } from "./asked.js";
export declare function place(table: string, key: string, parent: string): {
    take(asked: Asked): undefined;
    leave(asked: Asked): undefined;
};
