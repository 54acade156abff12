import type { Entity } from "../asked.js";

export default {
  operations: {
    exportRecords({ world }) {
      const lines = world.rows("RecordPublic").map((row) => [row.id, row.kind, row.title, row.occurred_at].join(","));
      return new Response(["id,kind,title,occurred_at", ...lines, ""].join("\r\n"), { headers: { "Content-Type": "text/csv" } });
    },
  },
  schemas: {
    RecordPublic: {
      words: {
        title: ["First visit", "Progress talk", "Attended", "Hearing test"],
        kind: ["visit", "assessment", "attendance"],
      },
      empty: ["booking_id"],
    },
  },
} satisfies Entity;
