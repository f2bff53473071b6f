"""Answers to a question: "whats your social?" and, after it, a number that is little without it; birth dates.

The pattern of an answer takes the whole message, so that its own text cannot hold the words of the question: those
can only stand in the context, in a message that asks.
"""

import re

from piiguard.rules.rule import Rule
from piiguard.rules.secrets import password
from piiguard.validators import Check, compact, luhn_card

# -- dates of birth ------------------------------------------------------------------------------------------

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY, _YEAR, _NTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d", r"(?:st|nd|rd|th)?"
_END = r"(?![\w%]|[:/.-]\d|,\d)"
_LATE = r"(?:19[2-9]\d|20[0-2]\d)"
_DATE = (
    rf"(?:{_DAY}(?P<s>[/.-]){_DAY}(?P=s)(?:{_YEAR}|\d\d)|{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY}|{_DAY} ?[-/ ] ?{_DAY} ?[-/ ] ?{_YEAR}"
    rf"|{_MONTH}\.? {_DAY}{_NTH},? ?(?:{_YEAR}|['’]?\d\d)|(?:the )?{_DAY}{_NTH}[ /-]?(?:of )?{_MONTH}\.?,?[ /-]?(?:{_YEAR}|['’]?\d\d)"
    rf"|{_MONTH}[-/]{_DAY}[-/](?:{_YEAR}|\d\d)|{_LATE}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01]){{2}}{_LATE})"
)
_DAY_OF_YEAR = rf"(?:{_MONTH}\.? {_DAY}{_NTH}|(?:the )?{_DAY}{_NTH} (?:of )?{_MONTH}|{_DAY}[/-]{_DAY}|{_DAY}\.{_DAY}\.(?!\d))"
_FULL = rf"(?P<value>{_DATE})"
_WHEN = rf"(?P<value>{_DATE}|{_DAY_OF_YEAR})"
_BIRTHDAY = r"(?:birth ?day|b-?day)"
_NO_PARTY = r"(?!['’]?s? ?(?:party|lunch|dinner|drinks|cake|gift|card|celebration|leave|bonus|brunch|weekend|month|trip|bot|channel|reminder|event))"
_NOT_TALK = r"(?:(?!field|column|format|valid|migrat|changed|added|deadline|due\b|until|since|party|dinner|lunch|release|by\b)[^\d\n;!?])"
_PERSON = r"(?:i|she|he|they|who|you|we|patient|applicant|employee|client|customer|baby|kid|son|daughter|wife|husband|twins?|mom|mum|mother|dad|father|brother|sister|grandma|grandpa)"


def _dob(name: str, pattern: str, score: float) -> Rule:
    return Rule(
        name, "DATE_OF_BIRTH", re.compile(f"(?i){pattern}"), score, "ISO 8601 and common usage"
    )


_BIRTHS = (
    _dob("dob", rf"(?<![a-z_])(?:d\.?o\.?b\b\.?|date of birth|birth ?date|geburtsdatum|(?:her|his|their|my) birth(?= is))[\"'`]?{_NOT_TALK}{{0,35}}?(?<![\w.])(?:\(?(?:mm|dd|yyyy)[/-](?:mm|dd)[/-](?:yyyy|yy|dd)\)?:? ?)?{_FULL}{_END}", 0.9),
    _dob("birthday", rf"(?<![a-z])(?<!company )(?<!company['’]s )(?<!office )(?<!firm['’]s )(?<!app['’]s ){_BIRTHDAY}{_NO_PARTY}(?:['’]?s)?{_NOT_TALK}{{0,25}}?(?<![\w.]){_WHEN}{_END}", 0.85),
    _dob("dob_noyear", rf"(?<![a-z_])(?:d\.?o\.?b\b\.?|date of birth|birth ?date)[\"'`]?[\s:=-]{{1,4}}(?:is )?{_WHEN}{_END}", 0.85),
    _dob("born", rf"\b(?:{_PERSON}(?:['’]s)?(?: (?:was|were|is))?|(?-i:[A-Z][\w'’-]{{1,15}} [A-Z][\w'’-]{{1,15}}),?(?: was)?) born (?:on |in \w{{3,15}}(?: \w{{3,15}})? on )?{_FULL}{_END}", 0.85),
    _dob("born_short", rf"(?:(?:\A|[(,;|\n]) ?(?:b\.|née?|geb\.)|(?<!was )(?<!were )\b(?:born|geboren)(?: (?:on|am))?) ['\"(]?{_FULL}{_END}", 0.85),
    _dob("birthday_after", rf"(?<![\w./-]){_WHEN}(?= is (?:\w{{1,15}} ){{1,2}}?(?:{_BIRTHDAY}|dob|date of birth|birth ?date)(?!['’]?s? (?:party|lunch|dinner|drinks)))", 0.85),
    _dob("turns", rf"(?<!company )(?<!team )(?<!app )(?<!project )(?<!site )\b(?:turns?|turned|turning|will be|will turn) \d{{1,2}} (?:on |\(){_WHEN}{_END}", 0.8),
)  # fmt: skip

