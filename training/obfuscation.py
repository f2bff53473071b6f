"""How people write a number so that no filter sees it, or as they read it aloud."""

import random
import re

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LOOK_ALIKE = {"0": "Oo", "1": "lI", "5": "S", "4": "A", "3": "E", "8": "B"}
_ALPHABET = """alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa
quebec romeo sierra tango uniform victor whiskey xray yankee zulu"""
_LETTERS = {word[0].upper(): word for word in _ALPHABET.split()}
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


def obfuscate(label: str, value: str, rng: random.Random) -> str:
    """The value read aloud, drawn out or in look-alike letters; as it is where it is no such number."""
    digits = sum(char.isdigit() for char in value)
    if label not in NUMBERS or digits < 3 or len(value) > 24 or "\n" in value:
        return value
    if label == "PASSWORD" and digits < len(value) - 2:
        return value
    kind = rng.random()
    if kind < 0.4:
        return _aloud(value, rng)
    if kind < 0.7:
        return rng.choice((" ", " ", "-", ".")).join(re.findall(r"\w", value))
    if kind < 0.75 and label == "IP_ADDRESS":
        return value.replace(".", " dot ")
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
        elif char in "-/.":
            words.append("dot" if char == "." else "slash" if char == "/" else dash)
    text = rng.choice((" ", " ", " ", ", ")).join(word for word in words if word)
    return text.upper() if rng.random() < 0.12 else text


def _look_alike(value: str, rng: random.Random) -> str:
    swapped = [
        rng.choice(_LOOK_ALIKE[char]) if char in _LOOK_ALIKE and rng.random() < 0.5 else char
        for char in value
    ]
    return "".join(swapped)
