"""The chart of the results: bars for each operation, readable on light and on dark pages."""

from collections.abc import Sequence

from bench.apps import APPS, HOME
from bench.report import Run, middle, names, of, operations

COLOURS = {"ours": "#e5484d", "peer": "#6f8fb5", "limit": "#9a9a9a"}
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.head{font-weight:600;font-size:14px}"
    "@media(prefers-color-scheme:dark){text{fill:#d0d7de}}"
)
WIDE, LABEL, BAR, GAP, HEAD = 760, 120, 16, 4, 34


def draw(runs: Sequence[Run]) -> None:
    """PostgreSQL, one process: requests a second, each operation on a scale of its own."""
    here = [run for run in runs if (run["engine"], run["processes"]) == ("postgresql", 1)]
    if not here:
        return
    parts, y = [], 8
    kinds = {app.name: app.kind for app in APPS}
    for operation in operations(here):
        y += HEAD
        parts.append(f'<text class="head" x="0" y="{y - 10}">{operation}: requests a second</text>')
        values = {
            app: middle(of(here, app, operation), "rps") for app in names(here) if of(here, app, operation)
        }
        scale = (WIDE - LABEL - 70) / max(values.values())
        for app, value in sorted(values.items(), key=lambda item: -item[1]):
            shown = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
            parts.append(f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end">{app}</text>')
            parts.append(
                f'<rect x="{LABEL}" y="{y}" width="{value * scale:.0f}" height="{BAR}" rx="2" fill="{COLOURS[kinds[app]]}"/>'
            )
            parts.append(f'<text x="{LABEL + value * scale + 6:.0f}" y="{y + 12}">{shown}</text>')
            y += BAR + GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{y + 8}" viewBox="0 0 {WIDE} {y + 8}" role="img">'
    title = "<title>PostgreSQL, one process</title>"
    (HOME / "docs/benchmarks.svg").write_text(
        "\n".join([head, title, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"
    )
