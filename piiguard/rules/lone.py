"""Lone values: a message that is one number and nothing else, with no message before it.

In Slack such a message is nearly always an answer or a paste of that value. It counts where its form is some
country's own, or where its check digit holds. One check digit holds by chance in one case of ten, so that a run of
digits which passes keeps the rule's score; with letters or a second check digit the check confirms.
"""

import re

from piiguard import validators as v
from piiguard.rules.finance import known_card
from piiguard.rules.rule import Rule


def _lone(
    name: str,
    label: str,
    pattern: str,
    score: float,
    source: str,
    check: v.Check | None = None,
    *,
    upper: bool = False,
) -> Rule:
    """``upper``: capitals only, for a form that lower-case identifiers have too."""
    regex = re.compile(pattern, 0 if upper else re.IGNORECASE)
    return Rule(f"lone_{name}", label, regex, score, source, check, alone=True)


def _by_chance(check: v.Check) -> v.Check:
    """The check of a bare run of digits: wrong vetoes, right does not confirm."""
    return v.veto_only(v.require(check))


# -- what the same run of digits also is ---------------------------------------------------------------------

# epoch seconds and milliseconds of 2017 to 2027; minutes of this century; an Indian mobile with 91
_NO_SECONDS, _NO_MILLISECONDS = r"(?!1[5-8]\d{8}$)", r"(?!1[5-8]\d{11}$)"
_NO_MINUTES = r"(?!20\d\d(?:0[1-9]|1[0-2])[0-3]\d[0-2]\d[0-5]\d$)(?!91[6-9]\d{9}$)"
# a US number with its 1; mobiles and lines that begin with 0
_NO_DIALLED = r"(?!1[2-9]\d\d[2-9]\d{6}$)(?!0[5-9])"
# keys of orders, tickets, builds and money, in the forms of passports and plates
_NO_KEY = (
    r"(?!(?:ORD|INV|REQ|INC|CHG|PRB|TKT|REF|CAS|SKU|AWB|BUG|JOB|RUN|VER|REL|DOC|TRX|TXN|PAY|SHP|SAL|QUO|EST|RMA|PUR|CMD|ISS"
    r"|TSK|DEV|OPS|ENG|CVE|ISO|RFC|UTC|GMT|BLD|PRJ|PKG|LOT|SER|ACC|CUS|EMP|MEM|POL|CLM|MRN|USR|UID|JAN|FEB|MAR|APR|MAY|JUN"
    r"|JUL|AUG|SEP|OCT|NOV|DEC|USD|EUR|GBP|TRY|INR|CAD|AUD|CHF|JPY|NGN|MIN|SEC|HRS|DAY|PCS|TOP|RTX|GTX|SSD|CPU|GPU|RAM)(?![A-Z]))"
)


_AMERICAS_AND_PACIFIC = (
    _lone("us_ssn", "NATIONAL_ID", r"\d{3}(?P<s>[ .-])\d{2}(?P=s)\d{4}", 0.8, "SSA: POMS RM 10201.030",
          lambda value: None if v.us_ssn(value) or v.us_itin(value) else False),
    _lone("ca_sin", "NATIONAL_ID", r"[1-79]\d{2}(?P<s>[ -])\d{3}(?P=s)\d{3}|0\d{2}(?P<t>[ -])\d{3}(?P=t)\d{3}", 0.85,
          "Service Canada: SIN code of practice", _by_chance(v.ca_sin)),
    _lone("ca_sin_bare", "NATIONAL_ID", r"[1-79]\d{8}", 0.7, "Service Canada: SIN code of practice", _by_chance(v.ca_sin)),
    _lone("au_tfn", "NATIONAL_ID", r"\d{3}(?P<s>[ -])\d{3}(?P=s)\d{3}", 0.85, "ATO: TFN", _by_chance(v.au_tfn)),
    _lone("au_tfn_bare", "NATIONAL_ID", r"[1-9]\d{8}", 0.7, "ATO: TFN", _by_chance(v.au_tfn)),
    _lone("us_mbi", "MEDICAL_RECORD", r"\d[a-z][a-z\d]\d[ -]?[a-z][a-z\d]\d[ -]?[a-z]{2}\d\d", 0.85,
          "CMS, Medicare Beneficiary Identifier", v.require(v.us_mbi)),
    _lone("aba", "BANK_ACCOUNT", r"\d{4}[ -]\d{4}[ -]\d", 0.8, "ABA Routing Number Policy", v.require(v.aba_routing)),
    _lone("card", "CREDIT_CARD", r"\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d){3,7}|3\d{3}[ -]?\d{6}[ -]?\d{4,5}", 0.85, "ISO/IEC 7812-1",
          v.require(known_card)),
    _lone("card_short", "CREDIT_CARD", r"4\d{12}|(?:50|5[6-9]|6\d)\d{15,16}", 0.7, "ISO/IEC 7812-1", _by_chance(known_card)),
)  # fmt: skip

