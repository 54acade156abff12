"""Comments on the posts."""

from collections.abc import Iterator

from api.models.comment import Comment
from api.models.post import Post
from api.seeds.demo import Demo

COMMENTS = {  # title of the post: comment by user
    "The pool is open again": {"lena": "Finally!", "noah": "Great."},
    "Looking for garden gloves": {"aisha": "We have some.", "emil": "Thank you!"},
}


def comments(demo: Demo) -> Iterator[Comment]:
    for title, said in COMMENTS.items():
        post = demo.find(Post, title=title)
        for name, text in said.items():
            yield Comment(post_id=post.id, author_id=demo.user(name), body=text)


ROWS = {Comment: comments}
