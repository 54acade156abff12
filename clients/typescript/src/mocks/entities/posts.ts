import type { Entity } from "../asked.js";

export default {
  schemas: {
    PostPublic: {
      words: { title: ["We are open again", "A new kitchen", "What we learned this year", "Volunteers wanted", "Summer programme"] },
      counted: { comment_count: ["CommentPublic", "post_id"] },
      filters: { published: (row) => row.published_at !== null },
    },
  },
} satisfies Entity;
