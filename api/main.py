"""The application for `uvicorn api.main:app`."""

import gc

gc.disable()  # imports leave no garbage, and collecting would take a tenth of the start-up time

import logging  # noqa: E402  after gc.disable()

from api.app import create_app  # noqa: E402
from api.environment.start import read, unused  # noqa: E402
from api.settings import Settings  # noqa: E402

app = create_app(read(Settings))
for sentence in unused(Settings):
    logging.getLogger(__name__).warning(sentence)
# Later collections skip the imported objects too. Requests leave almost no reference cycles, so with Python's
# default threshold the collector would pause the server without need.
gc.freeze()
gc.set_threshold(10_000)
gc.enable()
