"""Codes that an organisation gives to one person, and a person's logins and handles.

The word that names the kind of code stands right before it: numbers of orders, tickets, invoices, builds and
parcels belong to things and are left alone.
"""

import re

from piiguard.rules.rule import Rule
from piiguard.rules.secrets import is_placeholder

# -- codes ---------------------------------------------------------------------------------------------------

_ID = r"(?:\s?(?:id|ids|i\.d\.|numbers?|no\.?|num\.?|nr\.?|nbr\.?|code|#))"
_TO = r"['\"`]?\s{0,2}(?:(?:\b(?:is|was)\b|[:=#→]|->)\s{0,2}){0,2}['\"`]?"
_FOR = r"(?: (?:for|of) [\w.'’-]{1,20}(?: [\w.'’-]{1,20})?)?"
# capitals, digits and their separators: AB-4091, 40911, FF 882 104 66 only where digits go on in groups
_CODE = (
    r"(?-i:(?P<value>(?=[A-Za-z/-]{0,9}\d)[A-Z0-9][A-Z0-9]{0,15}(?:[-/][A-Z0-9]{1,12}){0,4}(?: \d{3,4}){0,3}"
    r"|[a-z]{1,4}-?\d{3,12}))(?![\w@]|[.:/]\d|-\w|,\d{3})"
)


def _somebodys(value: str) -> bool | None:
    """False for years, counts and what holds too few digits."""
    digits = re.sub(r"\D", "", value)
    return False if len(digits) < 3 or re.fullmatch(r"(?:19|20)\d\d", value) else None


def _code(
    name: str, words: str, score: float = 0.8, *, id_word: str = "{1,2}", digits: int = 3
) -> Rule:
    """``id_word``: how many of "id", "no", "#" must follow the words; ``digits``: how many the code has at least."""
    enough = rf"(?=(?-i:[A-Za-z/ -]{{0,9}}\d){{{digits}}})"
    pattern = rf"(?i)(?<![\w./-])(?:{words}){_ID}{id_word}{_FOR}{_TO}{enough}{_CODE}"
    source = "annotation guidelines, ACCOUNT_ID"
    return Rule(name, "ACCOUNT_ID", re.compile(pattern), score, source, _somebodys)


_CODES = (
    _code("employee", r"employee|emp|staff|badge|personnel|payroll|worker|workday|associate|contractor|hr(?: file)?|clock"),
    _code("customer", r"customer|cust|client|subscriber account|account holder|cif|customer account|client account"),
    _code("member", r"member|membership|library card|gym|rewards?|loyalty|clubcard|nectar|aadvantage|skymiles|mileage ?plus|bonvoy|avios"),
    _code("loyalty", r"frequent[ -]?fl[iy]er|known traveler|known traveller|ktn|redress|rewards? card|loyalty card|miles ?(?:&|and) ?more|skymiles|mileageplus|aadvantage|bonvoy|hilton honors|tsa ?pre(?:check|✓)?",
          id_word="{0,2}"),
    _code("student", r"student|matriculation|matric(?:ulation)?|enrol?lment|ucas|university|uni|school"),
    _code("policy", r"(?:insurance |car |auto |home |life |travel |pet |renters )?policy(?:holder)?|pension|401k|super(?:annuation)?|brokerage account|loan(?: account)?|mortgage|utility account|electric account"),
    _code("claim", r"claim(?:ant)?|workers'? comp(?: claim)?|case file|court case|immigration case|hr case|uscis|receipt notice|docket"),
    _code("case", r"(?<!test )(?<!use )(?<!edge )(?<!support )case", 0.7),
    _code("claim_bare", r"(?:insurance|my|her|his|their|workers'? comp|visa|uscis|immigration|court|hr|asylum) (?:claim|case)", id_word="{0,1}"),
    _code("badge_bare", r"badge|employee|emp|student|policyholder", 0.75, id_word="{0,1}", digits=4),
    Rule("bare", "ACCOUNT_ID", re.compile(r"(?i)(?<![\w./-])(?:policy|policyholder|matriculation|roll no\.?|customer|member|claim|loyalty card|library card)[ :(]{1,2}(?-i:(?P<value>[A-Z]{1,4}-?\d{5,12}|\d{6,12}))(?![\w@]|[.:/]\d|-\w|,\d{3}| (?:rows|requests|records|users|times|people))"),
         0.7, "annotation guidelines, ACCOUNT_ID"),
    Rule("prefixed", "ACCOUNT_ID", re.compile(r"(?i)(?<![\w./-])(?:emp(?:loyee)?|cust(?:omer)?|mem(?:ber)?|stu(?:dent)?|clm|claim)[-_]?\d{4,10}(?![\w@-]|[.:/]\w)"),
         0.7, "annotation guidelines, ACCOUNT_ID"),
    Rule("uscis_receipt", "ACCOUNT_ID", re.compile(r"(?<![A-Z0-9])(?:EAC|WAC|LIN|SRC|IOE|MSC|NBC|YSC)-?\d{10}(?!\w)"), 0.85,
         "USCIS, receipt number"),
)  # fmt: skip

