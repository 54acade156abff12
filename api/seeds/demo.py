"""A small learning centre to try things on: members, groups, courses, slots, bookings, posts. For development only."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import utcnow
from api.models.booking import Booking
from api.models.booking_slot import BookingSlot
from api.models.comment import Comment
from api.models.course import Course, Enrollment
from api.models.group import Group, GroupMember
from api.models.note import Note
from api.models.notification import Notification
from api.models.post import Post
from api.models.product import Product
from api.models.record import Record
from api.models.role import STAFF, USER, Role
from api.models.task import Task, TaskStatus
from api.models.user import User
from api.security import hash_password
from api.settings import Settings

PEOPLE = {  # name: role, first name, last name, child
    "maria": (STAFF, "Maria", "Keller", None),
    "tom": (STAFF, "Tom", "Okafor", None),
    "lena": (USER, "Lena", "Brandt", "Mats"),
    "noah": (USER, "Noah", "Silva", "Ines"),
    "sofia": (USER, "Sofia", "Rossi", "Luca"),
    "emil": (USER, "Emil", "Novak", "Tereza"),
    "aisha": (USER, "Aisha", "Rahman", "Sami"),
    "hugo": (USER, "Hugo", "Martin", "Chloé"),
}
GROUPS = {  # name: what for, whether it is open, owner, other members
    "Saturday families": ("Breakfast and games, every first Saturday.", True, "maria", "lena noah sofia emil hugo"),
    "Garden team": ("Looks after the raised beds behind the house.", True, "emil", "aisha lena"),
    "Homework helpers": ("Volunteers only: rota and notes.", False, "tom", "sofia aisha"),
}
COURSES = [  # title, about, instructor, group, begins in days, lasts days, places, who is in
    ("Swimming for beginners", "Six mornings, small groups.", "maria", None, 3, 35, 8, "lena noah sofia"),
    ("Reading aloud", "Picture books for the youngest.", "tom", None, 7, 28, 12, "emil aisha hugo lena"),
    ("First steps in Python", "Draw, count and play with a turtle.", "tom", None, 14, 42, 10, "noah"),
    ("Helping without doing it for them", "Evening for volunteers.", "tom", "Homework helpers", 5, 1, 6, "sofia aisha"),
]
SLOTS = [  # title, place, begins in hours, lasts hours, seats, who booked how many
    ("Swim lane", "Pool, lane 2", 26, 1, 6, {"lena": 2, "noah": 1, "sofia": 2}),
    ("Swim lane", "Pool, lane 2", 50, 1, 6, {"hugo": 1}),
    ("Music room", "Second floor", 30, 2, 4, {"aisha": 4}),
    ("Workshop bench", "Cellar", 54, 3, 2, {"emil": 1}),
    ("Speech therapy", "Room 12", 75, 1, 1, {}),
    ("Swim lane", "Pool, lane 1", -70, 1, 6, {"lena": 2, "emil": 2}),
]
POSTS = [  # title, text, author, published how many days ago (None: a draft), comments
    (
        "The pool is open again",
        "New filters, same water.",
        "maria",
        12,
        {"lena": "Finally!", "noah": "Great."},
    ),
    (
        "Looking for garden gloves",
        "Sizes S and XS, please.",
        "emil",
        5,
        {"aisha": "We have some.", "emil": "Thank you!"},
    ),
    ("Summer timetable", "Dates are still to be confirmed.", "tom", None, {}),
]
PRODUCTS = [  # name, about, price, how many
    ("Swim cap", "Silicone, three colours.", "7.50", 40),
    ("Goggles", "For children from four years on.", "14.90", 12),
    ("Course book", "Reading aloud, volume one.", "19.00", 5),
    ("Garden gloves", "Sold out, more to come.", "6.00", 0),
]
TASKS = [  # of Maria: what, category, how far, due in days
    ("Order new lane lines", "pool", TaskStatus.in_progress, 4),
    ("Write the summer timetable", "office", TaskStatus.to_do, 9),
    ("Thank the volunteers", "office", TaskStatus.done, -2),
]
NOTES = {"Locker keys": "Spare keys hang behind the office door.", "Mats": "Prefers lane 2, and a whistle at the start."}


async def load_demo(session: AsyncSession, settings: Settings) -> str | None:
    """Add it all, once; the password of all its members, or None if they are there already."""
    if (await session.exec(select(User.id).where(User.username_key == next(iter(PEOPLE))))).first() is not None:
        return None
    password = secrets.token_urlsafe(9)
    hashed = await hash_password(password, settings)
    roles = {role.name: role.id for role in await session.exec(select(Role))}
    ids: Ids = {}
    for name, (role, first, last, child) in PEOPLE.items():
        names: dict[str, Any] = {"username": name, "first_name": first, "last_name": last, "child_name": child}
        user = User(**names, email=f"{name}@onefold.example", email_verified=True, hashed_password=hashed, role_id=roles[role])
        ids[name] = user.id
        session.add(user)
    today = utcnow().replace(minute=0, second=0, microsecond=0)
    for build in (_groups, _courses, _slots, _posts, _own):
        for rows in build(ids, today):  # what others refer to comes first
            await session.flush()
            session.add_all(rows)
    return password


Ids = dict[str, UUID]
Rows = Iterator[list[Any]]


def _groups(ids: Ids, _: datetime) -> Rows:
    for name, (about, is_open, owner, others) in GROUPS.items():
        group = Group(name=name, description=about, is_open=is_open, owner_id=ids[owner])
        ids[name] = group.id
        yield [group]
        yield [GroupMember(group_id=group.id, user_id=ids[who]) for who in (owner, *others.split())]


def _courses(ids: Ids, today: datetime) -> Rows:
    for title, about, instructor, group, begins, lasts, capacity, who_is_in in COURSES:
        starts_at = today + timedelta(days=begins)
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=lasts)}
        where: dict[str, Any] = {"instructor_id": ids[instructor], "group_id": ids[group] if group else None}
        course = Course(title=title, description=about, capacity=capacity, **times, **where)
        yield [course]
        yield [Enrollment(course_id=course.id, user_id=ids[who]) for who in who_is_in.split()]


def _slots(ids: Ids, today: datetime) -> Rows:
    for title, location, begins, lasts, capacity, booked in SLOTS:
        starts_at = today + timedelta(hours=begins)
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=lasts)}
        slot = BookingSlot(title=title, location=location, capacity=capacity, **times)
        yield [slot]
        bookings = [
            Booking(slot_id=slot.id, owner_id=ids[who], customer_name=who.title(), seats=seats) for who, seats in booked.items()
        ]
        yield bookings
        if starts_at < today:  # it was held, and noted
            held: dict[str, Any] = {"kind": "visit", "title": title, "occurred_at": starts_at, "author_id": ids["maria"]}
            yield [
                Record(**held, user_id=booking.owner_id, booking_id=booking.id, data={"lanes": 1, "mood": "good"})
                for booking in bookings
            ]


def _posts(ids: Ids, today: datetime) -> Rows:
    for title, body, author, days, comments in POSTS:
        published_at = None if days is None else today - timedelta(days=days)
        post = Post(title=title, body=body, author_id=ids[author], published_at=published_at)
        yield [post]
        yield [Comment(post_id=post.id, author_id=ids[who], body=text) for who, text in comments.items()]


def _own(ids: Ids, today: datetime) -> Rows:
    yield [Product(name=name, description=about, price=Decimal(price), quantity=left) for name, about, price, left in PRODUCTS]
    yield [
        Task(description=text, category=category, status=status, deadline=today + timedelta(days=days), owner_id=ids["maria"])
        for text, category, status, days in TASKS
    ]
    yield [Notification(title="Welcome to the learning centre!", user_id=ids[name]) for name in PEOPLE]
    yield [Note(title=title, content=content, owner_id=ids["maria"]) for title, content in NOTES.items()]
