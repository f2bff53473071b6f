"""E-mail addresses: of people at work and at home, shared mailboxes, and addresses hidden in words."""

from collections.abc import Callable

from training.generators.draw import Maker, Mix, Random, chance, fill, pick, words
from training.generators.people import Person, draw_person, local_of, plain

_PROVIDERS = words("""gmail.com gmail.com gmail.com gmail.com gmail.com outlook.com hotmail.com yahoo.com icloud.com
proton.me protonmail.com me.com live.com aol.com msn.com ymail.com fastmail.com hey.com pm.me
tutanota.com gmx.de gmx.net web.de t-online.de freenet.de orange.fr free.fr laposte.net
wanadoo.fr libero.it tiscali.it virgilio.it yahoo.co.uk btinternet.com sky.com hotmail.co.uk
googlemail.com yahoo.co.in rediffmail.com yahoo.com.br uol.com.br bol.com.br terra.com.br
hotmail.es yahoo.es ziggo.nl kpnmail.nl xs4all.nl telenet.be skynet.be bluewin.ch seznam.cz
wp.pl o2.pl onet.pl interia.pl mail.ru yandex.ru qq.com 163.com 126.com naver.com daum.net
yahoo.co.jp docomo.ne.jp comcast.net verizon.net att.net sbcglobal.net cox.net bellsouth.net
shaw.ca rogers.com bigpond.com optusnet.com.au xtra.co.nz zoho.com duck.com mailbox.org
posteo.de""")
_HEADS = words("""acme north blue river bright stone harbor cedar quant vertex lumen orbit atlas helio zephyr
summit granite falcon cobalt ember drift wander mosaic prism tandem ripple fjord maple saffron
willow anchor beacon copper delta echo forge glacier hollow indigo juniper kestrel lantern
meridian nimbus onyx pioneer quarry ridge sierra thistle umbra vantage weft yonder zenith tern
brook clover dune pebble raven sable tidal velvet wren alder bramble cinder""")
_TAILS = words("""soft labs tech works cloud data pay health bank logistics media group systems foods energy
retail motors design legal capital studio robotics bio analytics freight supply partners hq corp
insure travel homes games wear craft consulting""")
_ENDS = words("""com com com com com com io io co org net de co.uk ai dev app fr nl es it ca com.au in co.in ie
ch se eu us edu gov.uk ac.uk example biz info com.br co.nz co.za tech""")
_SHARED = words("""info support sales hr payroll billing accounts accounts.payable ap invoices careers jobs
recruiting talent legal privacy security abuse press marketing hello team office reception
frontdesk facilities it-help helpdesk it ops finance admin.team procurement travel benefits
people-ops peopleops onboarding training events orders returns customer.care service contact
feedback partners compliance dpo claims intake scheduling admissions registrar bookings
reservations operations warehouse dispatch shipping eng-oncall data-requests refunds""")
#: How an address is read aloud elsewhere: Spanish, Portuguese, Italian, French, German, Dutch, Scandinavian, Polish,
#: Czech, Hungarian, Turkish, Indonesian.
_TONGUES = (
    (" arroba ", " punto "),
    (" arroba ", " ponto "),
    (" chiocciola ", " punto "),
    (" arobase ", " point "),
    (" at ", " punkt "),
    (" apenstaartje ", " punt "),
    (" krøllalfa ", " punktum "),
    (" snabel-a ", " punkt "),
    (" małpa ", " kropka "),
    (" zavináč ", " tečka "),
    (" kukac ", " pont "),
    (" et ", " nokta "),
    (" et ", " titik "),
)
_NOUNS = words("""cat moon pixel taco ninja coffee guitar panda rider gamer chef bear sky fox music tiger dragon
queen mama star ghost ranger""")


def domain(rng: Random) -> str:
    """A domain of an organisation that is made up (or nearly)."""
    head, draw = pick(rng, _HEADS), rng.random()
    if draw < 0.5:
        name = head + pick(rng, _TAILS)
    elif draw < 0.65:
        name = f"{head}-{pick(rng, _TAILS)}"
    elif draw < 0.8:
        name = head + pick(rng, _HEADS)
    elif draw < 0.9:
        name = head + fill(rng, "<ly|ify|io|ex|ora|ia|eon|hub|kit|base>")
    else:
        name = fill(rng, "[bcdfgklmnprstvz][aeiou][bdgklmnprstvz][aeiou]<|[nrsx]|[ltvz][aeio]>")
    prefix = fill(rng, "<mail|eu|corp|us|uk|students|staff>.") if chance(rng, 0.05) else ""
    return f"{prefix}{name}.{pick(rng, _ENDS)}"


