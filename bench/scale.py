"""`make bench-scale`: many rows, sign-ins beside other requests, a large export, and many listeners."""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

from bench import beside_sign_ins, export, live, many_rows
from bench.apps import HOME
from bench.load import need_wrk
from bench.options import among, numbers
from bench.report import PAGE, about, insert, machine

RESULTS = HOME / "bench/scale.json"
SIZES = [10_000, 1_000_000, 10_000_000]

Part = tuple[Callable[[argparse.Namespace], dict[str, Any]], Callable[[dict[str, Any]], Iterator[str]]]
PARTS: dict[str, Part] = {
    "rows": (lambda given: many_rows.run(given.sizes, given.rounds, given.seconds), many_rows.tell),
    "sign-ins": (lambda given: beside_sign_ins.run(given.rounds, given.seconds), beside_sign_ins.tell),
    "export": (lambda _: export.run(), export.tell),
    "live": (lambda _: asyncio.run(live.run()), live.tell),
}


def main() -> None:
    options = read_options()
    need_wrk()
    done = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in options.parts:
        print(name, flush=True)
        run, tell = PARTS[name]
        found = run(options)
        told = {"about": about(peers=False)} | found
        text = "\n".join([machine(told["about"]) + "\n", *tell(told)])
        print(text, flush=True)
        if options.sizes == SIZES or name != "rows":
            done[name] = told
            RESULTS.write_text(json.dumps(done, indent=1) + "\n")
            insert(PAGE, name, text)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--parts", type=among(PARTS), default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--sizes", type=numbers, default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