# -- answers -------------------------------------------------------------------------------------------------

_LEAD = (
    r"(?:(?:it['’]?s|it is|that['’]?s|sure|yep|yes|yeah|yup|ok(?:ay)?|hi|hey|oh|uh|um|so|here(?: you go| it is| ya go|['’]s)?"
    r"|mine(?:['’]?s| is)?|hers(?: is)?|his(?: is)?|theirs(?: is)?|should be|i think(?: it['’]?s)?|one sec|one moment|try|use|got it"
    r"|found it|of course|no problem|np|for me|believe it['’]?s|let me check|i believe|my bad|sorry|on|born|is|lol|haha|hmm|ugh|well|fine|no worries)[,:.!\-– …]{0,4}\s{0,2}){0,4}"
)
_TAIL = r"[\"'`*_]?\s{0,2}[.!]{0,2}(?:,? (?:thanks?|thx|ty|cheers|please|pls|i think|fyi|for me))?\s{0,2}(?:\(?:?[a-z_]{2,15}:\)?|[:;]-?\))?\s{0,3}"
_ASKS = (
    r"\?|\b(?:what|whats|what['’]s|which|need|send|give|share|remind|confirm|provide|got|have|drop|paste|enter|type|tell|read|reply"
    r"|may i|can you|could you|please|pls|plz|missing|forgot|looking for)\b"
)


def _asked(words: str) -> re.Pattern[str]:
    """A message of up to 300 characters that asks for one of these, or one that is hardly more than the words."""
    return re.compile(
        rf"(?i)\A(?:(?=[\s\S]{{0,300}}?(?:{_ASKS}))[\s\S]{{0,300}}?|[\w ']{{0,12}}(?=[^\n]{{0,25}}\Z))(?<![a-z])(?:{words})(?![a-z])"
    )


def _answer(
    name: str, label: str, words: str, value: str, score: float = 0.85, check: Check | None = None
) -> Rule:
    regex = re.compile(rf"\A\s{{0,3}}(?i:{_LEAD})[\"'`*_]?(?P<value>{value})(?i:{_TAIL})\Z")
    return Rule(f"answer_{name}", label, regex, score, "annotation guidelines, Conversation", check, _asked(words))  # fmt: skip


def _pair(name: str, pattern: str) -> Rule:
    """One number of the two after "acct and routing?"."""
    regex = re.compile(rf"\A\s{{0,3}}(?i:{_LEAD}){pattern}(?i:{_TAIL})\Z")
    words = r"routing|sort ?code|bsb"
    return Rule(f"answer_{name}", "BANK_ACCOUNT", regex, 0.8, "annotation guidelines, Conversation", None, _asked(words))  # fmt: skip


_NUMBER, _AND = r"(?:\w{2,8} )?(?P<value>\d[\d-]{4,16}\d)", r"(?:,| and| &| /|\n|;|\s)\s{0,3}"
_OTHER = _NUMBER.replace("(?P<value>", "(?:")


def _digits(low: int, high: int) -> str:
    return rf"\d(?:[ .-]?\d){{{low - 1},{high - 1}}}"


