"""The requests for Postman and for editors can be sent in their order. CI sends them; this needs no Node."""

import json
import re

from api.models.avatar import ImageType, image_type
from tools.generate.editors import TOKENS
from tools.generate.files import HOME, described
from tools.generate.postman import ENVIRONMENT
from tools.generate.requests import UPLOAD, steps


def test_every_operation_has_a_request() -> None:
    document = described().openapi()
    operations = {
        operation["operationId"] for methods in document["paths"].values() for operation in methods.values()
    }

    assert {step.id for step in steps(document)} == operations | {"login_again", "login_as_admin"}


def test_a_request_takes_only_what_earlier_ones_have_left() -> None:
    known = {*ENVIRONMENT, "run"} - TOKENS.keys()  # which have a place there, and nothing in it
    for step in steps(described().openapi()):
        used = set(re.findall(r"{{(\w+)}}", step.path + json.dumps(step.body))) | {step.token or "base_url"}
        assert used <= known, f"{step.id} needs {used - known}, which no request before it leaves"
        known |= set(step.saves)
        assert "{" not in re.sub(r"{{\w+}}", "", step.path), (
            f"{step.path} has a parameter that is not filled in"
        )


def test_what_is_uploaded_lies_beside_the_requests() -> None:
    uploads = [step for step in steps(described().openapi()) if step.sent_as == UPLOAD]

    assert [(step.id, list(step.body)) for step in uploads] == [("set_avatar", ["file"])]
    for step in uploads:
        for name in step.body.values():
            assert image_type((HOME / "postman" / name).read_bytes()) is ImageType.png