_BRITAIN_AND_NORTH = (
    _lone("gb_nino", "NATIONAL_ID", r"[a-z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[a-d]", 0.85, "HMRC NIM39110", v.veto_only(v.gb_nino)),
    _lone("gb_licence", "DRIVER_LICENSE", r"[a-z][a-z9]{4}[ ]?\d{6}[ ]?[a-z9]{2}[ ]?[a-z\d]{3}", 0.85, "DVLA: driver number",
          v.veto_only(v.gb_driver_number)),
    _lone("nhs", "MEDICAL_RECORD", r"\d{3}[ ]\d{3}[ ]\d{4}", 0.7, "NHS Data Dictionary, NHS number", _by_chance(v.nhs_number)),
    _lone("se_personnummer", "NATIONAL_ID", r"(?:19|20)?\d{2}[01]\d[0-3]\d[-+]\d{4}", 0.85, "Skatteverket SKV 704", v.require(v.se_personnummer)),
    _lone("se_personnummer_bare", "NATIONAL_ID", rf"{_NO_SECONDS}{_NO_MINUTES}(?:19|20)?\d{{2}}[01]\d[0-3]\d[ ]?\d{{4}}", 0.7,
          "Skatteverket SKV 704", _by_chance(v.se_personnummer)),
    _lone("fi_hetu", "NATIONAL_ID", r"[0-3]\d[01]\d{3}[-+a-fu-y]\d{3}[\da-y]", 0.85, "DVV: henkilötunnus, signs of 2023", v.require(v.fi_hetu)),
)  # fmt: skip

# at least three digits; without the check digit a second letter too, for a sign that it is no other code
_DE_SERIAL = (
    r"(?=(?:[A-Z]{0,6}\d){3})(?:(?=\d{0,7}[A-Z])[CFGHJ-NPRTV-Z\d]{8}|[CFGHJ-NPRTV-Z\d]{8}\d)"
)

