declare const _default: {
    operations: {
        addMember: (asked: import("../asked.js").Asked) => undefined;
        removeMember: (asked: import("../asked.js").Asked) => undefined;
    };
    schemas: {
        GroupPublic: {
            words: {
                name: string[];
            };
            counted: {
                member_count: [string, string];
            };
        };
    };
};
export default _default;
