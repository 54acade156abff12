"""Clients that have signed in."""

from itertools import count
from typing import Any

from fastapi import FastAPI, Request, Response
from httpx import ASGITransport, AsyncClient
from jose import jwt
from sqlalchemy import update
from sqlmodel import col, select

from api.flows.accounts import create_user
from api.flows.sign_ins import Device, open_session
from api.models.role import Role
from api.models.user import Transport, User
from tests.support.answers import check_answer

PASSWORD = "correct horse battery"
numbers = count(1)


class Person(AsyncClient):
    """A client with a name, a password and a token."""

    username: str
    email: str
    password: str
    tokens: dict[str, Any]
    id: str

    def bear(self, tokens: dict[str, Any]) -> None:
        self.tokens = tokens
        self.id = str(jwt.get_unverified_claims(tokens["access_token"])["sub"])
        self.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    def through(self, app: FastAPI) -> "Person":
        """The same person, asking another app."""
        there = Person(
            transport=ASGITransport(app),
            base_url=self.base_url,
            headers=self.headers,
            event_hooks=self.event_hooks,
        )
        known = ("username", "email", "password", "tokens", "id")
        vars(there).update({name: getattr(self, name) for name in known if hasattr(self, name)})
        return there


async def register(app: FastAPI, *, role: str = "user", by_http: bool = False, **fields: Any) -> Person:
    """A new user who has signed in. Most tests need no registration by HTTP, which sends a mail."""
    person = Person(
        transport=ASGITransport(app), base_url="http://test/api/v1", event_hooks={"response": [check_answer]}
    )
    person.username = fields.setdefault("username", f"user{next(numbers)}")
    person.email = fields.setdefault("email", f"{person.username}@example.com")
    person.password = fields.setdefault("password", PASSWORD)
    if by_http:
        answer = await person.post("/auth/register", json=fields)
        assert answer.status_code == 201, answer.text
        person.bear(answer.json())
    async with app.state.database.write() as session, session.begin():
        if by_http:
            given = (await session.exec(select(Role).where(Role.name == role))).one()
            await session.exec(
                update(User).where(col(User.username) == person.username).values(role_id=given.id)
            )
        else:
            settings = app.state.settings
            user = await create_user(session, settings, role=role, **fields)
            headers = [(name.lower(), value) for name, value in person.headers.raw]
            asked = Request({"type": "http", "app": app, "headers": headers, "client": ("127.0.0.1", 1)})
            device = Device(asked, Response(), settings)
            person.bear((await open_session(session, user, device, Transport.body)).model_dump())
    return person
