"""Vehicle: VINs and licence plates."""

import re

from piiguard.rules.rule import Rule
from piiguard.validators import confirm_only, require, vin

_VIN_CHARS = "[A-HJ-NPR-Z0-9]"
# the last four are digits in every scheme (49 CFR 565.23), and some of the first nine are letters
_VIN = re.compile(rf"(?<![\w-])(?=\d{{0,8}}[A-Z]\w{{0,12}}[A-Z]){_VIN_CHARS}{{13}}\d{{4}}(?![\w-])")
_VIN_ANY_CASE = re.compile(
    rf"(?<![\w-])(?=[a-z0-9]*[a-z])(?=[a-z]*\d){_VIN_CHARS}{{17}}(?![\w-])", re.IGNORECASE
)
# read out or typed in chunks: its check digit makes it one, or else the word
_VIN_IN_CHUNKS = re.compile(
    rf"(?<![\w-])(?=[\w -]{{0,8}}[a-z])(?=[a-z]{{0,3}}[ -]?\d){_VIN_CHARS}(?:[ -]?{_VIN_CHARS}){{16}}(?![\w]|[ -]\d)",
    re.IGNORECASE,
)
_VIN_WORDS = re.compile(
    r"\b(?:vin|vins|chassis|vehicle id(?:entification)?|fahrgestellnummer|fin)\b", re.IGNORECASE
)

_VEHICLE_WORDS = re.compile(
    rf"{_VIN_WORDS.pattern}|\b(?:cars?|vans?|trucks?|vehicles?|fleet|title|recall|dealer(?:ship)?|odometer|model|sedan|suv|engine|tow(?:ed|ing)?|rental)\b",
    re.IGNORECASE,
)

# by country: GB, US and CA (the separated and the closed), DE, FR and IT, ES, NL, IN, AU; last TR, NG and the Indian BH
_PLATE_FORM = (
    r"(?!(?:JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)[ -]?\d)(?:"  # until MAY 2025
    r"[A-Z]{2}\d{2}[ ]?[A-Z]{3}|[A-Z]\d{1,3}[ ]?[A-Z]{3}|[A-Z]{3}[ ·-]?\d{3,4}|\d[A-Z]{3}\d{3}|\d{3}[ -]?[A-Z]{3}|\d{4}[ -]?[A-Z]{2,3}"
    r"|[A-Z]{1,3}[ -][A-Z]{1,2}[ -]?\d{1,4}|[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[A-Z]{2}-\d{3}-[A-Z]|\d{1,2}-[A-Z]{2,3}-\d{1,2}"
    r"|[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,2}[ -]?\d{4}|[A-Z]{2,3}[ -]\d{2}[ -]?[A-Z0-9]{2}|[A-Z]\d{2}[ -]?[A-Z0-9]{3}|\d{2}[A-Z]{2}\d{3}"
    r"|[A-Z]{1,2}[ ]\d{1,4}[ ][A-Z]{1,3}|(?:0[1-9]|[1-7]\d|8[01])[ -]?(?!JAN|FEB|MA[RY]|APR|JU[NL]|AUG|SEP|OCT|NOV|DEC)[A-PR-VYZ]{1,3}[ -]?\d{2,5}|[A-Z]{3}[ -]?\d{3}[ -]?[A-Z]{2}"
    r"|\d{2}[ ]?BH[ ]?\d{4}[ ]?[A-Z]{1,2}|[A-ZÄÖÜ]{1,3}-[A-ZÄÖÜ]{1,2}[ -]?\d{1,4}[EH]?)"
)
# not half of a ticket key or a date with a zone
_PLATE = re.compile(rf"(?<![\w/#.-])(?P<value>{_PLATE_FORM})(?![\w/]|[.-]\w)")
# two letters, the half year, three letters: nothing else looks so beside a car
_PLATE_GB = re.compile(
    r"(?<![\w/#.-])[A-HJ-PR-Y]{2}(?:0[2-9]|[127]\d|5[1-9]|6\d)[ ]?[A-HJ-PR-Z]{3}(?![\w/]|[.-]\w)"
)
_PLATE_WORDS = re.compile(
    r"\b(?:(?:licen[cs]e|number|registration|reg|car|vehicle|vanity) ?plates?|(?:vehicle|car|van|truck) (?:reg|registration|tag)"
    r"|plate (?:no|num|number|is|#)|(?<!on my )(?<!on your )(?<!on our )(?<!on his )(?<!on her )plates? ?[:#=]|tag (?:no|num|number|#)|(?:reg|registration) (?:no|num|number|mark)|rego|vrm|vrn|kennzeichen"
    r"|immatriculation|matr[ií]cula|targa|kenteken|plaka(?:s[ıi]|m|n[ıi]n)?|nummernschild|autokennzeichen|registration (?:number|plate))(?![\w-])",
    re.IGNORECASE,
)
_PLATE_KEYED = re.compile(
    r"\b(?:licen[cs]e plate|number plate|(?<!on my )(?<!on your )(?<!on our )plate(?: (?:no\.?|num|number))?|car reg|rego)(?:[ ]is|[ ]?[:=#])?[ ]{1,2}#?[ ]?"
    rf"(?P<value>(?=[a-z]{{0,3}}[ -]?\d|\d{{1,4}}[ -]?[a-z])(?:{_PLATE_FORM}))(?![\w/]|[.-]\w)",
    re.IGNORECASE,
)

RULES: tuple[Rule, ...] = (
    Rule("vin", "VEHICLE_ID", _VIN, 0.6, "ISO 3779; 49 CFR 565.15", require(vin)),
    Rule("vin_near", "VEHICLE_ID", _VIN_ANY_CASE, 0.92, "ISO 3779", confirm_only(vin), near=_VIN_WORDS),
    Rule("vin_chunks", "VEHICLE_ID", _VIN_IN_CHUNKS, 0.85, "ISO 3779; 49 CFR 565.15", require(vin), near=_VEHICLE_WORDS),
    Rule("plate_near", "VEHICLE_ID", _PLATE, 0.78, "DVLA, AAMVA, national registers", near=_PLATE_WORDS),
    Rule("plate_gb_near", "VEHICLE_ID", _PLATE_GB, 0.78, "DVLA INF104", near=_VEHICLE_WORDS),
    Rule("plate_keyed", "VEHICLE_ID", _PLATE_KEYED, 0.85, "DVLA, AAMVA, national registers"),
)  # fmt: skip
