"""The headers of requests and answers that the document describes for many operations."""

from api.web.dry_runs import DRY_RUN
from api.web.idempotency import HEADER, PATTERN

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The row's `version` in quotes, or its `ETag`. If the row has changed, this is a 412.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The `ETag` that you have. If the response is still the same, the answer is 304.",
}
ETAG = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "The version of the row, and a hash of the response.",
    }
}
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "The path of the new row."}}
ONLY_NEW = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "With `*`, only a new row is made. If the row exists, this is a 412.",
}
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": PATTERN},
    "description": "A unique key of your choice. Requests with the same key take effect once and get the "
    "same answer.",
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "schema": {"type": "string", "enum": [DRY_RUN]},
    "description": "With `dry-run`, the request is answered as it would be, and changes nothing.",
}
