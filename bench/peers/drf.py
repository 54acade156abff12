"""Django REST Framework: generic views, a model serializer, a pagination class, and orjson for responses."""

from bench.peers.django_site import start

app = start(
    "bench.peers.drf_urls",
    "rest_framework",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["bench.peers.drf_access.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["drf_orjson_renderer.parsers.ORJSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
)
