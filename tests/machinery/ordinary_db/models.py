"""Models as SQLModel's tutorial has them, and what hangs together by relationships.

They are in a registry of their own, so that nobody else meets them."""

from typing import Any, ClassVar, Optional

from sqlalchemy import Column, ForeignKey, MetaData, Table, Uuid
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, SQLModel, String

apart = registry(metadata=MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"}))
Table("users", apart.metadata, Column("id", Uuid, primary_key=True), info={"foreign": True})


class Apart(SQLModel, registry=apart):
    """What tables of this suite are made of."""


class Team(Apart, table=True):
    __tablename__ = "ordinary_team"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, unique=True)
    headquarters: str

    heroes: list["Hero"] = Relationship(back_populates="team")


class HeroMission(Apart, table=True):
    """A link model with a field of its own."""

    __tablename__ = "ordinary_heromission"

    hero_id: int | None = Field(default=None, foreign_key="ordinary_hero.id", primary_key=True)
    mission_id: int | None = Field(default=None, foreign_key="ordinary_mission.id", primary_key=True)
    is_training: bool = False

    hero: "Hero" = Relationship(back_populates="mission_links")
    mission: "Mission" = Relationship(back_populates="hero_links")


class HeroPower(Apart, table=True):
    """A link model and nothing else."""

    __tablename__ = "ordinary_heropower"

    hero_id: int | None = Field(default=None, foreign_key="ordinary_hero.id", primary_key=True)
    power_id: int | None = Field(default=None, foreign_key="ordinary_power.id", primary_key=True)


class Hero(Apart, table=True):
    __tablename__ = "ordinary_hero"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    secret_name: str
    age: int | None = Field(default=None, index=True)
    team_id: int | None = Field(default=None, foreign_key="ordinary_team.id")

    team: Team | None = Relationship(back_populates="heroes")
    mission_links: list[HeroMission] = Relationship(back_populates="hero")
    powers: list["Power"] = Relationship(back_populates="heroes", link_model=HeroPower)


class Mission(Apart, table=True):
    __tablename__ = "ordinary_mission"

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(
        sa_column=Column("headline", String(80), nullable=False)
    )  # called otherwise in the database

    hero_links: list[HeroMission] = Relationship(back_populates="mission")


class Power(Apart, table=True):
    __tablename__ = "ordinary_power"

    id: int | None = Field(default=None, primary_key=True)
    name: str

    heroes: list[Hero] = Relationship(back_populates="powers", link_model=HeroPower)


class Album(Apart, table=True):
    """Its tracks go with it, by the ORM."""

    __tablename__ = "ordinary_album"

    id: int | None = Field(default=None, primary_key=True)
    title: str

    tracks: list["Track"] = Relationship(back_populates="album", cascade_delete=True)


class Track(Apart, table=True):
    __tablename__ = "ordinary_track"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    album_id: int | None = Field(default=None, foreign_key="ordinary_album.id", ondelete="CASCADE")

    album: Album | None = Relationship(back_populates="tracks")


class Shelf(Apart, table=True):
    """Its books stay without it, by the database."""

    __tablename__ = "ordinary_shelf"

    id: int | None = Field(default=None, primary_key=True)
    place: str

    books: list["Book"] = Relationship(back_populates="shelf", passive_deletes="all")


class Book(Apart, table=True):
    __tablename__ = "ordinary_book"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    shelf_id: int | None = Field(
        default=None, foreign_key="ordinary_shelf.id", ondelete="SET NULL", nullable=True
    )

    shelf: Shelf | None = Relationship(back_populates="books")


class Author(Apart, table=True):
    """Everything of it is loaded with it, each in another way."""

    __tablename__ = "ordinary_author"

    id: int | None = Field(default=None, primary_key=True)
    name: str

    poems: list["Poem"] = Relationship(
        back_populates="author", sa_relationship_kwargs={"lazy": "selectin", "order_by": "Poem.id"}
    )
    prizes: list["Prize"] = Relationship(
        back_populates="author", sa_relationship_kwargs={"lazy": "joined", "order_by": "Prize.id"}
    )


class Poem(Apart, table=True):
    __tablename__ = "ordinary_poem"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    author_id: int = Field(foreign_key="ordinary_author.id")

    author: Author = Relationship(back_populates="poems")


class Prize(Apart, table=True):
    __tablename__ = "ordinary_prize"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    author_id: int = Field(foreign_key="ordinary_author.id")

    author: Author = Relationship(back_populates="prizes")


class Node(Apart, table=True):
    __tablename__ = "ordinary_node"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    parent_id: int | None = Field(
        sa_column=Column(ForeignKey("ordinary_node.id"), nullable=True), default=None
    )

    children: list["Node"] = Relationship(
        back_populates="parent", sa_relationship_kwargs={"order_by": "Node.id"}
    )
    parent: Optional["Node"] = Relationship(
        back_populates="children", sa_relationship_kwargs={"remote_side": "Node.id"}
    )


class HeroUpdate(SQLModel):
    """The body of a PATCH in the tutorial."""

    name: str | None = None
    secret_name: str | None = None
    age: int | None = None

    example: ClassVar[dict[str, Any]] = {"age": 40}
