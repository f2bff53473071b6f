"""Checks of values: check digits, strict forms, ranges. The one file that imports stdnum and phonenumbers.

Each check answers True (a check digit or a strict form holds), False (the form is complete and wrong) or None
(cannot say), and tolerates the separators people use. Fakes that hold their form pass: a policy may allow-list
them, a check may not.
"""

import datetime
import hashlib
import ipaddress
import re
from collections.abc import Callable
from types import ModuleType

import phonenumbers
import stdnum.ar.cuit
import stdnum.ar.dni
import stdnum.au.tfn
import stdnum.be.nn
import stdnum.br.cpf
import stdnum.ch.ssn
import stdnum.cl.rut
import stdnum.cn.ric
import stdnum.cz.rc
import stdnum.de.idnr
import stdnum.dk.cpr
import stdnum.es.dni
import stdnum.es.nie
import stdnum.fi.hetu
import stdnum.fr.nir
import stdnum.gb.nhs
import stdnum.iban
import stdnum.ie.pps
import stdnum.il.idnr
import stdnum.in_.aadhaar
import stdnum.in_.epic
import stdnum.in_.pan
import stdnum.it.codicefiscale
import stdnum.kr.rrn
import stdnum.luhn
import stdnum.mx.curp
import stdnum.nl.bsn
import stdnum.no.fodselsnummer
import stdnum.nz.ird
import stdnum.pl.pesel
import stdnum.pt.cc
import stdnum.pt.nif
import stdnum.ro.cnp
import stdnum.se.personnummer
import stdnum.th.pin
import stdnum.tr.tckimlik
import stdnum.us.rtn
import stdnum.za.idnr

Check = Callable[[str], bool | None]

_SEPARATORS = re.compile(r"[\s\-.,:/()\u00a0\u2010-\u2015]")


def check_value(label: str, value: str) -> bool | None:
    """Is this value a valid one of its label? Vetoes only what is complete for a form and wrong."""
    check = _BY_LABEL.get(label)
    return check(value) if check else None


def confirm_only(check: Check) -> Check:
    """The check without its veto: where the words around already say what a value is, a made-up one counts too."""
    return lambda value: check(value) or None


def veto_only(check: Check) -> Check:
    """The check without its confirmation: a structure that holds is less than a check digit that does."""
    return lambda value: False if check(value) is False else None


def require(check: Check) -> Check:
    """The check with None read as False: a form that is common counts only where its check digit holds."""
    return lambda value: bool(check(value))


def compact(value: str) -> str:
    """Upper case, without the separators people use."""
    return _SEPARATORS.sub("", value).upper()


def _stdnum(module: ModuleType, keep: str = "") -> Check:
    """``keep``: separators that carry meaning in this number."""

    def check(value: str) -> bool:
        bare = "".join(c for c in value.upper() if c in keep or not _SEPARATORS.match(c))
        return bool(module.is_valid(bare))

    return check


ar_cuit = _stdnum(stdnum.ar.cuit)
ar_dni = _stdnum(stdnum.ar.dni)
au_tfn = _stdnum(stdnum.au.tfn)
be_nn = _stdnum(stdnum.be.nn)
br_cpf = _stdnum(stdnum.br.cpf)
ch_ahv = _stdnum(stdnum.ch.ssn)
cl_rut = _stdnum(stdnum.cl.rut)
cn_ric = _stdnum(stdnum.cn.ric)
cz_rc = _stdnum(stdnum.cz.rc)
de_idnr = _stdnum(stdnum.de.idnr)
dk_cpr = _stdnum(stdnum.dk.cpr)
es_dni = _stdnum(stdnum.es.dni)
es_nie = _stdnum(stdnum.es.nie)
fr_nir = _stdnum(stdnum.fr.nir)
ie_pps = _stdnum(stdnum.ie.pps)
il_idnr = _stdnum(stdnum.il.idnr)
in_aadhaar = _stdnum(stdnum.in_.aadhaar)
in_epic = _stdnum(stdnum.in_.epic)
in_pan = _stdnum(stdnum.in_.pan)
it_codicefiscale = _stdnum(stdnum.it.codicefiscale)
mx_curp = _stdnum(stdnum.mx.curp)
nhs_number = _stdnum(stdnum.gb.nhs)
nl_bsn = _stdnum(stdnum.nl.bsn)
no_fodselsnummer = _stdnum(stdnum.no.fodselsnummer)
nz_ird = _stdnum(stdnum.nz.ird)
pl_pesel = _stdnum(stdnum.pl.pesel)
pt_cc = _stdnum(stdnum.pt.cc)
pt_nif = _stdnum(stdnum.pt.nif)
ro_cnp = _stdnum(stdnum.ro.cnp)
se_personnummer = _stdnum(stdnum.se.personnummer, keep="-+")
th_pin = _stdnum(stdnum.th.pin)
tr_tckimlik = _stdnum(stdnum.tr.tckimlik)
za_idnr = _stdnum(stdnum.za.idnr)


