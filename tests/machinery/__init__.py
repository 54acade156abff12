"""How it is done: the session, the fast path, lists, limits."""
