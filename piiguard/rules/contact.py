"""Contact: e-mail addresses, phone numbers, postal addresses.

A branch of a regex without the group ``value`` matches what must not be found (the user and password of a URL, an
order number) and so uses it up: RuleDetector skips an empty group.
"""

import re

from piiguard.rules.rule import Rule
from piiguard.validators import email_address, national_phone, phone, require

# -- e-mail --------------------------------------------------------------------------------------------------

# subtle: no \w, or an address that follows on Chinese or Japanese text would take it in
_W = "A-Za-z0-9\u00c0-\u024f"
_DOMAIN = rf"(?:[{_W}](?:[{_W}_-]{{0,61}}[{_W}])?\.){{1,8}}(?:xn--[a-z0-9-]{{2,59}}|[A-Za-z\u00c0-\u024f]{{2,24}})"

_EMAIL = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://[^\s/@]{0,200}@[^\s/]{1,200}"
    r"|\b(?:ssh|scp|sftp|mosh|rsync|ssh-copy-id)[ ]+(?:-\S{1,40}[ ]+(?:[\w./~-]{1,60}[ ]+)?){0,3}[\w.-]{1,64}@[\w.-]{1,200}"
    rf"|(?<![{_W}])(?<![{_W}][._'+%&-])(?P<value>[{_W}](?:[{_W}._'+%&-]{{0,62}}[{_W}_+-])?@{_DOMAIN})"
    rf"(?![{_W}@]|-[{_W}]|:[\w.~-]{{0,60}}/)",
    re.IGNORECASE,
)

_TLD = "(?:com|org|net|edu|gov|io|co|dev|ai|app|me|us|uk|ca|au|de|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|pt|ie|in|jp|br|mx|nz|za|eu|info|biz|example|test)"
_AT = r"[ ]?[\[({<][ ]?(?:at|@)[ ]?[\])}>][ ]?"
# the dot, the at sign and the dash as they are read aloud: in English, and in the languages of those words
_DOT = r"(?:[ ]?[\[({<][ ]?(?:dot|\.)[ ]?[\])}>][ ]?|[ ](?:dot|punto|ponto|punktum|punkt|punt|point|kropka|tečka|nokta|titik)[ ])"
_SPOKEN_AT = r"[ ](?:arroba|chiocciola|krøllalfa|snabel-?a|apenstaartje|małpa|zavináč|kukac|klammeraffe|arobase)[ ]"
_JOINT = rf"(?:\.|{_DOT}|[ ](?:underscore|dash|hyphen|guion bajo|guion|unterstrich|bindestrich|trattino|tiret)[ ])"
_NAME = r"[a-z0-9][a-z0-9_+-]{0,30}"
# words before "at" that are no mailbox: "look at acme dot com"
_NO_MAILBOX = (
    r"(?!(?:me|him|her|us|them|you|it|look|looking|email|mail|reach|is|are|was|be|works?|working|contact|write|"
    r"arrived?|here|there|available|hosted|live|site|page|docs|up|shop|go|find|found|only|and|or|see|down)\b)"
)
_SPELLED_EMAIL = re.compile(
    rf"(?<![\w.@-])(?:"
    rf"{_NO_MAILBOX}{_NAME}(?:{_JOINT}{_NAME}){{0,4}}(?:{_AT}|{_SPOKEN_AT}|[ ]at[ ]|@){_NAME}(?:{_DOT}{_NAME}){{0,3}}{_DOT}{_TLD}"
    rf"|{_NAME}(?:(?:\.|{_DOT}){_NAME}){{0,4}}{_AT}{_NAME}(?:\.{_NAME}){{0,3}}\.{_TLD}"
    rf"|{_NO_MAILBOX}{_NAME}(?:\.{_NAME}){{0,4}}[ ]at[ ](?:gmail|googlemail|yahoo|outlook|hotmail|icloud|proton(?:mail)?|gmx|aol)\.{_TLD}"
    r")(?![\w@])",
    re.IGNORECASE,
)

