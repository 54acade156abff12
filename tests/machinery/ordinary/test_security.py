"""FastAPI's security tools: who asks is found in the same way, with the scopes that were declared."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Security
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    OAuth2PasswordBearer,
    SecurityScopes,
)

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio
cases = Cases()
BEARER: dict[str, Any] = {"headers": {"authorization": "Bearer token"}}
BASIC: dict[str, Any] = {"auth": ("ada", "secret")}


@cases(
    get("/", **BEARER), get("/", 401), get("/", 401, **BASIC), get("/optional"), get("/optional", **BEARER)
)
def oauth2_tokens(router: APIRouter) -> None:
    scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read me."})
    optional = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)

    @router.get("/")
    async def handle(token: Annotated[str, Depends(scheme)]) -> str:
        return token

    @router.get("/optional")
    async def maybe(token: Annotated[str | None, Depends(optional)]) -> str | None:
        return token


@cases(
    get("/bearer", **BEARER),
    get("/bearer", 401),
    get("/basic", **BASIC),
    get("/basic", 401),
    get("/basic", 401, **BEARER),
)
def http_schemes(router: APIRouter) -> None:
    @router.get("/bearer")
    async def bearer(found: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> list[str]:
        return [found.scheme, found.credentials]

    @router.get("/basic")
    def basic(found: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> list[str]:
        return [found.username, found.password]


@cases(
    get("/h", headers={"x-key": "a"}),
    get("/q?key=b"),
    get("/c", cookies={"key": "c"}),
    get("/h", 401),
    get("/q", 401),
)
def api_keys(router: APIRouter) -> None:
    @router.get("/h")
    async def by_header(key: Annotated[str, Security(APIKeyHeader(name="x-key"))]) -> str:
        return key

    @router.get("/q")
    async def by_query(key: Annotated[str, Security(APIKeyQuery(name="key"))]) -> str:
        return key

    @router.get("/c", dependencies=[Depends(APIKeyHeader(name="x-none", auto_error=False))])
    async def by_cookie(key: Annotated[str, Security(APIKeyCookie(name="key"))]) -> str:
        return key


def scopes_of(scopes: SecurityScopes) -> list[str]:
    return [*scopes.scopes, scopes.scope_str]


async def user(scopes: SecurityScopes) -> list[str]:
    return scopes.scopes


async def active_user(user: Annotated[list[str], Security(user, scopes=["me"])]) -> list[str]:
    return user


@cases(
    get("/none"), get("/one"), get("/nested"), get("/router"), get("/sync"), get("/twice"), get("/default")
)
def nested_scopes(app: FastAPI, make: type[APIRouter]) -> None:
    router = make()

    @router.get("/none")
    async def none(found: Annotated[list[str], Depends(user)]) -> list[str]:
        return found

    @router.get("/one")
    async def one(found: Annotated[list[str], Security(user, scopes=["items", "more"])]) -> list[str]:
        return found

    @router.get("/nested", dependencies=[Security(active_user, scopes=["unseen"])])
    async def nested(found: Annotated[list[str], Security(active_user, scopes=["items"])]) -> list[str]:
        return found

    @router.get("/sync")
    def sync(found: Annotated[list[str], Security(scopes_of, scopes=["a", "b"])]) -> list[str]:
        return found

    @router.get("/twice")
    async def twice(
        a: Annotated[list[str], Security(user, scopes=["a"])],
        b: Annotated[list[str], Security(user, scopes=["b"])],
        c: Annotated[list[str], Security(active_user, scopes=["c", "me"])],
    ) -> list[Any]:
        return [a, b, c]

    @router.get("/default")
    async def default(found: list[str] = Security(user, scopes=["x"])) -> list[str]:  # noqa: B008
        return found

    guarded = make(dependencies=[Security(user, scopes=["router"])])

    @guarded.get("/router")
    async def of_router(found: Annotated[list[str], Security(user, scopes=["route"])]) -> list[str]:
        return found

    app.include_router(router)
    app.include_router(guarded)


@cases(get("/"))
def scopes_decide_how_often_it_is_called(router: APIRouter, told: list[Any]) -> None:
    async def plain() -> str:
        told.append("plain")
        return "plain"

    async def scoped(scopes: SecurityScopes, plain: Annotated[str, Depends(plain)]) -> list[str]:
        told.append(scopes.scopes)
        return scopes.scopes

    @router.get("/")
    async def handle(
        a: Annotated[list[str], Security(scoped, scopes=["a"])],
        again: Annotated[list[str], Security(scoped, scopes=["a"])],
        b: Annotated[list[str], Security(scoped, scopes=["b"])],
        c: Annotated[str, Security(plain, scopes=["c"])],
    ) -> list[Any]:
        return [a, again, b, c]


TOKENS = {"all": ["me", "items"], "some": ["me"]}


def bearer(token: str) -> dict[str, Any]:
    return {"headers": {"authorization": f"Bearer {token}"}}


@cases(
    get("/me", **bearer("some")), get("/items", **bearer("all")), get("/items", 403, **bearer("some")),
    get("/items", 401, **bearer("wrong")), get("/items", 401), get("/status", **bearer("some")),
)  # fmt: skip
def the_documented_example(router: APIRouter) -> None:
    scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Me.", "items": "Items."})

    async def current(scopes: SecurityScopes, token: Annotated[str, Depends(scheme)]) -> str:
        has = TOKENS.get(token)
        if has is None:
            challenge = f'Bearer scope="{scopes.scope_str}"' if scopes.scopes else "Bearer"
            raise HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": challenge})
        if not {*scopes.scopes} <= {*has}:
            raise HTTPException(403, "Not enough permissions")
        return token

    async def active(current: Annotated[str, Security(current, scopes=["me"])]) -> str:
        return current

    @router.get("/me")
    async def me(user: Annotated[str, Depends(active)]) -> str:
        return user

    @router.get("/items")
    async def items(user: Annotated[str, Security(active, scopes=["items"])]) -> str:
        return user

    @router.get("/status")
    async def status(user: Annotated[str, Depends(current)]) -> str:
        return user


@cases(get("/"), get("/below"))
def overridden_scopes(app: FastAPI, router: APIRouter) -> None:
    async def other(scopes: SecurityScopes) -> list[str]:
        return ["other", *scopes.scopes]

    @router.get("/")
    async def handle(found: Annotated[list[str], Security(user, scopes=["a"])]) -> list[str]:
        return found

    @router.get("/below")
    async def below(found: Annotated[list[str], Security(active_user, scopes=["a"])]) -> list[str]:
        return found

    app.dependency_overrides[user] = other


@pytest.mark.parametrize(("case", "side"), cases)
async def test_security_is_that_of_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
