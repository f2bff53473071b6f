"""Template: a hand-written carrier with slots, its parser, and the check that carriers stay distinct.

python -m training.template [FILE...]     exit 1 and a line per mistake
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from piiguard.labels import LABELS

TEMPLATES = Path(__file__).parent / "templates" / "en"
Kind = Literal["messages", "conversations", "negatives"]

VARIANTS: dict[str, frozenset[str]] = {
    label: frozenset(names.split())
    for label, names in {
        "PERSON": "full given family initials lastfirst full_lower given_lower family_lower",
        "DATE_OF_BIRTH": "noyear",
        "EMAIL_ADDRESS": "work personal shared obfuscated",
        "PHONE_NUMBER": "us uk intl local ext spelled",
        "STREET_ADDRESS": "us uk intl multi pobox short",
        "NATIONAL_ID": "ssn itin nino sin tfn aadhaar pan cpf curp dni nie codice_fiscale pesel bsn nric hkid "
        "personnummer a_number last4",
        "DRIVER_LICENSE": "us uk intl",
        "CREDIT_CARD": "number cvv",
        "BANK_ACCOUNT": "iban account routing sort bsb clabe ifsc upi",
        "CRYPTO": "btc eth other",
        "PASSWORD": "password pin otp passphrase",
        "API_KEY": "aws github gitlab slack webhook stripe google openai jwt private_key generic",
        "IP_ADDRESS": "v4 v6",
        "VEHICLE_ID": "vin plate",
        "MEDICAL_RECORD": "mrn nhs member medicare",
        "MEDICAL_CONDITION": "condition medicine treatment",
        "ACCOUNT_ID": "employee customer member student loyalty policy claim case",
    }.items()
}
FILLERS = frozenset(
    [
        "date",
        "time",
        "weekday",
        "month",
        "year",
        "duration",
        "age",
        "amount",
        "number",
        "percent",
        "digits",
        "ticket",
        "order",
        "invoice",
        "po",
        "sku",
        "tracking",
        "commit",
        "hash",
        "uuid",
        "build",
        "version",
        "semver",
        "city",
        "country",
        "company",
        "product",
        "team",
        "project",
        "channel",
        "mention",
        "url",
        "domain",
        "file",
        "path",
        "server",
        "port",
        "private_ip",
        "cidr",
        "env_var",
        "placeholder",
        "masked",
        "card_last4",
        "job",
        "food",
        "meeting_id",
        "flight",
        "emoji",
        "service_account",
        "noreply",
        "table",
        "column",
        "object_id",
        "epoch",
        "cost_centre",
        "booth",
        "zip_range",
        "group_number",
        "company_number",
        "asset_tag",
    ]
)
_PART = re.compile(
    r"\{\{(?P<name>\w+)(?::(?P<variant>[\w-]+))?(?:=(?P<person>\w+))?\}\}"
    r"|\[\[(?P<literal>[^\]|]+)\|(?P<label>[A-Z_]+)\]\]"
)
_ESCAPES = {r"\n": "\n", r"\t": "\t"}


class TemplateError(ValueError):
    """A carrier that breaks the format; names file and line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a turn: literal ``text``, or a slot to fill; ``label`` is empty where nothing is personal."""

    text: str = ""
    label: str = ""
    filler: str = ""
    variant: str = ""
    person: str = ""

    @property
    def is_slot(self) -> bool:
        return bool(self.filler) or (bool(self.label) and not self.text)


@dataclass(frozen=True, slots=True)
class Template:
    """One message, or the turns of one conversation. ``id`` names file and line and is the group of its examples."""

    id: str
    kind: Kind
    turns: tuple[tuple[Part, ...], ...]

    @property
    def skeleton(self) -> str:
        """The words alone, lower case, every value a mark: equal skeletons are the same carrier."""
        marks = (
            "".join(f"<{p.label or p.filler}>" if p.is_slot else p.text for p in turn)
            for turn in self.turns
        )
        return " ".join(re.findall(r"<\w+>|\w+", " / ".join(marks).lower()))


def read_templates(root: Path = TEMPLATES) -> Iterator[Template]:
    """Every template below ``root``, in the order of its files. Raises TemplateError at the first mistake."""
    for path in sorted(root.glob("*/*.txt")):
        yield from read_file(path)


def read_file(path: Path) -> Iterator[Template]:
    """The templates of one file; the folder it lies in says their kind."""
    if path.parent.name not in get_args(Kind):
        raise TemplateError(f"{path.name}: expected a folder {', '.join(get_args(Kind))}")
    kind = cast(Kind, path.parent.name)
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").split("\n")]
    block: list[tuple[Part, ...]] = []
    first = 0
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith("%%"):
            continue
        if line:
            first = first or number
            block.append(parse_line(line, f"{path.name}:{number}"))
        if block and (not line or kind != "conversations"):
            template = Template(f"{path.parent.name}/{path.stem}:{first}", kind, tuple(block))
            _check_kind(template, f"{path.name}:{first}")
            yield template
            block, first = [], 0


def parse_line(line: str, place: str) -> tuple[Part, ...]:
    """One turn as parts. Raises TemplateError naming ``place``."""
    parts, end = [], 0
    for match in _PART.finditer(line):
        parts.append(_literal(line[end : match.start()], place))
        parts.append(_slot(match, place))
        end = match.end()
    parts.append(_literal(line[end:], place))
    return tuple(part for part in parts if part != Part())


def _literal(text: str, place: str) -> Part:
    for mark in ("{{", "}}", "[[", "]]"):
        if mark in text:
            raise TemplateError(f"{place}: a stray {mark}")
    for escape, char in _ESCAPES.items():
        text = text.replace(escape, char)
    return Part(text=text)


def _slot(match: re.Match[str], place: str) -> Part:
    name, variant, person = match["name"] or "", match["variant"] or "", match["person"] or ""
    if match["label"]:
        if match["label"] not in LABELS:
            raise TemplateError(f"{place}: unknown label {match['label']}")
        literal = match["literal"]
        for escape, char in _ESCAPES.items():
            literal = literal.replace(escape, char)
        if literal != literal.strip():
            raise TemplateError(f"{place}: a labelled text begins or ends with a space")
        return Part(text=literal, label=match["label"])
    if name in LABELS:
        if variant and variant not in VARIANTS.get(name, ()):
            raise TemplateError(f"{place}: {name} has no variant {variant}")
        return Part(label=name, variant=variant, person=person)
    if name not in FILLERS:
        raise TemplateError(f"{place}: unknown slot {name}")
    return Part(filler=name, variant=variant)


def _check_kind(template: Template, place: str) -> None:
    labelled = any(part.label for turn in template.turns for part in turn)
    if template.kind == "messages" and not labelled:
        raise TemplateError(f"{place}: a message without a personal slot belongs in negatives/")
    if template.kind == "negatives" and labelled:
        raise TemplateError(f"{place}: a negative with a personal slot")
    if template.kind == "conversations" and len(template.turns) < 2:
        raise TemplateError(f"{place}: a conversation needs two turns or more")


def near_duplicates(templates: list[Template], limit: float = 0.7) -> list[tuple[str, str]]:
    """Pairs of ids whose skeletons share more than ``limit`` of their word trigrams (Jaccard), kinds apart."""
    index: dict[tuple[str, ...], list[int]] = {}
    grams: list[set[tuple[str, ...]]] = []
    pairs = []
    for number, template in enumerate(templates):
        words = [template.kind, *template.skeleton.split(), "."]
        mine = {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
        shared: dict[int, int] = {}
        for gram in mine:
            for other in index.setdefault(gram, []):
                shared[other] = shared.get(other, 0) + 1
            index[gram].append(number)
        grams.append(mine)
        for other, n_shared in shared.items():
            # A twin conversation differs in its value and a word or two: only the full likeness is a mistake there.
            most = 0.999 if template.kind == "conversations" else limit
            if n_shared / (len(mine) + len(grams[other]) - n_shared) > most:
                pairs.append((templates[other].id, template.id))
    return pairs


def main(paths: list[str]) -> int:
    """Check the named files, or all; print what is wrong and the counts."""
    mistakes = 0
    templates: list[Template] = []
    for path in [Path(p) for p in paths] or sorted(TEMPLATES.glob("*/*.txt")):
        try:
            templates.extend(read_file(path))
        except TemplateError as error:
            print(error)
            mistakes += 1
    for first, second in near_duplicates(templates):
        print(f"{second}: nearly the same as {first}")
        mistakes += 1
    counts = {
        kind: sum(t.kind == kind for t in templates)
        for kind in ("messages", "conversations", "negatives")
    }
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
