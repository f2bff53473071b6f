"""Vehicles: VINs with their check digit, licence plates of thirty jurisdictions."""

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
    # South America, Africa, Gulf
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
    return vin.lower() if chance(rng, 0.12) else vin


def _plate(rng: Random) -> str:
    if chance(rng, 0.04):
        return pick(rng, _VANITY) + fill(rng, "<| |-><#|##|#{3}|@@|@@@>")
    plate = fill(rng, pick(rng, _PLATES))
    draw = rng.random()
    if draw < 0.12:
        return plate.lower()
    return plate.replace(" ", "").replace("-", "") if draw < 0.2 else plate


VEHICLES = Mix({"vin": (40, _vin), "plate": (60, _plate)})
