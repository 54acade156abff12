"""Routes and middleware. They add strict bodies, ETags, retries, headers and log lines to FastAPI."""

from api.web.dry_runs import no_dry_run
from api.web.idempotency import not_kept
from api.web.requests import small_body, takes_form
from api.web.retries import repeatable
from api.web.routes import Router

__all__ = ["Router", "no_dry_run", "not_kept", "repeatable", "small_body", "takes_form"]