# letters and digits with at least four digits and no word among them
_ID = r"(?=(?:[^\d\n]{0,6}\d){4})(?![^\n]{0,24}[a-z]{4})(?![a-z]{2,3} )[A-Za-z0-9](?:[ ./-]?[A-Za-z0-9]){4,19}?"
_PLATE = r"(?=[A-Z ·-]{0,7}\d|\d)(?=[\d ·-]{0,6}[A-Za-z])(?![^\n]{0,12}[a-z]{4})[A-Za-z0-9]{1,4}[ ·-]?[A-Za-z0-9]{1,4}(?:[ ·-]?[A-Za-z0-9]{1,4})?"
_LOGIN = r"(?!(?i:yes|no|sure|ok|okay|yep|nope|idk|dunno|hmm|done|sent|same|one|sec|here|hi|hey|thanks|lol|what|why|which|mine|none|nothing|maybe|checking|dm|dmed|who|wait|later|soon|good|got|will|not)\b[.!]?)[A-Za-z][\w.-]{1,30}[A-Za-z0-9_]"
_STREET = r"(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|terrace|close|square|sq|crescent|highway|hwy|parkway|pkwy|circle|cir|row|gardens|mews|hill|trail|loop|walk|quay|broadway)"
_ADDRESS = rf"\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,? (?:[A-Z0-9][\w'’.-]{{0,20}} ){{0,4}}?(?:{_STREET}\b|[A-Z][\w'’]{{3,20}}\b)[^\n?!;]{{0,80}}?(?:\n[^\n?!;]{{2,60}}){{0,3}}?(?<![\s.,])"
_WORD = r"[^\s\"'`<>]{3,63}[^\s\"'`<>.,;?]"


def _password_answer(value: str) -> bool | None:
    """False for chat: a single plain word may be a password, but most are "thanks", "tomorrow", "checking"."""
    if password(value) is False:
        return False
    return (
        None
        if re.search(r"\d|[!@#$%^&*_=+]\S|\w-\w+-\w", value)
        and not re.match(r"\d{1,2}(?:[:/]|[ap]m|th|min|h)|[@#:]", value)
        else False
    )


def _account_digits(value: str) -> bool | None:
    return False if len(compact(value)) == 16 and luhn_card(value) else None


def _phone_digits(value: str) -> bool | None:
    return None if 7 <= len(re.sub(r"\D", "", value)) <= 18 else False


_SSN = r"ssn|social(?: security)?(?: number| no\.?| #)?|sin|social insurance|itin"
_NATIONAL = rf"{_SSN}|nino?|ni number|national insurance(?: number| no)?|national id|tax id|tin|aadha?ar|pan(?: card| number)|cpf|dni|nie|hkid|nric|bsn|pesel|codice fiscale|personnummer|curp|tfn"
_LAST4 = (
    r"last (?:4|four)[^.\n]{0,30}(?:ssn|social|sin\b)|(?:ssn|social|sin)[^.\n]{0,20}last (?:4|four)"
)
_HEALTHY = r"(?:insurance|health|medical|dental|plan|medicare|medicaid|aetna|cigna|humana|bcbs|kaiser|uhc|subscriber)"
_MEMBER = rf"{_HEALTHY}[^?\n]{{0,25}} (?:id|number|no|#)|(?:id|number|no)[^?\n]{{0,25}} {_HEALTHY}|subscriber id|medicare|mrn|medical record(?: number)?|patient (?:id|number|no)|nhs(?: number| no)?"
_CODES = r"(?:door|gate|alarm|access|entry|verification|security|login|sms|2fa|mfa|garage|lockbox|unlock|backup) ?(?:code|pin)|otp|pin|passcode|one[- ]time (?:code|password)|(?:the|a|your|that) (?:6[- ]digit |six[- ]digit |4[- ]digit )?code"
_PASSWORDS = r"pass ?words?|pass ?phrase|passwd|pwd|pw|wi-?fi(?: pass\w{0,8}| pw)?|password"
_CUSTOMER = r"(?:employee|emp|staff|badge|customer|client|student|member(?:ship)?|loyalty|policy|claim|case|rewards?|frequent[ -]?fl[iy]er|ktn|known traveler)(?: ?(?:id|number|no\.?|num|#|code)){1,2}|emp ?id|badge|frequent[ -]?fl[iy]er|ktn"