# -- money ---------------------------------------------------------------------------------------------------


def luhn_card(value: str) -> bool:
    """13 to 19 digits of a card network's range that hold Luhn (ISO/IEC 7812-1)."""
    digits = compact(value)
    return bool(re.fullmatch(r"[2-6]\d{12,18}", digits) and stdnum.luhn.is_valid(digits))


def iban(value: str) -> bool:
    """Country's length and structure, and mod 97 = 1 (ISO 13616-1)."""
    return bool(stdnum.iban.is_valid(compact(value), check_country=False))


#: What is written for a digit so that no filter reads it, in upper case.
_LOOK_ALIKE = str.maketrans("OILSAEB", "0115438")


def iban_unless_hidden(value: str) -> bool | None:
    """As ``iban``, with None where letters that look like digits hide a good one: a checksum cannot read those."""
    text = compact(value)
    if iban(text):
        return True
    # some countries begin the account with four letters of the bank
    shown = (text[:n] + text[n:].translate(_LOOK_ALIKE) for n in (4, 8))
    return None if any(map(iban, shown)) else False


def aba_routing(value: str) -> bool:
    """Nine digits of a Federal Reserve range, weights 3 7 1."""
    digits = compact(value)
    ranges = re.match(r"0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80", digits)
    return bool(ranges and stdnum.us.rtn.is_valid(digits))


def mx_clabe(value: str) -> bool:
    """18 digits, the last one over weights 3 7 1 (Banco de México)."""
    digits = compact(value)
    if not re.fullmatch(r"\d{18}", digits):
        return False
    total = sum(int(d) * (3, 7, 1)[i % 3] % 10 for i, d in enumerate(digits[:17]))
    return (10 - total % 10) % 10 == int(digits[17])


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def crypto(value: str) -> bool | None:
    """Wallet address: Base58Check of 25 bytes (Bitcoin and its kin, Tron), Bech32 (BIP-173, BIP-350), EVM.

    Chains whose address holds no check digit (Solana) or one over another hash (Monero) get None; hashes False.
    """
    value = value.strip()
    if re.fullmatch(r"0[xX][0-9a-fA-F]{40}", value):
        return len(set(value[2:].lower())) > 2  # the zero address and its like belong to nobody
    if re.fullmatch(r"(?:0[xX])?(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40})", value):
        return False  # the hash of a transaction or a commit
    prefix, one, data = value.lower().rpartition("1")
    if one and prefix in ("bc", "tb", "ltc", "addr", "stake", "cosmos", "osmo"):
        # letters that Bech32 lacks are look-alikes or no address at all: not for a checksum to judge
        return _bech32(prefix, data) if len(data) >= 8 and set(data) <= set(_BECH32) else None
    if re.fullmatch(r"[13LMDAXTt][1-9A-HJ-NP-Za-km-z]{25,34}", value):
        return _base58check(value)
    return None


def _base58check(text: str) -> bool:
    number = 0
    for c in text:
        number = number * 58 + _BASE58.index(c)
    if number >= 1 << 208:
        return False
    raw = number.to_bytes(26, "big")
    if raw[0]:  # two bytes of version (Zcash)
        body, tail = raw[:-4], raw[-4:]
    else:
        body, tail = raw[1:-4], raw[-4:]
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == tail


def _bech32(prefix: str, data: str) -> bool:
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = 1
    for v in values + [_BECH32.index(c) for c in data]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ v
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> i & 1 else 0
    return checksum in (1, 0x2BC830A3)  # Bech32, Bech32m


# -- states --------------------------------------------------------------------------------------------------

_ITIN_GROUPS = {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}


