"""Which statements are prepared on PostgreSQL, and under which names."""

import hashlib
from collections import Counter

MAX_STATEMENTS = 300  # statements that one connection remembers; each takes memory in PostgreSQL too
LONGEST = 16_384  # characters of such a statement; an IN with many values is longer

Statement = tuple[str, tuple[int, ...]]  # the SQL, and the types of the values


def name_of(statement: Statement) -> bytes:
    """The name of a prepared statement: the same in all processes, and never that of another statement.

    Behind a pooler, clients share the connections to the server, and the statements that are prepared there.
    """
    return f"onefold_{hashlib.sha256(repr(statement).encode()).hexdigest()[:40]}".encode()


class Prepared:
    """The prepared statements of a connection. A statement is prepared after it has run `threshold` times."""

    def __init__(self, threshold: int | None) -> None:
        self.threshold = threshold  # None: never
        self.seen: Counter[Statement] = Counter()
        self.names: dict[Statement, bytes] = {}

    def is_due(self, statement: Statement) -> bool:
        """Whether the statement has run often enough to be prepared now."""
        sql, _ = statement
        if self.threshold is None or len(self.names) == MAX_STATEMENTS or len(sql) > LONGEST:
            return False
        if len(self.seen) == MAX_STATEMENTS:
            self.seen.clear()
        self.seen[statement] += 1
        return self.seen[statement] > self.threshold
