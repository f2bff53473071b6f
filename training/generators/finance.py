"""Finance: payment cards with their Luhn digit, IBANs, account and routing numbers of banks."""

from stdnum import luhn
from stdnum.es import ccc

from training.generators.draw import Mix, Random, chance, digits, fill, pick, words
from training.generators.people import draw_person, plain

# Issuer prefix, length, share
_SCHEMES = (
    ("4", 16, 40),
    ("5[1-5]", 16, 24),
    ("2<2[3-9]|[3-6]#|7[01]>", 16, 6),
    ("3[47]", 15, 14),
    ("<6011|65|64[4-9]>", 16, 7),
    ("35<2[89]|[3-8]#>", 16, 3),
    ("3<6|8|0[0-5]>", 14, 2),
    ("62", 16, 2),
    ("62", 19, 0.6),
    ("<5018|5020|6304|6759|6761>", 16, 1.2),
    ("<60|81|82|508>", 16, 1),
    ("220[0-4]", 16, 0.5),
    ("4", 13, 0.3),
    ("9792", 16, 0.4),
)
_SCHEME_WEIGHTS = [share for _, _, share in _SCHEMES]
_TEST_CARDS = words("""4242424242424242 4111111111111111 5555555555554444 378282246310005 6011111111111117
4000056655665556 5105105105105100 4012888888881881 30569309025904 3530111333300000
2223003122003222""")
# BBAN of each country, from the IBAN registry
_IBANS = {
    "DE": "[1-7]#{17}",
    "GB": "<BARC|HBUK|NWBK|LOYD|MIDL|REVO|MONZ|STRL>#{14}",
    "FR": "#{10}[0-9A-Z]{11}##",
    "ES": "",
    "IT": "[A-Z]#{10}[0-9]{12}",
    "NL": "<ABNA|INGB|RABO|BUNQ|TRIO|SNSB>0#{9}",
    "BE": "",
    "AT": "[1-6]#{15}",
    "CH": "0#{4}[0-9]{12}",
    "IE": "<AIBK|BOFI|IPBS|ULSB>9[0-9]{13}",
    "PT": "00#{19}",
    "PL": "#{24}",
    "SE": "[1-9]#{19}",
    "NO": "",
    "DK": "[1-9]#{13}",
    "FI": "[1-8]#{13}",
    "LU": "0##[0-9A-Z]{13}",
    "CZ": "0#{3}#{16}",
    "SK": "[0-9]{20}",
    "HU": "1#{23}",
    "RO": "<BTRL|RNCB|INGB|BRDE>[0-9A-Z]{16}",
    "GR": "0#{6}[0-9]{16}",
    "HR": "#{17}",
    "BG": "<UNCR|STSA|FINV>#{6}[0-9]{8}",
    "LT": "#{16}",
    "LV": "<HABA|UNLA|PARX>[0-9]{13}",
    "EE": "#{16}",
    "TR": "000#{2}0[0-9]{16}",
    "AE": "0#{18}",
    "SA": "##[0-9]{18}",
    "IL": "0#{18}",
    "MT": "VALL#{5}[0-9]{18}",
    "CY": "0#{7}[0-9]{16}",
    "IS": "0#{21}",
    "BR": "000#{20}[CP]1",
    "UA": "3#{5}0{5}[0-9]{14}",
    "LI": "088##[0-9]{12}",
    "MC": "#{10}[0-9]{11}##",
}
_IBAN_COUNTRIES = [*_IBANS, *["DE", "GB", "FR", "NL", "ES", "IT", "IE"] * 3]
_UPI = words("""okaxis oksbi okhdfcbank okicici ybl paytm upi ibl axl apl sbi icici hdfcbank kotak airtel
freecharge fbl barodampay""")
_IFSC = [
    "SBIN",
    "HDFC",
    "ICIC",
    "UTIB",
    "KKBK",
    "PUNB",
    "CNRB",
    "BARB",
    "YESB",
    "IDIB",
    "UBIN",
    "INDB",
    "IDFB",
    "FDRL",
]
_UK_SORT = "<04|07|08|09|11|12|20|23|30|40|50|60|77|80|83|90>"


