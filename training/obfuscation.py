"""How people write a value so that no filter sees it, or as they read it aloud or spell it."""

import random
import re

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
#: O for 0 and l for 1 are the common ones; the others come in one text of three.
_ROUND = {"0": "OOo", "1": "lI"}
_LOOK_ALIKE = {**_ROUND, "5": "S", "4": "A", "3": "E", "8": "B"}
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0"}
_ALPHABET = """alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa
quebec romeo sierra tango uniform victor whiskey xray yankee zulu"""
_LETTERS = {word[0].upper(): word for word in _ALPHABET.split()}
#: Spelled or in leet: with the share of texts and pieces that noise hides at all, one name in a hundred.
_NAMES = 0.17
#: Labels whose values are mostly digits and short enough to be read aloud.
NUMBERS = frozenset(
    {
        "NATIONAL_ID",
        "PASSPORT",
        "DRIVER_LICENSE",
        "CREDIT_CARD",
        "BANK_ACCOUNT",
        "PHONE_NUMBER",
        "DATE_OF_BIRTH",
        "MEDICAL_RECORD",
        "ACCOUNT_ID",
        "VEHICLE_ID",
        "PASSWORD",
        "IP_ADDRESS",
    }
)
#: Labels whose values may come out written otherwise.
HIDDEN = NUMBERS | {"PERSON"}


def obfuscate(label: str, value: str, rng: random.Random) -> str:
    """The value read aloud, spelled, drawn out or in look-alike signs; as it is where nobody would do that to it."""
    if label == "PERSON":
        return _name(value, rng) if rng.random() < _NAMES else value
    digits = sum(char.isdigit() for char in value)
    least = 2 if label == "VEHICLE_ID" else 3
    if label not in NUMBERS or digits < least or len(value) > 24 or "\n" in value:
        return value
    if label == "PASSWORD" and digits < len(value) - 2:
        return value
    kind = rng.random()
    if label == "IP_ADDRESS" and kind < 0.5 and re.fullmatch(r"\d+(\.\d+){3}", value):
        dot = rng.choice((" dot ", " dot ", " point ", " . "))
        octets = value.split(".")
        return dot.join(octets if kind < 0.2 else [_octet(int(octet), rng) for octet in octets])
    if kind < 0.35:
        return _aloud(value, rng)
    if kind < 0.6:
        return rng.choice((" ", " ", "-", ".")).join(re.findall(r"\w", value))
    if kind < 0.7:  # the marks stay: "6 1 8 - 4 4 - ..."
        return " ".join(re.findall(r"[^\W_]|[-/.]", value))
    return _look_alike(value, rng)


def _aloud(value: str, rng: random.Random) -> str:
    zero = rng.choice(("zero", "oh", "zero"))
    dash = rng.choice(("dash", "", "", "-"))
    spell = rng.random() < 0.5
    words = []
    for char in value:
        if char.isdigit() and char.isascii():
            # Half spoken, half typed: "zero 4 8 two".
            typed = rng.random() < 0.12
            words.append(char if typed else zero if char == "0" else _DIGITS[int(char)])
        elif char.isalpha():
            words.append(_LETTERS.get(char.upper(), char) if spell else char.lower())
        elif char in "-/.:":
            spoken = {".": "dot", "/": "slash", ":": "colon"}
            words.append(spoken.get(char, dash))
    text = rng.choice((" ", " ", " ", ", ")).join(word for word in words if word)
    return text.upper() if rng.random() < 0.12 else text


def _octet(number: int, rng: random.Random) -> str:
    """192 -> "one ninety two", "one nine two" or "one hundred ninety two"."""
    if rng.random() < 0.25:
        return " ".join(_DIGITS[int(digit)] for digit in str(number))
    hundreds, rest = divmod(number, 100)
    words = [_below_hundred(rest)] if rest or not hundreds else []
    if hundreds:
        if not rest or rng.random() < 0.2:
            words.insert(0, "hundred")
        elif rest < 10:
            words.insert(0, "oh")
        words.insert(0, _DIGITS[hundreds])
    return " ".join(words)


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    if tens == 1:
        return _TEENS[ones]
    return f"{_TENS[tens]} {_DIGITS[ones]}" if ones else _TENS[tens]


def _look_alike(value: str, rng: random.Random) -> str:
    table = _LOOK_ALIKE if rng.random() < 0.35 else _ROUND
    share = rng.choice((0.5, 1.0))
    return "".join(
        rng.choice(table[char]) if char in table and rng.random() < share else char
        for char in value
    )


def _name(value: str, rng: random.Random) -> str:
    *others, last = value.split(" ")
    if not last.isalpha() or not 3 <= len(last) <= 9 or "&" in value:
        return value
    kind = rng.random()
    if kind < 0.45:
        return "".join(
            _LEET[char.lower()] if char.lower() in _LEET and rng.random() < 0.75 else char
            for char in value
        )
    letters = list(last.lower() if kind < 0.75 else last.upper())
    if kind > 0.9:
        spelled = ", ".join(
            f"{char.lower()} as in {_LETTERS[char.upper()]}" if char.upper() in _LETTERS else char
            for char in letters
        )
    else:
        spelled = rng.choice((" ", " ", "-", "-", ".")).join(letters)
    return " ".join([*others, spelled])
