"""Surrogates: in place of a value, another one of the same shape. Digits stay digits, check digits hold.

Nothing here depends on the value but its shape, so that a surrogate cannot be turned back by trying all values.
The families made of words (names, addresses, conditions) are in surrogate_words.py, dates in surrogate_dates.py.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterator

from piiguard import surrogate_words as words
from piiguard import validators
from piiguard.surrogate_dates import birth_date
from piiguard.surrogate_words import redraw
from piiguard.validators import check_value

Maker = Callable[[str, random.Random], str]

_TRIES = 400


def surrogate(label: str, like: str, rng: random.Random) -> str:
    """Another value of the label in the shape of ``like``: never ``like`` itself, at most twice as long.

    Where check_value confirms ``like`` it confirms the surrogate, and where it refuses one it refuses the other.
    """
    make = _MAKERS.get(label, _code)
    if re.search(r"[a-z]", like, re.IGNORECASE) and words.is_spelled_out(like):
        make = words.spelled_out
    wanted = check_value(label, like)
    held = [check for check in _SCHEMES.get(label, ()) if check(like) is True]
    # long values (key blocks) have no check digits, and many tries of them would take long
    tries = _TRIES if len(like) < 200 else 20
    second_best = None
    for i in range(tries):
        draft = make(like, rng) if i < tries // 5 else _gentle(make, like, rng)
        for candidate in _endings(label, draft) if held else (draft,):
            if not _is_another(candidate, like):
                continue
            if wanted is None or check_value(label, candidate) is wanted:
                if all(check(candidate) is True for check in held):
                    return candidate
                second_best = second_best or candidate
    return second_best or _any_letters(like, rng)


def _is_another(candidate: str, like: str) -> bool:
    return candidate.casefold() != like.casefold() and 0 < len(candidate) <= 2 * len(like)


def _any_letters(like: str, rng: random.Random) -> str:
    """For values without a letter or digit to change."""
    while True:
        candidate = "".join(rng.choice("abcdefghijkmnpqrstuvwxyz") for _ in like)
        if candidate.casefold() != like.casefold():
            return candidate


def _gentle(make: Maker, like: str, rng: random.Random) -> str:
    """A draft nearer to ``like``, for forms that a free one misses: area codes, ids whose letters are codes (CURP)."""
    if make is _phone:
        return _keep_digits(like, sum(c.isdecimal() for c in like) // 2, rng)
    if make is not _shape:
        return make(like, rng)
    head = re.match(r"\W*\w{0,4}", like)
    cut = head.end() if head else 0
    return redraw(like[:cut], rng) + _keep_digits(like[cut:], 0, rng)


def _keep_digits(like: str, n: int, rng: random.Random) -> str:
    """All digits behind the first ``n`` redrawn, letters kept."""
    seen = 0

    def other(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match[0] if seen <= n else str(rng.randrange(10))

    return re.sub(r"\d", other, like)


def _endings(label: str, draft: str) -> Iterator[str]:
    """The draft, then the draft with every other check character where such ids have theirs."""
    yield draft
    places = [i for i, c in enumerate(draft) if c.isalnum()]
    if not places or label in _WORDY:
        return
    place = places[8] if label == "VEHICLE_ID" and len(places) == 17 else places[-1]
    pool = "0123456789" if draft[place].isdecimal() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for c in pool if draft[place].upper() == draft[place] else pool.lower():
        yield draft[:place] + c + draft[place + 1 :]


# --- numbers and codes


def _shape(like: str, rng: random.Random) -> str:
    return redraw(like, rng)


def _code(like: str, rng: random.Random) -> str:
    """Prefixes of the organisation ("EMP-", "MRN") stay, the rest is redrawn."""
    prefix = re.match(r"[A-Za-z]{2,5}[-_#:/ ]?(?=\d)", like)
    cut = prefix.end() if prefix else 0
    return like[:cut] + redraw(like[cut:], rng)


def _card(like: str, rng: random.Random) -> str:
    """The network's first two digits stay; CVVs are redrawn whole."""
    if sum(c.isdecimal() for c in like) < 8:
        return redraw(like, rng)
    head = re.match(r"\D*\d\D*\d", like)
    cut = head.end() if head else 0
    return like[:cut] + redraw(like[cut:], rng)


