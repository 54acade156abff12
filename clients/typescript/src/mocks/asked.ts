/** Operations that are more than reading and writing a row. */

import type { Code } from "../generated/types.gen.js";
import { deleteAvatar, getAvatar, setAvatar } from "./avatars.js";
import { problem } from "./check.js";
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

export function refuse(code: Code): never {
  throw problem(code);
}

function tokens({ body, world }: Asked): Row {
  return {
    access_token: `mock.${world.believer.id()}`,
    token_type: "bearer",
    expires_in: 900,
    refresh_token: body.transport === "cookie" ? null : `mock.${world.believer.id()}`,
  };
}

function signIn(asked: Asked): Row {
  if (asked.body.password === "wrong") refuse("invalid_credentials");
  return tokens(asked);
}

export function changed({ world, channel }: Asked, schema: string, row: Row, given: Row): Row {
  world.change(schema, row, given);
  const shown = world.shown(schema, row);
  channel.tell(schema, "updated", shown);
  return shown;
}

/** Somebody's place in a group or a course. */
function place(table: string, key: string, parent: string) {
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

const membership = place("GroupMemberPublic", "group_id", "GroupPublic");
const enrolment = place("EnrollmentPublic", "course_id", "CoursePublic");

export const special: { [Id in keyof Operations]?: (asked: Asked) => Answer | Promise<Answer> } = {
  register(asked) {
    const { username, email, first_name, last_name } = asked.body;
    const named = Object.entries({ username, email, first_name, last_name }).filter(([, value]) => value !== undefined);
    asked.world.change("UserPublic", asked.world.me(), Object.fromEntries(named) as Row);
    return tokens(asked);
  },
  login: signIn,
  createToken: tokens,
  refresh: tokens,
  getMe: ({ world }) => world.shown("UserPublic", world.me()),
  updateMe: (asked) => changed(asked, "UserPublic", asked.world.me(), asked.body),
  exportMe: ({ world }) => ({
    ...world.believer.row("Export"),
    user: world.shown("UserPublic", world.me()),
    tasks: world.rows("TaskPublic"),
    notes: world.rows("NotePublic"),
  }),
  setAvatar,
  deleteAvatar,
  getAvatar,
  addMember: membership.take,
  removeMember: membership.leave,
  enroll: enrolment.take,
  leaveCourse: enrolment.leave,
  changeStock(asked) {
    const product = asked.world.find("ProductPublic", asked.params.id) ?? refuse("not_found");
    const quantity = Number(product.quantity) + Number(asked.body.change);
    if (quantity < 0) refuse("out_of_stock");
    return changed(asked, "ProductPublic", product, { quantity });
  },
  createBooking({ world, channel, body }) {
    const slot = world.find("BookingSlotPublic", body.slot_id) ?? refuse("not_found");
    if (Number(world.shown("BookingSlotPublic", slot).available) < Number(body.seats ?? 1)) refuse("slot_full");
    if (Date.parse(String(slot.starts_at)) < Date.now()) refuse("slot_past");
    const row = world.add("BookingPublic", { ...body, status: "confirmed" }, "BookingCreate");
    const shown = world.shown("BookingPublic", row);
    channel.tell("BookingPublic", "created", shown);
    return shown;
  },
  cancelBooking(asked) {
    const booking = asked.world.find("BookingPublic", asked.params.id) ?? refuse("not_found");
    if (booking.status === "cancelled") refuse("already_cancelled");
    return changed(asked, "BookingPublic", booking, { status: "cancelled" });
  },
  readNotification(asked) {
    const row = asked.world.find("NotificationPublic", asked.params.id) ?? refuse("not_found");
    return changed(asked, "NotificationPublic", row, { read_at: row.read_at ?? new Date().toISOString() });
  },
  readNotifications({ world }) {
    for (const row of world.rows("NotificationPublic")) row.read_at ??= new Date().toISOString();
    return undefined;
  },
  exportRecords({ world }) {
    const lines = world.rows("RecordPublic").map((row) => [row.id, row.kind, row.title, row.occurred_at].join(","));
    return new Response(["id,kind,title,occurred_at", ...lines, ""].join("\r\n"), { headers: { "Content-Type": "text/csv" } });
  },
  streamNotifications: ({ request, channel }) => channel.stream(request),
};
