declare const _default: {
    schemas: {
        TaskPublic: {
            words: {
                description: string[];
                category: string[];
            };
        };
    };
};
export default _default;
