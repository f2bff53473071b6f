"""Government: numbers a state gives a person, passports, driving licences.

A form that is a country's own stands alone; a run of digits needs the number's name close by. There a failed check
is no veto: where the text says "my SSN", a made-up one counts too.
"""

import re

from piiguard import validators as v
from piiguard.rules.contact import OTHER_ID
from piiguard.rules.rule import Rule


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _form(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The form alone: not a part of a longer word, number, decimal, path or key."""
    return re.compile(rf"(?<![\w.+/=-])(?P<value>{pattern})(?!\w|[-/]\w|\.\d)", flags)


_OTHER_KEY = r"\b(?:account|acct|phone|cell|mobile|tel|fax|card|zip)[ :#]{1,3}\d[\d\-.]{5,18}|"


def _no_other(pattern: str) -> re.Pattern[str]:
    """The form in any case, where it is not the number of an order or a ticket. Costs more than ``_form``."""
    return re.compile(
        rf"{OTHER_ID}{_OTHER_KEY}(?<![\w.+/-])(?P<value>{pattern})(?!\w|[-/]\w|\.\d)", re.IGNORECASE
    )


def _own(name: str, pattern: str, score: float, source: str, check: v.Check | None = None) -> Rule:
    return Rule(name, "NATIONAL_ID", _form(pattern), score, source, check)


def _near(name: str, pattern: str, words: str, source: str, check: v.Check | None = None) -> Rule:
    check = v.confirm_only(check) if check else None
    form = _form(pattern, re.IGNORECASE)
    return Rule(name, "NATIONAL_ID", form, 0.85, source, check, near=_words(words))


def _digits_near(name: str, pattern: str, words: str, source: str, check: v.Check) -> Rule:
    check = v.confirm_only(check)
    return Rule(name, "NATIONAL_ID", _no_other(pattern), 0.85, source, check, near=_words(words))


_SSN_WORDS = r"ssn|ssns|social(?! (?:media|network|post|channel|event|team|club|login|hour))(?: security)?(?: (?:number|no\.?|num|card|#))?|ss ?#|soc(?:ial)? sec"
_NO_CARD = r"(?:(?!card|visa|amex|master|account|acct|phone|cell|mobile)[^\d\n*]){0,40}"
_LAST_FOUR = re.compile(
    rf"\b(?:last[ ]?(?:4|four)(?![ ](?:week|month|day|year|quarter|sprint|hour|time))(?:[ ]digits)?|end(?:s|ing)(?:[ ](?:in|with))?){_NO_CARD}(?<![\d.$-])(?P<value>\d{{4}})(?![\w-]|[.,/:]\d)",
    re.IGNORECASE,
)

_AMERICAS = (
    Rule("us_ssn", "NATIONAL_ID", _no_other(r"\d{3}-\d{2}-\d{4}"), 0.92, "SSA: POMS RM 10201.030", v.veto_only(v.us_ssn)),
    _digits_near("us_ssn_near", r"\d{3}[- .]?\d{2}[- .]?\d{4}", _SSN_WORDS, "SSA: POMS RM 10201.030", v.us_ssn),
    Rule("us_ssn_last_four", "NATIONAL_ID", _LAST_FOUR, 0.88, "SSA; usage", near=_words(_SSN_WORDS)),
    _own("us_itin", r"9\d{2}-\d{2}-\d{4}", 0.92, "IRS Publication 1915", v.veto_only(v.us_itin)),
    _digits_near("us_itin_near", r"9\d{2}[- ]?\d{2}[- ]?\d{4}", r"itin|taxpayer id(?:entification)?(?: number)?", "IRS Publication 1915", v.us_itin),
    _near("us_a_number", r"A[- #]?\d{3}[- ]?\d{3}[- ]?\d{2,3}|\d{3}[- ]?\d{3}[- ]?\d{3}", r"a[- ]?(?:number|#)|a-no|alien (?:registration )?(?:number|no|#|id)|uscis(?: number| #| no)?|green card|i-485|i-765", "USCIS Policy Manual"),
    _digits_near("ca_sin", r"\d{3}[- ]?\d{3}[- ]?\d{3}", r"social insurance(?: number)?|(?:my|his|her|their|your|the|canadian) sin|sin (?:number|no\.?|num|is|card|#)|sin ?[:#]|n\.?a\.?s\.? ?:", "Service Canada: SIN code of practice", v.ca_sin),
    _own("br_cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}", 0.93, "Receita Federal do Brasil: CPF", v.confirm_only(v.br_cpf)),
    _near("br_cpf_near", r"\d{3}\.?\d{3}\.?\d{3}[-/]?\d{2}", "cpf", "Receita Federal do Brasil: CPF", v.br_cpf),
    _own("mx_curp", r"[A-Z][AEIOUX][A-Z]{2}\d{2}[01]\d[0-3]\d[HMX][A-Z]{5}[A-Z0-9]\d", 0.94, "RENAPO: CURP", v.confirm_only(v.mx_curp)),
    _near("mx_rfc", r"[A-ZÑ&]{4}\d{6}[A-Z0-9]{3}", "rfc", "SAT: RFC of persons"),
    _near("ar_dni", r"\d{1,2}\.?\d{3}\.?\d{3}", "dni|documento nacional", "RENAPER: DNI", v.ar_dni),
    _near("ar_cuit", r"(?:20|2[3-7])-?\d{8}-?\d", "cui[tl]", "AFIP: CUIT/CUIL", v.ar_cuit),
    _own("cl_rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", 0.85, "Registro Civil de Chile: RUN/RUT", v.require(v.cl_rut)),
    _near("cl_rut_near", r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]", "rut|run(?= ?[:#])", "Registro Civil de Chile: RUN/RUT", v.cl_rut),
)  # fmt: skip

_ISLES_AND_NORTH = (
    _own("gb_nino", r"[A-CEGHJ-PQRSTW-Z][A-CEGHJ-NPQRSTW-Z][ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]", 0.88, "HMRC NIM39110", v.veto_only(v.gb_nino)),
    _near("gb_nino_near", r"[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]", r"nino|ni (?:number|no\.?|num)|ni ?[:#]|national insurance(?: (?:number|no\.?))?", "HMRC NIM39110"),
    _near("ie_pps", r"\d{7}[A-W][A-IW]?", r"ppsn?(?: (?:number|no\.?))?", "gov.ie: PPS number", v.ie_pps),
    _own("se_personnummer", r"(?:19|20)?\d{2}[01]\d[0-3]\d[-+]\d{4}", 0.7, "Skatteverket SKV 704", v.require(v.se_personnummer)),
    _near("se_personnummer_near", r"(?:19|20)?\d{2}[01]\d[0-9]\d[-+ ]?\d{4}", r"person(?:al|)[ -]?nummer|personnr|pnr|swedish (?:personal )?id(?: number)?|samordningsnummer|swedish personal (?:identity )?number", "Skatteverket SKV 704", v.se_personnummer),
    _own("fi_hetu", r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", 0.8, "DVV: henkilötunnus", v.require(v.fi_hetu)),
    _near("fi_hetu_near", r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", r"hetu|henkilötunnus|finnish (?:personal )?id(?:entity)?(?: (?:code|number))?|sotu", "DVV: henkilötunnus", v.fi_hetu),
    _near("dk_cpr", r"[0-3]\d[01]\d{3}[- ]?\d{4}", r"cpr(?:[ -]?(?:nummer|number|nr\.?|no\.?))?|personnummer", "CPR-kontoret", v.dk_cpr),
    _near("no_fodselsnummer", r"[0-7]\d[0-9]\d{3}[ -]?\d{5}", r"fødselsnummer|fodselsnummer|fnr|f\.nr|d-nummer|norwegian (?:national )?id(?:entity)?(?: number)?|personnummer", "Skatteetaten: fødselsnummer", v.no_fodselsnummer),
)  # fmt: skip

_EUROPE = (
    _own("es_dni", r"\d{8}-?[A-HJ-NP-TV-Z]", 0.8, "Ministerio del Interior: NIF/NIE", v.require(v.es_dni)),
    _own("es_nie", r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", 0.85, "Ministerio del Interior: NIF/NIE", v.require(v.es_nie)),
    _near("es_near", r"\d{2}\.?\d{3}\.?\d{3}[- ]?[A-Z]|[XYZ][- ]?\d{7}[- ]?[A-Z]", r"dni|nie|nif|d\.n\.i\.|documento nacional(?: de identidad)?|n[úu]mero de (?:identidad|extranjero)", "Ministerio del Interior: NIF/NIE", v.es_dni),
    _near("pt_nif", r"[1-3]\d{2}[ .]?\d{3}[ .]?\d{3}", r"nif|contribuinte", "Autoridade Tributária: NIF", v.pt_nif),
    _own("pt_cc", r"\d{8}[ ]?\d[ ]?[A-Z]{2}\d", 0.8, "IRN: Cartão de Cidadão", v.require(v.pt_cc)),
    _own("it_codice_fiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", 0.94, "Agenzia delle Entrate, DM 23/12/1976", v.confirm_only(v.it_codicefiscale)),
    _near("it_codice_fiscale_near", r"[A-Z]{3}[ ]?[A-Z]{3}[ ]?\d{2}[A-EHLMPRST]\d{2}[ ]?[A-Z]\d{3}[A-Z]", r"codice fiscale|cod\.? ?fisc\.?|cod\.? fiscale|cf|c\.f\.|fiscal code|tax code", "Agenzia delle Entrate, DM 23/12/1976", v.it_codicefiscale),
    _near("it_identity_card", r"[A-Z]{2}[ ]?\d{5}[ ]?[A-Z]{2}|[A-Z]{2}[ ]?\d{7}", r"carta d['’]identit[àa]'?|cie|documento d['’]identit[àa]|italian id\w*|(?:identity|id) card(?: (?:number|no\.?))?", "Ministero dell'Interno: CIE; PRADO: ITA-BO"),
    _near("pl_pesel", r"\d{11}", "pesel", "GOV.PL: PESEL", v.pl_pesel),
    _near("nl_bsn", r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3}", r"bsn|burgerservicenummer|sofi(?:[ -]?nummer)?", "RvIG: BSN", v.nl_bsn),
    _own("be_nn", r"\d{2}\.[0-5]\d\.[0-3]\d-\d{3}\.\d{2}", 0.93, "IBZ: numéro national", v.confirm_only(v.be_nn)),
    _near("be_nn_near", r"\d{2}\.?[0-5]\d\.?[0-3]\d[- ]?\d{3}[. ]?\d{2}", r"rijksregister(?:nummer)?|insz|niss|numéro national|registre national|national register(?: number)?", "IBZ: numéro national", v.be_nn),
    _own("fr_nir", r"[12][ ]?\d{2}[ ]?[0-9]\d[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}", 0.8, "INSEE: NIR", v.require(v.fr_nir)),
    _near("fr_nir_near", r"[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?", r"nir|sécu|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu|carte vitale|insee", "INSEE: NIR", v.fr_nir),
    _near("de_idnr", r"\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", r"steuer-?(?:id|idnr|identifikationsnummer|nummer)|idnr|tax id|german tax id|steuerliche id\w*", "BZSt: IdNr", v.de_idnr),
    _near("de_rvnr", r"\d{2}[ ]?\d{6}[ ]?[A-Z][ ]?\d{2}[ ]?\d", r"rvnr|svnr|sv-?(?:nummer|nr\.?)|rentenversicherung\w*|sozialversicherung\w*|versicherungsnummer|(?:german )?(?:social|pension) (?:security|insurance)(?: (?:number|no\.?))?", "VKVV § 2", v.de_rvnr),
    _near("de_identity_card", r"(?=(?:[A-Z]{0,6}\d){3})[LMNPRTVWXY][CFGHJ-NPRTV-Z\d]{8}\d?", r"personalausweis\w*|perso(?:-?nr\.?)?|ausweis(?:nummer|-?nr\.?)?|german id(?:entity)?(?: card)?", "PAuswV; ICAO Doc 9303", v.de_document),
    _own("ch_ahv", r"756\.\d{4}\.\d{4}\.\d{2}", 0.93, "ZAS: AHV-Nummer", v.confirm_only(v.ch_ahv)),
    _near("cz_rc", r"\d{2}[0-7]\d[0-3]\d/?\d{3,4}", r"rodné číslo|rodne cislo|rodné|r\.?č\.?", "Zákon 133/2000 Sb.", v.cz_rc),
    _near("ro_cnp", r"[1-9]\d{12}", r"cnp|cod numeric personal", "Legea 105/1996", v.ro_cnp),
    _near("tr_kimlik", r"[1-9]\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}", r"kimlik(?: no| numaras[ıi]\w*)?|tckn|tc ?kn|turkish (?:national )?id\w*|tc ?(?:no|kimlik)|t\.c\.", "NVİ: T.C. Kimlik No", v.tr_tckimlik),
)  # fmt: skip

_ASIA_PACIFIC_AFRICA = (
    Rule("in_aadhaar", "NATIONAL_ID", _no_other(r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}"), 0.6, "UIDAI: Verhoeff", v.require(v.in_aadhaar)),
    _digits_near("in_aadhaar_near", r"\d{4}[ -]?\d{4}[ -]?\d{4}", r"aa?dhaa?r(?: (?:card|number|no\.?|id))?|uidai", "UIDAI", v.in_aadhaar),
    _own("in_pan", r"[A-Z]{3}P[A-Z]\d{4}[A-Z]", 0.88, "Income Tax Department: PAN"),
    _near("in_pan_near", r"[A-Z]{5}\d{4}[A-Z]", r"pan|pancard", "Income Tax Department: PAN", v.in_pan),
    _digits_near("in_aadhaar_colons", r"[2-9]\d{3}:\d{4}:\d{4}", r"aa?dhaa?r(?: (?:card|number|no\.?|id))?|uidai|आधार", "UIDAI", v.in_aadhaar),
    _near("in_voter_id", r"[A-Z]{3}[ -]?\d{7}|[A-Z]{2}/\d{2}/\d{3}/\d{6,7}", r"(?:my|her|his|their|your) voter\b|voter(?:['’]?s)?[ -]?(?:id\w*|card|number|no\.?)|epic (?:number|no\.?|card)|elector(?:al|['’]s)? (?:id|photo id\w*|card)|मतदाता\w*", "Election Commission of India: EPIC", v.in_epic),
    _own("sg_nric", r"[STFGM]\d{7}[A-Z]", 0.75, "ICA Singapore: NRIC/FIN", v.require(v.sg_nric)),
    _near("sg_nric_near", r"[STFGM]\d{7}[A-Z]", r"nric|fin|singapore(?:an)? id|ic (?:number|no\.?)", "ICA Singapore: NRIC/FIN", v.sg_nric),
    Rule("hk_hkid", "NATIONAL_ID", re.compile(r"(?<![\w-])[A-Z]{1,2}\d{6}[ ]?\([\dA]\)"), 0.9, "Immigration Department, Hong Kong", v.confirm_only(v.hk_hkid)),
    _near("hk_hkid_near", r"[A-Z]{1,2}\d{6}-?[\dA]?", r"hk ?id(?: (?:card|number|no\.?))?|hong kong id\w*", "Immigration Department, Hong Kong", v.hk_hkid),
    _own("kr_rrn", r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}", 0.9, "Resident Registration Act, Korea", v.kr_rrn),
    Rule("kr_rrn_near", "NATIONAL_ID", _form(r"\d{6}[- ]?\d{7}"), 0.85, "Resident Registration Act, Immigration Act, Korea", v.kr_rrn,
         near=_words(r"rrn|frn|arc(?: (?:number|no\.?))?|(?:resident|foreigner|alien) registration(?: (?:number|no\.?))?|korean id\w*|주민등록번호|주민번호|외국인등록번호|등록번호")),
    _own("cn_ric", r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", 0.8, "GB 11643-1999", v.require(v.cn_ric)),
    _near("cn_ric_near", r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX]", r"身份证\w{0,4}|shenfenzheng|chinese id|resident id\w*|id (?:card|number|no\.?)", "GB 11643-1999", v.cn_ric),
    _near("my_nric", r"\d{2}[01]\d[0-3]\d-?\d{2}-?\d{4}", r"mykad|nric|ic (?:number|no\.?)|malaysian ic", "JPN Malaysia: MyKad"),
    _near("th_pin", r"[1-8][- ]\d{4}[- ]\d{5}[- ]\d{2}[- ]\d|[1-8]\d{12}", r"thai (?:national )?id\w*|tnin|thai citizen\w*|national id(?: (?:number|no\.?))?|เลขประจำตัวประชาชน|เลขบัตรประชาชน|บัตรประชาชน|เลขบัตร", "DOPA Thailand", v.th_pin),
    _digits_near("au_tfn", r"\d{3}[ -]?\d{3}[ -]?\d{2,3}", r"tfn|tax file (?:number|no\.?)", "ATO: TFN", v.au_tfn),
    _digits_near("nz_ird", r"\d{2,3}[- ]?\d{3}[- ]?\d{3}", r"ird(?: (?:number|no\.?|#))?", "Inland Revenue NZ", v.nz_ird),
    _digits_near("za_id", r"\d{2}[01]\d[0-3]\d[ ]?\d{4}[ ]?\d{2}[ ]?\d", r"(?:sa|rsa|za|south african) id\w*(?: (?:number|no\.?))?|id (?:number|no\.?)", "Department of Home Affairs, South Africa", v.za_idnr),
    _near("il_id", r"\d{9}", r"teudat zehut|israeli id(?: number)?|ת\.?ז\.?|מספר זהות", "Israeli Population Authority", v.il_idnr),
)  # fmt: skip

_KEYED_ID = re.compile(
    r"\b(?:national id(?:entity|entification)?|identity card|id card|personal id(?:entification)?|citizen id|govt?\.? id|government id"
    r"|personalausweis|cédula|cedula|citizenship)(?:[ ](?:card))?(?:[ ](?:number|no\.?|num|nr\.?))?(?:[ ]is|[ ]?[:=#])?[ ]{1,2}"
    r"(?P<value>(?=(?:[A-Z0-9][-. ]?){5})(?=[A-Z]{0,4}-?\d)[A-Z0-9]{1,12}(?:[-.][A-Z0-9]{1,8}|[ ]\d{2,8}){0,3})(?!\w|[-/]\w|%)",
    re.IGNORECASE,
)

# US, UK and others: digits; most others: one to three letters and digits; FR; DE and NL: mixed
_NOT_A_DATE = r"(?!(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
_PASSPORT = (
    rf"{_NOT_A_DATE}(?:[A-Z]{{1,3}}\d{{6,8}}|M\d{{3}}[A-Z]\d{{4}}|[CFGHJK](?=(?:[A-Z]{{0,6}}\d){{3}})[CFGHJ-NPRTV-Z\d]{{8}}\d|\d{{8,9}}|\d{{2}}[A-Z]{{2}}\d{{5}}"
    r"|(?=(?:[A-Z]{0,8}\d){3})[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z0-9]{8}|[A-Z]{2}[A-Z0-9]{6}\d(?<=\d[A-Z0-9]{2}))"
)
_PASSPORT_WORDS = _words(
    r"passports?(?!\.js|-(?:js|jwt|local|saml|oauth))|pasaporte|passeport|reisepass(?:nummer|-?nr\.?)?|passaporto|paspoort|pass-?(?:nummer|nr\.?)|passportnummer|n[úu]m(?:ero)?\.? de pasaporte|pasaport(?: no)?"
    r"|여권(?:\s?번호)?|หนังสือเดินทาง|पासपोर्ट"
)

# AAMVA: a letter or two and digits, or digits; FL, IL, MD, MI, MN, NJ, WI write theirs with dashes; WA; IN; DE
_LICENSE = (
    rf"{_NOT_A_DATE}(?:WDL[A-Z0-9]{{9}}|U1(?=(?:[A-Z]{{0,6}}\d){{3}})[A-Z0-9]{{7}}[A-Z]|[A-Z]{{2}}\d{{7}}[A-Z]|[A-Z]\d{{2,4}}(?:-\d{{2,5}}){{1,3}}(?:-\d)?|[A-Z]{{2}}[- ]?\d{{2}}[ ]?\d{{11}}|[A-Z]{{1,2}}\d{{5,14}}"
    r"|\d{2,3}[ ]\d{3}[ ]\d{3}|\d{7,12}|[A-Z0-9]{2}\d{2}[A-Z0-9]{7}|\d{2}[A-Z]{2}\d{5}|\d{2}[A-Z]{3}\d{4})"
)
_LICENSE_WORDS = _words(
    r"driv(?:er|ing|ers)(?:['’]?s)?['’]? ?(?:licen[cs]es?|permit|lic\.?)|dl ?(?:no\.?|num|number|is|#)|dl ?[:#=]|dvla|dmv"
    r"|permis de conduire|führerschein\w*|carnet de conducir|patente(?! (?:di|de) (?!guida))(?: di guida)?|permiso de conducir|licencia de conducir|ehliyet|sürücü belgesi|rijbewijs"
)
_GB_LICENSE = r"[A-Z]{5}[ ]?\d[0156]\d[0-3]\d{2}[ ]?[A-Z9]{2}[A-Z0-9]{3}|[A-Z]{1,4}9{1,4}[ ]?\d[0156]\d[0-3]\d{2}[ ]?[A-Z9]{2}[A-Z0-9]{3}"

_DOCUMENTS = (
    Rule("national_id_keyed", "NATIONAL_ID", _KEYED_ID, 0.78, "usage: a form field"),
    Rule("passport_near", "PASSPORT", _no_other(_PASSPORT), 0.82, "ICAO Doc 9303; PRADO", near=_PASSPORT_WORDS),
    Rule("driver_license_gb", "DRIVER_LICENSE", _form(_GB_LICENSE), 0.93, "DVLA: driver number", v.veto_only(v.gb_driver_number)),
    Rule("driver_license_near", "DRIVER_LICENSE", _no_other(_LICENSE), 0.82, "AAMVA DL/ID card design; state formats", near=_LICENSE_WORDS),
    Rule("driver_license_gb_near", "DRIVER_LICENSE", _form(r"[A-Z9]{5}[ ]?\d{6}[ ]?[A-Z0-9]{2}[ ]?\d?[A-Z0-9]{2,3}", re.IGNORECASE), 0.85, "DVLA: driver number", near=_LICENSE_WORDS),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *_AMERICAS,
    *_ISLES_AND_NORTH,
    *_EUROPE,
    *_ASIA_PACIFIC_AFRICA,
    *_DOCUMENTS,
)
