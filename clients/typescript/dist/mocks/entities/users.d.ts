declare const _default: {
    schemas: {
        UserPublic: {
            empty: string[];
            imagined(row: import("../schema.js").Row, number: number, rows: import("../schema.js").Rows): void;
        };
    };
};
export default _default;
