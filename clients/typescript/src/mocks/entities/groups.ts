import type { Entity } from "../asked.js";
import { place } from "../place.js";

const membership = place("GroupMemberPublic", "group_id", "GroupPublic");

export default {
  operations: { addMember: membership.take, removeMember: membership.leave },
  schemas: {
    GroupPublic: {
      words: { name: ["Garden team", "Saturday families", "Homework helpers", "Choir", "Book club", "Kitchen crew"] },
      counted: { member_count: ["GroupMemberPublic", "group_id"] },
    },
  },
} satisfies Entity;
