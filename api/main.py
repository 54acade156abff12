"""What `uvicorn api.main:app` finds."""

import gc

from api.app import create_app

app = create_app()
# What was imported stays, and little of what a request makes is a cycle: looking for those in everything, and as often as
# Python does by itself, would stop the server for far longer.
gc.freeze()
gc.set_threshold(10_000)
