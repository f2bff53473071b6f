"""British addresses: flats and floors, house names, counties, postcodes in their areas."""

from training.generators.draw import Random, chance, fill, pick, words
from training.generators.names import WORD_FAMILY
from training.generators.people import draw_person, invented

_NAMES = words("""High Church Station Victoria Park Queen's Mill Green London Manor King Windsor Albert York
Chapel New Grange Springfield Kingsway The␣Crescent Orchard Elm␣Tree Rosemary Cromwell
Nightingale Beech Larch Abbey Castle Bridge Priory Bramley Fairfield Hawthorn Wellington St␣John's Upper␣North
Great␣Western Holly␣Bank The␣Paddock Bridgewater Tanner's""")
_KINDS = words("""Street Street Road Road Road Lane Avenue Close Drive Gardens Terrace Crescent Way Grove Place
Court Mews Rd Rd St Row Walk Hill Parade Square Wharf Rise Ave""")
_TOWNS = words("""London:SW,SE,N,NW,E,W,EC1A,WC2N Manchester:M Leeds:LS Bristol:BS Birmingham:B Sheffield:S
Nottingham:NG Brighton:BN Oxford:OX Cambridge:CB York:YO Bath:BA Reading:RG Norwich:NR Exeter:EX
Cardiff:CF Swansea:SA Edinburgh:EH Glasgow:G Aberdeen:AB Belfast:BT Liverpool:L Newcastle:NE
Hull:HU Coventry:CV Leicester:LE Derby:DE Croydon:CR Guildford:GU Milton␣Keynes:MK Stockport:SK
Dundee:DD Bolton:BL Wigan:WN Truro:TR Plymouth:PL Inverness:IV""")
_COUNTIES = words("""Surrey Kent Essex Devon Cornwall W␣Yorks Cheshire Norfolk Fife Gwent Co.␣Antrim Hants Somerset
West␣Midlands Lancs Oxon""")
_HOUSES = words("House Cottage Lodge Farm Barn Court Mansions Mill Hall View")
_FLATS = (
    "Flat %#",
    "Flat %",
    "Flat [A-D]",
    "Flat %[A-C]",
    "Unit %",
    "Apartment %#",
    "Apt %",
    "First Floor",
    "<1st|2nd|3rd|4th> Floor",
    "First Floor Flat",
    "<Top|Basement|Ground> Floor Flat",
    "Basement Flat",
    "Room %",
    "Studio %",
    "%/%",
    "Block [A-D], Flat %#",
    "Suite %, <1st|2nd|4th> Floor",
    "Plot %#",
)


def uk_street(rng: Random) -> str:
    """A street without its number."""
    draw = rng.random()
    if draw < 0.6:
        name = pick(rng, _NAMES)
    else:
        name = (
            invented(rng)
            if draw < 0.78
            else pick(rng, WORD_FAMILY)
            if draw < 0.92
            else draw_person(rng).family
        )
    return name if name.startswith("The ") or name == "Kingsway" else f"{name} {pick(rng, _KINDS)}"


def uk_postcode(rng: Random, area: str) -> str:
    """A postcode of ``area``, such as LS or WC2N."""
    outward = area if any(c.isdigit() for c in area) else area + fill(rng, "<%|1#>")
    inward = fill(rng, "[1-9][ABD-HJLNP-UW-Z]{2}")
    return outward + ("" if chance(rng, 0.12) else " ") + inward


def uk(rng: Random) -> str:
    """One address on one line; a quarter lacks the postcode or the town."""
    town, areas = pick(rng, _TOWNS).split(":")
    postcode = uk_postcode(rng, pick(rng, areas.split(",")))
    parts = [*_door(rng), town]
    draw = rng.random()
    if draw < 0.1:  # a village, a district, a county
        parts.insert(-1, invented(rng) + fill(rng, "<|ham|ton|bury| Green|ley|thorpe>"))
    elif draw < 0.18:
        parts.append(pick(rng, _COUNTIES))
    draw = rng.random()
    if draw < 0.48:
        parts.append(postcode)
    elif draw < 0.7:
        parts[-1] += f" {postcode}"
    elif draw < 0.77:
        parts = [*parts[:-1], postcode]
    elif draw < 0.87:
        pass
    elif draw < 0.93:
        parts = parts[:-1]
    else:
        parts += [postcode, pick(rng, ("UK", "United Kingdom", "England", "Scotland"))]
    return ", ".join(parts)


def _door(rng: Random) -> list[str]:
    street = uk_street(rng)
    if chance(rng, 0.06):  # the number behind, as visitors from the continent write
        return [f"{street} {fill(rng, '<%|%#|%##>')}"]
    head = fill(rng, "<%|%#|%#|%##|%#[a-c]|1#-2#> ") + street
    draw = rng.random()
    if draw < 0.22:
        return [fill(rng, pick(rng, _FLATS)), head]
    if draw < 0.29:
        return [f"{invented(rng)} {pick(rng, _HOUSES)}", street]
    if draw < 0.34:
        return [fill(rng, "<Flat|Apt|Unit> %#"), f"{invented(rng)} {pick(rng, _HOUSES)}", head]
    return [head]
