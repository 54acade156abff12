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
/** What is answered; a `Blob` is sent as it is. */
export type Answer = Json | Blob | Response | undefined;
export declare function refuse(code: Code): never;
export declare function changed({ world, channel }: Asked, schema: string, row: Row, given: Row): Row;
export declare const special: {
    [Id in keyof Operations]?: (asked: Asked) => Answer | Promise<Answer>;
};
