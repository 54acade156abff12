"""Django Ninja: schemas by pydantic, and orjson for the answers, as its documentation shows."""

from bench.peers.django_site import start

app = start("bench.peers.ninja_urls")
