"""Passwords: as people choose them and as managers make them; PINs, one-time codes, passphrases."""

import string

from training.generators.draw import Mix, Random, chance, digits, fill, pick, words
from training.generators.names import WORD_GIVEN
from training.generators.people import draw_person, invented, plain

WORDS = words("""summer winter spring autumn sunshine princess dragon monkey shadow master football baseball
soccer hockey welcome password letmein secret qwerty admin login access purple orange banana
cookie cheese coffee pepper tiger eagle falcon panther warrior phoenix rainbow butterfly flower
diamond silver golden thunder lightning storm ocean river mountain forest garden castle bridge
window table chair lamp bottle pencil guitar piano trumpet violin rocket planet saturn jupiter
galaxy comet meteor puppy kitten hamster rabbit turtle dolphin whale penguin giraffe zebra camel
pizza burger taco noodle sushi waffle pancake muffin maple cherry lemon mango peach apricot
walnut pumpkin carrot onion garlic basil ginger blanket pillow kettle toaster ladder hammer
anvil magnet copper bronze marble granite velvet cotton linen wagon tractor scooter bicycle
ferry harbor anchor compass lantern candle mirror puzzle riddle wizard knight pirate ninja
samurai viking gnome goblin unicorn mermaid yeti kraken staple battery horse correct orbit
tundra glacier canyon desert island lagoon meadow orchard pasture quarry ravine summit valley
willow acorn badger beaver cobra donkey ermine ferret gecko heron iguana jackal koala lizard
mongoose narwhal ocelot pelican quail raven salmon toucan urchin vulture walrus yak abacus
biscuit crumpet dumpling espresso fondue gravy hazelnut icicle jigsaw kazoo lozenge mustard
nugget omelet paprika quiche radish saffron teapot umbrella vanilla wombat xylophone yogurt
zucchini brave clever eager fancy gentle happy jolly kind lucky mighty noble proud quick rapid
sharp tidy vivid warm young zesty amber blunt crisp dusty early frosty""")
_TEAMS = words("""Arsenal Chelsea Liverpool Everton Lakers Celtics Bulls Yankees Dodgers RedSox Cubs Steelers
Packers Cowboys Eagles Patriots Seahawks Juventus Milan Barca Madrid Bayern Dortmund Ajax Celtic
Rangers Ferrari Mustang Camaro Corvette Harley Pokemon Naruto StarWars Batman Spiderman
Metallica Nirvana Beatles Boca Flamengo Corinthians Broncos Raiders Niners Warriors Knicks""")
_WALKS = words("""qwerty qwertyuiop asdfgh asdf1234 zxcvbn zxcvbnm 1qaz2wsx qazwsx 1q2w3e4r q1w2e3r4 1qazxsw2
zaq12wsx qweasdzxc !QAZ2wsx 123qwe qwe123 asd123 poiuyt mnbvcxz 1234qwer qwer1234 abcd1234
aabbcc 147258369 159357 741852963 azerty azertyuiop qwertz yxcvbn""")
_SEASONS = words("""Summer Winter Spring Autumn Fall January February March April May June July August September
October November December Monday Friday""")
_LEET = str.maketrans({"a": "@", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"})
_SYMBOLS = "!@#$%^&*-_=+?."
_TAIL = r"<!|!|!|!!|\#|\@|$|?|*|!1|1!|>"


def _chosen(rng: Random) -> str:
    """Word, number, sign: what somebody makes up when asked for a capital, a digit and a symbol."""
    draw = rng.random()
    if draw < 0.25:
        word = pick(rng, WORDS)
    elif draw < 0.40:
        word = pick(rng, _SEASONS)
    elif draw < 0.52:
        word = pick(rng, _TEAMS)
    elif draw < 0.66:
        word = plain(draw_person(rng).given).title()
    elif draw < 0.72:
        word = pick(rng, WORD_GIVEN)
    elif draw < 0.82:
        word = invented(rng).replace("'", "")
    elif draw < 0.92:
        word = pick(rng, WORDS).title() + pick(rng, WORDS).title()
    else:
        word = fill(
            rng,
            "<Welcome|Password|Passw0rd|P\\@ssw0rd|Changeme|Letmein|Secret|Admin|Temp|Office|Guest|Login|Access|Start|Reset>",
        )
    draw = rng.random()
    if draw < 0.5:
        word = word[0].upper() + word[1:]
    elif draw < 0.65:
        word = word.lower()
    if chance(rng, 0.22):
        word = (
            word.translate(_LEET) if chance(rng, 0.5) else word.replace("o", "0").replace("a", "@")
        )
    number = fill(
        rng,
        "<20[12]#|20[12]#|19[5-9]#|200#|##|##|#{3}|#{4}|1|123|1234|12|01|007|69|99|2024|2025|%>",
    )
    joint = pick(rng, ("", "", "", "", "_", "-", "@", "#", "."))
    draw = rng.random()
    if draw < 0.06:
        return f"{number}{joint}{word}"
    if draw < 0.10:
        return pick(rng, "!#$@") + word + number
    if draw < 0.16:
        return word + pick(rng, "!#@$") + number
    return f"{word}{joint}{number}{fill(rng, _TAIL)}"


def _walk(rng: Random) -> str:
    walk = pick(rng, _WALKS)
    walk = walk.title() if chance(rng, 0.3) else walk
    return walk + fill(rng, r"<|||!|!\@\#|123|#{2}|#{4}|\@20[12]#>")


def _known(rng: Random) -> str:
    return pick(
        rng,
        words("""hunter2 letmein123 password1 Password1! Passw0rd iloveyou trustno1 monkey123 123456 12345678
abc123 admin123 welcome1 Welcome1! sunshine1 P@ssw0rd1 Qwerty123! test1234 root123 toor changeit
s3cr3t Spring2024! opensesame ilovemydog!"""),
    )


def _manager(rng: Random) -> str:
    """What a password manager makes, with and without signs; ``<`` and ``>`` come up too."""
    draw = rng.random()
    if draw < 0.45:
        alphabet = string.ascii_letters + string.digits + _SYMBOLS
    elif draw < 0.6:
        alphabet = (
            string.ascii_letters
            + string.digits
            + string.punctuation.replace("`", "").replace("|", "")
        )
    else:
        alphabet = string.ascii_letters + string.digits
    length = 8 + int(rng.random() * 17) if draw < 0.9 else 8
    body = "".join(pick(rng, alphabet) for _ in range(length - 2))
    # An end in punctuation would look like the sentence's own
    return (
        pick(rng, string.ascii_letters)
        + body
        + pick(rng, string.ascii_letters + string.digits + "!#$%&*")
    )


def _short(rng: Random) -> str:
    return fill(
        rng,
        pick(
            rng,
            (
                "[a-z]{4}#{2}",
                "[a-z]{3}-[a-z]{3}-[a-z]{3}",
                "[A-Z0-9]{8}",
                "[a-zA-Z0-9]{6}",
                "[A-Z][a-z]{3}#{4}",
                "[bdfgklmnprst][aeiou][bdfgklmnprst][aeiou][bdfgklmnprst]#{3}",
                "[A-Za-z0-9]{6}-[A-Za-z0-9]{6}-[A-Za-z0-9]{6}",
                "[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}",
                "tmp[A-Z][a-z]{4}#{2}!",
                "[A-Z]{2}[a-z]{2}#{4}[!$#]",
            ),
        ),
    )


def _pin(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.62:
        return digits(rng, 4)
    if draw < 0.84:
        return digits(rng, 6)
    return fill(
        rng,
        pick(
            rng,
            (
                "#{5}",
                "#{4}\\#",
                "\\*#{4}",
                "#{8}",
                "#{3}-#{3}",
                "#{4}*",
                "<1234|0000|2580|1111|4321|1379>",
                "#{2}-#{2}-#{2}",
                "C#{4}Y",
                "#{4}X",
            ),
        ),
    )


def _otp(rng: Random) -> str:
    return fill(
        rng,
        pick(
            rng,
            (
                "#{6}",
                "#{6}",
                "#{6}",
                "#{6}",
                "#{3} #{3}",
                "#{3}-#{3}",
                "G-#{6}",
                "#{4}",
                "#{5}",
                "#{8}",
                "#{7}",
                "[A-Z0-9]{6}",
                "#{4} #{4}",
                "[a-z]{5}-[a-z]{5}",
                "[A-Z]{3}-[A-Z]{3}",
                "[A-Z0-9]{4}-[A-Z0-9]{4}",
            ),
        ),
    )


def _passphrase(rng: Random) -> str:
    words = [pick(rng, WORDS) for _ in range(3 + int(rng.random() * 3))]
    joint = pick(rng, (" ", " ", " ", "-", "-", "-", ".", "_", ""))
    if chance(rng, 0.3) or not joint:
        words = [word.capitalize() for word in words]
    phrase = joint.join(words)
    return (
        phrase + fill(rng, pick(rng, ("", "", "", "#", "##", "!", "#!", "-##")))
        if joint != " "
        else phrase
    )


def _any_password(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.52:
        return _chosen(rng)
    if draw < 0.82:
        return _manager(rng)
    if draw < 0.91:
        return _short(rng)
    return _walk(rng) if draw < 0.96 else _known(rng)


PASSWORDS = Mix(
    {
        "password": (88, _any_password),
        "passphrase": (12, _passphrase),
        "pin": (0, _pin),
        "otp": (0, _otp),
    }
)