# -- logins and handles --------------------------------------------------------------------------------------

_SERVICE = frozenset(
    """root admin administrator postgres postgresql mysql ubuntu debian centos fedora ec2-user azureuser opc vagrant deploy
    deployer deploy-bot git gitlab github www www-data nginx apache oracle sa test tester testuser user username guest nobody
    anonymous daemon system service svc jenkins ansible terraform circleci runner build ci cd bot ops devops backup
    replicator airflow readonly app api web db dba default docker node kafka redis mongo elastic kibana grafana prometheus pi sys
    dependabot renovate renovate-bot codecov support info sales hr it security noreply no-reply me my myself your you the
    a an and or not is was to for with via in on at of from by as it this that then than their his her our email mail
    sso saml okta ldap oauth google microsoft facebook twitter apple slack jira password pass passwd pw phone number name
    names field fields page pages screen form button link flow flows issue issues error errors failed fails fail failure
    broken down up here there below above required optional missing invalid unknown taken exists null none nil undefined
    string str text varchar true false same actions action copilot enterprise pages desktop cli workflow workflows repo
    repos org orgs token tokens app apps login logins log handle url uri works working now again only once still also
    com io localhost http https org net access account accounts again session sessions""".split()  # noqa: SIM905
)
_NAME = r"(?P<value>[A-Za-z][\w.-]{1,37}[A-Za-z0-9_]|(?-i:[A-Z]{2}\d{4,8}))(?![\w(\[{=/]|@\w|\.\w|-\w|:)"


def _login(value: str) -> bool | None:
    """False for service accounts and for the words that follow "login" in talk."""
    bare = value.lower().strip("_.-")
    if (
        bare in _SERVICE
        or is_placeholder(value)
        or re.match(
            r"(?:svc|srv|service|bot|sa|app|ci|test|deploy|admin|kafka|postgres|mysql|redis|nginx|jenkins|ansible|docker|k8s|prometheus|grafana|elastic|airflow)[._-]|.*[._-](?:bot|svc|service|sa|app|prod|staging|dev|test|user|ci)$",
            bare,
        )
    ):
        return False
    return False if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", value) else None  # fmt: skip


def _no_word(value: str) -> bool | None:
    """As ``_login``, where a plain word would be talk: a digit, an inner mark or a capital inside must show a login."""
    marked = re.search(r"\d|[._-]|[a-z][A-Z]", value)
    return _login(value) if marked else False


def _no_identifier(value: str) -> bool | None:
    """As ``_no_word``; a lone hyphen, a trailing version or an upper-case code is a thing's."""
    inner = re.search(r"[a-z]\d|[a-z][._][a-z]", value)
    return (
        _no_word(value)
        if inner
        and not re.match(r"v?\d|[a-z]{1,4}\d?$|\w+_(?:id|ids|name|table|count|key)$", value)
        else False
    )


_SITES = (
    "github|gh|gitlab|bitbucket|twitter|insta(?:gram)?|ig|linkedin|reddit|discord|telegram|tg|skype|snap(?:chat)?|tiktok"
    "|twitch|steam|psn|xbox|mastodon|bluesky|bsky|threads|npm|pypi|docker ?hub|kaggle|leetcode|stack ?overflow|venmo"
    "|cash ?app|spotify|strava|signal|wechat|line|kakao|jira|ldap|okta|ad|vpn|sso|citrix|sap|salesforce|aws|gcp|azure|servicenow"
)
_SAYS = r"['\"`]?\s{0,2}(?:(?:\b(?:is|was|will be)\b|[:=→]|->)\s{0,2}){1,2}['\"`]?@?"

