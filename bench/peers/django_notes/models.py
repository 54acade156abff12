"""The tables as Django models. Django does not manage them."""

from typing import Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from bench.peers import contract


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=50)
    is_active = models.BooleanField()
    hashed_password = models.CharField(max_length=255)

    is_authenticated = True

    class Meta:
        managed = False
        db_table = "users"


class NoteQuerySet(models.QuerySet["Note"]):
    def asked_for(self, owner: User, cursor: str | None, q: str | None) -> Self:
        """The owner's notes, newest first, after the cursor and as searched."""
        found = self.filter(owner_id=owner.id).order_by("-id")
        if q:
            found = found.filter(models.Q(title__icontains=q) | models.Q(content__icontains=q))
        return found.filter(id__lt=contract.place(cursor)) if cursor else found


class Note(models.Model):
    id = models.UUIDField(primary_key=True, default=contract.uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    title = models.CharField(max_length=200)
    content = models.TextField(max_length=50_000, blank=True, default="")
    owner = models.ForeignKey(User, on_delete=models.CASCADE)

    objects = NoteQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "notes"


def account(token: str) -> User | None:
    """The active user whose token it is."""
    return User.objects.filter(id=contract.caller(token), is_active=True).first()


def signed_in(username: str, password: str) -> UUID | None:
    user = User.objects.filter(username=username).first()
    return user.id if user and contract.is_right(password, user.hashed_password) else None
