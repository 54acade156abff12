"""Two teams, and their members."""

from collections.abc import Iterator

from api.models.team import ADMIN, MEMBER, OWNER, BasicTeamPermission, Named, Team, TeamMember
from api.seeds.demo import Demo

TEAMS: dict[str, tuple[Named, dict[str, str]]] = {  # name: named roles, and the members with their roles
    "Front desk": (
        {"viewer": []},
        {"maria": OWNER, "tom": ADMIN, "sofia": MEMBER, "lena": "viewer"},
    ),
    "Garden": (
        {"lead": [BasicTeamPermission.write_rows, BasicTeamPermission.write_members]},
        {"emil": OWNER, "aisha": "lead"},
    ),
}


def teams(demo: Demo) -> Iterator[Team]:
    for name, (roles, members) in TEAMS.items():
        yield Team(name=name, roles=roles, creator_id=demo.user(next(iter(members))))


def members(demo: Demo) -> Iterator[TeamMember]:
    for name, (_, members) in TEAMS.items():
        team = demo.find(Team, name=name)
        for username, role in members.items():
            yield TeamMember(team_id=team.id, user_id=demo.user(username), role=role)


ROWS = {Team: teams, TeamMember: members}
