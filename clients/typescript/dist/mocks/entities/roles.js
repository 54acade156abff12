export default {
    schemas: { RolePublic: { words: { name: ["admin", "staff", "user", "librarian", "coach"] } } },
};
