"""American addresses: streets, county roads and grids, units before and behind, with and without city and ZIP code."""

from training.generators.draw import Random, chance, fill, pick, words
from training.generators.names import WORD_FAMILY
from training.generators.people import draw_person, invented

_STREETS = words("""Main Oak Maple Elm Cedar Pine Washington Lincoln Park Lake Hill Walnut Church Spring Highland
Mill Center Jefferson Franklin Jackson Sunset Ridge Meadow River Chestnut Madison Willow Birch
Cherry Dogwood Magnolia Sycamore Hickory Juniper Peachtree Canyon Valley␣View Old␣Mill
Fox␣Hollow Deer␣Run Stone␣Creek Martin␣Luther␣King␣Jr Winding␣Brook Quail␣Ridge Cactus␣Wren
El␣Camino Alameda Mesa␣Verde Bayview Harbor Kings␣Mountain Copper␣Canyon Shady␣Grove
Whispering␣Pines Cypress␣Point Azalea Larkspur 1st 2nd 3rd 4th 5th 7th 9th 12th 14th 23rd 38th
42nd 110th""")
_KINDS = words("""St St St Street Street Ave Ave Avenue Rd Rd Road Dr Dr Drive Ln Lane Blvd Blvd. Boulevard Ct
Court Way Way Pl Place Cir Circle Ter Pkwy Trail Trl Loop Hwy St. Ave. Rd. Sq Alley Run Xing Cove Bend Pass""")
_CITIES = words("""Springfield,IL,627 Portland,OR,972 Austin,TX,787 Denver,CO,802 Columbus,OH,432 Madison,WI,537
Raleigh,NC,276 Boise,ID,837 Tucson,AZ,857 Albany,NY,122 Brooklyn,NY,112 New␣York,NY,100
San␣Francisco,CA,941 Los␣Angeles,CA,900 San␣Diego,CA,921 Oakland,CA,946 Seattle,WA,981
Spokane,WA,992 Chicago,IL,606 Boston,MA,021 Cambridge,MA,021 Philadelphia,PA,191
Pittsburgh,PA,152 Atlanta,GA,303 Miami,FL,331 Orlando,FL,328 Tampa,FL,336 Nashville,TN,372
Memphis,TN,381 Louisville,KY,402 Omaha,NE,681 Des␣Moines,IA,503 Kansas␣City,MO,641
St.␣Louis,MO,631 Minneapolis,MN,554 St␣Paul,MN,551 Fargo,ND,581 Billings,MT,591
Salt␣Lake␣City,UT,841 Las␣Vegas,NV,891 Reno,NV,895 Phoenix,AZ,850 Santa␣Fe,NM,875 El␣Paso,TX,799
Houston,TX,770 Dallas,TX,752 New␣Orleans,LA,701 Baton␣Rouge,LA,708 Jackson,MS,392
Birmingham,AL,352 Charleston,SC,294 Richmond,VA,232 Arlington,VA,222 Baltimore,MD,212
Newark,NJ,071 Hoboken,NJ,070 Hartford,CT,061 Providence,RI,029 Burlington,VT,054
Manchester,NH,031 Bangor,ME,044 Anchorage,AK,995 Honolulu,HI,968 Cheyenne,WY,820
Sioux␣Falls,SD,571 Tulsa,OK,741 Little␣Rock,AR,722 Detroit,MI,482 Ann␣Arbor,MI,481
Cleveland,OH,441 Indianapolis,IN,462 Washington,DC,200 Wilmington,DE,198 Huntington,WV,257""")
_STATES = dict(
    pair.split(":")
    for pair in words("""IL:Illinois OR:Oregon TX:Texas CO:Colorado OH:Ohio WI:Wisconsin NC:North␣Carolina AZ:Arizona
NY:New␣York CA:California WA:Washington MA:Massachusetts PA:Pennsylvania GA:Georgia FL:Florida TN:Tennessee
KY:Kentucky MO:Missouri MN:Minnesota NV:Nevada NM:New␣Mexico MI:Michigan VA:Virginia NJ:New␣Jersey VT:Vermont""")
)
_UNITS = (
    "Apt %#",
    "Apt %[A-F]",
    "Apt. #{3}",
    "Apt %##",
    "Apartment %[A-D]",
    "apt #{3}",
    "Unit %#",
    "Unit [A-F]",
    "Unit %-[A-D]",
    "unit #{3}",
    "Suite #{3}",
    "Ste #{3}",
    "Ste %#[A-C]",
    "STE %00",
    "\\#%#",
    "\\##{3}",
    "\\#%[A-D]",
    "\\# %#",
    "Floor %",
    "Fl %",
    "<2nd|3rd|4th|5th|6th|11th|12th> <Floor|Fl|floor>",
    "%[a-z]",
    "Bldg [A-D]",
    "Bldg %, Apt %#",
    "Building %#",
    "Lot %#",
    "Trlr %#",
    "Spc %#",
    "Rm #{3}",
    "Penthouse %",
    "PH%",
    "Bsmt",
    "PMB %##",
    "Dept %#",
    "Box %##",
)
_BEFORE = (
    "Apt %[A-F]",
    "Apt %#",
    "Unit %#",
    "\\#%#",
    "Suite %00",
    "<2nd|3rd|4th|5th|9th> Floor",
    "<2nd|3rd> floor <left|right|rear>",
    "Building [A-D]",
    "Rm %0#",
)
#: Roads that have a number for a name, and the routes of the country's mail.
_ROADS = (
    "%### County <Rd|Road> %##",
    "%#### County Road %#",
    "%### Co Rd %#",
    "%### CR %##",
    "%### <Hwy|Highway> %#",
    "%### <Hwy|US Hwy|State Hwy> %## <N|S|E|W>",
    "%#### <State Route|State Rd|SR> %##",
    "%### US-%#",
    "%#### US Route %",
    "%#### FM %###",
    "%### Old <Highway|Hwy> %#",
    "RR % Box %##",
    "Rural Route %, Box %##[A-C]",
    "R.R. \\#%, Box %#",
    "HC %# Box %##",
    "[NS]#[EW]%#### ",
    "%### [EW] %#00 [NS]",
    "%## N %##0 W",
    "%### Interstate %#",
    "%### Township Rd %##",
    "%### Farm to Market Rd %##",
)


