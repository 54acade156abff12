export default {
    schemas: {
        NotePublic: {
            words: { title: ["Ideas for the summer", "Parents' evening", "Books to order", "What went well", "Phone list"] },
        },
    },
};
