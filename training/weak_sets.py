"""The real chat of the public sets, voted on: weak-irc.jsonl and weak-gitter.jsonl of a run."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from piiguard.examples import write_examples
from piiguard.labels import LABELS
from piiguard.model_dir import open_model_dir
from piiguard.onnx_detector import OnnxDetector
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from training.corpora import read_corpus
from training.corpora.chat import is_held_back
from training.presidio import PresidioDetector
from training.recipe import WEAK, Data
from training.weak_labels import NameVoter, RuleVoter, Voter, weak_label


def label_chat(
    corpora: Path, out: Path, model: Path | None, limit: int = 0
) -> Iterator[tuple[str, dict[str, int]]]:
    """Write the voted examples of each set; yields its name and the counts of labels and abstentions."""
    voters: list[Voter] = [
        PresidioDetector(),
        RuleVoter(RuleDetector(ALL_RULES), LABELS),
        NameVoter(_names(corpora), _common_words(corpora)),
    ]
    if model:
        voters.append(RuleVoter(OnnxDetector(open_model_dir(model)), LABELS))
    for name in WEAK:
        lines = (e for e in read_corpus(name, corpora) if not is_held_back(e))
        examples = list(weak_label(islice(lines, limit or None), voters))
        write_examples(Data(out).weak(name), examples)
        counts = Counter(span.label for e in examples for span in e.spans)
        yield (
            name,
            {
                "texts": len(examples),
                "abstained": sum(len(e.meta["abstain"]) for e in examples),
                **counts,
            },
        )


def _names(corpora: Path) -> Iterator[str]:
    with gzip.open(corpora / "names_by_country.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def _common_words(corpora: Path) -> set[str]:
    """Words of questions to a bank, in which nobody is named."""
    return {
        word
        for example in read_corpus("banking77", corpora)
        for word in re.findall(r"[a-z]+", example.text.lower())
    }