# -- phone ---------------------------------------------------------------------------------------------------

_EXT = r"(?:[ ,;]{0,2}(?:extension|extn?\.?|x)[ .:]{0,2}\d{1,6})?"
_END = r"(?!\w|[.\-/:,]\d|%)"
_GAP = r"[ \u00a0.\-/()\u2010-\u2013]{0,2}"

#: Numbers that say what else they are, used up by the regexes they stand in.
OTHER_ID = (
    r"\b(?:meeting|webinar|conference|zoom|order|ticket|tracking|invoice|case|claim|ref|reference|confirmation|booking"
    r"|sku|part|zip|postcode|serial|build|commit|transaction|txn|shipment|parcel|po|pr|issue|routing|imei|isbn|item|request|incident"
    r"|(?:account|acct|customer|member|policy|employee|passcode)(?=[ ]?(?:id|no|num|\#)))s?\b\.?"
    r"[ ]?(?:(?:id|no|number|num|code)\b\.?)?(?:[ ]is\b)?[ :=#-]{0,4}[A-Z]{0,4}-?\d[\d\-.]{2,24}(?:[ ]\d{3,4}){0,3}|"
)


def _phone(pattern: str) -> re.Pattern[str]:
    return re.compile(
        rf"{OTHER_ID}(?<![\w.+/=#:@$€£-])(?P<value>{pattern}{_EXT}){_END}", re.IGNORECASE
    )


_INTERNATIONAL = re.compile(
    rf"(?<![\w+=])(?P<value>(?:\+|(?<!\d )00[ ]?(?=[1-9]\d[ .\-()]))\(?\d(?:{_GAP}\d){{6,14}}{_EXT}){_END}",
    re.IGNORECASE,
)
# NANP has its own rule, so that a number after the tenth digit ("+1 555 123 4567 2 times") cannot spoil it
_NANP_INTERNATIONAL = re.compile(
    rf"(?<![\w+=])(?P<value>\+1[ .\-]?\(?\d{{3}}\)?[ .\-]?\d{{3}}[ .\-]?\d{{4}}{_EXT}){_END}",
    re.IGNORECASE,
)
_PHONE_WORDS = re.compile(
    r"\b(?:call(?:ed|s|ing)?|cell|mobiles?|phones?|tel|telephone|fax|whats ?app|texted|texting|sms|viber|signal|landline"
    r"|voicemail|ring|dial|hotline|callback|pager|"
    r"text (?:me|him|her|them|us)|reach(?:ed|able)?|(?:home|work|office|direct)(?: line)?:|"
    r"(?:my|his|her|their|your|new|work|home|contact|personal|direct|emergency|best) (?:contact )?(?:number|num|no\.)|"
    r"handy|móvil|movil|celular|teléfono|telefono|téléphone|portable|telefon|telefone|rufnummer|appelle|llama(?:me)?)\b",
    re.IGNORECASE,
)
_CLOSE_PHONE_WORDS = re.compile(
    r"\b(?:(?:call|text|ring|dial|phone|reach|whats ?app|sms) (?:me|him|her|them|us|mom|mum|dad)|cell|mobile|fax|whats ?app"
    r"|landline|(?:cell|phone|mobile|home|contact|my|his|her|their|your|best) (?:contact |cell |phone |mobile )?(?:number|num|no\.)"
    r"|handy|móvil|celular|teléfono|téléphone|portable|handynummer|rufnummer)\b",
    re.IGNORECASE,
)


def _words_of_phones(more: str) -> re.Pattern[str]:
    return re.compile(rf"{_PHONE_WORDS.pattern}|\b(?:{more})\b", re.IGNORECASE)


