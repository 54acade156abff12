"""The origins whose pages may call the API from a browser."""

import json
import re
from typing import Any

LOCAL_PORTS = (5173, 5174, 4173, 3000)  # of Vite, of a second one, of its preview, and of others
LOCAL_ORIGINS = [f"http://{host}:{port}" for port in LOCAL_PORTS for host in ("localhost", "127.0.0.1")]

# As browsers send it: in lower case, without a path, and without the port of the scheme.
ORIGIN = re.compile(r"(?!http:.*:80$|https:.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d+)?")
FORM = "Write https://a.example,https://b.example"


def read_origins(given: Any) -> Any:
    """The origins of a list with commas, or in JSON."""
    if isinstance(given, str) and given.lstrip().startswith("["):
        try:
            given = json.loads(given)
        except ValueError:
            raise ValueError(FORM) from None
    origins = given.split(",") if isinstance(given, str) else given
    if not isinstance(origins, list) or not all(isinstance(one, str) for one in origins):
        return given
    read = [one.strip().rstrip("/") for one in origins if one.strip()]
    if wrong := [one for one in read if one != "*" and not ORIGIN.fullmatch(one)]:
        raise ValueError(f"{wrong[0]} is no origin. {FORM}")
    return read
