declare const _default: {
    schemas: {
        PostPublic: {
            words: {
                title: string[];
            };
            counted: {
                comment_count: [string, string];
            };
            filters: {
                published: (row: import("../schema.js").Row) => boolean;
            };
        };
    };
};
export default _default;
