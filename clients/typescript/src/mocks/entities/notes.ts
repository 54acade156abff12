import type { Entity } from "../asked.js";

export default {
  schemas: {
    NotePublic: {
      words: { title: ["Ideas for the summer", "Parents' evening", "Books to order", "What went well", "Phone list"] },
    },
  },
} satisfies Entity;
