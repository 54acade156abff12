"""Write the generated files, or only those that are named: `python -m tools.generate openapi.json`."""

import sys

from tools.generate.files import CURRENT, FILES, HOME

for name in sys.argv[1:] or CURRENT:
    (HOME / name).write_text(FILES[name](), encoding="utf-8")
