import type { Entity } from "../asked.js";
import { place } from "../place.js";

const enrolment = place("EnrollmentPublic", "course_id", "CoursePublic");

export default {
  operations: { enroll: enrolment.take, leaveCourse: enrolment.leave },
  schemas: {
    CoursePublic: {
      words: { title: ["Pottery for beginners", "First aid", "Reading together", "Garden in spring", "Swimming"] },
      counted: { enrolled_count: ["EnrollmentPublic", "course_id"] },
    },
  },
} satisfies Entity;
