"""Payment cards, bank accounts and wallets."""

import re

from piiguard.rules.rule import Rule
from piiguard.validators import (
    IBAN_LENGTHS,
    aba_routing,
    compact,
    confirm_only,
    crypto,
    iban,
    iban_unless_hidden,
    luhn_card,
    mx_clabe,
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![a-z])(?:{pattern})(?![a-z])")


# -- cards ---------------------------------------------------------------------------------------------------

# ids that are numbers too: what stands right before them
_NOT_AN_ID = (
    r"(?<!order )(?<!order #)(?<!order: )(?<!ticket )(?<!ticket #)(?<!invoice )(?<!invoice #)(?<!tracking )"
    r"(?<!tracking #)(?<!tracking: )(?<!tracking number )(?<!transaction )(?<!txn )(?<!ref )(?<!ref: )(?<!reference )"
    r"(?<!case )(?<!case #)(?<! id )(?<! id: )(?<!_id=)(?<!_id: )(?<!imei )(?<!imei: )(?<!imei is )(?<!serial )"
)
_SEP = r"[ \-.\u00a0\u2010-\u2013]?"
_IIN = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}(?:\d{2,5})?|(?:352[89]|35[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}"
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d|81\d\d|220[0-4])\d{12,15}|(?:50|5[6-9]|6[0-9])\d{10,17}"
)


def known_card(value: str) -> bool:
    """Luhn, and a range that a network uses (Visa, Mastercard, Amex, Diners, JCB, Discover, UnionPay, Maestro, Mir)."""
    return luhn_card(value) and bool(_IIN.fullmatch(compact(value)))


def lone_card(value: str) -> bool:
    """As ``known_card``, of the lengths that little else has: 13, 14, 17 and 18 digits are milliseconds and dates."""
    return known_card(value) and len(compact(value)) in (15, 16, 19)


_CARDS = (
    Rule("card", "CREDIT_CARD",
         re.compile(rf"(?i){_NOT_AN_ID}(?<![\w/.+#-])(?<!\d )(?P<value>\d(?:{_SEP}\d){{14,18}})(?![\w/]|[ .-]?\d)"),
         0.9, "ISO/IEC 7812-1", check=lone_card),
    Rule("card_near", "CREDIT_CARD",
         re.compile(rf"(?<![\w/.+-])(?<!\d )(?P<value>\d(?:{_SEP}\d){{12,18}})(?![\w/]|[.-]?\d)"), 0.9, "ISO/IEC 7812-1",
         check=known_card,
         near=_words(r"card|cc|visa|mastercard|master card|amex|american express|discover|diners|jcb|maestro|debit|credit|pan")),
    Rule("card_before_code", "CREDIT_CARD",
         re.compile(r"(?<![\w/.+-])(?<!\d )(?P<value>\d{4}(?P<s>[ -]?)\d{4}(?P=s)\d{4}(?P=s)\d{4})(?=,? \d{3,4}(?![\d.-]| \d))"), 0.85,
         "ISO/IEC 7812-1", check=known_card),
    Rule("card_before_date", "CREDIT_CARD",
         re.compile(rf"(?<![\w/.+-])(?P<value>\d{{4}}(?:{_SEP}\d){{11,12}})(?= (?:exp\w{{0,8}}:? ?)?(?:0[1-9]|1[0-2]) ?/ ?(?:20)?[2-4]\d\b)"),
         0.9, "ISO/IEC 7813", check=known_card),
    Rule("card_grouped", "CREDIT_CARD",
         re.compile(r"(?<![\w/.+-])(?<!\d )(?P<value>\d{4}(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{4}|3[47]\d\d(?P<t>[ -])\d{6}(?P=t)\d{5})(?![\w/]|[ .-]?\d)"),
         0.75, "ISO/IEC 7812-1", check=luhn_card,
         near=_words(r"(?:credit|debit|corp(?:orate)?|company|bank|visa|amex|payment|virtual|prepaid)\s?card|card (?:number|no|num|details|info|#)|cc ?(?:#|number|num|no)|cvv|cvc|visa|mastercard|amex")),
    Rule("cvv", "CREDIT_CARD",
         re.compile(r"(?i)(?<![a-z])(?:cvv2?|cvc2?|cvn|card (?:security |verification )?code|card verification (?:value|number))\s?(?:code|number|no\.?|#)?\s{0,2}(?:(?:is|[:=#-])\s{0,2}){0,2}(?P<value>\d{3,4})(?![\w%]|[.,:/-]\d| ?(?:digits?|errors?|fail|checks?|ms|rows))"),
         0.9, "ISO/IEC 7813, EMVCo"),
    Rule("cvv_security_code", "CREDIT_CARD",
         re.compile(r"(?i)(?<![a-z])(?:security code|csc|cid|sec code|code on the back)\s{0,2}(?:(?:is|[:=#-])\s{0,2}){0,2}(?P<value>\d{3,4})(?!\w|[.,:/-]\d)"),
         0.85, "ISO/IEC 7813", near=_words(r"card|visa|mastercard|amex|exp(?:iry|ires|iration)?|debit|credit|cc")),
    Rule("cvv_after", "CREDIT_CARD",
         re.compile(r"(?i)(?<![\w/.:,$-])(?P<value>\d{3,4})\s{0,2}\(?(?:is the |is my |as |= ?)?(?:cvv|cvc)2?(?!\s{0,2}(?:(?:is|[:=#])\s{0,2})?\d|\w)"),
         0.85, "ISO/IEC 7813"),
    Rule("cvv_before_date", "CREDIT_CARD", re.compile(r"(?i)(?<=\d{4})[ ,|]{1,3}(?P<value>\d{3,4})(?=,? exp\w{0,8}:? ?(?:0?[1-9]|1[0-2]) ?/ ?(?:20)?[2-4]\d)"),
         0.85, "ISO/IEC 7813"),
    Rule("cvv_on_back", "CREDIT_CARD", re.compile(r"(?i)(?:digits|code|number) on (?:the )?(?:back|front)(?: of (?:the |my )?card)?\s{0,2}(?:is|:)?\s{0,2}(?P<value>\d{3,4})(?!\w|[.,:/-]\d)"),
         0.85, "ISO/IEC 7813"),
    Rule("cvv_after_date", "CREDIT_CARD",
         re.compile(r"(?i)\d{4}[ ,|]{1,3}(?:exp\w{0,8}:? ?)?(?:0?[1-9]|1[0-2]) ?/ ?(?:20)?[2-4]\d[ ,|]{1,3}(?P<value>\d{3,4})(?![\w/:.-])"),
         0.85, "ISO/IEC 7813"),
)  # fmt: skip