_PHONE_KEY = (
    r"(?:(?:tele)?phone|cell|mobile|tel|fax|whats ?app|landline|handy|móvil|celular|portable|telefon)"
    r"(?:[ ](?:no\.?|number|num))?"
)
_REGIONS = (
    "US",
    "GB",
    "AU",
    "DE",
    "FR",
    "IN",
    "ES",
    "IT",
    "NL",
    "BR",
    "MX",
    "SG",
    "IE",
    "CH",
    "AT",
    "PL",
    "NZ",
    "ZA",
)
_NATIONAL = national_phone(*_REGIONS)
_DATE = re.compile(
    r"(?:19|20)\d\d[-./]?[01]\d[-./]?[0-3]\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)?\d\d|(?:19|20)\d\d-(?:19|20)\d\d|1[67]\d{8}(?:\d{3})?"
)
_DOTTED = re.compile(
    r"(?:\d{1,3}\.){3}\d{1,3}$|\d\.\d\."
)  # an address of the other kind, a version


def _national_form(value: str) -> bool | None:
    """Never a confirmation: these plans accept nearly every run of digits. A bare run must at least be given out."""
    if _DATE.fullmatch(value.lstrip("(")) or _DOTTED.match(value):
        return False
    said = _NATIONAL(value)
    if value.isdigit():
        return None if said and len(value) > 8 else False
    return False if said is False else None


_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"


def _not_counting(value: str) -> bool | None:
    words = re.split(r"[ ,\-]+", value.lower())
    return (
        False
        if words[:4] in (["one", "two", "three", "four"], ["zero", "one", "two", "three"])
        else None
    )


# -- postal address ------------------------------------------------------------------------------------------

_SUFFIX = (
    r"(?:Street|Str|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Place|Pl|Terrace|Ter|Way"
    r"|Parkway|Pkwy|Highway|Hwy|Square|Sq|Trail|Trl|Crescent|Cres|Close|Row|Gardens|Grove|Mews|Walk|Hill|Park|Loop|Alley"
    r"|Plaza|Quay|Parade|Green|Rise|Vale|View|Wharf|Marg|Nagar|Broadway)\b"
    r"(?:\.(?=,|[ ]?\n|[ ](?:Apt|Unit|Suite|Ste|Floor|#|[NSEW]{1,2}\b|[A-Z][a-z]+,)))?"  # else it ends the sentence
)
# pairs that end like a street: "20 Google Drive links", "3 Supreme Court cases"
_NO_STREET = (
    r"(?!(?:Google|One|Flash|Hard|Test|Thumb|Supreme|Food|High|Tennis|Federal|District|Basketball|Tesla|Amazon|Shared|"
    r"Team|Disk|Pen|USB|Market|Work)[ ](?:Drive|Court|Place|Square|Way)\b|Times[ ]Square[ ](?:ads?|billboards?))"
)
_NO_STREET += (
    r"(?!(?:Way|Lane|Click|Star|Fiscal|Critical|Step|Level|Tier|Phase|Zoom|Slack|Cloud)[ ])"
    r"(?!(?i:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|times|people|users?|miles?|km|meters?|percent|of|more)\b)"
)
_STREET_NAME = r"(?:[A-Z][\w'’.-]{0,20}[ ]|\d{1,3}(?:st|nd|rd|th)[ ]|(?:of|the|de|la)[ ])"
_DIRECTION = r"(?:[ ](?:N\.?E|N\.?W|S\.?E|S\.?W|N|S|E|W|North|South|East|West)\b\.?)?"
_UNIT = r"(?:,?[ \n](?:(?i:Apt|Apartment|Unit|Suite|Ste|Flat|Floor|Fl|Bldg|Building|Room|Rm)\b\.?[ ]?#?|#[ ]?)\w{1,6}(?:-\w{1,4})?|,?[ \n](?i:\d{1,2}(?:st|nd|rd|th)|Ground|First|Second|Third|Fourth|Fifth|Sixth)[ ](?i:Floor|Fl\b\.?))?"
_BREAK = r"(?:,[ ]?\n?|[ ]?\n[ ]?|[ ])"
_CITY = r"(?:(?:(?:St|Ft|Mt)\.[ ])?[A-Z\u00c0-\u024f][\w'’-]{1,20}(?:[ -](?:[A-Z][\w'’-]{1,20}|de|la|upon|on|am|sur|del|of)){0,3})"
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|AB|BC|MB|N[BLS]|ON|PE|QC|SK|NSW|VIC|QLD|TAS|ACT|Alabama|Alaska|Arizona|Arkansas|California|Colorado|"
    r"Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|"
    r"Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New[ ](?:Hampshire|Jersey|Mexico|York)|"
    r"(?:North|South)[ ](?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode[ ]Island|Tennessee|Texas|Utah|Vermont|"
    r"(?:West[ ])?Virginia|Washington|Wisconsin|Wyoming|Ontario|Quebec|Québec|British[ ]Columbia|Alberta|Manitoba)\b"
)
_ZIP = r"(?:\d{5}-\d{4}|\d{4,6}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)(?![\w-])"
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}\b"
_COUNTRY = (
    r"(?:,?[ ]?\n?(?:USA?|U\.S\.A\.|United[ ]States|UK|United[ ]Kingdom|England|Scotland|Wales|Ireland|Canada|Australia|"
    r"Germany|Deutschland|France|Spain|España|Italy|Italia|Netherlands|India|Singapore|Switzerland|Austria)\b)?"
)
# a city alone counts only where the clause ends, or "12 Elm Street, Jane will come" would take in Jane
_TAIL = (
    rf"(?:{_BREAK}{_CITY}(?:,?[ ]?{_BREAK}?{_STATE}(?:,?[ ]{_ZIP})?|,?[ ]{_ZIP}|,[ ]?{_UK_POSTCODE}|[ ]{_UK_POSTCODE})"
    rf"|,[ ]?{_CITY}(?=[.!?)]?\s*(?:$|\n)|[.;!?)]|,[ ]?[A-Z]))?{_COUNTRY}"
)
_LEAD = r"(?!(?:19|20)\d\d[-,])(?<![\w.,/#$€£:-])(?<!\d )"
_UK_UNIT = r"(?:(?i:Flat|Apartment|Apt|Unit|Suite)[ ]#?\w{1,4},?[ ])?"
_STREET = rf"(?<!Chapter )(?:{_UK_UNIT}\d{{1,5}}(?:-\d{{1,4}})?[A-Za-z]?,?[ ]{_NO_STREET}(?:[NSEW]{{1,2}}\.?[ ])?{_STREET_NAME}{{1,4}}?{_SUFFIX}(?![ ](?:{_SUFFIX}))"

