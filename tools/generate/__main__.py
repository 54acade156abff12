"""Write what is generated anew: all of it, or what is named, such as `python -m docs.generate openapi.json`."""

import sys

from docs.generate.files import FILES, HOME

for name in sys.argv[1:] or FILES:
    (HOME / name).write_text(FILES[name](), encoding="utf-8")
