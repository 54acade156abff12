"""What `uvicorn api.main:app` finds."""

import gc

gc.disable()  # what is imported stays: to look for garbage in it again and again takes a tenth of the start

from api.app import create_app  # noqa: E402  so that it is

app = create_app()
# It is not looked at later, either. And requests leave nothing that only a collection would free: to look for it as often
# as Python does by itself would stop the server for no reason.
gc.freeze()
gc.set_threshold(10_000)
gc.enable()
