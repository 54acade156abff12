"""What `uvicorn api.main:app` finds."""

from api.app import create_app

app = create_app()
