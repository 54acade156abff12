import type { Entity } from "../asked.js";

export default {
  schemas: { RolePublic: { words: { name: ["admin", "staff", "user", "librarian", "coach"] } } },
} satisfies Entity;
