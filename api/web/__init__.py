"""Routes and middleware. They add strict bodies, ETags, retries, headers and log lines to FastAPI."""

from api.web.requests import small_body, takes_form
from api.web.retries import repeatable
from api.web.routes import Router

__all__ = ["Router", "repeatable", "small_body", "takes_form"]
