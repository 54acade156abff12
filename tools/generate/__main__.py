"""Generate all files, or those that are named: `python -m tools.generate openapi.json`."""

import sys

from tools.generate.files import FILES, HOME

for name in sys.argv[1:] or FILES:
    (HOME / name).write_text(FILES[name](), encoding="utf-8")
