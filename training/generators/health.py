"""Health: medical record and insurance numbers, and the words that name what somebody has or takes."""

from training.generators.account import SHARED
from training.generators.diseases import CONDITIONS, FORMS, MEDICINES, QUALIFIERS, TREATMENTS
from training.generators.draw import Mix, Random, chance, fill, pick, words

_MRN = words("""#{6} #{7} #{7} #{8} #{8} #{9} #{10} 00#{6} MRN#{7} MRN-#{6} MRN-#{8} M#{7} E#{7} H#{8}
#{3}-#{2}-#{4} #{2}-#{2}-#{2} #{3}-#{4} #{4}-#{4} #{3}-#{3}-#{3} PT-#{5} PT-#{6} PAT-#{5} P#{7}
PID#{6} PID-#{7} UR#{7} K#{6} A#{8} HN#{7} Z#{7} #{6}-# CH#{6} @@#{6} EP-#{7} 1#{7} MR#{6}
MR-#{5} #{5}-#{2} RX#{6} DOC-#{6} 20[12]#-#{5} pt_#{6}""")
_MEMBER = words("""W#{9} W#{9} XEA#{9} XYZ#{9} [A-Z]{3}#{9} [A-Z]{3}#{12} [A-Z]{3}[A-Z0-9]#{8} U#{8} U#{8}01 H#{8}
H#{8}-01 #{9} #{9}-00 #{10} #{11} #{9}01 9#{8} 8#{8} K#{8} [A-Z]#{11} M#{8} #{3}␣#{3}␣#{3} [A-Z]{2}#{7} [A-Z]{4}#{8} #{6}-#{2} ID#{9} YPP#{9} JQU#{3}M#{5} R#{8} 1#{2}-#{2}-#{4}-A
[A-Z]#{9} 80840␣#{5}␣#{5} [A-Z]{3}␣#{3}␣#{3}␣#{3} #{8}[A-Z] AOK#{6} TK-#{8} BUPA-#{8} #{4}-#{6}-#{2} HMO#{7} GRP#{5}-#{6} MBI-#{7}
CIG#{8} ANT#{9}""")
# MBI: position by position, letters without S L O I B Z (CMS)
_MBI = (
    "%[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#[AC-HJKMNP-RT-Y]{2}##"
)

# What somebody is: no "severe pregnant"
_ADJECTIVES = (
    "tic",
    "pregnant",
    "deaf",
    "blind",
    "user",
    "amputee",
    "suicidal",
    "positive",
    "twins",
    "eye",
    "spectrum",
    "syndrome",
    "attack",
    "surgery",
    "hearing",
)


def _record(rng: Random) -> str:
    number = fill(rng, pick(rng, SHARED if chance(rng, 0.25) else _MRN))
    return number.lower() if chance(rng, 0.06) else number


def _member(rng: Random) -> str:
    number = fill(rng, pick(rng, SHARED if chance(rng, 0.2) else _MEMBER))
    draw = rng.random()
    if draw < 0.05:
        return number.lower()
    if draw < 0.11 and number.isalnum() and len(number) > 7:  # a card shows blocks
        return f"{number[:3]} {number[3:-3]} {number[-3:]}"
    return number


def _nhs(rng: Random) -> str:
    while True:
        body = fill(rng, "[4679]#{8}")
        check = -sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            break
    number, draw = f"{body}{check}", rng.random()
    if draw < 0.6:
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    return f"{number[:3]}-{number[3:6]}-{number[6:]}" if draw < 0.72 else number


def _medicare(rng: Random) -> str:
    """The American MBI, or the Australian card number whose ninth digit checks the first eight."""
    if chance(rng, 0.55):
        number = fill(rng, _MBI)
        return f"{number[:4]}-{number[4:7]}-{number[7:]}" if chance(rng, 0.65) else number
    body = fill(rng, "[2-6]#{7}")
    check = sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9), strict=True)) % 10
    number = f"{body}{check}{fill(rng, '%')}"
    draw = rng.random()
    if draw < 0.6:
        number = f"{number[:4]} {number[4:9]} {number[9]}"
    return number + fill(rng, "<-|/><1|2|3>") if draw > 0.9 else number


def _cased(rng: Random, text: str) -> str:
    if text.isupper() and len(text) <= 5:  # MS, RA and ALS are seldom typed small
        return text.lower() if chance(rng, 0.15) else text
    return text.lower() if chance(rng, 0.5) else text


def _condition(rng: Random) -> str:
    name = pick(rng, CONDITIONS)
    fits = not name[0].isdigit() and not name.startswith(
        ("a ", "stage", "type", "severe", "mild", "chronic", "early", "acute")
    )
    fits = fits and not name.endswith(_ADJECTIVES)
    if fits and chance(rng, 0.06):
        name = f"{pick(rng, QUALIFIERS)} {name}"
    name = name.removeprefix("a ")
    return name[0].upper() + name[1:] if chance(rng, 0.05) else _cased(rng, name)


def _medicine(rng: Random) -> str:
    name = _cased(rng, pick(rng, MEDICINES))
    # a dose stands outside the span: it names nothing
    return f"{name} {pick(rng, FORMS)}" if chance(rng, 0.04) else name


def _treatment(rng: Random) -> str:
    name = pick(rng, TREATMENTS).removeprefix("a ").removeprefix("an ")
    return _cased(rng, name)


RECORDS = Mix(
    {
        "mrn": (58, _record),
        "member": (26, _member),
        "nhs": (9, _nhs),
        "medicare": (7, _medicare),
    }
)
SICKNESSES = Mix(
    {"condition": (92, _condition), "medicine": (4, _medicine), "treatment": (4, _treatment)}
)
