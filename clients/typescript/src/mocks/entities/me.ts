import { type Entity, changed } from "../asked.js";

export default {
  operations: {
    getMe: ({ world }) => world.shown("UserPublic", world.me()),
    updateMe: (asked) => changed(asked, "UserPublic", asked.world.me(), asked.body),
    exportMe: ({ world }) => ({
      ...world.believer.row("Export"),
      user: world.shown("UserPublic", world.me()),
      tasks: world.rows("TaskPublic"), // part: tasks
      notes: world.rows("NotePublic"), // part: notes
    }),
  },
} satisfies Entity;
