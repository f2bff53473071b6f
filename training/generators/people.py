"""People: somebody who does not exist, and the ways a name is written."""

import gzip
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from training.generators.draw import Random, chance, fill, pick, words
from training.generators.names import CULTURES, NICKNAMES, WORD_FAMILY, WORD_GIVEN, Culture

_HABITS = {
    "CN": "first",
    "KR": "first dash",
    "JP": "first",
    "VN": "first",
    "HU": "first",
    "TW": "first",
    "ES": "double",
    "MX": "double",
}
# NFKD leaves these letters whole
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "æ": "ae",
        "Æ": "Ae",
        "þ": "th",
        "Þ": "Th",
    }
    | {"ð": "d", "ı": "i", "ə": "e", "Ə": "E", "œ": "oe", "ħ": "h", "’": "'", "‘": "'"}
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_ONSETS = words("""b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sch sh st t th tr v w y z zh sz kh gw nd mb
ts x""")
_VOWELS = [
    "a",
    "e",
    "i",
    "o",
    "u",
    "a",
    "e",
    "i",
    "o",
    "ai",
    "ei",
    "ou",
    "ia",
    "oe",
    "uu",
    "aa",
    "y",
]
_CODAS = ["n", "r", "l", "s", "m", "t", "k", "nd", "rt", "ng", "sk", "ck", "th", "x", "z"] + [
    ""
] * 10
_FIRST_PARTS = words("""la de sha ka ta ja ma ra kei bran jay kris chris mar shan tre dar lor mel ja'n ty ash bree cor kat
nat star dan ro mi lu al el am jo ad ev bri cha dom ez fay gar hol is ker lan min nor os per quin ru
sel tam ul val wil yol zan an ben car""")
_LAST_PARTS = words("""lynn lyn isha esha onda elle ika yn essa ique arius een etta ina ine ana anna ella issa ley leigh
den don vin ton ric rick mar marie mond nell nette quan rell shawn sha tasha tina tonya trice von
vonne wyn ya yah yce anda ora iel ias us o a y ie ette by mer win son""")
_ENDINGS = words("""son sen ski sky ov ova ev escu ez ian yan idis ides ini elli etti ard eau ault wala oglu enko uk
vic berg stein feld man ton ley worth shvili nen aitis anu""")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist.

    ``handle`` and ``email_local`` are this person's usual login and the part before the @: lower case, ASCII.
    ``habits`` are the conventions of the culture (see names.py).
    """

    given: str
    family: str
    culture: str
    handle: str
    email_local: str
    middle: str = ""
    habits: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class NamePool:
    """Real given and family names by country, read from a file that is not part of the repository."""

    cultures: tuple[Culture, ...]

    @classmethod
    def read(cls, path: str | Path) -> "NamePool":
        """Rows of ``{"text", "kind": "forename" | "surname", "country"}``, gzipped JSON Lines."""
        found: dict[str, tuple[list[str], list[str]]] = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text = row["text"].strip()
                if len(text) < 2 or not all(c.isalpha() or c in " '-.’" for c in text):
                    continue
                given, family = found.setdefault(row["country"], ([], []))
                (given if row["kind"] == "forename" else family).append(
                    text.title() if text.islower() or text.isupper() else text
                )
        return cls(
            tuple(
                Culture(
                    country,
                    frozenset(_HABITS.get(country, "").split()),
                    tuple(given),
                    tuple(family),
                )
                for country, (given, family) in sorted(found.items())
                if len(given) >= 5 and len(family) >= 5
            )
        )


def draw_person(rng: Random, names: NamePool | None = None) -> Person:
    """Somebody new: a third of the names of one kind or another is rare, invented or also a word."""
    known = names.cultures if names and chance(rng, 0.45) else CULTURES
    # Half of the speakers of English write of people with English names
    culture = CULTURES[0 if chance(rng, 0.5) else 1] if chance(rng, 0.2) else pick(rng, known)
    given, family, habits = pick(rng, culture.given), pick(rng, culture.family), culture.habits
    shape = rng.random()
    if shape < 0.16:
        given = pick(rng, WORD_GIVEN)
        habits = habits - {"first", "dash", "bin", "initial"}
        if chance(rng, 0.25):
            family = pick(rng, WORD_FAMILY)
    elif shape < 0.27:
        family = invented(rng, surname=True)
    elif shape < 0.40:
        given = coined(rng) if chance(rng, 0.6) else invented(rng)
        if chance(rng, 0.5):
            family = invented(rng, surname=True)
    elif shape < 0.43:
        family = pick(rng, WORD_FAMILY)
    elif shape < 0.50:  # families move: a name of here with a name of there
        family = pick(rng, pick(rng, known).family)
    elif shape < 0.60:
        given = pick(rng, NICKNAMES.get(given, (given,)))
    if "double" in habits and chance(rng, 0.3):
        family = f"{family} {pick(rng, culture.family)}"
    elif chance(rng, 0.03):
        family = f"{family}-{pick(rng, pick(rng, CULTURES).family)}"
    if "bin" in habits and chance(rng, 0.4):
        family = f"{pick(rng, ('bin', 'bin', 'binti', 'ibn'))} {pick(rng, culture.given)}{' ' + family if chance(rng, 0.4) else ''}"
    if "dash" in habits and "-" in given:
        head, _, tail = given.partition("-")
        given = pick(
            rng,
            (
                given,
                f"{head} {tail}",
                f"{head} {tail.title()}",
                head + tail,
                f"{head}-{tail.title()}",
            ),
        )
    if culture.name == "german" and chance(rng, 0.25):
        given, family = given.translate(_GERMAN), family.translate(_GERMAN)
    if chance(rng, 0.5):
        given, family = to_ascii(given), to_ascii(family)
    middle = pick(rng, culture.given) if chance(rng, 0.5) else pick(rng, WORD_GIVEN)
    return Person(
        given,
        family,
        culture.name,
        handle_of(rng, given, family),
        local_of(rng, given, family),
        middle,
        habits,
    )


def invented(rng: Random, *, surname: bool = False) -> str:
    """A name that nobody has, by syllables, so that names cannot be learnt by heart."""
    syllables = [
        pick(rng, _ONSETS) + pick(rng, _VOWELS) + pick(rng, _CODAS)
        for _ in range(1 + int(rng.random() * 2.3))
    ]
    if surname and chance(rng, 0.6):
        syllables.append(pick(rng, _ENDINGS))
    elif len(syllables) == 1:
        syllables.append(
            pick(rng, ["a", "o", "i", "e", "ka", "ri", "na", "lo", "sha", "bel", "dan", "mir"])
        )
    name = "".join(syllables)[:13].capitalize()
    prefixes = ("O'", "Mc", "Mac", "D'", "de ", "van ", "al-", "El-", "Di ", "von ")
    return pick(rng, prefixes) + name if surname and chance(rng, 0.08) else name


def coined(rng: Random) -> str:
    """A given name as parents coin them, from parts of names in use: nobody's list has them all."""
    return (pick(rng, _FIRST_PARTS) + pick(rng, _LAST_PARTS)).capitalize()


