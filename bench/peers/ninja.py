"""Django Ninja with Pydantic schemas, and orjson for responses, as its documentation shows."""

from bench.peers.django_site import start

app = start("bench.peers.ninja_urls")
