"""auth.*, team.*, users.*, usergroups.*, files.* and oauth.*: who and what is there, and who may ask."""

from bot.simulator.app import new_token
from bot.simulator.methods import Request, method, page
from bot.simulator.records import SlackError, Wire


@method("api.test", tier=4)
def api_test(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/api.test"""
    return {"args": {}}


@method("auth.test", tier=4)
def auth_test(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/auth.test"""
    workspace, user = request.sim.workspace, request.caller
    answer = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": user.name,
        "team_id": workspace.team_id,
        "user_id": user.id,
        "is_enterprise_install": False,
    }
    return answer | ({"bot_id": request.sim.app.bot_id} if request.token.is_bot else {})


@method("auth.revoke")
def auth_revoke(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/auth.revoke; the app hears tokens_revoked."""
    if request.flag("test"):
        return {"revoked": False}
    request.sim.revoke(request.token)
    return {"revoked": True}


@method("team.info", "team:read")
def team_info(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/team.info"""
    workspace = request.sim.workspace
    return {"team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}}


@method("users.list", "users:read", tier=2)
def users_list(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/users.list; addresses only with users:read.email."""
    with_email = "users:read.email" in request.token.scopes
    users = [user.wire(with_email=with_email) for user in request.sim.workspace.users.values()]
    found, metadata = page(users, request, 1000, 1000)
    return {
        "members": found,
        "cache_ts": int(request.sim.workspace.now()),
        "response_metadata": metadata,
    }


@method("users.info", "users:read", tier=4)
def users_info(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/users.info"""
    found = request.sim.workspace.users.get(request.text("user"))
    if found is None:
        raise SlackError("user_not_found")
    return {"user": found.wire(with_email="users:read.email" in request.token.scopes)}


@method("bots.info", "users:read")
def bots_info(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/bots.info"""
    app = request.sim.app
    if request.text("bot") != app.bot_id:
        raise SlackError("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": app.name, "updated": 0, "app_id": app.app_id, "user_id": app.bot_user_id}  # fmt: skip
    return {"bot": bot}


@method("usergroups.list", "usergroups:read", tier=2)
def usergroups_list(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/usergroups.list"""
    groups = [
        {"id": group_id, "team_id": request.sim.workspace.team_id, "is_usergroup": True, "handle": handle, "name": handle, "user_count": len(members), "date_delete": 0}
        for group_id, (handle, members) in request.sim.workspace.groups.items()
    ]  # fmt: skip
    return {"usergroups": groups}


@method("usergroups.users.list", "usergroups:read", tier=2)
def usergroups_users_list(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/usergroups.users.list"""
    group = request.sim.workspace.groups.get(request.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group[1])}


@method("files.info", "files:read", tier=4)
def files_info(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/files.info"""
    found = request.sim.workspace.files.get(request.text("file"))
    channel = request.sim.workspace.channels.get(found.channel_id) if found else None
    if found is None or channel is None or request.token.user_id not in channel.members:
        raise SlackError("file_not_found")
    return {
        "file": {**found.wire, "file_access": "visible"},
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


@method("oauth.v2.access", tier=4)
def oauth_v2_access(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/oauth.v2.access: a code works once, for the address it was made for."""
    app, workspace = request.sim.app, request.sim.workspace
    if (request.text("client_id"), request.text("client_secret")) != (
        app.client_id,
        app.client_secret,
    ):
        known = request.text("client_id") == app.client_id
        raise SlackError("bad_client_secret" if known else "invalid_client_id")
    granted = request.sim.codes.pop(request.text("code"), None)
    if granted is None:
        raise SlackError("invalid_code")
    redirect_uri, user_id, scopes = granted
    if request.text("redirect_uri") and request.text("redirect_uri") != redirect_uri:
        raise SlackError("bad_redirect_uri")
    token = new_token("xoxb", app.bot_user_id, scopes)
    request.sim.tokens[token.value] = token
    app.is_installed = True
    return {
        "access_token": token.value,
        "token_type": "bot",
        "scope": ",".join(sorted(scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.app_id,
        "team": {"id": workspace.team_id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": user_id},
    }