def us_ssn(value: str) -> bool:
    """Structure alone (SSA: area not 000, 666, 9xx; group not 00; serial not 0000): well-known fakes pass."""
    digits = compact(value)
    if not re.fullmatch(r"\d{9}", digits):
        return False
    return (
        digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and int(digits[3:5]) > 0 < int(digits[5:])
    )


def us_itin(value: str) -> bool:
    """9xx with a group that the IRS gives to ITINs."""
    digits = compact(value)
    return bool(re.fullmatch(r"9\d{8}", digits)) and int(digits[3:5]) in _ITIN_GROUPS


def ca_sin(value: str) -> bool:
    """Nine digits that hold Luhn; a first 0, never given out but printed on specimens, passes."""
    digits = compact(value)
    return bool(re.fullmatch(r"\d{9}", digits)) and bool(stdnum.luhn.is_valid(digits))


def gb_nino(value: str) -> bool:
    """Structure (HMRC NIM39110); QQ, the prefix of published examples, passes."""
    text = compact(value)
    return bool(
        re.fullmatch(r"(?:QQ|[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z])\d{6}[A-D]", text)
        and text[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")
    )


def gb_driver_number(value: str) -> bool:
    """Structure (DVLA): five of the surname, birth date around the month (+5 for women), initials, check."""
    match = re.fullmatch(
        r"[A-Z]{1,5}9{0,4}\d([0156]\d)([0-3]\d)\d[A-Z9]{2}[A-Z0-9]{3}", compact(value)
    )
    return bool(match) and len(compact(value)) == 16 and _month_day(match[1], match[2])  # type: ignore[index]


def _month_day(month: str, day: str) -> bool:
    return 1 <= int(month) % 50 <= 12 and 1 <= int(day) <= 31


def sg_nric(value: str) -> bool | None:
    """S/T/F/G/M, seven digits over weights 2 7 6 5 4 3 2, a letter."""
    text = compact(value)
    if not re.fullmatch(r"[STFGM]\d{7}[A-Z]", text):
        return False
    total = sum(int(d) * w for d, w in zip(text[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    remainder = (total + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)) % 11
    if (
        text[0] == "M"
    ):  # since 2022; its table is not published by the authority, so it may only confirm
        return "XWUTRQPNJLK"[remainder] == text[8] or None
    return ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[remainder] == text[8]


def fi_hetu(value: str) -> bool:
    """Date, century sign and check character (DVV); 900 to 999, the serials of made-up people, pass."""
    bare = re.sub(r"\s", "", value).upper()  # the sign between is the century
    return bool(stdnum.fi.hetu.is_valid(bare, allow_temporary=True))


def kr_rrn(value: str) -> bool | None:
    """RRN and, with 5 to 8 as the seventh digit, FRN: False for a date or a seventh digit that nobody alive has.

    Those given since October 2020 hold no check digit, so that one which fails says nothing.
    """
    digits = compact(value)
    if not re.fullmatch(r"\d{6}[1-8]\d{6}", digits):
        return False
    century = 1900 if digits[6] in "1256" else 2000
    try:
        born = datetime.date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    if born > datetime.date.today():
        return False
    return bool(stdnum.kr.rrn.is_valid(digits)) or None


def de_rvnr(value: str) -> bool:
    """Rentenversicherungsnummer (VKVV): area, birth date, letter, serial, check digit over 2 1 2 5 7 1 2 1 2 1 2 1."""
    text = compact(value)
    form = r"(?:0[2-9]|[1-9]\d)(?:[0-2]\d|3[01]|5[1-9]|[67]\d|8[01])(?:0\d|1[0-2])\d{2}[A-Z]\d{3}"
    if not re.fullmatch(form, text):
        return False
    digits = f"{text[:8]}{ord(text[8]) - 64:02}{text[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return _digit_sum(digits, weights) % 10 == int(text[11])


def de_kvnr(value: str) -> bool:
    """Krankenversichertennummer (§ 290 SGB V): letter, eight digits, check digit over 1 2 1 2."""
    text = compact(value)
    if not re.fullmatch(r"[A-Z]\d{9}", text):
        return False
    digits = f"{ord(text[0]) - 64:02}{text[1:9]}"
    return _digit_sum(digits, (1, 2) * 5) % 10 == int(text[9])


def _digit_sum(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of the digits of the weighted digits."""
    products = (int(d) * w for d, w in zip(digits, weights, strict=True))
    return sum(product // 10 + product % 10 for product in products)


def de_document(value: str) -> bool | None:
    """Serial of a German passport or identity card; a tenth character is its check digit (ICAO Doc 9303, 7 3 1)."""
    text = compact(value)
    if not re.fullmatch(r"[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z0-9]{8}\d?", text):
        return False
    if len(text) == 9:
        return None
    total = sum(int(c, 36) * (7, 3, 1)[i % 3] for i, c in enumerate(text[:9]))
    return total % 10 == int(text[9])


def hk_hkid(value: str) -> bool:
    """One or two letters, six digits, a check digit over weights 9 to 1 (mod 11, A = 10)."""
    match = re.fullmatch(r"([A-Z]{1,2})(\d{6})([\dA])", compact(value))
    if not match:
        return False
    letters = [36] * (2 - len(match[1])) + [ord(c) - 55 for c in match[1]]
    numbers = letters + [int(d) for d in match[2]] + [int(match[3], 16)]
    return sum(n * w for n, w in zip(numbers, range(9, 0, -1), strict=True)) % 11 == 0


def us_mbi(value: str) -> bool:
    """Strict form of a Medicare Beneficiary Identifier (CMS): letters without S L O I B Z."""
    letter = "[AC-HJKMNP-RT-Y]"
    either = f"(?:{letter}|\\d)"
    form = rf"[1-9]{letter}{either}\d{letter}{either}\d{letter}{{2}}\d{{2}}"
    return bool(re.fullmatch(form, compact(value)))


def au_medicare(value: str) -> bool:
    """Ten digits, or eleven with the person's own, the ninth over weights 1 3 7 9."""
    digits = compact(value)
    if not re.fullmatch(r"[2-6]\d{9,10}", digits):
        return False
    total = sum(int(d) * w for d, w in zip(digits[:8], (1, 3, 7, 9) * 2, strict=True))
    return total % 10 == int(digits[8])


# -- things --------------------------------------------------------------------------------------------------

_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: str) -> bool | None:
    """Check digit at position 9 (49 CFR 565.15), which only North American makers (1 to 5) must use."""
    text = compact(value)
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", text):
        return False
    total = sum((_VIN_VALUES.get(c) or int(c)) * w for c, w in zip(text, _VIN_WEIGHTS, strict=True))
    if "0123456789X"[total % 11] == text[8]:
        return True
    return False if text[0] in "12345" else None


def _networks(text: str) -> list[ipaddress.IPv4Network]:
    return [ipaddress.IPv4Network(net) for net in text.split()]


# IANA special-purpose registry, less the documentation ranges, which count as public
_NOT_A_HOST = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 "
    "198.18.0.0/15 224.0.0.0/3"
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


def ip_address(value: str) -> bool:
    """One public host; documentation ranges count as public ones."""
    try:
        address = ipaddress.ip_address(value.strip("[] ").partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return address in _GLOBAL_UNICAST
        address = address.ipv4_mapped
    return not any(address in net for net in _NOT_A_HOST)


def mac_address(value: str) -> bool:
    """48 bits that are not all alike (null and broadcast are no device's)."""
    bare = re.sub(r"[:\-.]", "", value).lower()
    return bool(re.fullmatch(r"[0-9a-f]{12}", bare)) and len(set(bare)) > 1


# -- ways to reach a person ----------------------------------------------------------------------------------

_SYSTEM_MAILBOX = re.compile(
    r"(?:no|do[._-]?not|dont|never)[._-]?reply\b|(?:.*[._+-])?no[._-]?reply|mailer[._-]?daemon|bounces?\b"
    r"|notifications?$|notify$|git$|root$",
    re.IGNORECASE,
)
_NOT_A_DOMAIN = re.compile(
    r"v?\d+\.\d|.*no-?reply\.|.*\.(?:png|jpe?g|gif|svg|webp|css|jsx?|tsx?|json|ya?ml|lock|txt|html?|internal|local|localdomain"
    r"|localhost|lan|svc|cluster)$",
    re.IGNORECASE,
)


def email_address(value: str) -> bool | None:
    """RFC 5321 form with a named top-level domain; False for system mailboxes, packages, files and inner hosts."""
    local, at, domain = value.strip().rpartition("@")
    if not at:
        return None
    if _SYSTEM_MAILBOX.match(local) or _NOT_A_DOMAIN.match(domain):
        return False
    good = re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}", local) and re.fullmatch(
        r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:[^\W\d_]{2,24}|xn--[\w-]{2,59})", domain
    )
    return True if good and ".." not in local else None


_EXTENSION = re.compile(r"[,;\s]*(?:ext(?:ension|n)?\.?|x|#)[\s:.]*\d{1,6}$", re.IGNORECASE)


def phone(value: str) -> bool | None:
    """With +: True when a country has given out such numbers, False when their length is none of its own.

    Without: True for a separated US or a UK number; a run of digits proves nothing.
    """
    text = _EXTENSION.sub("", value.strip())
    if text.startswith(("+", "00")):
        number = _parse("+" + text.lstrip("+0") if text.startswith("00") else text, None)
        if number is None or not phonenumbers.is_possible_number(number):
            return False
        return phonenumbers.is_valid_number(number) or None
    if text.isdigit() and not text.startswith("0"):
        return None
    return national_phone("GB" if text.lstrip("(").startswith("0") else "US")(text)


def national_phone(*regions: str) -> Check:
    """A check of numbers written without a country code: True when one of the regions (ISO 3166) has such."""

    def check(value: str) -> bool | None:
        text = _EXTENSION.sub("", value.strip())
        numbers = [number for region in regions if (number := _parse(text, region))]
        if any(map(phonenumbers.is_valid_number, numbers)):
            return True
        return None if any(map(phonenumbers.is_possible_number, numbers)) else False

    return check


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


# -- by label ------------------------------------------------------------------------------------------------


def _credit_card(value: str) -> bool | None:
    digits = compact(value)
    if luhn_card(digits):
        return True
    # 16 digits, or a shorter number with the prefix of a network that gives such out; else a CVV, or a part
    complete = r"\d{16}|3[47]\d{13}|(?:2131|1800)\d{11}|3(?:0[0-5]|[689]\d)\d{11}|4\d{12}"
    return False if re.fullmatch(complete, digits) else None


def _bank_account(value: str) -> bool | None:
    text = compact(value)
    if iban(text) or aba_routing(text) or mx_clabe(text):
        return True
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text):
        # fifteen characters or more in this form, of a country that has no such account numbers, are none
        return iban_unless_hidden(text) if text[:2] in IBAN_LENGTHS else False
    return None


