"""Generates files from the app: the OpenAPI document, the pages about routes and tables, and requests.

`python -m tools.generate` writes them; `tests/project/test_documents.py` compares them with the app.
"""