_EUROPE = (
    _lone("pl_pesel", "NATIONAL_ID", rf"{_NO_DIALLED}\d{{2}}[0-3]\d[0-3]\d{{6}}", 0.8, "GOV.PL: PESEL", _by_chance(v.pl_pesel)),
    _lone("tr_kimlik", "NATIONAL_ID", r"[1-9]\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}", 0.85, "NVİ: T.C. Kimlik No", v.require(v.tr_tckimlik)),
    _lone("de_idnr", "NATIONAL_ID", rf"{_NO_DIALLED}\d{{2}}(?P<s>[ ]?)\d{{3}}(?P=s)\d{{3}}(?P=s)\d{{3}}", 0.8, "BZSt: IdNr", _by_chance(v.de_idnr)),
    _lone("de_rvnr", "NATIONAL_ID", r"\d{2}[ ]?\d{6}[ ]?[a-z][ ]?\d{2}[ ]?\d", 0.85, "VKVV § 2", v.require(v.de_rvnr)),
    _lone("de_kvnr", "MEDICAL_RECORD", r"[a-z][ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", 0.8, "§ 290 SGB V", _by_chance(v.de_kvnr)),
    _lone("de_passport", "PASSPORT", rf"[CFGHJK]{_DE_SERIAL}", 0.75, "PassV; ICAO Doc 9303", v.veto_only(v.de_document), upper=True),
    _lone("de_identity_card", "NATIONAL_ID", rf"[LMNPRTVWXY]{_DE_SERIAL}", 0.75, "PAuswV; ICAO Doc 9303", v.veto_only(v.de_document), upper=True),
    _lone("es_dni", "NATIONAL_ID", r"\d{8}[ -]?[a-z]", 0.85, "Ministerio del Interior: NIF/NIE", v.require(v.es_dni)),
    _lone("es_nie", "NATIONAL_ID", r"[xyz][ -]?\d{7}[ -]?[a-z]", 0.85, "Ministerio del Interior: NIF/NIE", v.require(v.es_nie)),
    _lone("es_passport", "PASSPORT", rf"{_NO_KEY}[A-Z]{{3}}[ ]?\d{{6}}", 0.7, "PRADO: ESP-AO", upper=True),
    _lone("it_codice_fiscale", "NATIONAL_ID", r"[a-z]{3}[ ]?[a-z]{3}[ ]?\d{2}[a-ehlmprst]\d{2}[ ]?[a-z]\d{3}[a-z]", 0.85,
          "Agenzia delle Entrate, DM 23/12/1976", v.require(v.it_codicefiscale)),
    _lone("it_identity_card", "NATIONAL_ID", r"C[A-Z][ ]?\d{5}[ ]?[A-Z]{2}|A[A-Z][ ]?\d{7}", 0.75, "Ministero dell'Interno: CIE; PRADO: ITA-BO", upper=True),
    _lone("it_passport", "PASSPORT", r"Y[A-C][ ]?\d{7}", 0.75, "PRADO: ITA-AO", upper=True),
    _lone("it_licence", "DRIVER_LICENSE", r"U1(?=(?:[A-Z]{0,6}\d){3})[B-DF-HJ-NPR-UWXYZ\d]{7}[A-Z]|[A-Z]{2}\d{7}[A-Z]", 0.75, "PRADO: ITA-FO", upper=True),
)  # fmt: skip

_ASIA_AND_AFRICA = (
    _lone("in_aadhaar", "NATIONAL_ID", r"[2-9]\d{3}(?P<s>[ :-])\d{4}(?P=s)\d{4}", 0.85, "UIDAI: Verhoeff", _by_chance(v.in_aadhaar)),
    _lone("in_aadhaar_bare", "NATIONAL_ID", rf"{_NO_MINUTES}[2-9]\d{{11}}", 0.7, "UIDAI: Verhoeff", _by_chance(v.in_aadhaar)),
    _lone("in_pan", "NATIONAL_ID", r"[a-z]{3}p[a-z]\d{4}[a-z]", 0.85, "Income Tax Department: PAN"),
    _lone("in_voter_id", "NATIONAL_ID", rf"{_NO_KEY}[A-Z]{{3}}[ ]?\d{{7}}", 0.7, "Election Commission of India: EPIC", v.confirm_only(v.in_epic), upper=True),
    _lone("in_passport", "PASSPORT", r"[A-PR-WY][1-9]\d[ ]?\d{4}[1-9]", 0.7, "PRADO: IND-AO", upper=True),
    _lone("sg_nric", "NATIONAL_ID", r"[stfgm]\d{7}[a-z]", 0.85, "ICA Singapore: NRIC/FIN", v.require(v.sg_nric)),
    _lone("th_pin", "NATIONAL_ID", r"[1-8](?P<s>[ -])\d{4}(?P=s)\d{5}(?P=s)\d{2}(?P=s)\d", 0.85, "DOPA Thailand", v.require(v.th_pin)),
    _lone("th_pin_bare", "NATIONAL_ID", rf"{_NO_MILLISECONDS}[1-8]\d{{12}}", 0.7, "DOPA Thailand", _by_chance(v.th_pin)),
    _lone("za_id", "NATIONAL_ID", rf"{_NO_MILLISECONDS}\d{{2}}[01]\d[0-3]\d[ ]?\d{{4}}[ ]?[012]\d[ ]?\d", 0.8,
          "Department of Home Affairs, South Africa", _by_chance(v.za_idnr)),
    _lone("kr_rrn", "NATIONAL_ID", r"\d{6}[ -]\d{7}", 0.85, "Resident Registration Act, Immigration Act, Korea", v.kr_rrn),
    _lone("kr_passport", "PASSPORT", r"[MS]\d{8}|M\d{3}[A-Z]\d{4}", 0.75, "MOFA Korea: passports of 2008 and 2021", upper=True),
)  # fmt: skip

