"""Vehicles: VINs with their check digit, licence plates of seventy jurisdictions."""

from training.generators.draw import Mix, Random, chance, fill, pick, words

_VIN_VALUES = {
    **{str(d): d for d in range(10)},
    **dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    ),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_MAKERS = words("""1HG 1FT 1G1 2T1 2HM 3VW 4T1 5YJ 5UX JTD JHM JN1 KMH KNA WBA WDB WVW WAU YV1 ZFA SAL SHH VF1 VF3
TMB LRW MA3 9BW 1C4 7SA VSS JF1 1N4""")
_GB = "<[ABCDEFGHKLMNOPRSVWY]><[ABCDEFGHJKLMNOPRSTVWXY]>"
_PLATES = (
    # United States and Canada
    "%@@@###",
    "@@@####",
    "@@@-####",
    "@@@ ####",
    "#@@ ###",
    "###-@@@",
    "### @@@",
    "@## @@#",
    "@@-#####",
    "%##-###",
    "@@@ ###",
    "@@@## #",
    "#@@#@@@",
    "<CA|NY|TX|FL|WA|OH|IL|NJ> %@@@###",
    "[A-CE-HJ-NP-TV-Z]{4} ###",
    "@@@@ ##",
    "@## @##",
    "# @@ ## #",
    # United Kingdom, Ireland
    _GB + "<[0-25-7]#> [A-HJ-PR-Z]{3}",
    _GB + "<[0-25-7]#> [A-HJ-PR-Z]{3}",
    _GB + "<[0-25-7]#>[A-HJ-PR-Z]{3}",
    "[A-HJ-NP-TV-Y]### [A-HJ-PR-Z]{3}",
    "[12]#[12]-<D|C|G|KY|LK|TS>-%#{3,4}",
    "[12]#[12] <D|C|G|WX|MO|L> %#{3,4}",
    # Germany, Austria, Switzerland
    "<B|M|HH|K|F|S|DO|MTK|HD|LÖ|FR|KA>-@@ %#{2,3}",
    "<B|M|HH|K|F|S|DO|KA|MÜ> @@ %#{2,3}",
    "<B|M|HH|K|F>-@ %#{3}E",
    "<W|G|L|KL>-#{5}@",
    "<ZH|GE|BE|VD|TI|BS> #{6}",
    "<ZH|BE|AG> ### ###",
    # France, Italy, Spain, Portugal, Netherlands, Belgium
    "[A-HJ-NP-TV-Z]{2}-###-[A-HJ-NP-TV-Z]{2}",
    "[A-HJ-NP-TV-Z]{2}###[A-HJ-NP-TV-Z]{2}",
    "[A-HJ-NP-TV-Z]{2} ### [A-HJ-NP-TV-Z]{2}",
    "#### [BCDFGHJKLMNPRSTVWXYZ]{3}",
    "####[BCDFGHJKLMNPRSTVWXYZ]{3}",
    "@@-##-@@",
    "[BDFGHJKLNPRSTVXZ]{2}-###-[BDFGHJKLNPRSTVXZ]",
    "%-@@@-##",
    "[12]-@@@-###",
    # North and east of Europe, Turkey
    "@@@ ##[0-9A-Z]",
    "@@ #####",
    "@@ ## ###",
    "@@@-###",
    "<WA|KR|GD|PO|WR> #####",
    "<WA|KR|GD> ##@@@",
    "#[A-Z]# ####",
    "@@@-###",
    "<B|CJ|TM|IS> ## @@@",
    "<ZG|ST|RI>-####-@@",
    "[0-8]# [A-Z]{2} ###",
    "<АА|ВН|КА> #### <АВ|ІН|СТ>",
    "#### @@-[1-7]",
    "@@ #### @@",
    "<TA|CB|PB|EB> #### [ABEKMHOPCTX]{2}",
    "[ABEZHIKMNOPTYX]{3}-%###",
    "[ABEZHIKMNOPTYX]{3} %###",
    "### [A-Z]{3}",
    "<BG|NS|NI|KG> ###-@@",
    "[AEJKMOT]##-[AEJKMOT]-###",
    "<SK|BT|OH> #### @@",
    "A[A-Z] ### @@",
    "<LJ|MB|KR|CE> @#-###",
    "%[A-Z]# ####",
    "<BA|KE|ZA|TT>-###@@",
    "<PS|RK|NR>##%##",
    "[A-Z]{3} ###",
    "[АВЕКМНОРСТУХ]###[АВЕКМНОРСТУХ]{2}<77|178|50|16|23>",
    "[ABEKMHOPCTYX] ### [ABEKMHOPCTYX]{2} ##",
    "@@-###-@@",
    "## @@ ###",
    "### @@@ <01|02|13>",
    "<99|10|50>-@@-###",
    "@@-%###",
    "@@ %###",
    "@@@ %##",
    # Plant, tractors, trailers: number first, a class letter, or the series of machines
    "<34|06|35>-##-##-####",
    "[LTMR]@@-##-[A-Z]",
    "<서울|경기|부산>0#<가|나|다>####",
    "<品川|足立> 9## <あ|る> ##-##",
    "<Q|E|C>%##-@@@",
    "<TRL|EQP|PLT> %##@",
    "@##-PLT",
    # India, Asia, Oceania
    "<MH|DL|KA|TN|UP|GJ|HR|WB|KL|AP> ## @@ ####",
    "<MH|DL|KA|TN|KL>##@@####",
    "<MH|DL|KA|TN>-##-@@-####",
    "S[A-Z]{2} ####[A-EGHJ-LMPRSTUXYZ]",
    "S[A-Z]{2}####[A-EGHJ-LMPRSTUXYZ]",
    "W[A-Z]{2} ####",
    "品川 ### さ ##-##",
    "##가 ####",
    "<粤|京|沪>[A-G]#####",
    "@@@-#####",
    "@@@ ###",
    "@@ ## @@",
    "#@@ #@@",
    "%@@-#@@",
    "@@@###",
    "<서울|경기|인천> ##<가|나|바|사> ####",
    "%##<가|나|다|라|마> ####",
    "<BP|PB> ####",
    "<WP|CP|SP> @@@-####",
    "<WP|NW> [CKP][A-Z]{2} ####",
    "<LEA|LEB|ABC|BJK|AFR>-%###",
    "<LE|ICT|KHI>-##-####",
    "<Dhaka Metro|DHAKA METRO|Ctg Metro> <GA|KA|HA> ##-####",
    "Ba # [CJK]ha ####",
    "[1-9]<ก|ข|ง|ฆ>[กขคฆงจชธพ] ####",
    "<กท|ขจ|งพ> ####",
    "[235]#[A-HK-Z]-%##.##",
    "[35]#[A-Z]%-####",
    "<B|D|L|AB|DK> #### [A-Z]{2,3}",
    "<B|D|F>####[A-Z]{3}",
    "@@@ ####",
    "N[A-Z]{2} ####",
    "V[A-Z]{2}-####",
    "[JKPBW][A-Z]{2} %###",
    "[A-Z]{2} ####",
    "@@@-####",
    "####-@@",
    "M[A-Z]-##-##",
    "##-###-##",
    "###-##-###",
    "##ב## ###",
    # South America, Africa, Gulf
    "@@@-##-##",
    "@@@-###-[A-Z]",
    "<A|B|C>##-[A-Z]{3}",
    "[BCDFGHJKLPRSTVWXYZ]{4}-##",
    "[BCDFGHJKLPRSTVWXYZ]{2}·[BCDFGHJKLPRSTVWXYZ]{2}·##",
    "@@@ ##[A-Z]",
    "[A-C][A-Z]%-###",
    "<P|G|A>[A-Z]{2}-####",
    "S[A-Z]{2} ####",
    "@@## @@@",
    "<U[A-G]|UB>[A-Z] ###[A-Z]",
    "T ### [A-E][A-Z]{2}",
    "<GR|GT|AS|GW> %### - ##",
    "<GR|GT|AS>-%###-##",
    "3-[AB]#####",
    "#####-<أ|ب|د>-%#",
    "[ABDHJKLNRSTVX]{3} ####",
    "#### [ABDHJKLNRSTVX]{3}",
    "<Abu Dhabi|AUH|Sharjah> %# #####",
    "<أ ب ج|س ص ط> ####",
    "AB# ####",
    "R%##[A-Z]",
    "@@@#@##",
    "@@@-####",
    "@@ ### @@",
    "@@@ ###",
    "@@@-##-##",
    "@@@ ## ## <GP|WC|KZN>",
    "<CA|CY> ### ###",
    "K[A-D][A-Z] ###[A-Z]",
    "<LAG|ABJ|IKJ>-###@@",
    "Dubai [A-Z] #####",
    "### <تونس> ####",
)
_VANITY = words("""GO KT SK B1G MY LUV BE2 RUN N1C FST GR8 SUN JAZ Z3N TOP ZOOM CAT DJ ML8""")


