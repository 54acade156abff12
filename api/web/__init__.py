"""What every route does beyond FastAPI: strict bodies, ETags, headers and the log line."""

from api.web.retries import repeatable
from api.web.routes import Router

__all__ = ["Router", "repeatable"]
