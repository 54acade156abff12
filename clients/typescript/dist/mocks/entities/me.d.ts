declare const _default: {
    operations: {
        getMe: ({ world }: import("../asked.js").Asked) => import("../schema.js").Row;
        updateMe: (asked: import("../asked.js").Asked) => import("../schema.js").Row;
        exportMe: ({ world }: import("../asked.js").Asked) => {
            user: import("../schema.js").Row;
            tasks: import("../schema.js").Row[];
            notes: import("../schema.js").Row[];
        };
    };
};
export default _default;
