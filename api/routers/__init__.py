"""The table of contents: every resource, in the order in which its routes are tried."""

from api.routers import (
    auth,
    avatars,
    booking_slots,
    bookings,
    comments,
    courses,
    groups,
    me,
    notes,
    notifications,
    operations,
    posts,
    products,
    records,
    roles,
    sockets,
    tasks,
    users,
)

RESOURCES = (
    auth, me, avatars, users, roles, groups, courses, tasks, notes, products, posts, comments, booking_slots, bookings, records,
    notifications,
)  # fmt: skip

routers = (
    (operations.router, ""),
    *((resource.router, "/api/v1") for resource in RESOURCES),
    (sockets.router, ""),
)
