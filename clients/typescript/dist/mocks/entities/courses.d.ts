declare const _default: {
    operations: {
        enroll: (asked: import("../asked.js").Asked) => undefined;
        leaveCourse: (asked: import("../asked.js").Asked) => undefined;
    };
    schemas: {
        CoursePublic: {
            words: {
                title: string[];
            };
            counted: {
                enrolled_count: [string, string];
            };
        };
    };
};
export default _default;
