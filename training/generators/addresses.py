"""Street addresses: of the US, the UK and ninety other countries and scripts, on one line and on several, in full and in
short."""

from training.generators.asian_addresses import ASIA
from training.generators.countries import Country, stripped
from training.generators.draw import Mix, Random, chance, fill, pick
from training.generators.european_addresses import EUROPE
from training.generators.uk_addresses import uk, uk_street
from training.generators.us_addresses import us, us_line, us_place, us_unit
from training.generators.world_addresses import WORLD

COUNTRIES: dict[str, Country] = {**EUROPE, **ASIA, **WORLD}
_CODES = list(COUNTRIES)
#: Where people say a street and a number, and everybody knows the town.
_NEAR = ("DE", "NL", "ES", "IT", "SE", "CH", "FR", "PL", "AU", "IE", "AT", "LT", "HU", "CO", "IN")


def _cased(rng: Random, text: str, share: float = 0.13) -> str:
    """Lower case is common in chat; capitals come from systems."""
    draw = rng.random()
    if draw < share:
        # the lower case of İ is two characters
        lower = text.replace("İ", "i").lower()
        return lower.replace(", ", " ") if chance(rng, 0.3) else lower
    return text.upper() if draw < share + 0.03 else text


def _intl(rng: Random) -> str:
    text = COUNTRIES[pick(rng, _CODES)].address(rng)
    if chance(rng, 0.05):
        text = text.replace(", ", " ")
    return _cased(rng, stripped(rng, text), 0.08)


def _multi(rng: Random) -> str:
    """An address block, without the name above it."""
    text = _intl(rng) if chance(rng, 0.45) else uk(rng) if chance(rng, 0.3) else us(rng)
    head, joint, tail = text.partition(", ")
    if not joint:
        return f"{us_line(rng)}\n{us_place(rng)}"
    return (
        f"{head}\n{tail}" if chance(rng, 0.6) and tail.count(", ") < 2 else text.replace(", ", "\n")
    )


def _po_box(rng: Random) -> str:
    box = fill(
        rng,
        "<PO Box|P.O. Box|PO Box|po box|P.O. BOX|Box|Post Office Box|P O Box> <%#|%##|%###|%#{4}>",
    )
    draw = rng.random()
    if draw < 0.6:
        return f"{box}, {us_place(rng)}"
    if draw < 0.75:
        return box if not box.startswith("Box") else f"PO {box}"
    if draw < 0.88:
        return fill(
            rng,
            "<Postfach|Postbus|BP|Apartado|GPO Box|Locked Bag|Casilla|Private Bag|Caixa Postal|Skr. poczt.|P.K.> %##, #{4,5} ",
        ) + pick(rng, ("Berlin", "Utrecht", "Lyon", "Madrid", "Sydney", "Santiago", "Auckland"))
    return f"{box}, {fill(rng, '<Sydney NSW|Melbourne VIC|Nairobi|Auckland|Halifax NS|Dubai>')} {fill(rng, '#{4}')}"


def _short(rng: Random) -> str:
    """The street and the number alone, the way to say where somebody lives."""
    draw = rng.random()
    if draw < 0.2:
        text = f"{fill(rng, '<%#|%|%##>')} {uk_street(rng)}"
    elif draw < 0.45:
        text = stripped(rng, COUNTRIES[pick(rng, _NEAR)].head(rng))
    else:
        text = us_line(rng)
        if chance(rng, 0.2):
            text += pick(rng, (" ", ", ")) + us_unit(rng)
    return text.lower() if chance(rng, 0.4) else text


ADDRESSES = Mix(
    {
        "us": (40, lambda rng: _cased(rng, us(rng))),
        "uk": (14, lambda rng: _cased(rng, uk(rng))),
        "intl": (30, _intl),
        "multi": (5, _multi),
        "pobox": (3, _po_box),
        "short": (8, _short),
    }
)
