"""Command-line options whose values are comma-separated lists."""

import argparse
from collections.abc import Callable, Iterable


def among(names: Iterable[str]) -> Callable[[str], list[str]]:
    known = list(names)

    def read(given: str) -> list[str]:
        wanted = given.split(",")
        if unknown := set(wanted) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose from {', '.join(known)}")
        return wanted

    return read


def numbers(given: str) -> list[int]:
    return [int(number) for number in given.split(",")]
