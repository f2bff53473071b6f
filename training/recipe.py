"""What a run is trained on: templates and public sets, mixed as the configuration says."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from piiguard.examples import Example, read_examples, write_examples
from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from training.config import TrainConfig
from training.corpora import CORPORA, read_corpus
from training.corpora.chat import is_held_back
from training.dataset import split_by_group
from training.generate import generate
from training.generators import NamePool, Values
from training.template import read_templates

#: Sets of real chat, which ``weak-label`` has to go over first.
WEAK = ("irc", "gitter")
#: Names of some 100 countries, beside the public sets.
NAMES = "names_by_country.jsonl.gz"
#: What calibration reads: template messages of groups kept back, and real chat that training did not see.
_N_HELD, _N_TALK = 3000, 3000


@dataclass(frozen=True, slots=True)
class Data:
    """The files of a run in its output directory."""

    folder: Path

    @property
    def train(self) -> Path:
        return self.folder / "train.jsonl"

    @property
    def held(self) -> Path:
        return self.folder / "held.jsonl"

    def weak(self, name: str) -> Path:
        return self.folder / f"weak-{name}.jsonl"


def build(config: TrainConfig, out: Path, corpora: Path | None) -> tuple[int, int]:
    """Write ``train.jsonl`` and ``held.jsonl`` (groups kept back to calibrate on); returns their sizes.

    Without a folder of public sets the templates alone are used, and said to be.
    """
    out.mkdir(parents=True, exist_ok=True)
    data = Data(out)
    templates = list(read_templates())
    names = NamePool.read(corpora / NAMES) if corpora is not None else None
    # Split before they are filled: a template also becomes part or context of another's message.
    shown, kept_back = split_by_group(
        templates, config.holdout, salt="holdout", group=attrgetter("id")
    )
    values = Values(random.Random(config.seed + 1), names)
    negatives, n_held = config.negatives, min(_N_HELD, config.n_examples // 4)
    train = list(
        generate(shown, config.n_examples, config.seed, negatives=negatives, values=values)
    )
    held = list(generate(kept_back, n_held, config.seed, negatives=negatives, values=values))
    rng = random.Random(config.seed)
    if corpora is not None:
        for name, n in config.mix.items():
            examples = [e for e in _corpus(name, corpora, data) if not is_held_back(e)]
            train.extend(_retyped(e, rng) for e in _sample(examples, n, rng))
        used = {example.id for example in train}
        voted = [name for name in WEAK if data.weak(name).is_file()]
        chat = [e for name in voted for e in _corpus(name, corpora, data) if e.id not in used]
        # Thresholds set on templates alone would be too low for talk in which hardly anything is personal.
        certain = [e for e in chat if not is_held_back(e) and not e.meta.get("abstain")]
        talk = random.Random(config.seed).sample(certain, min(_N_TALK, len(certain)))
    else:
        talk = []
    rng.shuffle(train)
    return write_examples(data.train, train), write_examples(data.held, held + talk)


def _corpus(name: str, folder: Path, data: Data) -> Iterator[Example]:
    if name in WEAK and data.weak(name).is_file():
        yield from read_examples(data.weak(name))
        return
    labels = CORPORA[name].labels if name in CORPORA else ""
    examples = list(read_corpus(name, folder))
    found = RuleDetector(ALL_RULES).detect_batch(
        [Message(e.text, e.context, "plain") for e in examples]
    )
    for example, spans in zip(examples, found, strict=True):
        # A set that marks names alone says nothing about a phone number in it.
        extra = [
            [s.start, s.end]
            for s in spans
            if s.label not in labels and not any(s.overlaps(g) for g in example.spans)
        ]
        meta = {**example.meta, "abstain": [*example.meta.get("abstain", ()), *extra]}
        yield replace(example, meta=meta)


#: How often a public text, most of which is edited or has capitals, is put the way many people chat.
_LOWERED = 0.25


def _retyped(example: Example, rng: random.Random) -> Example:
    """Now and then the same text in lower case."""
    lower = example.text.lower()
    # Keys and passwords are what their letters are.
    changes = "API_KEY" in {span.label for span in example.spans} or len(lower) != len(example.text)
    if changes or rng.random() >= _LOWERED:
        return example
    return replace(example, text=lower, context=tuple(text.lower() for text in example.context))


def _sample(examples: list[Example], n: int, rng: random.Random) -> list[Example]:
    """``n`` of them; all of them as often as it takes where there are fewer."""
    whole, rest = divmod(n, len(examples)) if examples else (0, 0)
    return examples * whole + rng.sample(examples, rest)
