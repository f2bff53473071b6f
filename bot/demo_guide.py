"""What to try in the demo, as a list that ticks itself."""

from bot.demo_company import REVIEW_CHANNEL
from bot.simulator.guide import Guide, Step
from bot.simulator.records import Delivery
from bot.simulator.simulator import Simulator

SAMPLE = "for the payroll form: her ssn is 078-05-1120"
_DECISIONS = ("confirm", "not_pii")


def guide() -> Guide:
    """The steps, from a message to a decision and back."""
    return Guide(
        "Try it",
        [
            Step("Write something personal in #hr.", _wrote, "ana", "hr", SAMPLE),
            Step("Ana is told at once, and only she sees it.", _was_told, "ana", "hr"),
            Step(
                "A moderator decides on the card: Confirm, Not PII, or Correct…",
                _decided,
                "dana",
                REVIEW_CHANNEL,
            ),
            Step("Ana edits or deletes her message. The card follows.", _removed, "ana", "hr"),
            Step(
                "Something was missed? On any message: ⋯, then Report missed PII.",
                lambda sim: _sent(sim, "message_action"),
                "lee",
                "sales",
            ),
            Step(
                "Look at the app's Home: what is open, what is watched.",
                lambda sim: bool(sim.calls_of("views.publish")),
                "dana",
                "home",
            ),
            Step(
                "Ask it something by command.",
                lambda sim: _sent(sim, "/piiguard"),
                "ana",
                "general",
                "/piiguard help",
            ),
        ],
    )


def _samples(sim: Simulator) -> list[dict[str, object]]:
    return [message for message in sim.messages("hr") if "078-05-1120" in message.get("text", "")]


def _wrote(sim: Simulator) -> bool:
    return any("ssn" in body.decode("utf-8", "ignore") for _, body in sim.courier.bodies)


def _was_told(sim: Simulator) -> bool:
    return bool(sim.hints("ana"))


def _decided(sim: Simulator) -> bool:
    """A click that decides, or a correction that was saved; opening the form is not yet a decision."""
    return any(
        item.ok and (_is_correction(item) or item.key.split(":")[0] in _DECISIONS)
        for item in sim.deliveries
        if item.kind == "interaction"
    )


def _is_correction(item: Delivery) -> bool:
    """Authors submit forms too, and a form may come back with what is wrong in it."""
    return (
        item.what == "view_submission"
        and b"correct_flag" in item.body
        and b"errors" not in item.answer
    )


def _removed(sim: Simulator) -> bool:
    return _wrote(sim) and not _samples(sim)


def _sent(sim: Simulator, what: str) -> bool:
    return any(item.what == what for item in sim.deliveries)
