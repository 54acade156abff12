declare const _default: {
    operations: {
        createBooking({ world, channel, body }: import("../asked.js").Asked): import("../schema.js").Row;
        cancelBooking(asked: import("../asked.js").Asked): import("../schema.js").Row;
    };
    schemas: {
        BookingPublic: {
            imagined(row: import("../schema.js").Row): void;
        };
    };
};
export default _default;
