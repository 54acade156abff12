"""The generated files, and the functions that write them."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from tools.contract import contract, written
from tools.generate import editors, postman
from tools.generate.diagram import diagram
from tools.generate.endpoints import endpoints
from tools.generate.tables import tables

HOME = Path(__file__).parent.parent.parent


@cache
def described() -> FastAPI:
    """The app as it comes, whatever the environment of whoever generates says."""
    return create_app(Settings(_env_file=None, project_name=Settings.model_fields["project_name"].default))


def openapi() -> str:
    return json.dumps(described().openapi(), indent=2, ensure_ascii=False) + "\n"


def released() -> bool:
    return re.search(r"^## \[\d", (HOME / "CHANGELOG.md").read_text(encoding="utf-8"), re.M) is not None


POSTMAN = "postman/onefold.postman"
RELEASED = "docs/released/contract.json"
FILES: dict[str, Callable[[], str]] = {
    "openapi.json": openapi,
    "docs/API_ENDPOINTS.md": lambda: endpoints(described()),
    "docs/DATABASE_MODELS.md": tables,
    "docs/database_models.svg": diagram,
    f"{POSTMAN}_collection.json": lambda: postman.collection(described().openapi()),
    f"{POSTMAN}_environment.json": lambda: postman.environment(described().openapi()),
    "postman/requests.http": lambda: editors.requests(described().openapi()),
    RELEASED: lambda: written(contract(described().openapi())),
}
CURRENT = [name for name in FILES if name != RELEASED or not released()]  # a release keeps its contract