_PHONES = (
    _lone("ph_mobile", "PHONE_NUMBER", r"(?:0|63[ -]?)9\d{2}[ -]?\d{3}[ -]?\d{4}", 0.8, "NTC Philippines numbering plan", v.require(v.national_phone("PH"))),
    _lone("tr_phone", "PHONE_NUMBER", r"(?:90[ -]?|0[ -]?)\(?[2-5]\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}", 0.8, "BTK numbering plan", v.require(v.national_phone("TR"))),
)  # fmt: skip

# DE: one or two letters of the districts met most, where no dash tells the form
_DE_DISTRICT = r"(?:B|M|K|F|S|D|H|L|N|E|W|A|C|J|HH|HB|DD|DO|BO|BI|MS|KA|MA|WI|GE|MG|BS|KI|AC|HAL|MD|FR|KR|LB|ER|OB|HRO|KS|HA|SB|MZ|EF|OS|OL|HD|DA|WÜ|UL|HN|PF|WOB|GÖ|RE|KO|BN|LEV|TR)"
_IN_STATE = "(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|TG|UA|UK|UP|WB)"

_PLATES = (
    _lone("plate_gb", "VEHICLE_ID", r"[A-HJ-PR-Y]{2}(?:0[2-9]|[125-7]\d)[ ]?[A-HJ-PR-Z]{3}", 0.75, "DVLA INF104"),
    _lone("plate_tr", "VEHICLE_ID", r"(?:0[1-9]|[1-7]\d|8[01])(?P<s>[ -]?)(?!JAN|FEB|MA[RY]|APR|JU[NL]|AUG|SEP|OCT|NOV|DEC|USD|EUR|TRY|MIN|SEC|GB|MB|KB|TB|PM|AM)(?:[A-PR-VYZ](?P=s)\d{4,5}|[A-PR-VYZ]{2}(?P=s)\d{3,4}|[A-PR-VYZ]{3}(?P=s)\d{2,3})",
          0.72, "Karayolları Trafik Yönetmeliği", upper=True),
    _lone("plate_in", "VEHICLE_ID", rf"{_IN_STATE}(?P<s>[ -]?)\d{{1,2}}(?P=s)[A-Z]{{1,3}}(?P=s)\d{{4}}|\d{{2}}[ ]?BH[ ]?\d{{4}}[ ]?[A-Z]{{1,2}}", 0.78,
          "Central Motor Vehicles Rules, rule 50"),
    _lone("plate_ng", "VEHICLE_ID", rf"{_NO_KEY}[A-Z]{{3}}[- ]?\d{{3}}[ -]?[A-Z]{{2}}", 0.75, "FRSC National Uniform Licensing Scheme", upper=True),
    _lone("plate_de", "VEHICLE_ID", rf"(?!(?:PR|US|UI|QA|CI|IP|IT|CD|UX|VM|DB)[ -])(?:[A-ZÄÖÜ]{{1,3}}-[A-Z]{{1,2}}[ -]\d{{2,4}}|{_DE_DISTRICT}[ -][A-Z]{{1,2}}[ ]?\d{{3,4}})[EH]?", 0.72,
          "FZV Anlage 1", upper=True),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *_AMERICAS_AND_PACIFIC,
    *_BRITAIN_AND_NORTH,
    *_EUROPE,
    *_ASIA_AND_AFRICA,
    *_PHONES,
    *_PLATES,
)