def _bank(like: str, rng: random.Random) -> str:
    """IBAN with check digits of its own, UPI handle, or any other number."""
    if "@" in like:
        name, _, bank = like.partition("@")
        return words.handle(name, rng) + "@" + bank
    if not validators.iban(like):
        return redraw(like, rng)
    head = re.match(r"\W*[A-Za-z]\W*[A-Za-z]\W*\d\W*\d", like)
    assert head is not None  # an IBAN that holds starts so
    country = re.sub(r"\W", "", head[0])[:2]
    body = redraw(like[head.end() :], rng)
    # ISO 13616-1: 98 - mod 97 of the body, the country and 00; letters count A=10 ... Z=35
    bare = re.sub(r"\W", "", body) + country + "00"
    check = f"{98 - int(''.join(str(int(c, 36)) for c in bare)) % 97:02d}"
    return words.pour(country + check, head[0]) + body


def _phone(like: str, rng: random.Random) -> str:
    """North American numbers become 555-01xx, which nobody has; elsewhere the country code stays."""
    number = re.split(r"(?i)\s*(?:ext|x|#|,|;)", like, maxsplit=1)[0]
    digits = re.sub(r"\D", "", number)
    is_bare = len(digits) == 10 and digits[0] not in "01" and number[0] != "+"
    if is_bare or (len(digits) == 11 and digits[0] == "1"):
        fresh = (
            digits[: len(digits) - 10] + rng.choice(_AREA_CODES) + f"55501{rng.randrange(100):02d}"
        )
        return words.pour(fresh, number) + redraw(like[len(number) :], rng)
    if len(digits) < 7:
        return redraw(like, rng)
    kept = 3 if number.startswith(("+", "00")) else 2 if number.startswith("0") else 0
    return _keep_digits(like, kept, rng)


def _ip(like: str, rng: random.Random) -> str:
    """Documentation ranges (RFC 5737, RFC 3849), so that nobody's host is named."""
    if ":" in like and "." not in like:
        head = re.match(r"\[?[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:", like)
        prefix = like[: like.index(head[0].lstrip("["))] + "2001:db8:" if head else ""
        rest = like[head.end() :] if head else like
        return prefix + re.sub(r"[0-9a-fA-F]+", lambda m: _hex_group(m[0], rng), rest)
    net = rng.choice(("192.0.2", "198.51.100", "203.0.113"))
    return re.sub(r"\d+\.\d+\.\d+\.\d+", lambda _: f"{net}.{rng.randrange(1, 255)}", like)


def _hex_group(like: str, rng: random.Random) -> str:
    pool = "0123456789ABCDEF" if like.isupper() else "0123456789abcdef"
    return rng.choice(pool[1:]) + "".join(rng.choice(pool) for _ in like[1:])


def _mac(like: str, rng: random.Random) -> str:
    return re.sub(r"[0-9a-fA-F]{2}", lambda m: words.hex_like(m[0], rng), like)


def _vehicle(like: str, rng: random.Random) -> str:
    fresh = redraw(like, rng)
    if sum(c.isalnum() for c in like) == 17:  # a VIN has no I, O or Q
        fresh = re.sub(r"[IOQioq]", lambda m: "X" if m[0].isupper() else "x", fresh)
    return fresh