_ANSWERS = (
    _answer("ssn", "NATIONAL_ID", _SSN, r"\d{3}[ .-]?\d{2}[ .-]?\d{4}|\d{3}[ -]\d{3}[ -]\d{3}", 0.95),
    _answer("national_id", "NATIONAL_ID", _NATIONAL, rf"{_ID}(?:\([0-9A]\))?", 0.85),
    _answer("ssn_last_four", "NATIONAL_ID", _LAST4, r"\d{4}", 0.9),
    _answer("passport", "PASSPORT", r"passport(?: number| no\.?| #| num)?", _ID, 0.9),
    _answer("license", "DRIVER_LICENSE", r"(?:driv\w{2,4}['’]?s? )?(?:licen[cs]e|dl)(?: number| no\.?| #| num)?(?! plate)(?! key)", _ID, 0.85),
    _answer("plate", "VEHICLE_ID", r"(?:licen[cs]e |number |car )?plates?|rego|reg(?:istration)?(?: number| no| plate)?|tag number", _PLATE),
    _answer("card", "CREDIT_CARD", r"(?:credit |debit |corp(?:orate)? |company )?card(?: number| no\.?| #| num| details| info)?|cc(?: number| #)?|visa|amex|pan", _digits(15, 16), 0.9),
    _answer("cvv", "CREDIT_CARD", r"cvv2?|cvc2?|csc|security code|(?:three|3|four|4) digits on the back|code on the back", r"\d{3,4}", 0.95),
    _answer("account", "BANK_ACCOUNT", r"(?:bank )?(?:account|acct|a/c|acc)(?: number| no\.?| #| num)?|routing|bank details|direct deposit", r"\d{7,17}|\d{2,6}(?:[ -]\d{3,6}){1,4}", 0.85, _account_digits),
    _answer("routing", "BANK_ACCOUNT", r"routing(?: number| no| #)?|aba|sort ?code|bsb|transit", r"\d{9}|\d\d[ -]?\d\d[ -]?\d\d|\d{3}-\d{3}", 0.9),
    _pair("first_number", _NUMBER + _AND + _OTHER),
    _pair("second_number", _OTHER + _AND + _NUMBER),
    _answer("medical_record", "MEDICAL_RECORD", _MEMBER, _ID, 0.85),
    _answer("insured", "MEDICAL_RECORD", r"member(?:ship)? (?:id|number|no)", r"[A-Z]{3}\d{9}|BUPA-\d{5,10}", 0.85),
    _answer("account_id", "ACCOUNT_ID", _CUSTOMER, _ID, 0.8),
    _answer("phone", "PHONE_NUMBER", r"(?<!my )phone|cell|mobile|(?:your|her|his|their|best|callback|contact|whatsapp) (?:number|num|#|digits)|whatsapp|call you|reach (?:you|him|her|them)|landline|fax",
            r"(?:\+?\d{1,3}[ .-]?)?(?:\(\d{2,4}\) ?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?:,? ?(?i:ext?\.?|x) ?\d{1,5})?", 0.8, _phone_digits),
    _answer("birthday", "DATE_OF_BIRTH", r"d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|b-?day|born", rf"(?i:{_DATE}|{_DAY_OF_YEAR})", 0.95),
    _answer("address", "STREET_ADDRESS", r"(?<!email )(?<!e-mail )(?<!ip )(?<!mac )(?<!wallet )(?:home |mailing |shipping |postal |street |billing |delivery )?address|where (?:do|does) (?:you|she|he|they) live|where should (?:i|we) (?:send|ship|mail)|ship (?:it|this) to", _ADDRESS, 0.8),
    _answer("code", "PASSWORD", _CODES, r"[#*]?(?:\d{4,8}|\d{3}[ -]\d{3})[#*]?", 0.9),
    _answer("password", "PASSWORD", _PASSWORDS, _WORD, 0.85, _password_answer),
    _answer("username", "USERNAME", r"user ?name|log-?in(?: name| id)?|user ?id|(?:github|gh|gitlab|twitter|discord|insta\w*|jira|ldap|slack|telegram|reddit|twitch) (?:handle|user ?name|name|login|id|account)|handle|gh user", _LOGIN, 0.75),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_BIRTHS, *_ANSWERS)
