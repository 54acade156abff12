declare const _default: {
    schemas: {
        RolePublic: {
            words: {
                name: string[];
            };
        };
    };
};
export default _default;
