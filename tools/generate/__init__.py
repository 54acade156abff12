"""What is written from the app, so that it cannot say something else: the OpenAPI document and the pages about routes
and tables. `python -m docs.generate` writes it; tests compare."""
