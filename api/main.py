"""The application for `uvicorn api.main:app`."""

import gc

gc.disable()  # imports leave no garbage, and collections would take a tenth of the start

from api.app import create_app  # noqa: E402  after gc.disable()

app = create_app()
# Later collections skip the imported objects too. Requests leave almost no cycles, so Python's default
# threshold would pause the server without need.
gc.freeze()
gc.set_threshold(10_000)
gc.enable()
