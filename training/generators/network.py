"""Network: addresses of hosts that are public, hardware addresses, logins and handles."""

from ipaddress import IPv6Address

from training.generators.draw import Mix, Random, chance, digits, fill, pick, words
from training.generators.people import Person, draw_person, handle_of, plain

_DOCUMENTATION = ("192.0.2.", "198.51.100.", "203.0.113.")
# First 32 bits of providers' and documentation networks
_V6 = (
    "2001:db8",
    "2001:db8",
    "2001:db8",
    "2a00:1450",
    "2600:1f18",
    "2607:f8b0",
    "2a02:8108",
    "2003:ea",
    "2401:4900",
    "2606:4700",
    "2a01:cb00",
    "2804:14c",
    "2409:4072",
    "2a06:98c1",
    "240e:3a1",
    "2c0f:fb50",
)
_WORDS = words("""night shadow pixel turbo mango lunar neon cosmic rusty sneaky crispy mellow frost toxic silent
velvet happy lazy epic tiny grumpy atomic quiet salty spicy fuzzy dark blue red iron steel wild
mad super hyper mega retro vapor zen astro""")
_BEINGS = words("""ninja wolf panda tiger gamer coder wizard knight falcon potato taco waffle duck goblin raven
otter badger fox dragon penguin ghost rider pirate hacker viking samurai lynx moth llama yeti
kraken bean pancake owl sloth gecko noodle toast cactus""")


def is_public_v4(octets: tuple[int, int, int, int]) -> bool:
    """True for one host of the internet; the three documentation networks count as public."""
    a, b, c, d = octets
    if a in (0, 10, 127) or a >= 224 or d in (0, 255):
        return False
    reserved = (
        {(172, n) for n in range(16, 32)}
        | {(192, 168), (169, 254), (198, 18), (198, 19)}
        | {(100, n) for n in range(64, 128)}
    )
    return (a, b) not in reserved and (a, b, c) not in ((192, 0, 0), (192, 88, 99))


def _v4(rng: Random) -> str:
    if chance(rng, 0.25):
        return f"{pick(rng, _DOCUMENTATION)}{1 + int(rng.random() * 254)}"
    while True:
        a, b, c, d = rng.randbytes(4)
        if is_public_v4((a, b, c, d)):
            return f"{a}.{b}.{c}.{d}"


def _v6(rng: Random) -> str:
    head, draw = pick(rng, _V6), rng.random()
    if draw < 0.35:
        text = f"{head}::{fill(rng, '[1-9a-f][0-9a-f]{0,3}')}"
    elif draw < 0.55:
        text = f"{head}:{fill(rng, '[1-9a-f][0-9a-f]{0,3}:[1-9a-f][0-9a-f]{0,3}')}::{fill(rng, '[1-9a-f][0-9a-f]{0,2}')}"
    else:
        full = f"{head}:" + ":".join(f"{int(rng.random() * 65536):x}" for _ in range(6))
        text = IPv6Address(full).exploded if draw > 0.85 else str(IPv6Address(full))
    return text.upper() if chance(rng, 0.1) else text


def _mac(rng: Random) -> str:
    octets = rng.randbytes(6)
    # Bit 0 of the first octet is multicast, which no device has
    text = f"{octets[0] & 0xFE:02x}{octets[1:].hex()}"
    draw = rng.random()
    if draw < 0.6:
        text = ":".join(text[i : i + 2] for i in range(0, 12, 2))
    elif draw < 0.85:
        text = "-".join(text[i : i + 2] for i in range(0, 12, 2))
    elif draw < 0.96:
        text = ".".join(text[i : i + 4] for i in range(0, 12, 4))
    return text.upper() if chance(rng, 0.4) else text


def username_of(rng: Random, person: Person) -> str:
    """A login of ``person``: mostly the usual one."""
    draw = rng.random()
    if draw < 0.6:
        return person.handle
    if draw < 0.72:
        return person.email_local
    if draw < 0.9:
        return handle_of(rng, person.given, person.family)
    first, last = plain(person.given.split()[0]), plain(person.family)
    return pick(
        rng,
        (
            f"{first}-codes",
            f"{first}dev",
            f"the{first}",
            f"{first}{last}-{digits(rng, 2)}",
            f"dr{last}",
            f"{first}_the_{pick(rng, _BEINGS)}",
            f"real{first}{last}",
            f"{first}.exe",
        ),
    )


def _gamer(rng: Random) -> str:
    word, being = pick(rng, _WORDS), pick(rng, _BEINGS)
    shapes = (
        f"{word}{being}",
        f"{word}_{being}",
        f"{word.title()}{being.title()}",
        f"{word}-{being}",
        f"xX_{being.title()}_Xx",
        f"{being}{word}",
        f"{word}.{being}",
        f"{being}_of_{word}",
        f"not_a_{being}",
        f"{being}lord",
        f"{being}zilla",
    )
    name = pick(rng, shapes)
    draw = rng.random()
    if draw < 0.45:
        name += fill(rng, "<##|#|#{3}|_##|19[89]#|20[01]#|99|420|-#>")
    return name.replace("e", "3", 1).replace("o", "0", 1) if draw > 0.93 else name


def _login(rng: Random) -> str:
    """What a directory gives: codes of letters and digits, domains before a backslash."""
    person = draw_person(rng)
    first, last = plain(person.given.split()[0]), plain(person.family)
    return pick(
        rng,
        (
            f"{last[:5]}{first[0]}{digits(rng, 2)}",
            f"{first[0]}{last[:6]}{digits(rng, 1)}",
            f"{last[:3]}{first[:3]}",
            f"{first[:2]}{last[:2]}{digits(rng, 3)}",
            fill(rng, "CORP\\\\") + f"{first[0]}{last}",
            f"{first}.{last}.ext",
            f"ext-{first[0]}{last}",
            f"a-{first[0]}{last}",
            f"{first}.{last}",
            fill(rng, "[a-z]{3}#{4}"),
            f"{last}.{first[0]}",
            f"{first}{last[0]}_admin",
        ),
    )


IPS = Mix({"v4": (80, _v4), "v6": (20, _v6)})
MACS = Mix({"any": (1, _mac)})
USERNAMES = Mix({"handle": (6, _gamer), "login": (4, _login)})
