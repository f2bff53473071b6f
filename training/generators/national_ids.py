"""National ids: numbers that states give to people, with the check digits their issuers ask for."""

from stdnum import luhn, verhoeff
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.th import pin
from stdnum.tr import tckimlik

from training.generators.check_digits import birthday, first_valid, in_groups, mod11
from training.generators.draw import Mix, Random, chance, digits, fill, pick, shaped, words
from training.generators.european_ids import EUROPEAN_IDS

_FAKE_SSNS = (
    "123-45-6789",
    "123456789",
    "111-11-1111",
    "987-65-4321",
    "078-05-1120",
    "000-12-3456",
    "123 45 6789",
    "555-55-5555",
)
_CURP_STATES = words("""AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS
NE""")


def _ssn(rng: Random) -> str:
    if chance(rng, 0.04):
        return pick(rng, _FAKE_SSNS)
    area = 1 + int(rng.random() * 898)
    number = (
        f"{area + (area == 666):03}{1 + int(rng.random() * 99):02}{1 + int(rng.random() * 9999):04}"
    )
    return in_groups(rng, number, 3, 2, 4, joints="--- .")


def _last4(rng: Random) -> str:
    return digits(rng, 4)


def _itin(rng: Random) -> str:
    group = pick(rng, [*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])
    return in_groups(rng, f"9{digits(rng, 2)}{group}{digits(rng, 4)}", 3, 2, 4)


def _nino(rng: Random) -> str:
    while True:
        head = fill(rng, "[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]")
        if head not in ("GB", "NK", "TN", "ZZ", "BG", "KN", "NT"):
            break
    number = head + fill(rng, "#{6}[A-D]")
    number = number.lower() if chance(rng, 0.12) else number
    return in_groups(rng, number, 2, 2, 2, 2, 1, joints="   -")


def _sin(rng: Random) -> str:
    body = fill(rng, "[1-79]#{7}")
    return in_groups(rng, body + luhn.calc_check_digit(body), 3, 3, 3)


def _tfn(rng: Random) -> str:
    def draw(rng: Random) -> str | None:
        body = fill(rng, "%#{7}")
        # weights 1 4 3 7 5 8 6 9 10 must sum to a multiple of 11
        rest = mod11(body, (1, 4, 3, 7, 5, 8, 6, 9))
        return None if rest == 10 else f"{body}{rest}"

    return in_groups(rng, first_valid(rng, draw), 3, 3, 3, joints="  -")


def _aadhaar(rng: Random) -> str:
    body = fill(rng, "[2-9]#{10}")
    return in_groups(rng, body + verhoeff.calc_check_digit(body), 4, 4, 4, joints="  -")


def _cpf(rng: Random) -> str:
    body = digits(rng, 9)
    for _ in range(2):
        rest = mod11(body, tuple(range(len(body) + 1, 1, -1)))
        body += str(0 if rest < 2 else 11 - rest)
    if chance(rng, 0.65):
        return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"
    return body


def _curp(rng: Random) -> str:
    day = birthday(rng, 1945, 1999)
    consonants = "[BCDFGHJKLMNPQRSTVWXYZ]"
    body = fill(
        rng,
        f"{consonants}[AEIOU][A-Z]{{2}}{day:%y%m%d}[HM]{pick(rng, _CURP_STATES)}{consonants}{{3}}0",
    )
    return body + str(curp.calc_check_digit(body + "0"))


def _nric(rng: Random) -> str:
    series, body = pick(rng, "STFG"), digits(rng, 7)
    total = sum(int(d) * w for d, w in zip(body, (2, 7, 6, 5, 4, 3, 2), strict=True)) + (
        4 if series in "TG" else 0
    )
    return series + body + ("JZIHGFEDCBA" if series in "ST" else "XWUTRQPNMLK")[total % 11]


def _hkid(rng: Random) -> str:
    letter, body = pick(rng, "ABCDEGHKMPRSVYZ"), digits(rng, 6)
    # a single letter counts as if a space stood before it: 36 * 9
    total = (
        324
        + (ord(letter) - 55) * 8
        + sum(int(d) * w for d, w in zip(body, range(7, 1, -1), strict=True))
    )
    check = "0123456789A"[-total % 11]
    return pick(
        rng,
        (
            f"{letter}{body}({check})",
            f"{letter}{body}({check})",
            f"{letter}{body}{check}",
            f"{letter}{body} ({check})",
        ),
    )


def _rut(rng: Random) -> str:
    body = fill(rng, "<[5-9]#{6}|1#{7}|2[0-5]#{6}>")
    check = rut.calc_check_digit(body)
    return (
        f"{int(body):,}".replace(",", ".") + f"-{check}"
        if chance(rng, 0.6)
        else f"{body}{pick(rng, ('-', ''))}{check}"
    )


def _chinese(rng: Random) -> str:
    area = pick(
        rng,
        [
            "110105",
            "310101",
            "440305",
            "510104",
            "330106",
            "320105",
            "420106",
            "610113",
            "370202",
            "350203",
        ],
    )
    body = f"{area}{birthday(rng):%Y%m%d}{digits(rng, 3)}"
    return body + ric.calc_check_digit(body + "0")