def name_of(rng: Random, person: Person, variant: str = "") -> str:
    """The person's name as somebody writes it in chat. Raises: KeyError for an unknown variant."""
    if not variant:
        draw = rng.random()
        variant = (
            "full"
            if draw < 0.5
            else "given"
            if draw < 0.92
            else "initials"
            if draw < 0.96
            else "family"
        )
    variant, _, lower = variant.partition("_")
    name = _WRITERS[variant](rng, person)
    if lower:
        return name.lower()
    case = rng.random()
    if case < 0.08:
        return name.lower()
    return name.upper() if case < 0.09 and len(name) > 4 else name


def to_ascii(text: str) -> str:
    """The nearest spelling without marks: "Łukasz Müller" -> "Lukasz Muller"."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in folded if not unicodedata.combining(c))


def plain(text: str) -> str:
    """Lower-case ASCII letters alone; "x" where a script has none: the stuff of logins and addresses."""
    return "".join(c for c in to_ascii(text).lower() if "a" <= c <= "z") or "x"


def handle_of(rng: Random, given: str, family: str) -> str:
    """A login made from a name, such as ``praman``, ``priya.r`` or ``raman92``."""
    first, last = plain(given.split()[0]), plain(family)
    shapes: tuple[str, ...] = (
        f"{first[0]}{last}",
        f"{first[0]}{last}",
        f"{first}.{last}",
        f"{first}{last}",
        f"{first}_{last}",
    )
    shapes += (
        f"{first}-{last[0]}",
        f"{last}{first[0]}",
        f"{first}{last[0]}",
        f"{first}-{last}",
        f"{first}{last[:3]}",
    )
    handle = pick(rng, shapes)[:20]
    return handle + fill(rng, "<#|##|%#|<19|20><6|7|8|9>#>") if chance(rng, 0.28) else handle


def local_of(rng: Random, given: str, family: str) -> str:
    """What stands before the @ of a work address."""
    first, last = plain(given.split()[0]), plain(family)
    draw = rng.random()
    if draw < 0.5:
        return f"{first}.{last}"
    return pick(
        rng,
        (
            f"{first[0]}{last}",
            f"{first[0]}.{last}",
            f"{first}{last}",
            f"{first}_{last}",
            first,
            f"{last}.{first}",
            f"{first}-{last}",
        ),
    )


def _full(rng: Random, person: Person) -> str:
    given, family = person.given, person.family
    draw = rng.random()
    if "first" in person.habits and draw < 0.35:
        return f"{family} {given}"
    if "mono" in person.habits and draw < 0.15:
        return f"{given} {person.middle}"
    if "initial" in person.habits and draw < 0.2:
        return pick(rng, (f"{family[0]}. {given}", f"{given} {family[0]}", f"{family[0]} {given}"))
    if draw > 0.96:
        return f"{given} {person.middle} {family}"
    if draw > 0.92:
        return f"{given} {person.middle[0]}. {family}"
    return f"{given} {family}"


def _initials(rng: Random, person: Person) -> str:
    first, family = person.given[0], person.family
    middle, draw = person.middle[0], rng.random()
    if draw < 0.45:
        return f"{first}. {family}"
    if draw < 0.7:
        return f"{person.given} {family[0].upper()}{'.' if chance(rng, 0.5) else ''}"
    return pick(
        rng,
        (
            f"{first}{middle} {family}",
            f"{first}.{middle}. {family}",
            f"{first} {family}",
            f"{first}. {middle}. {family}",
        ),
    )


def _last_first(rng: Random, person: Person) -> str:
    middle = f" {person.middle[0]}." if chance(rng, 0.15) else ""
    return f"{person.family}, {person.given}{middle}"


_WRITERS: dict[str, Callable[[Random, Person], str]] = {
    "full": _full,
    "given": lambda rng, person: person.given,
    "family": lambda rng, person: person.family,
    "initials": _initials,
    "lastfirst": _last_first,
}
