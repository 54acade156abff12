/** Operations that are more than reading and writing a row. */
import type { Code } from "../generated/types.gen.js";
import type { Channel } from "./live.js";
import type { Operations } from "./operations.gen.js";
import type { Json, Row } from "./schema.js";
import type { World } from "./world.js";
export interface Asked {
    request: Request;
    params: Record<string, string>;
    body: Row;
    world: World;
    channel: Channel;
}
type Answer = Json | Response | undefined;
export declare function refuse(code: Code): never;
export declare const special: {
    [Id in keyof Operations]?: (asked: Asked) => Answer;
};
export {};
