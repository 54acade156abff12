declare const _default: {
    operations: {
        changeStock(asked: import("../asked.js").Asked): import("../schema.js").Row;
    };
    schemas: {
        ProductPublic: {
            words: {
                name: string[];
            };
        };
    };
};
export default _default;
