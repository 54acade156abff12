declare const _default: {
    schemas: {
        BookingSlotPublic: {
            words: {
                title: string[];
                location: string[];
            };
            filters: {
                available: (row: import("../schema.js").Row) => boolean;
            };
            imagined(row: import("../schema.js").Row): void;
            shown(row: import("../schema.js").Row, rows: import("../schema.js").Rows): void;
        };
    };
};
export default _default;
