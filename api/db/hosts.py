"""The servers of a database. One of them accepts writes; after a failover it is another one."""

from typing import Any

PLACE = ("host", "hostaddr", "port")


def targets_of(target: dict[str, Any]) -> list[dict[str, Any]]:
    """What to connect to, with one host each, so that a silent one leaves time for the next.

    Libpq's options of all hosts have commas. Its default would also accept a server that only reads.
    """
    several = {name: str(target[name]).split(",") for name in PLACE if name in target}
    count = max(map(len, several.values()), default=1)
    if count == 1 or "load_balance_hosts" in target:  # which chooses among all of them
        return [target]
    common = {"target_session_attrs": "read-write", **target}
    # One port may be that of all hosts.
    return [common | {name: of[i % len(of)] for name, of in several.items()} for i in range(count)]
