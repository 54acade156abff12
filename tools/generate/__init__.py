"""What is generated from the app: the OpenAPI document, the pages about routes and tables, and the requests.

`python -m tools.generate` writes it; `tests/project/test_documents.py` compares it with the app."""
