"""What slots and courses have in common: a number of seats, which may not become smaller than the number of those taken."""

from api.problems import ProblemCode


class CapacityCode(ProblemCode):
    capacity_taken = "capacity_taken", 409, "More seats than that are taken already."
