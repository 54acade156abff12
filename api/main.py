"""What `uvicorn api.main:app` finds."""

import gc

from api.app import create_app

app = create_app()
gc.freeze()  # what was imported stays: without looking through it, collecting garbage stops the server for far shorter
