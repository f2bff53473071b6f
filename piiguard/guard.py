"""Guard: one text in, its spans out. The only place where wire text, rules and model meet."""

from collections.abc import Sequence
from pathlib import Path

from piiguard.detector import Detector
from piiguard.encoding import fold_characters
from piiguard.fusion import fuse
from piiguard.messages import Markup, Message
from piiguard.model_dir import Manifest, default_model_dir, open_model_dir
from piiguard.onnx_detector import OnnxDetector
from piiguard.rule_detector import RuleDetector
from piiguard.slack_text import PlainText, read_wire
from piiguard.spans import Span


class Guard:
    """Rules and a model behind one door. Thread-safe; nothing is kept between calls."""

    def __init__(self, rules: Detector, model: Detector | None, manifest: Manifest | None = None):
        self._rules = rules
        self._model = model
        self.manifest = manifest

    @property
    def name(self) -> str:
        """The model's name, or "rules" where there is none."""
        return self.manifest.name if self.manifest else "rules"

    def detect(
        self, text: str, context: Sequence[str] = (), markup: Markup = "slack"
    ) -> list[Span]:
        """The personal data in one text, as disjoint spans in order, offsets into the text as given."""
        return self.detect_batch([Message(text, context, markup)])[0]

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        """``detect`` for many messages: one list of spans each, in the order given."""
        plains = [_read(message.text, message.markup) for message in messages]
        views = [
            Message(
                fold_characters(plain.text),
                tuple(_read(text, message.markup).text for text in message.context),
                "plain",
            )
            for plain, message in zip(plains, messages, strict=True)
        ]
        by_rules = self._rules.detect_batch(views)
        by_model = self._model.detect_batch(views) if self._model else [[] for _ in views]
        return [
            [plain.to_wire(span) for span in fuse(rules, model, view.text)]
            for plain, view, rules, model in zip(plains, views, by_rules, by_model, strict=True)
        ]


def load(model: str | Path | None = None, *, threads: int = 0) -> Guard:
    """The Guard of the shipped model, or of another model directory. Touches no network.

    Raises ModelError when the directory is not whole and unchanged.
    """
    # Compiling three hundred patterns takes longer than all else that ``import piiguard`` does.
    from piiguard.rules.tables import ALL_RULES

    manifest = open_model_dir(model if model is not None else default_model_dir())
    return Guard(RuleDetector(ALL_RULES), OnnxDetector(manifest, threads=threads), manifest)


def _read(text: str, markup: Markup) -> PlainText:
    return read_wire(text) if markup == "slack" else PlainText.identity(text)
