"""The cost of a request without each mechanism of the fast path: `make bench ARGS="--ablate"`."""

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from api.settings import Mechanism
from bench.apps import BOTH, HOME, ONEFOLD, App
from bench.operations import OF_ONEFOLD
from bench.report import NAMES, Run, about, insert, machine, of
from bench.side_by_side import measure, ratios

PAGE = HOME / "docs/ablation.md"
ENOUGH = 1.1  # a mechanism that saves less than this, in every operation, should go
FEWEST = 3  # rounds; with fewer, the page stays as it is
NOTHING, ALL = "nothing", "all of them"


def run(engines: Sequence[str], rounds: int, seconds: float) -> None:
    variants = [without(NOTHING), *(without(f"`{one}`", one) for one in Mechanism), without(ALL, *Mechanism)]
    silent = {**ONEFOLD.environment, "ACTIVITY": "false"}
    variants.append(replace(ONEFOLD, name="`ACTIVITY=false`", environment=silent))
    runs = list(measure([(ONEFOLD, variant) for variant in variants], engines, rounds, seconds))
    told = f"{machine(about(peers=False))} {rounds} rounds of {seconds:g} seconds each."
    text = "\n".join([told, *page(runs)])
    print(text)
    if set(engines) == set(BOTH) and rounds >= FEWEST:
        insert(PAGE, "ablation", text)


def without(name: str, *left_out: Mechanism) -> App:
    on = ",".join(one for one in Mechanism if one not in left_out) or "false"
    return replace(ONEFOLD, name=name, environment={**ONEFOLD.environment, "FAST_PATH": on})


def page(runs: Sequence[Run]) -> Iterator[str]:
    yield "\n| operation | what it is |\n|---|---|"
    yield from (f"| {operation.name} | {operation.what} |" for operation in OF_ONEFOLD)
    yield "\n| mechanism | what it does |\n|---|---|"
    what = dict(re.findall(r'(\w+) = "\w+"  # (.+)', inspect.getsource(Mechanism)))
    yield from (f"| `{one}` | {what[one]} |" for one in Mechanism)
    for engine in dict.fromkeys(run["engine"] for run in runs):
        yield f"\n## Without it, on {NAMES[engine]}\n"
        yield from ratios(runs, engine)
    yield "\n## What should go\n"
    poor = [f"`{one}`" for one in Mechanism if best(of(runs, f"`{one}`")) < ENOUGH]
    yield f"Less than {ENOUGH - 1:.0%} in every operation: {', '.join(poor) or 'none'}."


def best(runs: Sequence[Run]) -> float:
    """The median where it saves most."""
    pairs = {(run["engine"], run["operation"]) for run in runs}
    found = [[run["ratio"] for run in runs if (run["engine"], run["operation"]) == pair] for pair in pairs]
    return max(float(median(some)) for some in found)
