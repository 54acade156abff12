"""Log lines with the request id: text in development, JSON objects elsewhere."""

import contextvars
import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from api.settings import Settings

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")

# Log lines do not show these values, so records need not collect them.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None  # skips the search for the caller, as the documentation of logging recommends


# A client can put these characters into a path, and a line break would begin a line of its own.
ESCAPED = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
ESCAPED |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029)}


class Lines(logging.Formatter):
    """One line for each message. The lines of a traceback follow it, and are indented."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(ESCAPED)

    def formatException(self, ei: Any) -> str:
        return "  " + super().formatException(ei).replace("\n", "\n  ")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        try:
            return to_json(line, ensure_ascii=True, fallback=str).decode()
        except PydanticSerializationError:  # for bytes or a lone surrogate
            return json.dumps(line, default=str)


def configure(settings: Settings) -> None:
    text = {
        "()": Lines,
        "format": "%(asctime)s %(levelname)-7s [%(request_id)s] %(message)s",
        "datefmt": "%H:%M:%S",
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": text if settings.development else {"()": JsonLines}},
            "handlers": {
                "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}
            },
            "root": {"level": "WARNING", "handlers": ["out"]},
            "loggers": {
                "api": {"level": settings.log_level},
                "uvicorn": {"level": "INFO"},
                "uvicorn.access": {"level": "WARNING"},
            },
        }
    )
