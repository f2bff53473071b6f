"""European ids: numbers that the states of Europe give to people, with their check digits."""

from stdnum import luhn
from stdnum.bg import egn
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.pt import nif
from stdnum.ro import cnp
from stdnum.si import emso

from training.generators.check_digits import birthday, dated, first_valid, in_groups, mod11
from training.generators.draw import Maker, Random, chance, digits, fill, pick


def _dni(rng: Random) -> str:
    body = digits(rng, 8)
    return body + pick(rng, ("", "", "-", " ")) + dni.calc_check_digit(body)


def _nie(rng: Random) -> str:
    body = fill(rng, "[XYZ]#{7}")
    letter = nie.calc_check_digit(body)
    return pick(
        rng,
        (
            f"{body}{letter}",
            f"{body}{letter}",
            f"{body[0]}-{body[1:]}-{letter}",
            f"{body[0]}{body[1:]}-{letter}",
        ),
    )


def _codice(rng: Random) -> str:
    day, consonants = birthday(rng), "[BCDFGLMNPRSTVZ]"
    letter = "ABCDEHLMPRST"[day.month - 1]
    born = day.day + (40 if chance(rng, 0.5) else 0)
    body = (
        fill(rng, f"{consonants}{{3}}{consonants}{{3}}")
        + f"{day:%y}{letter}{born:02}"
        + fill(rng, "[A-M]#{3}")
    )
    code = body + codicefiscale.calc_check_digit(body)
    return code.lower() if chance(rng, 0.12) else code


def _pesel(rng: Random) -> str:
    day = birthday(rng)
    body = f"{day:%y}{day.month + (20 if day.year >= 2000 else 0):02}{day:%d}" + digits(rng, 4)
    total = sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return f"{body}{-total % 10}"


def _bsn(rng: Random) -> str:
    def draw(rng: Random) -> str | None:
        body = fill(rng, "[1-3]#{7}")
        rest = mod11(body, (9, 8, 7, 6, 5, 4, 3, 2))
        return None if rest == 10 else f"{body}{rest}"

    number = first_valid(rng, draw)
    return pick(
        rng,
        (
            number,
            number,
            f"{number[:4]}.{number[4:6]}.{number[6:]}",
            f"{number[:3]} {number[3:6]} {number[6:]}",
        ),
    )


def _personnummer(rng: Random) -> str:
    day, serial = birthday(rng), fill(rng, "#{3}")
    check = luhn.calc_check_digit(f"{day:%y%m%d}{serial}")
    return (
        pick(rng, (f"{day:%Y%m%d}", f"{day:%y%m%d}")) + pick(rng, ("-", "-", "")) + serial + check
    )


def _nir(rng: Random) -> str:
    body = (
        fill(rng, "[12]#{2}")
        + f"{1 + int(rng.random() * 12):02}"
        + fill(rng, "<0[1-9]|[1-8]#>")
        + fill(rng, "[0-4]#{2}#{3}")
    )
    return in_groups(rng, body + nir.calc_check_digits(body), 1, 2, 2, 2, 3, 3, 2, joints="  ")


def _steuer_id(rng: Random) -> str:
    """German tax id: one digit of the first ten comes twice, and one is missing; ISO 7064 mod 11, 10."""
    pool = rng.sample("0123456789", 9)
    pool.append(pool[1])
    while True:
        rng.shuffle(pool)
        if pool[0] != "0":
            break
    product = 10
    for digit in pool:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return in_groups(rng, "".join(pool) + str((11 - product) % 10), 2, 3, 3, 3, joints="  ")


def _ahv(rng: Random) -> str:
    body = "756" + digits(rng, 9)
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    number = f"{body}{-total % 10}"
    return (
        f"{number[:3]}.{number[3:7]}.{number[7:11]}.{number[11:]}" if chance(rng, 0.75) else number
    )


def _austrian(rng: Random) -> str:
    def draw(rng: Random) -> str | None:
        serial, day = fill(rng, "%#{2}"), f"{birthday(rng):%d%m%y}"
        rest = mod11(serial + day, (3, 7, 9, 5, 8, 4, 2, 1, 6))
        return None if rest == 10 else f"{serial}{rest}{day}"

    return in_groups(rng, first_valid(rng, draw), 4, 6, joints="  ")


def _belgian(rng: Random) -> str:
    day = birthday(rng, 1945, 1999)
    body = f"{day:%y%m%d}{1 + int(rng.random() * 997):03}"
    check = f"{97 - int(body) % 97:02}"
    return f"{day:%y.%m.%d}-{body[6:]}.{check}" if chance(rng, 0.7) else body + check