def _cased(rng: Random, address: str) -> str:
    """Now and then with capitals, as phones and signatures write it."""
    draw = rng.random()
    if draw < 0.04:
        local, _, host = address.partition("@")
        return ".".join(part.capitalize() for part in local.split(".")) + "@" + host
    return address.upper() if draw < 0.05 else address


def _work_local(rng: Random, person: Person) -> str:
    local = person.email_local if chance(rng, 0.7) else local_of(rng, person.given, person.family)
    draw = rng.random()
    if draw < 0.04:
        return local + fill(rng, "+<newsletter|test|aws|work|billing|jobs|##|20##>")
    return local + fill(rng, "<%|##>") if draw < 0.08 else local


def _personal_local(rng: Random, person: Person) -> str:
    first, last = plain(person.given.split()[0]), plain(person.family)
    draw = rng.random()
    if draw < 0.3:
        local = person.handle
    elif draw < 0.65:
        local = local_of(rng, person.given, person.family) + fill(
            rng, "<|##|19[6-9]#|[7890]#|#{3}|20[01]#>"
        )
    elif draw < 0.85:
        local = pick(
            rng,
            (
                f"{first}.{last[0]}",
                f"{last}.{first}",
                f"{first}{last}",
                f"its{first}",
                f"the.{last}s",
                f"{first}_{last}_",
            ),
        )
        local = local.strip("_") + fill(rng, "<|##|#>")
    else:
        local = first + fill(rng, "<|.|_|the>") + pick(rng, _NOUNS) + fill(rng, "<|##|#{3}>")
    return local + fill(rng, "+<spam|shop|news|bank|work>") if chance(rng, 0.04) else local


def _obfuscated(rng: Random, person: Person) -> str:
    address = (
        f"{_work_local(rng, person)}@{domain(rng)}"
        if chance(rng, 0.5)
        else f"{_personal_local(rng, person)}@{pick(rng, _PROVIDERS)}"
    )
    at, dot = pick(
        rng,
        (
            (" at ", " dot "),
            (" at ", " dot "),
            (" at ", "."),
            (" (at) ", " (dot) "),
            ("(at)", "(dot)"),
            (" [at] ", " [dot] "),
            ("[at]", "[dot]"),
            (" AT ", " DOT "),
            (" AT ", " DOT "),
            (" @ ", "."),
            ("[at]", "."),
            (" at ", " . "),
            ("{at}", "{dot}"),
            *_TONGUES,
        ),
    )
    local, _, host = address.partition("@")
    if dot == " DOT " and chance(rng, 0.5):  # only the spoken words in capitals
        return f"{local}{at}{host.replace('.', dot)}"
    spoken = dot[1:-1].isalpha()
    if spoken or chance(rng, 0.4):
        local = local.replace(".", dot)
    if spoken and chance(rng, 0.7):
        local = local.replace("_", " underscore ").replace("-", " dash ")
    if dot == " DOT ":
        return f"{local}{at}{host.replace('.', dot)}".upper()
    return f"{local}{at}{host.replace('.', dot)}"


def _shared(rng: Random) -> str:
    mailbox = pick(rng, _SHARED)
    region = fill(rng, "<-|.|_><us|uk|emea|apac|de|east|west|eu|nyc>") if chance(rng, 0.12) else ""
    return _cased(rng, f"{mailbox}{region}@{domain(rng)}")


def email_of(rng: Random, person: Person, variant: str = "") -> str:
    """An address of ``person``, or a mailbox of many for the variant shared. Raises: KeyError for an unknown variant."""
    if not variant:
        draw = rng.random()
        variant = (
            "work"
            if draw < 0.53
            else "personal"
            if draw < 0.92
            else "shared"
            if draw < 0.96
            else "obfuscated"
        )
        if variant == "shared" and chance(rng, 0.5):
            variant = "work"
    return _WRITERS[variant](rng, person)


_WRITERS: dict[str, Callable[[Random, Person], str]] = {
    "work": lambda rng, person: _cased(rng, f"{_work_local(rng, person)}@{domain(rng)}"),
    "personal": lambda rng, person: _cased(
        rng, f"{_personal_local(rng, person)}@{pick(rng, _PROVIDERS)}"
    ),
    "obfuscated": _obfuscated,
    "shared": lambda rng, person: _shared(rng),
}


def _anybody(variant: str) -> Maker:
    return lambda rng: email_of(rng, draw_person(rng), variant)


EMAILS = Mix(
    {
        "work": (53, _anybody("work")),
        "personal": (39, _anybody("personal")),
        "shared": (4, _shared),
        "obfuscated": (4, _anybody("obfuscated")),
    }
)
