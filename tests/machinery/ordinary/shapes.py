"""Types of every kind that an answer may have."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Any, Generic, Literal, NamedTuple, NotRequired, TypeVar
from uuid import UUID

from pydantic import AnyUrl, BaseModel, RootModel, SecretStr
from pydantic.dataclasses import dataclass as checked_dataclass
from typing_extensions import TypedDict

T = TypeVar("T")


class Kind(Enum):
    small = "s"
    big = "b"


class Number(IntEnum):
    one = 1


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str = "Rex"


class NamedCat(Cat):
    name: str = "not in a Cat"


class Box(BaseModel, Generic[T]):
    content: T
    number: int = 1


class Point(NamedTuple):
    x: int
    y: int = 2


class Film(TypedDict):
    title: str
    year: NotRequired[int]


@dataclass
class Part:
    name: str
    price: Decimal = Decimal("1.10")
    parts: list["Part"] = field(default_factory=list)


@checked_dataclass
class Checked:
    count: int
    note: str | None = None


class Numbers(RootModel[list[int]]): ...


class Everything(BaseModel):
    decimal: Decimal = Decimal("1.10")
    uuid: UUID = UUID(int=1)
    numbers: set[int] = {1}
    frozen: frozenset[str] = frozenset({"a"})
    kind: Kind = Kind.big
    number: Number = Number.one
    raw: bytes = b"bytes"
    span: timedelta = timedelta(days=1, seconds=30)
    moment: datetime = datetime(2030, 1, 1, 12, tzinfo=UTC)
    naive: datetime = datetime(2030, 1, 1, 12)  # noqa: DTZ001
    day: date = date(2030, 1, 2)
    hour: time = time(3, 4)
    address: IPv4Address = IPv4Address("127.0.0.1")
    url: AnyUrl = AnyUrl("https://example.com/ü")
    path: PurePosixPath = PurePosixPath("/a/b")
    pair: tuple[int, str] = (1, "b")
    secret: SecretStr = SecretStr("hidden")
    text: str = 'ü "quoted" \u2028 </script> 🔑'
    big: int = 2**70
    float_: float = 1e22
    nothing: None = None


PLAIN: dict[str, Any] = {
    name: getattr(Everything(), name)
    for name in Everything.model_fields
    if name not in {"secret", "url", "path", "address"}
}
