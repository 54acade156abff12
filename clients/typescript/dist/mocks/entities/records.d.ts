declare const _default: {
    operations: {
        exportRecords({ world }: import("../asked.js").Asked): Response;
    };
    schemas: {
        RecordPublic: {
            words: {
                title: string[];
                kind: string[];
            };
            empty: string[];
        };
    };
};
export default _default;