def vin_check(vin: str) -> str:
    """The ninth character that ISO 3779 / 49 CFR 565 asks of a 17-character VIN."""
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def _vin(rng: Random) -> str:
    letters = "[A-HJ-NPR-Z0-9]"
    vin = pick(rng, _MAKERS) + fill(rng, letters + "{5}0[A-HJ-NPR-TV-Y1-9]" + letters + "#{6}")
    vin = vin[:8] + vin_check(vin) + vin[9:]
    if chance(rng, 0.12):
        vin = _chunked(rng, vin)
    return vin.lower() if chance(rng, 0.18) else vin


def _chunked(rng: Random, vin: str) -> str:
    """In the parts that the standard names, or in short parts as somebody reads them off a windscreen."""
    if chance(rng, 0.4):
        return vin[:3] + pick(rng, " -") + vin[3:9] + pick(rng, " -") + vin[9:]
    parts = []
    while len(vin) > 5:
        size = min(3 + int(rng.random() * 3), len(vin) - 2)
        parts.append(vin[:size])
        vin = vin[size:]
    return pick(rng, "  -").join([*parts, vin])


def _plate(rng: Random) -> str:
    if chance(rng, 0.04):
        return pick(rng, _VANITY) + fill(rng, "<| |-><#|##|#{3}|@@|@@@>")
    plate = fill(rng, pick(rng, _PLATES))
    draw = rng.random()
    if draw < 0.08:
        plate = plate.replace(" ", "").replace("-", "")
    elif draw < 0.14:
        plate = plate.replace("-", " ")
    elif draw < 0.19:
        plate = plate.replace(" ", "-")
    return plate.lower() if chance(rng, 0.16) else plate


VEHICLES = Mix({"vin": (40, _vin), "plate": (60, _plate)})