def us_line(rng: Random) -> str:
    """House number and street."""
    if chance(rng, 0.08):
        road = fill(rng, pick(rng, _ROADS))
        return f"{road}{pick(rng, _STREETS)} {pick(rng, _KINDS)}" if road[-1] == " " else road
    number = fill(rng, "<%#|%##|%##|%###|%###|%#{4}|%>")
    if chance(rng, 0.04):
        number += fill(rng, "< 1/2|[A-C]|-[A-C]|-%#>")
    compass = fill(rng, "<N|S|E|W|North|West|SE|NW|N.|E.> ") if chance(rng, 0.14) else ""
    line = f"{number} {compass}{_street(rng)} {pick(rng, _KINDS)}"
    return line + fill(rng, " <NW|SE|N|SW|NE>") if chance(rng, 0.05) else line


def us_place(rng: Random) -> str:
    """City, state and ZIP code, in full or in part."""
    city, state, code = pick(rng, _CITIES).split(",")
    if chance(rng, 0.25):
        city = invented(rng) + fill(
            rng, "<ville|ton|burg| Falls| Springs| Heights| City|field| Park>"
        )
    if chance(rng, 0.08):
        state = _STATES.get(state, state)
    draw = rng.random()
    postcode = code + fill(rng, "##-####" if draw < 0.1 else "##")
    if draw > 0.93:
        return f"{city} {state} {postcode}"
    if draw > 0.87:
        return f"{city}, {state}"
    if draw > 0.78:
        return pick(rng, (city, f"{city} {state}", f"{city} {postcode}", postcode))
    return f"{city}, {state}, {postcode}" if draw > 0.74 else f"{city}, {state} {postcode}"


def us_unit(rng: Random) -> str:
    """An apartment, a suite or a floor."""
    return fill(rng, pick(rng, _UNITS))


def us(rng: Random) -> str:
    """One address on one line; one in eight ends with the street."""
    parts = [us_line(rng)]
    draw = rng.random()
    if draw < 0.2:
        parts.append(us_unit(rng))
    elif draw < 0.33:
        parts[0] += " " + us_unit(rng)
    elif draw < 0.4:
        parts.insert(0, fill(rng, pick(rng, _BEFORE)))
    if chance(rng, 0.88):
        parts.append(us_place(rng))
        if chance(rng, 0.05):
            parts.append(pick(rng, ("USA", "United States", "US")))
    return (" " if chance(rng, 0.06) else ", ").join(parts)


def _street(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.5:
        return pick(rng, _STREETS)
    if draw < 0.7:
        return invented(rng)
    return pick(rng, WORD_FAMILY) if draw < 0.86 else draw_person(rng).family