# -- bank accounts -------------------------------------------------------------------------------------------


def _iban_pattern() -> str:
    """One branch per length, so that an IBAN ends where its country says and no following word joins it."""
    by_length: dict[int, list[str]] = {}
    for country, length in IBAN_LENGTHS.items():
        by_length.setdefault(length, []).append(country)
    branches = (
        rf"(?:{'|'.join(countries)})[ -]?\d\d(?:[ -]?[A-Z0-9]){{{length - 4}}}"
        for length, countries in sorted(by_length.items())
    )
    return rf"(?i)(?<![A-Z0-9])(?:{'|'.join(branches)})(?![A-Z0-9])"


_IBAN = re.compile(_iban_pattern())
_ACCOUNT = r"(?:bank |checking |savings |chequing |current |deposit )?(?:account|acct|a/c|acc)\.?\s?(?:numbers?|no\.?|num\.?|nr\.?|nbr|#)"
_TO = r"\s{0,2}(?:(?:\bis\b|[:=#]|(?<=\s)-(?=\s))\s{0,2}){0,2}"
_NO_BANK = r"(?<!aws )(?<!gcp )(?<!azure )(?<!github )(?<!customer )(?<!user )(?<!service )(?<!client )(?<!billing )(?<!utility )"
_BANK_WORDS = (
    r"bank\w*|checking|savings|chequing|routing|aba|sort(?:ing)?(?:[ -]?codes?)?|wire\w*|direct deposit|payroll|deposit\w*|iban|swift|bic"
    r"|ach|bsb|transit|institution|ifsc|neft|imps|branch|beneficiary|payee|transfer\w*|chase|barclays|hsbc|wells fargo|lloyds|monzo|revolut"
    r"|natwest|citibank|santander|commonwealth|westpac|anz|hdfc|icici|sbi|td"
)
_DIGITS = r"(?P<value>\d(?:[ -]?\d){5,16})(?![\w]|[-/.]\d)"

