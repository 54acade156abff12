"""A signed-in call by the client that openapi-python-client has made; `call.py URL USERNAME PASSWORD`."""

import sys

from gen.onefold_api import AuthenticatedClient, Client
from gen.onefold_api.api.auth import login
from gen.onefold_api.api.teams import create_team, list_teams
from gen.onefold_api.models import SignIn, TeamCreate, TeamPage, TeamPublic, Tokens

url, username, password = sys.argv[1:]
tokens = login.sync(client=Client(url), body=SignIn(username=username, password=password))
assert isinstance(tokens, Tokens), tokens
with AuthenticatedClient(url, token=tokens.access_token) as client:
    made = create_team.sync(client=client, body=TeamCreate(name="Weavers"))
    assert isinstance(made, TeamPublic), made
    page = list_teams.sync(client=client, q="weavers")
    assert isinstance(page, TeamPage), page
    assert [team.id for team in page.items] == [made.id]
sys.stdout.write(made.name)
