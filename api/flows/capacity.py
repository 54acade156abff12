"""The capacity of slots and courses. It must not be smaller than the number of taken seats."""

from api.problems import ProblemCode


class CapacityCode(ProblemCode):
    capacity_taken = "capacity_taken", 409, "The capacity is smaller than the number of taken seats."