_UPI = (
    "okhdfcbank|okicici|oksbi|okaxis|ybl|ibl|axl|paytm|ptyes|ptaxis|pthdfc|ptsbi|apl|yapl|rapl|upi|axisbank|hdfcbank|icici"
    "|sbi|kotak|barodampay|pnb|idfcbank|idfcfirst|indus|federal|rbl|yesbank|ikwik|freecharge|jupiteraxis|fam|superyes|slc"
    "|waaxis|wahdfcbank|waicici|wasbi|airtel|jio|postbank|unionbank|cnrb|uboi|aubank|dbs|hsbc|citi|sc|naviaxis|yescred"
    "|axisb|timecosmos|tapicici|sliceaxis|pingpay|amazonpay|kbl|mahb|obc|iob|idbi|dlb|equitas|bandhan|abfspay|axisgo"
)

_BANKS = (
    Rule("iban", "BANK_ACCOUNT", _IBAN, 0.9, "ISO 13616-1, SWIFT IBAN registry", check=iban),
    Rule("iban_near", "BANK_ACCOUNT", _IBAN, 0.8, "ISO 13616-1", check=iban_unless_hidden, near=_words(r"iban")),
    Rule("aba", "BANK_ACCOUNT", re.compile(r"(?<![\w/.+-])(?<!\d )\d{9}(?![\w/]|[.-]\d)"), 0.8,
         "ABA Routing Number Policy", check=aba_routing, near=_words(r"routing|rtn|aba|ach")),
    Rule("aba_named", "BANK_ACCOUNT",
         re.compile(rf"(?i)(?<![a-z])(?:routing|rtn|aba)(?: transit)?(?:\s?(?:numbers?|no\.?|num|#|code))?{_TO}(?P<value>\d{{9}}|\d{{4}}[ -]\d{{4}}[ -]\d)(?!\w|[.-]\d)"),
         0.85, "ABA Routing Number Policy", check=confirm_only(aba_routing)),
    Rule("account_number", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![a-z]){_NO_BANK}{_ACCOUNT}{_TO}{_DIGITS}"), 0.8,
         "ISO 13616-1 (BBAN)"),
    Rule("account_short", "BANK_ACCOUNT",
         re.compile(rf"(?i)(?<![a-z]){_NO_BANK}(?:(?:bank|checking|savings|chequing) (?:account|acct)|bank acc){_TO}{_DIGITS}"),
         0.8, "ISO 13616-1 (BBAN)"),
    Rule("account_near", "BANK_ACCOUNT",
         re.compile(rf"(?i)(?<![a-z]){_NO_BANK}(?:account|accnt|acct|acc|a/c|checking|savings|chequing){_TO}{_DIGITS}"),
         0.75, "ISO 13616-1 (BBAN)", near=_words(_BANK_WORDS)),
    Rule("account_before_routing", "BANK_ACCOUNT",
         re.compile(r"(?i)(?<![\w/.+#-])(?<!\d )(?P<value>\d(?:[ -]?\d){6,16})(?=(?:,| /| and|;|\n)? ?(?:aba|routing|rtn|sort code)\b)"), 0.8,
         "ISO 13616-1 (BBAN)"),
    Rule("sort_code", "BANK_ACCOUNT", re.compile(r"(?<![\w/.+-])(?P<value>\d\d-\d\d-\d\d|\d\d[ –]\d\d[ –]\d\d)(?![\w/]|[.-]\d)"),
         0.85, "Pay.UK EISCD", near=_words(r"sort(?:ing)?[ -]?codes?|s/c")),
    Rule("sort_code_bare", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![a-z])(?:sort(?:ing)?(?:[ -]?code)?|s/c){_TO}(?P<value>\d{{6}}|\d\d[- ]\d\d[- ]\d\d)(?!\w|[.-]\d)"),
         0.85, "Pay.UK EISCD"),
    Rule("account_by_sort_code", "BANK_ACCOUNT", re.compile(r"(?<![\w/.+-])\d{8}(?!\w|[-/.]\d)"), 0.8, "Pay.UK EISCD",
         near=_words(r"sort[ -]?codes?")),
    Rule("bsb", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![a-z])bsb(?:\s?(?:numbers?|no\.?|#|code))?{_TO}(?P<value>\d{{3}}[ -]?\d{{3}})(?!\w|[.-]\d)"),
         0.9, "AusPayNet BSB register"),
    Rule("bsb_near", "BANK_ACCOUNT", re.compile(r"(?<![\w/.+-])\d{3}-\d{3}(?![\w/]|[.-]\d)"), 0.85, "AusPayNet BSB register",
         near=_words("bsb")),
    Rule("transit", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![a-z])transit(?:\s?(?:numbers?|no\.?|num|#))?{_TO}(?P<value>\d{{5}}(?:-\d{{3}})?)(?!\w|[.,-]\d)"),
         0.8, "Payments Canada Rule 2", near=_words("institution|inst|account|acct|che(?:que|ck)")),
    Rule("institution", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![a-z])inst(?:itution)?(?:\s?(?:numbers?|no\.?|num|#))?{_TO}(?P<value>\d{{3}})(?!\w|[.,-]\d)"),
         0.8, "Payments Canada Rule 2", near=_words("transit")),
    Rule("clabe", "BANK_ACCOUNT", re.compile(r"(?<![\w/.+-])\d{3}[ -]?\d{3}[ -]?\d{11}[ -]?\d(?![\w/]|[.-]?\d)"), 0.85,
         "Banco de México, CLABE", check=confirm_only(mx_clabe), near=_words(r"clabe|interbancaria|spei")),
    Rule("ifsc", "BANK_ACCOUNT", re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{4}0[A-Z0-9]{6}|(?<=ifsc )[a-z]{4}0[a-z0-9]{6}|(?<=ifsc: )[a-z]{4}0[a-z0-9]{6})(?![A-Za-z0-9])"),
         0.9, "Reserve Bank of India", near=_words(r"ifsc(?: code)?|neft|rtgs|imps|bank|branch|a/c|acct|account|acc")),
    Rule("upi", "BANK_ACCOUNT", re.compile(rf"(?i)(?<![\w.+%/-])[a-z0-9][\w.-]{{1,49}}@(?:{_UPI})(?![\w-]|\.\w)"), 0.9,
         "NPCI, list of UPI handles"),
)  # fmt: skip

# -- wallets -------------------------------------------------------------------------------------------------

_B58 = "[1-9A-HJ-NP-Za-km-z]"


def _wallet(name: str, pattern: str, source: str, near: str = "") -> Rule:
    """``near``: the coin's own words, for forms that other things have too; a made-up address counts there."""
    regex = re.compile(rf"(?<![A-Za-z0-9/]){pattern}(?![A-Za-z0-9])")
    if not near:
        return Rule(name, "CRYPTO", regex, 0.9, source, crypto)
    return Rule(
        name, "CRYPTO", regex, 0.8, source, confirm_only(crypto), _words(f"wallets?|{near}")
    )


_WALLETS = (
    _wallet("btc", rf"[13]{_B58}{{25,33}}", "Bitcoin wiki, Base58Check"),
    _wallet("btc_bech32", r"(?:(?:bc|tb)1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})", "BIP-173, BIP-350"),
    _wallet("evm", r"0x[0-9a-fA-F]{40}", "EIP-55"),
    _wallet("tron", rf"T{_B58}{{33}}", "TRON developer hub"),
    _wallet("litecoin", rf"[LM]{_B58}{{26,33}}", "Litecoin chainparams"),
    _wallet("litecoin_bech32", r"ltc1[02-9ac-hj-np-z]{11,71}", "BIP-173"),
    _wallet("dogecoin", rf"D[5-9A-HJ-NP-U]{_B58}{{32}}", "Dogecoin chainparams"),
    _wallet("dash", rf"X{_B58}{{33}}", "Dash chainparams"),
    _wallet("zcash", rf"t[13]{_B58}{{33}}", "ZIP 173"),
    _wallet("bitcoin_cash", r"bitcoincash:[qp][02-9ac-hj-np-z]{41}", "CashAddr"),
    _wallet("cardano", r"addr1[02-9ac-hj-np-z]{50,103}", "CIP-19"),
    _wallet("cosmos", r"(?:cosmos|osmo)1[02-9ac-hj-np-z]{38}", "Cosmos SDK, BIP-173"),
    _wallet("monero", rf"[48][0-9AB]{_B58}{{93}}", "Monero, CryptoNote address"),
    _wallet("stellar", r"G[A-D][A-Z2-7]{54}", "SEP-23", "stellar|xlm"),
    _wallet("ripple", rf"(?=[A-Za-z]{{1,30}}\d)r{_B58}{{24,34}}", "XRPL, Base58 encodings", "xrp|ripple|xrpl"),
    _wallet("solana", rf"(?=[A-Za-z]{{0,30}}\d)(?=[^A-Z]{{0,30}}[A-Z]){_B58}{{43,44}}", "Solana documentation", "sol|solana|phantom"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_CARDS, *_BANKS, *_WALLETS)
