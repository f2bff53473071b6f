"""What the simulator's tests share: a small workspace, a client of Slack's own SDK, and blocks to post."""

from slack_sdk import WebClient

from bot.simulator import Simulator


def plain(text, **more):
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text="hello", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id="go", text="Go", **more):
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def option(value, text=None):
    return {"text": plain(text or value), "value": value}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def text_input(block_id="note", action_id="text", **more):
    element = {"type": "plain_text_input", "action_id": action_id}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Note"),
        "element": element,
        **more,
    }


def modal(*blocks, **more):
    view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Save")}
    return view | {"blocks": list(blocks) or [section()]} | more


def small_workspace(**options) -> Simulator:
    """ana, dana and the admin sam; #sales with the app, #random without it, #review private with both."""
    sim = Simulator(retry_after_s=(0.0, 0.05, 0.1), **options)
    workspace = sim.workspace
    workspace.add_user("ana", "Ana Okafor")
    workspace.add_user("dana", "Dana Whitfield")
    workspace.add_user("sam", "Sam Ruiz", is_admin=True)
    bot = sim.app.bot_user_id
    workspace.add_channel("sales", ["ana", "dana", "sam", bot])
    workspace.add_channel("random", ["ana", "dana"])
    workspace.add_channel("review", ["dana", "sam", bot], is_private=True)
    workspace.add_channel("secret", ["dana"], is_private=True)
    return sim


def client_of(sim, token=None) -> WebClient:
    token = sim.bot_token if token is None else token
    return WebClient(token, base_url=sim.api_url, retry_handlers=[], timeout=5)