def _card(rng: Random) -> str:
    if chance(rng, 0.06):
        number = pick(rng, _TEST_CARDS)
    else:
        prefix, length, _ = rng.choices(_SCHEMES, _SCHEME_WEIGHTS)[0]
        body = fill(rng, prefix)
        body += digits(rng, length - 1 - len(body))
        number = body + luhn.calc_check_digit(body)
    draw = rng.random()
    if draw < 0.36:
        return number
    joint = " " if draw < 0.78 else "-" if draw < 0.96 else "."
    if len(number) == 15:
        sizes = [4, 6, 5]
    elif len(number) == 14:
        sizes = [4, 6, 4]
    else:
        sizes = [4] * (len(number) // 4) + [len(number) % 4]
    if draw > 0.98:  # two runs, as read aloud
        sizes = [8, len(number) - 8]
    return grouped(number, sizes, joint)


def grouped(number: str, sizes: list[int], joint: str) -> str:
    """``number`` cut into runs of ``sizes``."""
    parts, at = [], 0
    for size in sizes:
        if size:
            parts.append(number[at : at + size])
        at += size
    return joint.join(parts)


def _cvv(rng: Random) -> str:
    return digits(rng, 4 if chance(rng, 0.14) else 3)


def _iban(rng: Random) -> str:
    country = pick(rng, _IBAN_COUNTRIES)
    bban = fill(rng, _IBANS[country])
    if country == "ES":
        bank, account = fill(rng, "<0049|2100|0182|2085|0128>#{4}"), digits(rng, 10)
        bban = bank + ccc.calc_check_digits(f"{bank}00{account}") + account
    elif country == "BE":
        body = fill(rng, "<0|1|3|7|9>#{9}")
        bban = f"{body}{int(body) % 97 or 97:02}"
    elif country == "NO":
        bban = _kontonummer(rng)
    # ISO 13616: letters count A=10 ... Z=35, the whole moved round must leave 1 modulo 97
    check = 98 - int("".join(str(int(char, 36)) for char in f"{bban}{country}00")) % 97
    iban = f"{country}{check:02}{bban}"
    draw = rng.random()
    if draw < 0.5:
        iban = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    elif draw < 0.53:
        iban = "-".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    return iban.lower() if chance(rng, 0.06) else iban


def _kontonummer(rng: Random) -> str:
    while True:
        body = fill(rng, "[1-9]#{9}")
        check = (
            -sum(int(d) * w for d, w in zip(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        )
        if check < 10:
            return f"{body}{check}"


def _account(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.75:
        return digits(
            rng,
            pick(rng, (6, 7, 8, 8, 8, 9, 9, 10, 10, 10, 10, 11, 12, 12, 12, 13, 14, 15, 16, 17)),
        )
    if draw < 0.8:
        return fill(rng, "000#{6,9}")
    return fill(
        rng,
        pick(
            rng,
            (
                "#{4} #{4}",
                "#{3}-#{6}-#",
                "#{4}-#{4}-#{4}",
                "#{5}-#{6}",
                "#{2}-#{4}-#{7}-#{2}",
                "#{3} #{3} #{3}",
                "#{4} #{4} #{2}",
                "#{5}-#",
                "#{4}-#{6}",
            ),
        ),
    )


def _routing(rng: Random) -> str:
    body = pick(
        rng,
        [
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "07",
            "08",
            "09",
            "10",
            "11",
            "12",
            "21",
            "22",
            "26",
            "28",
            "31",
            "32",
        ],
    ) + digits(rng, 6)
    # ABA: weights 3 7 1, total a multiple of 10
    total = sum(int(d) * w for d, w in zip(body, (3, 7, 1, 3, 7, 1, 3, 7), strict=True))
    number = f"{body}{-total % 10}"
    return f"{number[:4]}-{number[4:8]}-{number[8]}" if chance(rng, 0.03) else number


def _sort_code(rng: Random) -> str:
    joint = pick(rng, ("-", "-", "-", " ", ""))
    return fill(rng, f"{_UK_SORT}{joint}##{joint}##")


def _bsb(rng: Random) -> str:
    return fill(rng, "<01|03|06|08|73|76|48|63|11>[2-7]" + pick(rng, ("-", "-", " ", "")) + "###")


def _clabe(rng: Random) -> str:
    body = pick(
        rng, ["002", "012", "014", "021", "036", "044", "058", "072", "127", "137", "638", "646"]
    ) + fill(rng, "[1-9]#{13}")
    total = sum(int(d) * w % 10 for d, w in zip(body, (3, 7, 1) * 6, strict=False))
    number = f"{body}{-total % 10}"
    return grouped(number, [3, 3, 11, 1], " ") if chance(rng, 0.15) else number


def _ifsc(rng: Random) -> str:
    code = pick(rng, _IFSC) + fill(rng, "0<#{6}|00#{4}|[A-Z0-9]{6}>")
    return code.lower() if chance(rng, 0.1) else code


def _upi(rng: Random) -> str:
    person = draw_person(rng)
    first = plain(person.given.split()[0])
    local = pick(
        rng,
        (
            first,
            person.handle,
            person.email_local,
            f"{first}{plain(person.family)}",
            fill(rng, "[6-9]#{9}"),
        ),
    ) + fill(rng, "<||##|-#|.%>")
    return f"{local}@{pick(rng, _UPI)}"


CARDS = Mix({"number": (1, _card), "cvv": (0, _cvv)})
BANKS = Mix(
    {
        "account": (48, _account),
        "iban": (44, _iban),
        "routing": (3, _routing),
        "sort": (1, _sort_code),
        "bsb": (1, _bsb),
        "clabe": (2, _clabe),
        "ifsc": (0.3, _ifsc),
        "upi": (0.7, _upi),
    }
)
