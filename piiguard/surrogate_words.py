"""Surrogates made of words: names, addresses, conditions, passwords, and the small pools they draw from.

Each function gives a draft in the shape of ``like``; surrogate() checks it and asks again where it does not do.
"""

import random
import re
import unicodedata
from collections.abc import Sequence

WORD = re.compile(r"[^\W\d_]+")


def _pool(text: str) -> tuple[str, ...]:
    """Words in a row read better than a column of quotes."""
    return tuple(text.split())


_ALPHABETS = {
    "CYRILLIC": "абвгдежиклмнопрстуфхя",
    "GREEK": "αβγδεηικλμνοπρστυω",
    "HEBREW": "אבגדהוזחטילמנרש",
    "ARABIC": "ابتجحدرسعفقكلمنهوي",
    "CJK": "王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊洋艳",
    "HIRAGANA": "あいうかきくけさしすたちとなにの",
    "KATAKANA": "アイウカキクサシスタチトナニノ",
    "HANGUL": "김이박최정민서준하은지수현우",
    "DEVANAGARI": "कगचजतदनपबमरलवशसह",
}
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def redraw(like: str, rng: random.Random) -> str:
    """Every digit another digit, every letter another letter of its case and script; the rest stays."""
    is_hex = len(like) >= 16 and set(re.sub(r"[\W\d_]", "", like).lower()) <= set("abcdef")
    return "".join(_redraw_one(c, rng, "abcdef" if is_hex else _LATIN) for c in like)


def _redraw_one(c: str, rng: random.Random, latin: str) -> str:
    if c.isdecimal():
        return str(rng.randrange(10))
    if not c.isalpha():
        return c
    script = unicodedata.name(c, "LATIN").split(" ")[0].split("-")[0]
    fresh = rng.choice(_ALPHABETS.get(script, latin))
    return fresh.upper() if c.isupper() else fresh


def hex_like(like: str, rng: random.Random) -> str:
    """Hexadecimal digits in the case of ``like``."""
    pool = "0123456789ABCDEF" if like.isupper() else "0123456789abcdef"
    return "".join(rng.choice(pool) for _ in like)


def pour(characters: str, form: str) -> str:
    """``characters`` in the places of the form's letters and digits: ("123", "(9) 9-9") -> "(1) 2-3"."""
    source = iter(characters)
    return "".join(next(source, "") if c.isalnum() else c for c in form)


def dress(word: str, like: str) -> str:
    """The word in the case of ``like``."""
    if like.islower():
        return word.lower()
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:]


def _pick(pool: Sequence[str], like: str, rng: random.Random) -> str:
    """A word of the pool about as long as ``like``, in its case."""
    near = [word for word in pool if abs(len(word) - len(like)) <= 1 and word != like.lower()]
    if not near:
        near = [word for word in pool if len(word) <= 2 * len(like) and word != like.lower()]
    return dress(rng.choice(near), like) if near else redraw(like, rng)


# --- numbers in words

_DIGIT_WORDS = _pool("zero one two three four five six seven eight nine")
_DIGIT_FILLERS = frozenset({*_DIGIT_WORDS, "oh", "o", "double", "triple"})


def is_spelled_out(like: str) -> bool:
    """True when nothing but digit words, three or more, is in it."""
    found = [word.lower() for word in WORD.findall(like)]
    return len(found) >= 3 and all(word in _DIGIT_FILLERS for word in found)


