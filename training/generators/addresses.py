"""Street addresses: of the US, the UK and twenty other countries, on one line and on several, in full and in short."""

from training.generators.draw import Mix, Random, chance, fill, pick, words
from training.generators.names import WORD_FAMILY
from training.generators.people import draw_person, invented, to_ascii

_US_STREETS = words("""Main Oak Maple Elm Cedar Pine Washington Lincoln Park Lake Hill Walnut Church Spring Highland
Mill Center Jefferson Franklin Jackson Sunset Ridge Meadow River Chestnut Madison Willow Birch
Cherry Dogwood Magnolia Sycamore Hickory Juniper Peachtree Canyon Valley_View Old_Mill
Fox_Hollow Deer_Run Stone_Creek Martin_Luther_King_Jr Winding_Brook Quail_Ridge Cactus_Wren
El_Camino Alameda Mesa_Verde Bayview Harbor Kings_Mountain Copper_Canyon Shady_Grove
Whispering_Pines Cypress_Point Azalea Larkspur 1st 2nd 3rd 4th 5th 7th 9th 12th 14th 23rd 38th
42nd 110th""")
_US_KINDS = words("""St St St Street Street Ave Ave Avenue Rd Rd Road Dr Dr Drive Ln Lane Blvd Blvd. Boulevard Ct
Court Way Way Pl Place Cir Circle Ter Pkwy Trail Loop Hwy St. Ave. Rd. Sq Alley Run""")
_US_CITIES = words("""Springfield,IL,627 Portland,OR,972 Austin,TX,787 Denver,CO,802 Columbus,OH,432 Madison,WI,537
Raleigh,NC,276 Boise,ID,837 Tucson,AZ,857 Albany,NY,122 Brooklyn,NY,112 New_York,NY,100
San_Francisco,CA,941 Los_Angeles,CA,900 San_Diego,CA,921 Oakland,CA,946 Seattle,WA,981
Spokane,WA,992 Chicago,IL,606 Boston,MA,021 Cambridge,MA,021 Philadelphia,PA,191
Pittsburgh,PA,152 Atlanta,GA,303 Miami,FL,331 Orlando,FL,328 Tampa,FL,336 Nashville,TN,372
Memphis,TN,381 Louisville,KY,402 Omaha,NE,681 Des_Moines,IA,503 Kansas_City,MO,641
St._Louis,MO,631 Minneapolis,MN,554 St_Paul,MN,551 Fargo,ND,581 Billings,MT,591
Salt_Lake_City,UT,841 Las_Vegas,NV,891 Reno,NV,895 Phoenix,AZ,850 Santa_Fe,NM,875 El_Paso,TX,799
Houston,TX,770 Dallas,TX,752 New_Orleans,LA,701 Baton_Rouge,LA,708 Jackson,MS,392
Birmingham,AL,352 Charleston,SC,294 Richmond,VA,232 Arlington,VA,222 Baltimore,MD,212
Newark,NJ,071 Hoboken,NJ,070 Hartford,CT,061 Providence,RI,029 Burlington,VT,054
Manchester,NH,031 Bangor,ME,044 Anchorage,AK,995 Honolulu,HI,968 Cheyenne,WY,820
Sioux_Falls,SD,571 Tulsa,OK,741 Little_Rock,AR,722 Detroit,MI,482 Ann_Arbor,MI,481
Cleveland,OH,441 Indianapolis,IN,462 Washington,DC,200 Wilmington,DE,198 Huntington,WV,257""")
_UNITS = [
    "Apt %#",
    "Apt %[A-F]",
    "Apt. #{3}",
    "Unit %#",
    "Unit [A-F]",
    "Suite #{3}",
    "Ste #{3}",
    "\\#%#",
    "\\##{3}",
    "apt #{3}",
    "Floor %",
    "Bldg [A-D]",
    "%[a-z]",
    "Fl %",
    "unit #{3}",
    "Lot %#",
    "Rm #{3}",
    "Apt %##",
]
_UK_NAMES = words("""High Church Station Victoria Park Queen's Mill Green London Manor King Windsor Albert York
Chapel New Grange Springfield Kingsway The_Crescent Orchard Elm_Tree Rosemary Cromwell
Nightingale Beech Larch Abbey Castle Bridge Priory Bramley Fairfield Hawthorn Wellington""")
_UK_KINDS = words("""Street Street Road Road Road Lane Avenue Close Drive Gardens Terrace Crescent Way Grove Place
Court Mews Rd St Row Walk Hill""")
_UK_TOWNS = words("""London:SW,SE,N,NW,E,W,EC1A,WC2N Manchester:M Leeds:LS Bristol:BS Birmingham:B Sheffield:S
Nottingham:NG Brighton:BN Oxford:OX Cambridge:CB York:YO Bath:BA Reading:RG Norwich:NR Exeter:EX
Cardiff:CF Swansea:SA Edinburgh:EH Glasgow:G Aberdeen:AB Belfast:BT Liverpool:L Newcastle:NE
Hull:HU Coventry:CV Leicester:LE Derby:DE Croydon:CR Guildford:GU Milton_Keynes:MK Stockport:SK
Dundee:DD""")
# {n} number, {s} a street of the list, {r} a street named after a person or nobody, then patterns filled as in draw.py
_COUNTRIES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "DE": (("{s} {n}, {p} {c}", "{s} {n}{a}, {p} {c}", "{s} {n}, {p} {c}, Germany", "{s} {n}"), "Hauptstraße Bahnhofstr. Gartenweg Lindenallee Schillerstraße Am_Markt Kirchgasse Rosenweg Berliner_Str. Goethestraße Mühlenweg Bergstr. Torstr. Alte_Poststraße", "#{5}|Berlin München Hamburg Köln Leipzig Freiburg Bonn Dresden Nürnberg Mainz"),
    "AT": (("{s} {n}/{a2}, {p} {c}", "{s} {n}, {p} {c}, Austria"), "Mariahilfer_Straße Landstraße Grabenweg Praterstraße Salzachgasse Ringstraße", "[1-9]#{3}|Wien Graz Linz Salzburg Innsbruck"),
    "CH": (("{s} {n}, {p} {c}", "{s} {n}, CH-{p} {c}"), "Bahnhofstrasse Seestrasse Rue_du_Lac Dorfstrasse Langstrasse Via_Nassa", "[1-9]#{3}|Zürich Genève Bern Basel Lugano Lausanne"),
    "FR": (("{n} {s}, {p} {c}", "{n} bis {s}, {p} {c}", "{n}, {s} - {p} {c}", "{n} {s}, {p} {c}, France", "{n} {s}"), "rue_de_la_République avenue_Victor_Hugo rue_des_Lilas boulevard_Voltaire impasse_du_Moulin rue_Saint-Honoré place_de_l'Église chemin_des_Vignes quai_de_Bacalan allée_des_Tilleuls", "<75|69|13|31|33|44|59|67>#{3}|Paris Lyon Marseille Toulouse Bordeaux Nantes Lille Strasbourg Rennes"),
    "ES": (("{s} {n}, {a2}º {a}, {p} {c}", "{s}, {n}, {p} {c}", "{s} {n}, {p} {c}, Spain", "{s} {n}, {a2}º{a}"), "Calle_Mayor C/_Alcalá Avenida_de_la_Constitución Paseo_de_Gracia Calle_del_Sol Plaza_España C/_San_Juan Carrer_de_València Ronda_Norte", "<28|08|41|46|48|29|50>#{3}|Madrid Barcelona Sevilla Valencia Bilbao Málaga Zaragoza"),
    "PT": (("{s} {n}, {a2}º Esq, {p} {c}", "{s} {n}, {p} {c}"), "Rua_Augusta Avenida_da_Liberdade Rua_do_Carmo Travessa_da_Boavista Largo_do_Rato", "[1-9]#{3}-#{3}|Lisboa Porto Braga Coimbra Faro"),
    "IT": (("{s} {n}, {p} {c}", "{s} {n}/{a}, {p} {c}", "{s}, {n} - {p} {c} (MI)", "{s} {n}"), "Via_Roma Via_Garibaldi Corso_Vittorio_Emanuele Piazza_Dante Via_dei_Mille Viale_Monza Via_Mazzini Vicolo_Stretto Via_San_Marco", "<20|00|10|40|50|80|90>#{3}|Milano Roma Torino Bologna Firenze Napoli Palermo"),
    "NL": (("{s} {n}, {p} {c}", "{s} {n}-{a2}, {p} {c}", "{s} {n}{a}, {p} {c}", "{s} {n}"), "Kerkstraat Dorpsstraat Prinsengracht Nieuwe_Gracht Molenweg Stationsplein Julianalaan Van_Goghstraat Oude_Delft Schoolstraat", "[1-9]#{3} [A-Z]{2}|Amsterdam Rotterdam Utrecht Den_Haag Eindhoven Groningen Leiden"),
    "BE": (("{s} {n}, {p} {c}", "{s} {n} bus {a2}, {p} {c}"), "Meir Rue_Neuve Veldstraat Grote_Markt Chaussée_de_Wavre Stationsstraat Avenue_Louise", "[1-9]#{3}|Brussel Antwerpen Gent Liège Leuven Namur"),
    "IE": (("{n} {s}, {c} {a2}, {p}", "{n} {s}, {c}, Co. {c}, {p}", "{n} {s}, {c}"), "O'Connell_Street Main_Street Patrick_Street Griffith_Avenue The_Paddocks Shannon_Drive Eyre_Square Merrion_Road", "<D##|T12|H91|V94|A94> [A-Z0-9]{4}|Dublin Cork Galway Limerick Waterford"),
    "SE": (("{s} {n}, {p} {c}", "{s} {n} lgh ####, {p} {c}"), "Storgatan Drottninggatan Kungsgatan Skolvägen Björkvägen Sveavägen", "[1-9]## ##|Stockholm Göteborg Malmö Uppsala Lund"),
    "NO": (("{s} {n}, {p} {c}", "{s} {n}{a}, {p} {c}"), "Storgata Karl_Johans_gate Bjørnsons_vei Strandveien Kirkeveien", "0###|Oslo Bergen Trondheim Stavanger"),
    "DK": (("{s} {n}, {a2}. tv, {p} {c}", "{s} {n}, {p} {c}"), "Vesterbrogade Nørregade Strandvejen Algade Søndergade", "[1-9]#{3}|København Aarhus Odense Aalborg"),
    "PL": (("ul. {s} {n}/{a2}, {p} {c}", "{s} {n} m. {a2}, {p} {c}", "ul. {s} {n}, {p} {c}"), "Marszałkowska Długa Polna Kwiatowa Mickiewicza Szkolna Piłsudskiego", "##-#{3}|Warszawa Kraków Gdańsk Wrocław Łódź Poznań"),
    "CZ": (("{s} {n}/{a2}, {p} {c}",), "Vinohradská Dlouhá Masarykova Nádražní Husova", "[1-7]## ##|Praha Brno Ostrava Plzeň"),
    "IN": (("{n}, {s}, {c} {p}", "Flat {a2}0%, {r} Apartments, {s}, {c} - {p}", "H.No. {n}-{a2}, {s}, {c}, {p}", "{n}/{a2}, {s}, {c} {p}, India", "Plot {n}, Sector %#, {c} {p}"), "MG_Road Nehru_Nagar Linking_Road Brigade_Road Anna_Salai Park_Street 4th_Cross,_Indiranagar Banjara_Hills_Road_No._12 Lajpat_Nagar_II SV_Road,_Andheri_West", "[1-8]#{5}|Bengaluru Mumbai Chennai Hyderabad Pune Kolkata Gurugram Ahmedabad Kochi"),
    "BR": (("{s}, {n}, {c} - SP, {p}", "{s}, {n}, apto {a2}#, {c}, {p}", "{s} {n}, {c}, {p}"), "Rua_das_Flores Avenida_Paulista Rua_XV_de_Novembro Alameda_Santos Rua_Augusta Avenida_Atlântica Travessa_do_Ouvidor", "#{5}-#{3}|São_Paulo Rio_de_Janeiro Curitiba Recife Salvador Porto_Alegre"),
    "MX": (("{s} {n}, Col. Centro, {p} {c}", "{s} {n} int {a2}, {c}, {p}"), "Calle_Reforma Av._Insurgentes Calle_Hidalgo Av._Juárez Calle_5_de_Mayo", "#{5}|Guadalajara Monterrey Puebla CDMX Mérida"),
    "AR": (("{s} {n}#, {a2}º {a}, {p} {c}",), "Av._Corrientes Calle_Florida San_Martín Belgrano Av._Rivadavia", "C1#{3}[A-Z]{3}|Buenos_Aires Córdoba Rosario"),
    "JP": (("{a2}-{n}-{a2} {s}, {c} {p}", "{s} {a2}-{n}-{a2}, {c}-shi, {p}", "〒{p} {c} {s} {a2}-{n}"), "Nishi-Shinjuku Jingumae Sakae-cho Honmachi Kamiyamacho Higashi-Ikebukuro", "#{3}-#{4}|Tokyo Osaka Nagoya Fukuoka Sapporo Kyoto"),
    "KR": (("{n} {s}, {c} {p}", "{s} {n}, {r}-dong, {c}, {p}"), "Teheran-ro Gangnam-daero Sejong-daero Haeundae-ro Dongil-ro", "0#{4}|Seoul Busan Incheon Daegu"),
    "CN": (("No. {n} {s}, {c} {p}", "Room {a2}0%, Building {a2}, {n} {s}, {c}"), "Nanjing_East_Road Zhongshan_Road Jianguo_Road Huaihai_Middle_Road Renmin_South_Road", "[1-6]#{5}|Shanghai Beijing Shenzhen Chengdu Hangzhou"),
    "SG": (("{n} {s}, \\#0{a2}-##, Singapore {p}", "Blk {n} {s} \\#1%-##, S{p}"), "Ang_Mo_Kio_Avenue_3 Orchard_Road Serangoon_North_Ave_1 Clementi_Road Tampines_Street_21", "[1-8]#{5}|Singapore"),
    "CA": (("{n}# {s}, {c} {p}", "{a2}0%-{n}# {s}, {c} {p}", "{n}# {s}, Apt {a2}, {c} {p}, Canada"), "King_St_W Queen_Street_East Robson_Street Rue_Sherbrooke_O Bloor_St Jasper_Ave Granville_St Portage_Avenue Yonge_Street Main_St", "[ABCEGHJ-NPRSTVXY]#[ABCEGHJ-NPRSTV-Z] #[A-Z]#|Toronto,_ON Vancouver,_BC Montréal,_QC Calgary,_AB Ottawa,_ON Halifax,_NS Winnipeg,_MB"),
    "AU": (("{n} {s}, {c} {p}", "{a2}/{n} {s}, {c} {p}", "Unit {a2}, {n} {s}, {c} {p}, Australia"), "George_Street Collins_St Beach_Road Wattle_Grove Kangaroo_Valley_Rd Flinders_Lane Smith_St Banksia_Crescent Oxford_Street", "<2|3|4|5|6>#{3}|Sydney_NSW Melbourne_VIC Brisbane_QLD Perth_WA Adelaide_SA Newtown_NSW Fitzroy_VIC Hobart_TAS"),
    "NZ": (("{n} {s}, {c} {p}", "{n}{a} {s}, Ponsonby, {c} {p}"), "Queen_Street Lambton_Quay Karangahape_Road Manukau_Rd Riccarton_Road", "[0-9]#{3}|Auckland Wellington Christchurch Dunedin"),
    "ZA": (("{n} {s}, {c}, {p}",), "Long_Street Jan_Smuts_Avenue Nelson_Mandela_Drive Voortrekker_Rd Kloof_St", "[0-9]#{3}|Cape_Town Johannesburg Durban Pretoria"),
    "NG": (("{n} {s}, {c}", "Plot {n}, {s}, {c}, Nigeria"), "Awolowo_Road Adeola_Odeku_Street Allen_Avenue Herbert_Macaulay_Way Bode_Thomas_St", "|Lagos Abuja Ibadan Victoria_Island,_Lagos"),
    "KE": (("{n} {s}, {c}", "{r} House, {s}, {c}"), "Ngong_Road Moi_Avenue Kenyatta_Avenue Waiyaki_Way", "|Nairobi Mombasa Kisumu"),
    "AE": (("Apt ####, {r} Tower, {s}, {c}", "Villa {n}, {s}, {c}, UAE"), "Al_Wasl_Road Sheikh_Zayed_Rd Jumeirah_Beach_Road Corniche_St", "|Dubai Abu_Dhabi Sharjah"),
    "TR": (("{s} No:{n} D:{a2}, {p} {c}",), "İstiklal_Cad. Bağdat_Caddesi Atatürk_Bulvarı Gül_Sokak", "[0-8]#{4}|İstanbul Ankara İzmir"),
    "IL": (("{n} {s}, {c} {p}",), "Rothschild_Blvd Dizengoff_St HaNevi'im_Street Herzl_St", "#{7}|Tel_Aviv Jerusalem Haifa"),
}  # fmt: skip


