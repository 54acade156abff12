import { type Entity, changed, refuse } from "../asked.js";

export default {
  operations: {
    createBooking({ world, channel, body }) {
      const slot = world.find("BookingSlotPublic", body.slot_id) ?? refuse("not_found");
      if (Number(world.shown("BookingSlotPublic", slot).available) < Number(body.seats ?? 1)) refuse("slot_full");
      if (Date.parse(String(slot.starts_at)) < Date.now()) refuse("slot_past");
      const row = world.add("BookingPublic", { ...body, status: "confirmed" }, "BookingCreate");
      const shown = world.shown("BookingPublic", row);
      channel.tell("BookingPublic", "created", shown);
      return shown;
    },
    cancelBooking(asked) {
      const booking = asked.world.find("BookingPublic", asked.params.id) ?? refuse("not_found");
      if (booking.status === "cancelled") refuse("already_cancelled");
      return changed(asked, "BookingPublic", booking, { status: "cancelled" });
    },
  },
  schemas: {
    BookingPublic: {
      imagined(row) {
        row.seats = 1;
      },
    },
  },
} satisfies Entity;
