/** What an operation is asked, and what the file of an entity may say of it. */

import type { Code, Problem } from "../generated/types.gen.js";
import { problem } from "./check.js";
import type { Channel } from "./live.js";
import type { Operations } from "./operations.gen.js";
import type { Json, Row, Specials } from "./schema.js";
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

/** What `entities/*.ts` export by default: what differs from the conventions that all entities share. */
export interface Entity {
  /** Operations that do more than read or write a row. */
  operations?: { [Id in keyof Operations]?: (asked: Asked) => Answer | Promise<Answer> };
  schemas?: Specials;
}

export function refuse(code: Code, members?: Partial<Problem>): never {
  throw problem(code, members);
}

export function changed({ world, channel }: Asked, schema: string, row: Row, given: Row): Row {
  world.change(schema, row, given);
  const shown = world.shown(schema, row);
  channel.tell(schema, "updated", shown);
  return shown;
}