def _korean(rng: Random) -> str:
    body = f"{birthday(rng, 1950, 1999):%y%m%d}" + fill(rng, "[12][0-8]#{4}")
    number = body + rrn.calc_check_digit(body + "0")
    return f"{number[:6]}-{number[6:]}" if chance(rng, 0.8) else number


def _taiwanese(rng: Random) -> str:
    letter, body = pick(rng, "ABCDEFGHJKLMNPQRSTUVXY"), fill(rng, "[12]#{7}")
    code = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(letter)
    total = (
        code // 10
        + code % 10 * 9
        + sum(int(d) * w for d, w in zip(body, range(8, 0, -1), strict=True))
    )
    return f"{letter}{body}{-total % 10}"


def _israeli(rng: Random) -> str:
    body = fill(rng, "[0-35]#{7}")
    return body + luhn.calc_check_digit(body)


def _south_african(rng: Random) -> str:
    body = f"{birthday(rng):%y%m%d}" + fill(rng, "#{4}[01]8")
    return in_groups(rng, body + luhn.calc_check_digit(body), 6, 4, 2, 1, joints="  ")


def _my_nric(rng: Random) -> str:
    place = 1 + int(rng.random() * 14)
    return in_groups(rng, f"{birthday(rng):%y%m%d}{place:02}{digits(rng, 4)}", 6, 2, 4, joints="--")


def _nik(rng: Random) -> str:
    return (
        pick(rng, ["317404", "320110", "327302", "357801", "337411"])
        + f"{birthday(rng):%d%m%y}"
        + fill(rng, "00##")
    )


def _turkish(rng: Random) -> str:
    body = fill(rng, "%#{8}")
    return body + tckimlik.calc_check_digits(body)


def _thai(rng: Random) -> str:
    body = fill(rng, "[1-8]#{11}")
    return in_groups(rng, body + pin.calc_check_digit(body), 1, 4, 5, 2, 1)


#: Numbers of states that are not named, with no check digit that anybody could see, in the groups people type.
_bare = shaped(
    *words("""#{9} #{9} %#{8} #{3}-#{3}-#{3} #{3}␣#{3}␣#{3} #{3}.#{3}.#{3} #{3}-#{2}-#{4} #{3}␣#{2}␣#{4} #{3}.#{2}.#{4}
#{5}-#{4} #{11} #{11} #{11} %#{10} #{3}␣#{3}␣#{3}␣## #{3}-#{3}-#{3}-## #{2}␣#{3}␣#{3}␣#{3} #{6}␣#{5} #{6}-#{5} #{4}␣#{4}␣#{3}
#{3}.#{3}.#{3}-## #{6}-#{4} #{6}␣#{4} #{10} #{8} #{2}.#{3}.#{3} #{8}-@ #{12} #{13}""")
)

NATIONAL_IDS = Mix(
    {
        "ssn": (42, _ssn),
        "last4": (0, _last4),
        "itin": (3, _itin),
        "nino": (8, _nino),
        "sin": (5, _sin),
        "tfn": (3, _tfn),
        "aadhaar": (5, _aadhaar),
        "pan": (
            4,
            shaped("[A-Z]{3}P[A-Z]#{4}[A-Z]", "[A-Z]{3}P[A-Z]#{4}[A-Z]", "[a-z]{3}p[a-z]#{4}[a-z]"),
        ),
        "cpf": (4, _cpf),
        "curp": (2, _curp),
        "nric": (2, _nric),
        "hkid": (2, _hkid),
        "a_number": (3, shaped("A#{9}", "A#{3}-#{3}-#{3}", "A#{3} #{3} #{3}", "A-#{9}", "A#{8}")),
        "rut": (0.8, _rut),
        "cedula_co": (0.6, shaped("1.0##.###.###", "[3-9]#.###.###", "10#{8}")),
        "dni_ar": (0.6, shaped("[1-4]#.###.###", "[1-4]#{7}")),
        "ric": (0.8, _chinese),
        "rrn": (0.8, _korean),
        "my_number": (0.5, shaped("#{4} #{4} #{4}", "#{12}")),
        "tw_id": (0.5, _taiwanese),
        "teudat_zehut": (0.6, _israeli),
        "za_id": (0.8, _south_african),
        "my_nric": (0.6, _my_nric),
        "nik": (0.5, _nik),
        "tckn": (0.7, _turkish),
        "thai_id": (0.4, _thai),
        "cnic": (0.6, shaped("[1-7]#{4}-#{7}-#", "[1-7]#{12}")),
        "nin_ng": (0.6, shaped("[1-9]#{10}")),
        "emirates_id": (0.7, shaped("784-19[6-9]#-#{7}-#", "784-200#-#{7}-#")),
        "philsys": (0.4, shaped("#{4}-#{4}-#{4}-#", "#{2}-#{7}-#")),
        "ird": (0.5, shaped("[1-9]#-###-###", "1##-###-###")),
        "bare": (6, _bare),
        **EUROPEAN_IDS,
    }
)
