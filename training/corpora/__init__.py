"""Public sets -> Examples: one converter each, with its source, licence, sha256 and label mapping.

Nothing of them is kept in the repository. They are read from a local folder (``--data DIR``) whose files are the
converted JSON Lines that ``sha256`` names; a file that differs is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piiguard.examples import Example
from piiguard.model_dir import file_sha256
from training.corpora import chat, people, secrets
from training.corpora.rows import read_rows

Convert = Callable[[Iterator[dict[str, Any]]], Iterator[Example]]


class CorpusError(RuntimeError):
    """A public set that is missing or not the one that was checked."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A public set: where it comes from, what may be done with it, and how it becomes Examples."""

    name: str
    home: str
    licence: str
    sha256: str
    labels: str
    convert: Convert


_ROWS = (
    (
        "wnut17", "leondz/emerging_entities_17", "CC-BY-4.0", "PERSON", people.tweets,
        "cd53c35b50f61a7f4d48460d1dbf40b37e78cc9ceecd4f076bf69de53f6fcb28",
    ),
    (
        "broad_twitter", "GateNLP/broad_twitter_corpus", "CC-BY-4.0", "PERSON", people.tweets,
        "dcee91cec0de6fcb5ba1431cdcecd01e6910b6917bbbe55e0b3159b1168db3c3",
    ),
    (
        "tweebank", "mit-ccc/TweebankNLP", "Apache-2.0", "PERSON", people.tweets,
        "748256c64240f290ba6213c8bc93f697e1aee286f1cbfefcfcf1b26e133b4d49",
    ),
    (
        "restaurant8k", "PolyAI-LDN/task-specific-datasets", "CC-BY-4.0", "PERSON", people.bookings,
        "964d06e3acf497b61e85ec5accc7710a0211fcf2dff538ed4f189e000c23cd02",
    ),
    (
        "evi", "PolyAI-LDN/evi-paper", "CC-BY-4.0", "DATE_OF_BIRTH, PERSON", people.spoken_answers,
        "58643b6a479444b46c65c610f9de8980375e19d2c7593faaad826aa6376614b2",
    ),
    (
        "nlu_eval_home", "xliuhw/NLU-Evaluation-Data", "CC-BY-4.0", "PERSON, EMAIL_ADDRESS", people.commands,
        "ba0d9dfd54f962d8c92d338867492aededcfac49068ea441ae69fef4a82875c1",
    ),
    (
        "banking77", "PolyAI-LDN/task-specific-datasets", "CC-BY-4.0", "none", chat.questions,
        "2045c1e8e4c89251be47124a0023f76df14c6d896b049269ce426b5f0ea9edf3",
    ),
    (
        "irc", "jkkummerfeld/irc-disentanglement", "CC-BY-4.0", "weak", chat.lines,
        "fc762b76fd20d43647795801d6fa1488103d76945156bc512197fca9c6266e16",
    ),
    (
        "gitter", "freeCodeCamp/gitter-history", "BSD-3-Clause", "weak", chat.lines,
        "072a443cb05152b767bb8aab77ae430b0bc2c2342bd554dc5acd1029826f4326",
    ),
    (
        "secrets_gitleaks", "gitleaks/gitleaks", "MIT", "API_KEY, PASSWORD", secrets.code_lines,
        "9ebcef8eeab8851c441b3697f270d66839933cf46ff05fceee0235c837884383",
    ),
    (
        "secrets_kingfisher", "mongodb/kingfisher", "Apache-2.0", "API_KEY, PASSWORD", secrets.code_lines,
        "08a14ea7665e7e96f7f910058a211a756094c528b234292f8ab398d7235cdc8f",
    ),
    (
        "secrets_noseyparker", "praetorian-inc/noseyparker", "Apache-2.0", "API_KEY, PASSWORD", secrets.code_lines,
        "95ec913d8253b145639bc109c590b1d39efc295ab4c8e6123fcfd01f2b27c287",
    ),
)  # fmt: skip

CORPORA: dict[str, Corpus] = {
    name: Corpus(name, home, licence, sha256, labels, convert)
    for name, home, licence, labels, convert, sha256 in _ROWS
}


def read_corpus(name: str, folder: Path) -> Iterator[Example]:
    """The Examples of one set. Raises CorpusError when its file is missing or has another sha256."""
    if name not in CORPORA:
        raise CorpusError(f"no corpus {name}; there are: {', '.join(CORPORA)}")
    corpus, path = CORPORA[name], folder / f"{name}.jsonl.gz"
    if not path.is_file():
        raise CorpusError(f"{path} is missing; {name} comes from {corpus.home} ({corpus.licence})")
    if file_sha256(path) != corpus.sha256:
        raise CorpusError(f"{path} has another sha256 than the one checked for {name}")
    yield from corpus.convert(read_rows(path))