_IBAN_REGISTRY = """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21
LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18
SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"""
#: Country -> length of its IBANs (ISO 13616 registry).
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_REGISTRY.split()}


def _national_id(value: str) -> bool | None:
    text = compact(value)
    if us_ssn(text):
        return None if text == value else True  # nine bare digits are many things
    if any(check(value) for check in _STRONG_IDS):
        return True
    if re.fullmatch(r"\d{6}-\d{7}", value):
        return kr_rrn(value)  # no other country writes its numbers so
    return False if re.fullmatch(r"\d{3}-\d{2}-\d{4}", value) and not us_itin(text) else None


# forms with letters, or with two check digits and more: a number by chance does not pass
_STRONG_IDS: tuple[Check, ...] = (
    us_itin, gb_nino, br_cpf, es_dni, es_nie, it_codicefiscale, in_aadhaar, in_pan, mx_curp, sg_nric, hk_hkid,
    fi_hetu, se_personnummer, no_fodselsnummer, fr_nir, be_nn, pl_pesel, ie_pps, kr_rrn, cn_ric, cl_rut,
    tr_tckimlik, za_idnr, de_idnr, de_rvnr,
)  # fmt: skip

_BY_LABEL: dict[str, Check] = {
    "BANK_ACCOUNT": _bank_account,
    "CREDIT_CARD": _credit_card,
    "CRYPTO": crypto,
    "DRIVER_LICENSE": confirm_only(gb_driver_number),
    "EMAIL_ADDRESS": email_address,
    "IP_ADDRESS": ip_address,
    "MAC_ADDRESS": mac_address,
    "MEDICAL_RECORD": lambda value: (
        nhs_number(value) or us_mbi(value) or au_medicare(value) or de_kvnr(value) or None
    ),
    "NATIONAL_ID": _national_id,
    "PHONE_NUMBER": lambda value: (
        None if (said := phone(value)) is False and value[:1] != "+" else said
    ),
    "VEHICLE_ID": confirm_only(vin),
}
