/** Somebody's place in a group or a course: operations that take it and leave it. */

import { type Asked, refuse } from "./asked.js";
import type { Row } from "./schema.js";

export function place(table: string, key: string, parent: string) {
  const held = ({ world, params }: Asked) => {
    if (!world.find(parent, params.id)) refuse("not_found");
    const who = params.user_id === undefined || params.user_id === "me" ? world.me() : world.find("UserPublic", params.user_id);
    if (who === undefined) return refuse("not_found");
    const row = world.rows(table).find((one) => one[key] === params.id && (one.user as Row).id === who.id);
    return { who, row };
  };
  return {
    take(asked: Asked): undefined {
      const { who, row } = held(asked);
      if (row === undefined) Object.assign(asked.world.add(table, {}, undefined), { [key]: asked.params.id, user: who });
    },
    leave(asked: Asked): undefined {
      const { row } = held(asked);
      if (row) asked.world.remove(table, row);
    },
  };
}