def _wallet(like: str, rng: random.Random) -> str:
    """A wallet address whose checksum held gets one whose checksum holds."""
    if like[:2].lower() == "0x":
        return like[:2] + redraw(like[2:], rng)
    if validators.crypto(like) is True:
        prefix, _, data = like.rpartition("1")
        if re.fullmatch(r"[a-zA-Z]+", prefix) and set(data.lower()) <= set(_BECH32):
            return prefix + "1" + _bech32_data(prefix, data, rng)
        if set(like) <= set(_BASE58):
            return _base58check(like, rng)
    return redraw(like, rng)


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _base58check(like: str, rng: random.Random) -> str:
    number = 0
    for c in like:
        number = number * 58 + _BASE58.index(c)
    raw = number.to_bytes(26, "big")
    version = raw[:2] if raw[0] else raw[1:2]
    body = version + rng.randbytes(20)
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, text = int.from_bytes(body, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + text


def _bech32_data(prefix: str, data: str, rng: random.Random) -> str:
    """BIP-173, BIP-350: the first character is the version; from version 1 on the checksum is Bech32m."""
    fresh = data[0].lower() + "".join(rng.choice(_BECH32) for _ in data[1:-6])
    name = prefix.lower()
    values = [ord(c) >> 5 for c in name] + [0] + [ord(c) & 31 for c in name]
    checksum = 1
    for value in values + [_BECH32.index(c) for c in fresh] + [0] * 6:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= g if top >> i & 1 else 0
    checksum ^= 0x2BC830A3 if name in ("bc", "tb", "ltc") and fresh[0] != "q" else 1
    fresh += "".join(_BECH32[checksum >> 5 * (5 - i) & 31] for i in range(6))
    return fresh.upper() if data.isupper() else fresh


# --- secrets

#: What says which service a key is for: it stays, or the surrogate would be no key at all.
_KEY_PREFIX = re.compile(
    r"https?://[^/\s]+/(?:[a-z]+/)*|-----[A-Z0-9 ]+-----|(?<![A-Za-z0-9])eyJ|^(?:AKIA|ASIA|AIza|ya29\.|SG\.)"
    r"|^(?:[A-Za-z]{2,10}[-_]){1,3}(?=\w{8})|^xox[a-z]-"
)


def _key(like: str, rng: random.Random) -> str:
    fresh, start = "", 0
    for kept in _KEY_PREFIX.finditer(like):
        fresh += redraw(like[start : kept.start()], rng) + kept[0]
        start = kept.end()
    return fresh + redraw(like[start:], rng)


_AREA_CODES = ("201", "206", "213", "305", "313", "412", "502", "512", "612", "702", "802", "907")

#: Their surrogates come out of words; they have no check character.
_WORDY = frozenset(
    {"PERSON", "EMAIL_ADDRESS", "STREET_ADDRESS", "MEDICAL_CONDITION", "DATE_OF_BIRTH"}
)

_MAKERS: dict[str, Maker] = {
    "PERSON": words.person,
    "DATE_OF_BIRTH": birth_date,
    "EMAIL_ADDRESS": words.email,
    "PHONE_NUMBER": _phone,
    "STREET_ADDRESS": words.address,
    "NATIONAL_ID": _shape,
    "PASSPORT": _shape,
    "DRIVER_LICENSE": _shape,
    "CREDIT_CARD": _card,
    "BANK_ACCOUNT": _bank,
    "CRYPTO": _wallet,
    "PASSWORD": words.password,
    "API_KEY": _key,
    "USERNAME": words.handle,
    "IP_ADDRESS": _ip,
    "MAC_ADDRESS": _mac,
    "VEHICLE_ID": _vehicle,
    "MEDICAL_CONDITION": words.condition,
}

#: check_value says that a value is a good one; which of these hold says of what kind.
_SCHEMES: dict[str, tuple[validators.Check, ...]] = {
    "NATIONAL_ID": (
        *(validators.us_ssn, validators.us_itin, validators.gb_nino, validators.ca_sin),
        *(validators.br_cpf, validators.es_dni, validators.es_nie, validators.it_codicefiscale),
        *(validators.in_aadhaar, validators.in_pan, validators.mx_curp, validators.sg_nric),
        *(validators.hk_hkid, validators.fi_hetu, validators.se_personnummer, validators.fr_nir),
        *(validators.no_fodselsnummer, validators.be_nn, validators.pl_pesel, validators.nl_bsn),
        *(validators.ie_pps, validators.kr_rrn, validators.cn_ric, validators.cl_rut),
        *(validators.tr_tckimlik, validators.za_idnr, validators.de_idnr, validators.au_tfn),
    ),
    "BANK_ACCOUNT": (validators.iban, validators.aba_routing, validators.mx_clabe),
    "CREDIT_CARD": (validators.luhn_card,),
    "CRYPTO": (validators.crypto,),
    "DRIVER_LICENSE": (validators.gb_driver_number,),
    "MEDICAL_RECORD": (validators.nhs_number, validators.us_mbi, validators.au_medicare),
    "VEHICLE_ID": (validators.vin,),
}
