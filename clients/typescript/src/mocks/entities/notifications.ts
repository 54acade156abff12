import { type Entity, changed, refuse } from "../asked.js";

export default {
  operations: {
    readNotification(asked) {
      const row = asked.world.find("NotificationPublic", asked.params.id) ?? refuse("not_found");
      return changed(asked, "NotificationPublic", row, { read_at: row.read_at ?? new Date().toISOString() });
    },
    readNotifications({ world }) {
      for (const row of world.rows("NotificationPublic")) row.read_at ??= new Date().toISOString();
      return undefined;
    },
    streamNotifications: ({ request, channel }) => channel.stream(request),
  },
  schemas: {
    NotificationPublic: {
      words: { title: ["Your seat is confirmed", "Somebody commented on your post", "You are enrolled", "A new record"] },
      empty: ["read_at", "entity", "entity_id"],
      filters: { unread: (row) => row.read_at === null },
    },
  },
} satisfies Entity;
