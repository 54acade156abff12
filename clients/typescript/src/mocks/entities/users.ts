import type { Entity } from "../asked.js";

export default {
  schemas: {
    UserPublic: {
      empty: [
        "avatar_url",
        "child_sex_assigned_at_birth", // part: child
      ],
      imagined(row, number, rows) {
        if (number === 0) row.role = rows("RolePublic")[0] ?? null; // who is signed in may do everything
      },
    },
  },
} satisfies Entity;