_LOGINS = (
    Rule("username", "USERNAME", re.compile(rf"(?i)(?<![\w.$?&-])(?:user[ _-]?name|user[ _-]?id|log-?in(?: name| id)?|handle|screen name|gamertag|nick(?:name)? on \w{{2,12}}){_FOR}{_SAYS}{_NAME}"),
         0.8, "RFC 7613", check=_login),
    Rule("user_field", "USERNAME", re.compile(rf"(?i)(?<![\w.$?&/-])(?:user|usr|uid|acct|u/n|un)\s{{0,2}}[:=]\s{{0,2}}['\"`]?{_NAME}"),
         0.7, "RFC 7613", check=_login),
    Rule("user_and_pass", "USERNAME", re.compile(r"(?i)(?<![\w.-])(?:user(?:name)?|login)\s{0,2}[:=]?\s{0,2}['\"`]?(?P<value>[A-Za-z][\w.-]{1,37})['\"`]?\s{0,2}[,/|;&]?\s{0,2}(?:and )?(?:pass(?:word|wd)?|pw|pwd)\b(?=\s{0,2}[:=]?\s{0,2}\S{4})"),
         0.8, "RFC 7613", check=_login),
    Rule("site_handle", "USERNAME", re.compile(rf"(?i)(?<![\w./@-])(?:{_SITES})(?: (?:user(?:name)?|handle|login|id|name|acct|account|profile))?{_SAYS}{_NAME}"),
         0.75, "annotation guidelines, USERNAME", check=_no_word),
    Rule("site_handle_named", "USERNAME", re.compile(rf"(?i)(?<![\w./@-])(?:{_SITES}) (?:user(?:name)?|handle|login|screen ?name|nick|tag){_SAYS}{_NAME}"),
         0.85, "annotation guidelines, USERNAME", check=_login),
    Rule("on_site", "USERNAME", re.compile(rf"(?i)(?:\b(?:i['’]?m|i am|she['’]?s|he['’]?s|find (?:me|her|him)|add (?:me|her|him)|follow (?:me|her|him)|it['’]?s|known) (?:at |as |on (?:{_SITES}) (?:as|at) )?)@?{_NAME}(?= on (?:{_SITES})\b)"),
         0.8, "annotation guidelines, USERNAME", check=_no_word),
    Rule("me_on_site", "USERNAME", re.compile(rf"(?i)\b(?:find|add|follow|dm|ping|message|hit) (?:me|her|him|them)(?: up)? on (?:{_SITES})(?: as| at|:|,| -)? ?@?{_NAME}"),
         0.8, "annotation guidelines, USERNAME", check=_no_word),
    Rule("handle_after_site", "USERNAME", re.compile(rf"(?i)(?<![\w./@-])(?:psn|xbox|steam|discord|insta(?:gram)?|venmo|skype|telegram|tiktok|snap(?:chat)?|github|gh) @?{_NAME}"),
         0.7, "annotation guidelines, USERNAME", check=_no_identifier),
    Rule("for_user", "USERNAME", re.compile(rf"(?i)\b(?:for|my|new|of|by|locked out) user(?:name)?(?: is)? ['\"`]?{_NAME}"),
         0.7, "annotation guidelines, USERNAME", check=_no_identifier),
    Rule("log_in_as", "USERNAME", re.compile(rf"(?i)\b(?:log(?:ged|ging)? ?in(?:to \w{{2,20}})?|sign(?:ed|ing)? ?in(?:to \w{{2,20}})?|ssh(?: in)?|login|authenticat\w{{1,4}}|rdp) (?:as|with(?: user(?:name)?)?|using) ['\"`]?(?:user )?{_NAME}"),
         0.8, "annotation guidelines, USERNAME", check=_no_word),
    Rule("ssh", "USERNAME", re.compile(r"(?<![\w/-])(?:ssh|scp|sftp|rsync|mosh)(?: -[A-Za-z0-9]{1,4}(?: ?[\w./~-]{1,60})?){0,4} (?:[\w./~-]{1,60} ){0,2}(?P<value>[a-z][\w.-]{1,31})@[\w.-]{2,80}"),
         0.8, "ssh(1)", check=_login),
    Rule("cli_user", "USERNAME", re.compile(r"(?<![\w-])(?:--user(?:name)?[ =]|(?:psql|mysql|docker login|sqlplus|smbclient|kinit|su|sudo -u|chage)(?: -[a-tv-z] ?[\w./-]{1,40}){0,3} (?:-[uUl] ?|- )?)['\"`]?(?P<value>[a-z][\w.-]{1,31})(?![\w.(=@/:-])"),
         0.7, "psql(1), mysql(1), su(1)", check=_no_word),
    Rule("profile_url", "USERNAME", re.compile(r"(?i)(?<![\w-])(?:(?:twitter|x|instagram|tiktok|t|threads|venmo)\.(?:com|me|net)/(?:u/)?@?|linkedin\.com/in/|reddit\.com/u(?:ser)?/|t\.me/)(?P<value>(?!(?:p|reel|hashtag|search|home|explore|i|share|intent|joinchat|status|r)(?:[/?]|\b))[a-z][\w.-]{2,37}[a-z0-9_])(?![\w/])"),
         0.7, "URL forms of the services", check=_login),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_CODES, *_LOGINS)
