"""Posts, one of them a draft."""

from collections.abc import Iterator
from datetime import timedelta

from api.models.post import Post
from api.seeds.demo import Demo

POSTS = [  # title, body, author, age in days (None: a draft)
    ("The pool is open again", "New filters, same water.", "maria", 12),
    ("Looking for garden gloves", "Sizes S and XS, please.", "emil", 5),
    ("Summer timetable", "Dates are still to be confirmed.", "tom", None),
]


def posts(demo: Demo) -> Iterator[Post]:
    for title, body, author, days in POSTS:
        published_at = None if days is None else demo.today - timedelta(days=days)
        yield Post(title=title, body=body, author_id=demo.user(author), published_at=published_at)


ROWS = {Post: posts}