_STREET_ADDRESS = re.compile(rf"{_LEAD}{_STREET}{_DIRECTION}{_UNIT}{_TAIL})")
# any case: only with a state and a ZIP code, or a UK postcode, behind it
_LOWER_ADDRESS = re.compile(
    rf"{_LEAD}\d{{1,6}}[a-z]?[ ]{_NO_STREET}(?:[a-z0-9'.-]{{1,20}}[ ]){{1,4}}?{_SUFFIX}{_DIRECTION}{_UNIT}{_BREAK}"
    rf"(?:[a-z'.-]{{2,20}}[ ,]{{1,2}}){{1,3}}?(?:{_STATE},?[ ]{_ZIP}|{_UK_POSTCODE}){_COUNTRY}",
    re.IGNORECASE,
)
_HOME_WORDS = re.compile(
    r"\b(?:live[sd]? (?:at|on)|living (?:at|on)|address|mov(?:ed|ing) to|ship(?:ped|ping)?|send|sent|mail(?:ed)?|deliver(?:ed|y)?|"
    r"come (?:over )?to|home|house|place is|(?:i['’]?m|she['’]?s|he['’]?s|is) at|pick (?:me|him|her|us) up|drop (?:it|them)|apartment)\b",
    re.IGNORECASE,
)
_LOWER_STREET = re.compile(
    rf"{_LEAD}\d{{1,6}}[a-z]?[ ]{_NO_STREET}(?:[nsew]{{1,2}}[ ])?(?:(?!(?:the|to|in|of|on|for|and|my|this|that|over|per|with|from|at|by|is|our|your|google|day|new|more)\b)[a-z0-9'’-]{{2,20}}[ ]){{1,2}}?"
    rf"{_SUFFIX}{_DIRECTION}{_UNIT}",
    re.IGNORECASE,
)
_UK_ADDRESS = re.compile(
    rf"{_LEAD}{_UK_UNIT}\d{{1,4}}[A-Za-z]?,?[ ](?:[A-Z][\w'’.-]{{0,20}},?[ \n]|(?:of|the|on|upon|le)[ ]){{1,8}}?{_UK_POSTCODE}{_COUNTRY}"
)
_PO_BOX = re.compile(
    rf"\b(?:P\.?[ ]?O\.?[ ]?Box|Post[ ]Office[ ]Box)[ ]#?\d{{1,6}}\b(?-i:{_TAIL})", re.IGNORECASE
)
_EURO_CITY = (
    rf"(?:,?[ ]?{_BREAK}?(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:[ ][A-Z]{{2}})?[ ]{_CITY}{_COUNTRY})"
)
_GERMAN = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ][\w-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|straat|gracht|laan|plein|gatan|vej|gata)"
    r"|(?:Am|An[ ]der|Auf[ ]dem|Im|Zum|Zur|Unter[ ]den)[ ][A-ZÄÖÜ][\w-]{2,30}(?=[ ]\d{1,4}[a-z]?,[ ]\d{5}[ ])"
    r"|[A-ZÄÖÜ][\w-]{1,30}[ ](?:Straße|Strasse|Str\.|Weg|Platz|Allee|Ring|Ufer))"
    rf"[ ]\d{{1,4}}(?:-\d{{1,4}})?[ ]?[a-z]?\b{_EURO_CITY}?"
)
_ROMANCE_NAME = r"(?:[ ](?:de[ ]la|de[ ]los|de|del|du|des|la|le|d['’]|l['’])){0,2}(?:(?<=['’])|[ ])[A-Z\u00c0-\u024f][\w'’-]{1,24}(?:[ -][A-Z\u00c0-\u024f][\w'’-]{1,24}){0,3}"
_ROMANCE = re.compile(
    rf"(?<![\w-])(?:\d{{1,4}}(?:[ ](?:bis|ter))?,?[ ](?:[Rr]ue|avenue|av\.|[Bb]oulevard|bd|place|[Cc]hemin|[Aa]llée|[Ii]mpasse|quai|cours|route){_ROMANCE_NAME}"
    r"|(?:Calle|C/|Avenida|Avda\.?|Av\.|Via|Viale|Corso|Piazza|Rua|Paseo|Carrer|Travessa)"
    rf"{_ROMANCE_NAME},?[ ](?:n[º°.][ ]?)?\d{{1,4}}\b(?:,?[ ]\d[º°ª][ ]?\w{{0,3}})?)(?:{_EURO_CITY}|{_TAIL})"
)

