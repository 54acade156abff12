import type { Entity } from "../asked.js";

export default {
  schemas: {
    BookingSlotPublic: {
      words: {
        title: ["Speech therapy", "Parent counselling", "Music lesson", "Check-up", "Reading hour"],
        location: ["Room 1", "Room 2", "The big hall", "Garden house"],
      },
      filters: { available: (row) => Number(row.available) > 0 },
      imagined(row) {
        row.capacity = 20 + Number(row.capacity); // more than the bookings that are made up
      },
      shown(row, rows) {
        const bookings = rows("BookingPublic").filter((one) => one.slot_id === row.id && one.status === "confirmed");
        row.available = Number(row.capacity) - bookings.reduce((seats, one) => seats + Number(one.seats), 0);
      },
    },
  },
} satisfies Entity;
