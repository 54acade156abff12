import type { Entity } from "../asked.js";

export default {
  schemas: {
    TaskPublic: {
      words: {
        description: ["Call the school", "Order new chairs", "Write the newsletter", "Water the plants", "Fix the projector"],
        category: ["Office", "Garden", "Events", "Home"],
      },
    },
  },
} satisfies Entity;
