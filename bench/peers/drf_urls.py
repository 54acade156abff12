"""The routes of drf."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateAPIView
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, CharField, ModelSerializer, Serializer
from rest_framework.views import APIView

from bench.peers import contract
from bench.peers.django_notes.models import Note, NoteQuerySet, signed_in


class NewestFirst(BasePagination):
    def paginate_queryset(
        self, queryset: NoteQuerySet, request: Request, view: APIView | None = None
    ) -> list[Note]:
        limit = int(request.query_params.get("limit", 50))
        found = list(queryset[: limit + 1])
        self.next_cursor = contract.next_cursor(found[limit - 1].id) if len(found) > limit else None
        return found[:limit]

    def get_paginated_response(self, data: list[dict[str, object]]) -> Response:
        return Response({"items": data, "next_cursor": self.next_cursor, "total": None})


class NoteSerializer(ModelSerializer):
    class Meta:
        model = Note
        fields = ("id", "created_at", "updated_at", "title", "content", "owner_id")
        read_only_fields = ("id", "created_at", "updated_at", "owner_id")
        extra_kwargs = {name: {"trim_whitespace": False} for name in ("title", "content")}  # noqa: RUF012  DRF reads it here


class NoteList(ListCreateAPIView):
    serializer_class = NoteSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> NoteQuerySet:
        query = self.request.query_params
        return Note.objects.asked_for(self.request.user, query.get("cursor"), query.get("q"))

    def perform_create(self, serializer: BaseSerializer) -> None:
        serializer.save(owner_id=self.request.user.id)


class NoteDetail(RetrieveUpdateAPIView):
    serializer_class = NoteSerializer

    def get_queryset(self) -> NoteQuerySet:
        return Note.objects.filter(owner_id=self.request.user.id)


class SignInSerializer(Serializer):
    username = CharField()
    password = CharField()


class SignIn(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        body = SignInSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user_id = signed_in(**body.validated_data)
        if user_id is None:
            raise AuthenticationFailed
        return Response({"access_token": contract.access_token(user_id), "token_type": "bearer"})


def health(_: HttpRequest) -> HttpResponse:
    return HttpResponse("true")


urlpatterns = [
    path("api/v1/notes", NoteList.as_view()),
    path("api/v1/notes/<uuid:pk>", NoteDetail.as_view()),
    path("api/v1/auth/login", SignIn.as_view()),
    path("health", health),
]
