"""Guide: what a visitor of the page may try, as a list that ticks itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.simulator.records import Wire

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. ``draft`` is put into the composer of ``channel`` as ``user`` when the visitor asks for it."""

    text: str
    is_done: Callable[["Simulator"], bool] = field(repr=False)
    user: str = ""
    channel: str = ""
    draft: str = field(default="", repr=False)


@dataclass(slots=True)
class Guide:
    """The steps, and links that stand above them. A step once done stays done."""

    title: str = "Try it"
    steps: list[Step] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    done: set[int] = field(default_factory=set)

    def wire(self, sim: "Simulator") -> Wire:
        """For the page; asks each open step whether it is done."""
        for index, step in enumerate(self.steps):
            if index not in self.done and step.is_done(sim):
                self.done.add(index)
        names = {user.name: user.id for user in sim.workspace.users.values()}
        channels = {channel.name: channel.id for channel in sim.workspace.channels.values()}
        steps = [
            {
                "text": step.text,
                "done": index in self.done,
                "user": names.get(step.user, ""),
                "channel": channels.get(step.channel, step.channel),
                "draft": step.draft,
            }
            for index, step in enumerate(self.steps)
        ]
        return {
            "title": self.title,
            "steps": steps,
            "links": [{"text": text, "url": url} for text, url in self.links],
        }
