"""Refuses parameters and fields of forms that are given twice where one is meant.

FastAPI takes the last one of a query or form, and the first header. Others on the way may take another one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security.base import SecurityBase
from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import QueryParams

from api.problems import Code, FieldError, ProblemError

TYPE = "duplicate"
# Headers with one value. FastAPI reads the first of others, and RFC 9110 lets proxies divide lists.
ONE_VALUE = {"idempotency-key", "last-event-id", "if-modified-since", "if-unmodified-since", "range"}
OF_BODY = {"content-type", "content-length"}


def may_repeat(query: bytes) -> bool:
    """Whether a name may be in the query twice. It is read no further, because most queries are plain."""
    if b"&" not in query:
        return False
    names = [part.partition(b"=")[0] for part in query.split(b"&")]
    return len({*names}) < len(names) or any(b"%" in name or b"+" in name for name in names)


def check_query_and_headers(request: Request, route: Any) -> None:
    """Raise a 422 for parameters of this route that are given twice, and a 401 for two tokens."""
    scope = request.scope
    dependants = [
        one.dependant for one in iter_route_contexts(request.app.routes) if one.original_route is route
    ] or [route.dependant]
    every = [inner for one in dependants for inner in (one, *dependencies_of(one))]
    headers = Counter(name.decode("latin-1") for name, _ in scope["headers"])
    if headers["authorization"] > 1 and any(isinstance(one.call, SecurityBase) for one in every):
        raise ProblemError(Code.invalid_token, "Send the Authorization header once.")
    query = Counter(name for name, _ in QueryParams(scope["query_string"]).multi_items())
    of_body = OF_BODY if route.body_field is not None else set[str]()
    wrong = [
        *_errors("query", query, _single(field for one in every for field in one.query_params)),
        *_errors("header", headers, _headers(every) & ONE_VALUE | of_body),
    ]
    if wrong:
        raise ProblemError(Code.invalid_request, errors=wrong)


def check_form(names: Iterable[str], model: Any) -> None:
    """Raise a 422 for fields of this form that are given twice."""
    single = _of_one_value(_names(FieldInfo(annotation=model), ""))
    if wrong := list(_errors("body", Counter(names), single)):
        raise ProblemError(Code.invalid_request, errors=wrong)


def is_duplicate(problem: ProblemError) -> bool:
    return any(error.type == TYPE for error in problem.errors)


def dependencies_of(dependant: Dependant) -> Iterator[Dependant]:
    """The dependencies of a route or of a dependency, direct and nested."""
    for inner in dependant.dependencies:
        yield inner
        yield from dependencies_of(inner)


def _errors(place: str, given: Counter[str], single: set[str]) -> Iterator[FieldError]:
    for name in sorted(single):
        if given[name] > 1:
            yield FieldError(loc=[place, name], msg="Give this only once.", type=TYPE)


def _headers(every: Iterable[Dependant]) -> set[str]:
    names = _single(field for one in every for field in one.header_params)
    return {written.lower() for name in names for written in (name, name.replace("_", "-"))}


def _single(fields: Iterable[Any]) -> set[str]:
    """The names of these parameters, without those that any of them takes several times."""
    return _of_one_value(one for field in fields for one in _names(field.field_info, field.alias))


def _of_one_value(names: Iterable[tuple[str, bool]]) -> set[str]:
    found = [*names]
    return {name for name, _ in found} - {name for name, is_single in found if not is_single}


def _names(info: Any, alias: str) -> Iterator[tuple[str, bool]]:
    """The names of a parameter, or of the fields of a model of parameters, and whether each has one value."""
    model = next((one for one in _members(info.annotation) if _is_a(one, BaseModel)), None)
    if model is not None:
        for name, inner in model.model_fields.items():
            yield from _names_of(inner, inner.alias or name)
    else:
        yield from _names_of(info, alias)


def _names_of(info: Any, alias: str) -> Iterator[tuple[str, bool]]:
    given = info.validation_alias
    choices = given.choices if isinstance(given, AliasChoices) else [given or alias]
    is_single = all(map(_is_single, _members(info.annotation)))
    yield from ((name, is_single) for name in choices if isinstance(name, str))


def _members(annotation: Any) -> list[Any]:
    """The members of a union, or the type itself."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [member for one in get_args(annotation) for member in _members(one)]
    return [annotation]


def _is_single(kind: Any) -> bool:
    """Whether it is known to take one value: a class that is no collection, or a literal."""
    is_collection = _is_a(kind, Iterable) and not _is_a(kind, (str, bytes))
    is_class = isinstance(kind, type) and kind not in (object, Any)
    return get_origin(kind) is Literal or (is_class and not is_collection)


def _is_a(kind: Any, base: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, base)
