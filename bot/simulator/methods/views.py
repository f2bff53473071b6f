"""views.*: modals and Home tabs. https://docs.slack.dev/reference/methods?family=views"""

from bot.simulator.methods import Request, method
from bot.simulator.records import SlackError, Wire


@method("views.open", tier=4)
def open_(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/views.open"""
    return {"view": request.sim.views.open(request.text("trigger_id"), request.json("view")).wire}


@method("views.push", tier=4)
def push(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/views.push"""
    return {"view": request.sim.views.push(request.text("trigger_id"), request.json("view")).wire}


@method("views.update", tier=4)
def update(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/views.update"""
    ids = {"view_id": request.text("view_id"), "external_id": request.text("external_id")}
    if not any(ids.values()):
        raise SlackError("invalid_arguments")
    return {
        "view": request.sim.views.update(
            request.json("view"), hash_=request.text("hash"), **ids
        ).wire
    }


@method("views.publish", tier=4)
def publish(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/views.publish"""
    user = request.sim.workspace.users.get(request.text("user_id"))
    if user is None:
        raise SlackError("user_not_found")
    return {
        "view": request.sim.views.publish(
            user, request.json("view"), hash_=request.text("hash")
        ).wire
    }
