"""The capacity of slots and courses, which may not become smaller than the number of seats that are taken."""

from api.problems import ProblemCode


class CapacityCode(ProblemCode):
    capacity_taken = "capacity_taken", 409, "The capacity is smaller than the number of taken seats."
