declare const _default: {
    schemas: {
        NotePublic: {
            words: {
                title: string[];
            };
        };
    };
};
export default _default;
