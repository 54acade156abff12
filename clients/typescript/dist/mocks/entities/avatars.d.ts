/** Pictures: kept as they are sent, and answered as they were. */
declare const _default: {
    operations: {
        setAvatar(asked: import("../asked.js").Asked): Promise<import("../schema.js").Row>;
        deleteAvatar(asked: import("../asked.js").Asked): undefined;
        getAvatar({ world, params }: import("../asked.js").Asked): Blob;
    };
};
export default _default;
