"""The table of contents: every resource, in the order in which its routes are tried."""

from api.route import Router
from api.routers import auth, me, operations, roles, users

v1 = Router(prefix="/api/v1")
for resource in (auth, me, users, roles):
    v1.include_router(resource.router)

routers = (operations.router, v1)
