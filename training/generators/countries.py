"""Countries: how the addresses of one are put together, read from a table of shapes, streets and cities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from training.generators.dates import ordinal
from training.generators.draw import Random, chance, fill, pick
from training.generators.people import draw_person, invented, to_ascii

_NUMBERS = "<%|%#|%#|%#|%##|%##|%#[a-d]>"
_FLATS = (
    "Flat %",
    "Flat %#",
    "Flat %[A-D]",
    "Flat [A-F]",
    "Apartment %#",
    "Apt %##",
    "Unit %",
    "Unit %#",
    "<1st|2nd|3rd|4th|5th|9th|Ground|Second|Top> Floor",
    "$o floor",
    "Suite %0#",
    "Room %0#",
    "Office %#",
    "Level %",
    "House %#",
    "Block [A-D]",
    "Studio %",
    "<2nd|3rd> floor <left|right|front|rear>",
)
_QUARTER = re.compile(r",? \$e(?: District|-ku)?(?! ?/)")
_MARK = re.compile(r"\$([a-zC])")


@dataclass(frozen=True, slots=True)
class Country:
    """Shapes and words of one country's addresses.

    ``heads`` end with the street and number, ``layouts`` say where the head (``$h``) stands beside the postcode and
    the city. Both are patterns of draw.py with marks:

        $s street   $e quarter or estate   $c city   $p postcode   $n house number   $u number of a flat or floor
        $b a number of three or four digits   $o ordinal   $l letter   $r surname or an invented name
        $f "Flat 3B, " or nothing   $C the country's name
    """

    name: str
    heads: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    quarters: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ("$h, $p $c",)
    bare: tuple[str, ...] = ("$h, $c",)
    postcode: str = ""

    def head(self, rng: Random) -> str:
        """The part down to the door alone."""
        return _tidy(self._filled(rng, pick(rng, self.heads)))

    def address(self, rng: Random) -> str:
        """A whole address; a quarter of all lack the postcode, the city or both."""
        draw = rng.random()
        if draw < 0.12:
            return self.head(rng)
        if draw < 0.26 or not self.postcode:
            layout = pick(rng, self.bare)
        else:
            layout = pick(rng, self.layouts)
        if draw > 0.92 and "$C" not in layout and layout.startswith("$h"):
            layout += ", $C"
        head = pick(rng, self.heads)
        if "$e" in head:
            layout = _QUARTER.sub("", layout)
        return _tidy(self._filled(rng, layout).replace("$h", self._filled(rng, head)))

    def _filled(self, rng: Random, pattern: str) -> str:
        # subtle: the pattern is filled before its marks, so that a few hundred patterns are parsed, not every address
        return _MARK.sub(lambda match: self._mark(rng, match[1]), fill(rng, pattern))

    def _mark(self, rng: Random, mark: str) -> str:
        match mark:
            case "s":
                return self._filled(rng, pick(rng, self.streets))
            case "e":
                return self._filled(rng, pick(rng, self.quarters))
            case "c":
                return self._filled(rng, pick(rng, self.cities))
            case "p":
                return fill(rng, self.postcode)
            case "n":
                return fill(rng, _NUMBERS)
            case "b":
                return fill(rng, "<%##|%###|%###>")
            case "o":
                return ordinal(1 + int(rng.random() * 19))
            case "u":
                return fill(rng, "<%|%|1#|%#>")
            case "l":
                return fill(rng, "[A-Fa-d]")
            case "r":
                return invented(rng) if chance(rng, 0.4) else draw_person(rng).family
            case "f":
                return self._filled(rng, pick(rng, _FLATS)) + ", " if chance(rng, 0.28) else ""
            case "C":
                return self.name
            case _:
                return f"${mark}"


def read_table(text: str) -> Mapping[str, Country]:
    """Countries by code: blocks of lines, a letter and its values between semicolons, the code and the name first."""
    found = {}
    for block in text.strip().split("\n\n"):
        first, *lines = block.split("\n")
        code, _, name = first.partition(" ")
        rows = {line[0]: tuple(v.strip() for v in line[2:].split(";")) for line in lines}
        found[code] = Country(
            name,
            rows["h"],
            rows["s"],
            rows["c"],
            rows.get("e", ()),
            rows.get("t", ("$h, $p $c",)),
            rows.get("b", ("$h, $c",)),
            rows.get("p", ("",))[0],
        )
    return found


def stripped(rng: Random, text: str, share: float = 0.25) -> str:
    """Without the marks of its letters for ``share`` of all texts; other scripts stay as they are."""
    latin = all(char < "\u0250" or "\u1e00" <= char < "\u1f00" for char in text)
    return to_ascii(text) if latin and chance(rng, share) else text


def _tidy(text: str) -> str:
    return re.sub(r" {2,}", " ", text).strip()