def _street_name(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.6:
        return pick(rng, _US_STREETS).replace("_", " ")
    if draw < 0.75:
        return invented(rng)
    return pick(rng, WORD_FAMILY) if draw < 0.9 else draw_person(rng).family


def _cased(rng: Random, text: str, share: float = 0.13) -> str:
    """Lower case is common in chat; capitals come from systems."""
    draw = rng.random()
    if draw < share:
        return text.lower().replace(", ", " ") if chance(rng, 0.3) else text.lower()
    return text.upper() if draw < share + 0.03 else text


def _us_line(rng: Random) -> str:
    number = fill(rng, "<%#|%##|%##|%###|%###|%#{4}|%>")
    compass = fill(rng, "<N|S|E|W|North|West|SE|NW|N.> ") if chance(rng, 0.14) else ""
    line = f"{number} {compass}{_street_name(rng)} {pick(rng, _US_KINDS)}"
    return line + fill(rng, " <NW|SE|N|SW>") if chance(rng, 0.05) else line


def _us_place(rng: Random) -> str:
    city, state, code = pick(rng, _US_CITIES).split(",")
    city = city.replace("_", " ")
    draw = rng.random()
    postcode = code + fill(rng, "##-####" if draw < 0.1 else "##")
    if draw > 0.9:
        return f"{city} {state} {postcode}"
    if draw > 0.83:
        return f"{city}, {state}"
    return f"{city}, {state}, {postcode}" if draw > 0.78 else f"{city}, {state} {postcode}"


def _us(rng: Random) -> str:
    parts = [_us_line(rng)]
    if chance(rng, 0.33):
        unit = fill(rng, pick(rng, _UNITS))
        if chance(rng, 0.6):
            parts.append(unit)
        else:
            parts[0] += " " + unit
    parts.append(_us_place(rng))
    if chance(rng, 0.05):
        parts.append(pick(rng, ("USA", "United States", "US")))
    return _cased(rng, ", ".join(parts))


def _uk_postcode(rng: Random, area: str) -> str:
    outward = area if any(c.isdigit() for c in area) else area + fill(rng, "<%|1#>")
    return outward + fill(rng, " [1-9][ABD-HJLNP-UW-Z]{2}")


def _uk(rng: Random) -> str:
    town, areas = pick(rng, _UK_TOWNS).split(":")
    name = (
        pick(rng, _UK_NAMES).replace("_", " ")
        if chance(rng, 0.7)
        else pick(rng, (invented(rng), pick(rng, WORD_FAMILY)))
    )
    street = (
        name if name.startswith("The ") or name == "Kingsway" else f"{name} {pick(rng, _UK_KINDS)}"
    )
    head = fill(rng, "<%|%#|%#|%##|%#[a-c]> ") + street
    draw = rng.random()
    if draw < 0.2:
        head = fill(rng, "<Flat %#|Flat %|Flat [A-D]|Unit %|Apartment %#|First Floor>, ") + head
    elif draw < 0.28:
        head = f"{invented(rng)} {pick(rng, ('House', 'Cottage', 'Lodge', 'Farm'))}, {street}"
    postcode = _uk_postcode(rng, pick(rng, areas.split(",")))
    postcode = postcode.replace(" ", "") if chance(rng, 0.12) else postcode
    parts = [head, town.replace("_", " "), postcode]
    draw = rng.random()
    if draw < 0.25:
        parts = [head, f"{parts[1]} {postcode}"]
    elif draw < 0.32:
        parts = [head, postcode]
    elif draw < 0.38:
        parts.append(pick(rng, ("UK", "United Kingdom", "England")))
    return _cased(rng, ", ".join(parts))


def _intl(rng: Random) -> str:
    shapes, streets, places = _COUNTRIES[pick(rng, _CODES)]
    postcode, _, cities = places.partition("|")
    if "|" in cities:  # the pattern itself has alternatives
        postcode, _, cities = places.rpartition("|")
    # subtle: filled after it is put together, so no street or city may hold a sign of the pattern language
    pattern = pick(rng, shapes).format(
        n=fill(rng, "<%|%#|%#|%##>"),
        a=fill(rng, "[a-dA-D]"),
        a2=fill(rng, "<%|%|1#>"),
        s=pick(rng, streets.split()).replace("_", " "),
        r=invented(rng),
        p=postcode,
        c=pick(rng, cities.split()).replace("_", " "),
    )
    text = fill(rng, pattern)
    text = text if chance(rng, 0.7) else to_ascii(text)
    return _cased(rng, text.replace("  ", " "), 0.08)


_CODES = list(_COUNTRIES)


def _multi(rng: Random) -> str:
    """An address block, without the name above it."""
    text = _intl(rng) if chance(rng, 0.35) else _uk(rng) if chance(rng, 0.3) else _us(rng)
    head, joint, tail = text.partition(", ")
    if not joint:
        return f"{_us_line(rng)}\n{_us_place(rng)}"
    return (
        f"{head}\n{tail}" if chance(rng, 0.6) and tail.count(", ") < 2 else text.replace(", ", "\n")
    )


def _po_box(rng: Random) -> str:
    box = fill(
        rng,
        "<PO Box|P.O. Box|PO Box|po box|P.O. BOX|Box|Post Office Box|P O Box> <%#|%##|%###|%#{4}>",
    )
    draw = rng.random()
    if draw < 0.6:
        return f"{box}, {_us_place(rng)}"
    if draw < 0.75:
        return box if not box.startswith("Box") else f"PO {box}"
    if draw < 0.88:
        return fill(
            rng,
            "<Postfach|Postbus|BP|Apartado|GPO Box|Locked Bag|Casilla|Private Bag> %##, #{4,5} ",
        ) + pick(rng, ("Berlin", "Utrecht", "Lyon", "Madrid", "Sydney", "Santiago", "Auckland"))
    return f"{box}, {fill(rng, '<Sydney NSW|Melbourne VIC|Nairobi|Auckland|Halifax NS>')} {fill(rng, '#{4}')}"


def _short(rng: Random) -> str:
    """The street and the number alone, the way to say where somebody lives."""
    draw = rng.random()
    if draw < 0.2:
        number, name = fill(rng, "<%#|%|%##>"), pick(rng, _UK_NAMES).replace("_", " ")
        text = (
            f"{number} {name}"
            if name.startswith("The ")
            else f"{number} {name} {pick(rng, _UK_KINDS)}"
        )
    elif draw < 0.35:
        _, streets, _ = _COUNTRIES[pick(rng, ("DE", "NL", "ES", "IT", "SE", "CH"))]
        text = pick(rng, streets.split()).replace("_", " ") + fill(rng, " <%|%#|%##|%#[a-c]>")
    else:
        text = _us_line(rng)
        if chance(rng, 0.2):
            text += fill(
                rng, pick(rng, (" apt %[a-d]", " \\#%#", ", Apt %#", ", unit %", " apt %##"))
            )
    return text.lower() if chance(rng, 0.4) else text


ADDRESSES = Mix(
    {
        "us": (48, _us),
        "uk": (16, _uk),
        "intl": (20, _intl),
        "multi": (5, _multi),
        "pobox": (3, _po_box),
        "short": (8, _short),
    }
)
