"""Vouchers to a club: whoever has the token of one may read it. The token is told once."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, listed
from api.models.types import Line


class VoucherBase(SQLModel):
    greeting: Line = Field(min_length=1, max_length=200)


class VoucherCreate(VoucherBase, Create): ...


class VoucherPublic(VoucherBase, Entity):
    club_id: UUID = Field(foreign_key="clubs.id", ondelete="CASCADE", description="To which club.")


class VoucherMade(VoucherPublic):
    token: str = Field(description="Whoever has it may read the voucher.")


class Voucher(VoucherPublic, table=True):
    __table_args__ = listed("club_id", by=("id",))

    token: str = Field(max_length=64, unique=True)