RULES: tuple[Rule, ...] = (
    Rule("email", "EMAIL_ADDRESS", _EMAIL, 0.97, "RFC 5321 4.1.2", email_address),
    Rule("email_spelled", "EMAIL_ADDRESS", _SPELLED_EMAIL, 0.9, "usage: hidden from harvesters"),
    Rule("phone_international", "PHONE_NUMBER", _INTERNATIONAL, 0.85, "ITU-T E.164, E.123", phone),
    Rule("phone_nanp_international", "PHONE_NUMBER", _NANP_INTERNATIONAL, 0.9, "NANPA; ITU-T E.123"),
    Rule(
        "phone_us", "PHONE_NUMBER",
        _phone(r"(?:1[ .-])?(?:\([2-9]\d{2}\)[ ]?[.-]?\d{3}[ .-]?\d{4}|[2-9]\d{2}(?P<sep>[.-])\d{3}(?P=sep)\d{4})"),
        0.88, "NANPA; ITU-T E.123",
    ),
    Rule(
        "phone_national_form", "PHONE_NUMBER",
        _phone(
            r"(?:07\d{3}[ ]\d{3}[ ]?\d{3}|0(?:20|1\d1)[ ]\d{3,4}[ ]\d{4}|01\d{3}[ ]\d{6}|04\d{2}[ ]\d{3}[ ]\d{3}"
            r"|0[1-9](?P<sep>[ .])\d\d(?:(?P=sep)\d\d){3}|\(0\d{1,4}\)[ ]?\d{3,4}[ -]?\d{3,5}|\(\d{2}\)[ ]?9?\d{4}-\d{4})"
        ),
        0.82, "Ofcom, ACMA, ARCEP, Anatel numbering plans", _national_form,
    ),
    Rule(
        "phone_tr_near", "PHONE_NUMBER", _phone(r"(?:90[ ]?|0)[ ]?\(?[2-5]\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}|[2-5]\d{2}[ ]\d{3}[ ]\d{2}[ ]\d{2}"), 0.75,
        "BTK numbering plan", require(national_phone("TR")), near=_words_of_phones(r"telefon\w*|numara\w*|cep(?:im| tel\w*)?|gsm|turkish|ara(?:y[ıi]n|d[ıi]m)?"),
    ),
    Rule(
        "phone_ph_near", "PHONE_NUMBER", _phone(r"(?:0|63[ -]?)9\d{2}[ -]?\d{3}[ -]?\d{4}"), 0.8,
        "NTC Philippines numbering plan", require(national_phone("PH")), near=_words_of_phones(r"telepono|cp(?: (?:no\.?|number))?|gcash|numero|viber|globe|smart number|filipino|philippine\w*"),
    ),
    Rule(
        "phone_keyed", "PHONE_NUMBER",
        re.compile(
            rf"\b{_PHONE_KEY}[*_]?(?:[ ]is|[ ]?[:=#]|[ ]-)?[*_]?[ ]{{0,2}}(?P<value>\(?\d(?:{_GAP}\d){{6,12}}{_EXT}){_END}",
            re.IGNORECASE,
        ),
        0.85, "usage: a form field", _national_form,
    ),
    Rule(
        "phone_near", "PHONE_NUMBER", _phone(rf"\(?(?!\d{{8}})\d(?:{_GAP}\d){{7,11}}"), 0.72,
        "national numbering plans (libphonenumber)", _national_form, near=_PHONE_WORDS,
    ),
    Rule(
        "phone_bare_near", "PHONE_NUMBER", _phone(r"\d{9,12}"), 0.7,
        "national numbering plans (libphonenumber)", _national_form, near=_CLOSE_PHONE_WORDS,
    ),
    Rule(
        "phone_local", "PHONE_NUMBER", _phone(r"[2-9]\d{2}-\d{4}"), 0.6, "NANPA: seven-digit dialling", near=_PHONE_WORDS,
    ),
    Rule(
        "phone_spelled", "PHONE_NUMBER",
        re.compile(rf"\b(?:(?:double[ ])?{_DIGIT}[ ,-]{{1,2}}){{6,14}}(?:double[ ])?{_DIGIT}\b", re.IGNORECASE),
        0.85, "usage: read aloud", _not_counting, near=_PHONE_WORDS,
    ),
    Rule("address_street", "STREET_ADDRESS", _STREET_ADDRESS, 0.82, "USPS Publication 28"),
    Rule("address_any_case", "STREET_ADDRESS", _LOWER_ADDRESS, 0.9, "USPS Publication 28; Royal Mail PAF"),
    Rule("address_near", "STREET_ADDRESS", _LOWER_STREET, 0.75, "USPS Publication 28", near=_HOME_WORDS),
    Rule("address_uk", "STREET_ADDRESS", _UK_ADDRESS, 0.92, "Royal Mail PAF; BS 7666"),
    Rule("address_po_box", "STREET_ADDRESS", _PO_BOX, 0.92, "USPS Publication 28"),
    Rule("address_german", "STREET_ADDRESS", _GERMAN, 0.85, "DIN 5008; UPU S42"),
    Rule("address_romance", "STREET_ADDRESS", _ROMANCE, 0.8, "UPU S42"),
)  # fmt: skip