def spelled_out(like: str, rng: random.Random) -> str:
    """Other digit words; "double" and "triple" stay, digits in between are redrawn."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        kept = word.lower() in ("double", "triple")
        return word if kept else dress(rng.choice(_DIGIT_WORDS), word)

    return WORD.sub(other, re.sub(r"\d", lambda _: str(rng.randrange(10)), like))


def ordinal_suffix(number: int) -> str:
    """1 -> "st", 12 -> "th", 23 -> "rd"."""
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


# --- people

_GIVEN = _pool(
    "al bo cy ed jo li mo ty wu ana eva ian ida ivo kai leo lin mae max mia noa ola pia rui sam tao uma zoe "
    "alma amir anya azra beth cleo dina emil finn gita hugo igor ines jana juno kofi lars lena lola mara mila nina "
    "omar otto raul rosa seth sven tara theo vera yuki amina bruno carla darya elena farid greta haruki hilda ingrid "
    "jorge karim laura marta naomi oscar pablo quinn renata samir simon tilda ulrich wanda youssef yolanda zainab "
    "adriana bernard camille dominik estelle francis gabriel heather isabela jasmine katarina leonard marianne "
    "nathalie penelope rosalind sebastian theodora valentina wilhelmina"
)
_FAMILY = _pool(
    "ng xu oh ek roy dal fry lam kerr lund nagy ochs paz rios silva stone tran vance weber ahmed brandt castro dunne "
    "egede farrow garcia hansen ibarra jensen kovacs larsen mensah nowak okafor petrov quiroga rahman salazar tanaka "
    "ullman varga winter yilmaz zamora abernathy brennan carvalho delacroix eriksson fernando gonzalez halvorsen "
    "ishikawa johansson kristofer lindqvist mackenzie nakamura oyelaran papadakis rosenthal santiago thornbury "
    "underwood villanueva whitaker yamaguchi zimmermann"
)
_PARTICLES = frozenset(
    _pool(
        "de la del der den van von und y e da do dos das di du le bin ibn binti al el ter ten zu af av st jr sr ii iii"
    )
)


def person(like: str, rng: random.Random) -> str:
    """Another name: given names first, family names after; particles, hyphens and initials keep their places."""
    found = list(WORD.finditer(like))
    fresh, end = "", 0
    for i, match in enumerate(found):
        fresh += like[end : match.start()] + _name(match[0], i, len(found), like, match.end(), rng)
        end = match.end()
    return fresh + re.sub(r"\d", lambda _: str(rng.randrange(10)), like[end:])


def _name(word: str, i: int, n: int, like: str, end: int, rng: random.Random) -> str:
    if n > 1 and word.lower() in _PARTICLES:
        return word
    if len(word) == 1 or not unicodedata.name(word[0], "").startswith("LATIN"):
        is_prefix = len(word) == 1 and like[end : end + 1] in ("'", "’")  # O'Brien
        return word if is_prefix else redraw(word, rng)
    return _pick(_FAMILY if i and i == n - 1 else _GIVEN, word, rng)


def handle(like: str, rng: random.Random) -> str:
    """Letters become names, digits digits; separators stay: "dana-w" -> "mila-k"."""
    fresh = WORD.sub(
        lambda m: _pick(_GIVEN, m[0], rng) if len(m[0]) > 2 else redraw(m[0], rng), like
    )
    return re.sub(r"\d", lambda _: str(rng.randrange(10)), fresh)


_MAIL_WORDS = frozenset({"at", "dot", "underscore", "dash", "hyphen", "plus", "minus"})
_DOMAINS = (
    "example.com",
    "example.org",
    "example.net",
    "mail.example",
    "corp.example",
    "x.example",
)


def email(like: str, rng: random.Random) -> str:
    """A name of the same structure at a reserved domain (RFC 2606); "jane dot roe at acme dot io" stays spoken."""
    local, at, domain = like.rpartition("@")
    if at:
        room = 2 * len(like) - len(local) - 1
        fitting = [name for name in _DOMAINS if len(name) <= room - len(local)]
        home = rng.choice(fitting) if fitting else redraw(domain, rng)
        return handle(local, rng) + "@" + dress(home, domain)
    found = [match for match in WORD.finditer(like) if match[0].lower() not in _MAIL_WORDS]
    last_two = {match.start() for match in found[-2:]}

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word.lower() in _MAIL_WORDS:
            return word
        if match.start() not in last_two or len(found) < 3:
            return handle(word, rng)
        is_last = match.start() == found[-1].start()
        return dress(rng.choice(("com", "org", "net")) if is_last else "example", word)

    return WORD.sub(other, re.sub(r"\d", lambda _: str(rng.randrange(10)), like))


# --- addresses

_PLACES = _pool(
    "ash bay elm fir ivy oak sea alder birch cedar dover eagle grove hazel laurel maple olive pearl ridge river "
    "acacia bishop canyon dalton elmore fuller garden hudson juniper lakeview madison mulberry northgate orchard "
    "parkside quarry rosewood sherwood sycamore thornton waterford willowbrook"
)
_STATES = _pool(
    "AL AZ CO CT FL GA IL KS KY MD MI MN MT NC ND NE NJ NV NY OH PA SC TN TX UT VA WA WI WV WY CA"
)
_ADDRESS_WORDS = frozenset(
    _pool(
        "street st road rd avenue ave av boulevard blvd lane ln drive dr court ct place pl square sq terrace way parkway "
        "pkwy highway hwy circle cir close crescent gardens mews row walk apt apartment suite ste unit floor fl flat "
        "building bldg house room rm box po p o north south east west n s e w ne nw se sw of the and on upon c no nr "
        "rue calle via avenida plaza place platz strasse straße weg gasse allee de la le du des del der den am an im "
        "usa us uk united states kingdom canada australia germany france india ireland spain italy netherlands"
    )
)
_STREET_ENDINGS = re.compile(
    r"(?i)(?<=\w)(straße|strasse|str|weg|platz|gasse|allee|straat|laan|gatan|vej)$"
)


def address(like: str, rng: random.Random) -> str:
    """Digits and names change; street words, units, directions and countries stay."""
    return re.sub(r"\w+", lambda m: _address_word(m[0], rng), like)


def _address_word(word: str, rng: random.Random) -> str:
    if word.isdecimal():
        first = "0" if word[0] == "0" else str(rng.randrange(1, 10))
        return first + "".join(str(rng.randrange(10)) for _ in word[1:])
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word, re.IGNORECASE):
        number = rng.randrange(1, 10 ** min(len(word) - 2, 2))
        return str(number) + dress(ordinal_suffix(number), word[-2:])
    if not word.isalpha():
        return redraw(word, rng)
    if word in _STATES:
        return rng.choice(_STATES)
    if word.lower() in _ADDRESS_WORDS:
        return word
    if not unicodedata.name(word[0], "").startswith("LATIN") or len(word) == 1:
        return redraw(word, rng)
    ending = _STREET_ENDINGS.search(word)
    stem = word[: ending.start()] if ending else word
    return _pick(_PLACES, stem, rng) + word[len(stem) :]


# --- health

_HEALTH: tuple[tuple[str, ...], ...] = (
    # states, as in "she is ..."
    ("diabetic", "asthmatic", "epileptic", "pregnant", "bipolar", "hypertensive", "anemic"),
    # medicines
    (
        *(
            "metformin",
            "sertraline",
            "insulin",
            "lithium",
            "warfarin",
            "tamoxifen",
            "levothyroxine",
        ),
        *("methotrexate", "adderall", "humira", "prozac", "zoloft", "xanax", "prep"),
    ),
    # treatments
    ("chemo", "dialysis", "IVF", "chemotherapy", "radiation therapy", "hip replacement", "rehab"),
    # conditions
    (
        *(
            "MS",
            "HIV",
            "IBS",
            "gout",
            "ADHD",
            "PCOS",
            "PTSD",
            "lupus",
            "autism",
            "asthma",
            "anemia",
        ),
        *("crohn's", "epilepsy", "dyslexia", "diabetes", "psoriasis", "depression", "hepatitis B"),
        *(
            "celiac disease",
            "endometriosis",
            "breast cancer",
            "type 1 diabetes",
            "bipolar disorder",
        ),
        *("multiple sclerosis", "chronic kidney disease", "generalized anxiety disorder"),
    ),
)


def condition(like: str, rng: random.Random) -> str:
    """Another one of its kind: state, medicine, treatment or condition."""
    known = [kind for kind in _HEALTH if like.lower() in {word.lower() for word in kind}]
    guess = _HEALTH[0] if re.search(r"(?i)(?:ic|ant)$", like) else _HEALTH[3]
    for pool in (known[0] if known else guess, _HEALTH[3]):
        if fitting := [word for word in pool if len(word) <= 2 * len(like)]:
            # the longer half: a long condition should not always become a short one
            fitting.sort(key=len)
            word = rng.choice(fitting[len(fitting) // 2 :])
            return word if word[-1].isupper() else dress(word, like)
    return redraw(like, rng)


# --- passwords

_PLAIN_WORDS = _pool(
    "amber apron basil bison cabin canoe comet daisy ember fable gravel harbor indigo jigsaw kettle lantern marble "
    "nectar oyster pepper pillow quartz ribbon saddle timber umbrella velvet walnut yonder zephyr bark clay dune fern "
    "gust husk iris kelp lime moss nest opal reed silt tide vine wren blanket cactus copper curtain gallery lemonade "
    "mountain notebook painting sandwich sunflower"
)


def password(like: str, rng: random.Random) -> str:
    """Words become words of their length, everything else other characters of its kind; symbols stay."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        fitting = [w for w in _PLAIN_WORDS if len(w) == len(word) > 1 and w != word.lower()]
        return dress(rng.choice(fitting), word) if fitting else redraw(word, rng)

    return re.sub(r"(?<![A-Za-z])[A-Z]?[a-z]{3,}(?![A-Za-z])|[^\W_]", other, like)
