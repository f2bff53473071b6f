"""The navigation at the left: what there is, and who sees which of it."""

from dataclasses import dataclass

from flask import current_app, request

from bot.console.roles import access_of
from bot.records import Person


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the navigation. ``url`` is also how it is found in the application's routes."""

    url: str
    text: str
    icon: str
    group: str
    #: keys that go there: "q" for ``g q``
    key: str = ""
    is_here: bool = False


ITEMS = (
    Item("/", "Overview", "overview", "Review", "o"),
    Item("/flags", "Queue", "queue", "Review", "q"),
    Item("/learning", "Learning", "learning", "Review", "l"),
    Item("/insights", "Insights", "insights", "Evidence", "i"),
    Item("/reports", "Reports", "reports", "Evidence", "r"),
    Item("/audit", "Audit", "audit", "Evidence", "a"),
    Item("/models", "Models", "models", "Machine", "m"),
    Item("/exports", "Exports", "exports", "Machine", "e"),
    Item("/policies", "Policies", "policies", "Machine", "p"),
    Item("/scan", "Scan", "scan", "Machine", "s"),
    Item("/people", "People", "people", "Workspace", "w"),
    Item("/system", "System", "system", "Workspace", "y"),
)


def items_for(person: Person | None) -> dict[str, list[Item]]:
    """The pages that this person may open, by group, with the one they are on marked."""
    groups: dict[str, list[Item]] = {}
    if person is None or not person.roles:
        return groups
    for item in ITEMS:
        access = access_of(_view_at(item.url))
        if access is not None and access.allows(person):
            here = _is_here(item.url)
            shown = Item(item.url, item.text, item.icon, item.group, item.key, here)
            groups.setdefault(item.group, []).append(shown)
    return groups


def _view_at(url: str) -> object:
    """The view of an address; None while nobody has built it."""
    endpoint = _endpoints().get(url)
    return current_app.view_functions.get(endpoint) if endpoint else None


def _endpoints() -> dict[str, str]:
    known: dict[str, str] | None = current_app.extensions.get("piiguard_console_urls")
    if known is None:
        known = {
            rule.rule: rule.endpoint
            for rule in current_app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
        }
        current_app.extensions["piiguard_console_urls"] = known
    return known


def _is_here(url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url + "/"))
