"""A welcome notification for each user."""

from collections.abc import Iterator

from api.models.notification import Notification
from api.models.user import User
from api.seeds.demo import Demo


def notifications(demo: Demo) -> Iterator[Notification]:
    for user in demo.made[User]:
        yield Notification(title="Welcome to the learning centre!", user_id=user.id)


ROWS = {Notification: notifications}
