"""A signed-in call by the client that openapi-python-client has made; `call.py URL USERNAME PASSWORD`."""

import sys

from gen.onefold_api import AuthenticatedClient, Client
from gen.onefold_api.api.auth import login
from gen.onefold_api.api.tasks import create_task, list_tasks
from gen.onefold_api.models import SignIn, TaskCreate, TaskPage, TaskPublic, TaskStatus, Tokens

url, username, password = sys.argv[1:]
tokens = login.sync(client=Client(url), body=SignIn(username=username, password=password))
assert isinstance(tokens, Tokens), tokens
with AuthenticatedClient(url, token=tokens.access_token) as client:
    made = create_task.sync(client=client, body=TaskCreate(description="Weave"))
    assert isinstance(made, TaskPublic), made
    page = list_tasks.sync(client=client, status=TaskStatus.TO_DO)
    assert isinstance(page, TaskPage), page
    assert [task.id for task in page.items] == [made.id]
sys.stdout.write(made.description)