def _pps(rng: Random) -> str:
    body = digits(rng, 7)
    total = sum(int(d) * w for d, w in zip(body, range(8, 1, -1), strict=True))
    second = pick(rng, ("", "A"))
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[(total + (9 if second else 0)) % 23] + second


def _cpr(rng: Random) -> str:
    return f"{birthday(rng, 1940, 1999):%d%m%y}{pick(rng, ('-', '-', ''))}{fill(rng, '[0-3]#{3}')}"


def _fodselsnummer(rng: Random) -> str:
    def draw(rng: Random) -> str | None:
        body = f"{birthday(rng, 1940, 1999):%d%m%y}" + fill(rng, "[0-4]#{2}")
        for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
            rest = -mod11(body, weights) % 11
            if rest == 10:
                return None
            body += str(rest)
        return body

    return in_groups(rng, first_valid(rng, draw), 6, 5, joints="  ")


def _hetu(rng: Random) -> str:
    day = birthday(rng)
    serial = f"{2 + int(rng.random() * 897):03}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{day:%d%m%y}{serial}") % 31]
    return f"{day:%d%m%y}{'A' if day.year >= 2000 else '-'}{serial}{check}"


def _kennitala(rng: Random) -> str:
    def draw(rng: Random) -> str | None:
        body = f"{birthday(rng, 1940, 1999):%d%m%y}" + fill(rng, "[2-9]#")
        check = -mod11(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return None if check == 10 else f"{body}{check}9"

    return in_groups(rng, first_valid(rng, draw), 6, 4)


def _rodne_cislo(rng: Random) -> str:
    while True:
        day = birthday(rng, 1954, 2003)
        body = int(
            f"{day:%y}{day.month + pick(rng, (0, 50)):02}{day:%d}{int(rng.random() * 1000):03}"
        )
        check = -body * 10 % 11
        if check < 10:
            number = f"{body:09}{check}"
            return f"{number[:6]}/{number[6:]}" if chance(rng, 0.7) else number


def _emso(rng: Random) -> str:
    while True:
        day = birthday(rng, 1945, 1999)
        body = f"{day:%d%m}{day.year % 1000:03}" + fill(rng, "<50|17|33|71>#{3}")
        check = str(emso.calc_check_digit(body))
        if len(check) == 1:
            return body + check


def _oib(rng: Random) -> str:
    body, product = digits(rng, 10), 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return f"{body}{(11 - product) % 10}"


def _amka(rng: Random) -> str:
    body = f"{birthday(rng):%d%m%y}" + digits(rng, 4)
    return body + luhn.calc_check_digit(body)


def _portuguese(rng: Random) -> str:
    body = fill(rng, "[12]#{7}")
    return in_groups(rng, body + nif.calc_check_digit(body), 3, 3, 3, joints="  ")


def _snils(rng: Random) -> str:
    body = fill(rng, "[01]#{8}")
    check = sum(int(d) * w for d, w in zip(body, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{body[:3]}-{body[3:6]}-{body[6:]} {check:02}"


def _romanian(rng: Random) -> str:
    day = birthday(rng)
    body = f"{pick(rng, (1, 2)) + (4 if day.year >= 2000 else 0)}{day:%y%m%d}" + fill(
        rng, "<0[1-9]|[1-3]#>#{3}"
    )
    return body + cnp.calc_check_digit(body)


EUROPEAN_IDS: dict[str, tuple[float, Maker]] = {
    "dni": (3, _dni),
    "nie": (2, _nie),
    "codice_fiscale": (3, _codice),
    "pesel": (2, _pesel),
    "bsn": (2, _bsn),
    "personnummer": (2, _personnummer),
    "nir": (1.5, _nir),
    "steuer_id": (1.5, _steuer_id),
    "ahv": (1, _ahv),
    "svnr": (0.7, _austrian),
    "rijksregister": (1, _belgian),
    "pps": (1.2, _pps),
    "cpr": (0.8, _cpr),
    "fodselsnummer": (0.8, _fodselsnummer),
    "hetu": (0.8, _hetu),
    "kennitala": (0.3, _kennitala),
    "rodne_cislo": (0.7, _rodne_cislo),
    "egn": (0.4, dated(egn.calc_check_digit, "%y%m%d", "#{3}")),
    "isikukood": (
        0.4,
        lambda rng: (
            (body := "3" + f"{birthday(rng, 1945, 1999):%y%m%d}" + digits(rng, 3))
            + ik.calc_check_digit(body + "0")
        ),
    ),
    "emso": (0.4, _emso),
    "oib": (0.4, _oib),
    "amka": (0.4, _amka),
    "cnp": (0.6, _romanian),
    "nif_pt": (0.7, _portuguese),
    "snils": (0.5, _snils),
}
