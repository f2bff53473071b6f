"""Fillers: values without a label that look like those with one."""

from collections.abc import Callable, Sequence

from training.generators import infrastructure, lookalikes, organisations
from training.generators.dates import MONTHS, SHORT, WEEKDAYS, other_date
from training.generators.draw import Random, chance, digits, fill, pick, shaped, words
from training.generators.emails import domain

#: Already Slack's wire text (``<@U...>``, ``<#C...|name>``): who joins a message must not escape these. All other
#: values are as typed: a placeholder comes as ``<your-api-key>``.
WIRE_FILLERS: frozenset[str] = frozenset({"mention", "channel"})
#: Words like any other: typed in lower case and with typos as often as what stands around them. Were they always
#: capitalised, a name in lower case would be known by that alone.
WORD_FILLERS: frozenset[str] = frozenset(
    words("city company country food job month product project team weekday")
)

_CHANNELS = words("""general random engineering eng-oncall incidents help-it people-ops payroll sales-emea
support-tier2 deploys alerts-prod releases design-crit data-platform ask-legal announcements
lunch dogs book-club hiring proj-apollo cust-acme security-reports finance-ops new-hires
london-office""")
_ENVS = words("""DB_PASSWORD API_KEY AWS_SECRET_ACCESS_KEY STRIPE_SECRET_KEY GITHUB_TOKEN SLACK_BOT_TOKEN
DATABASE_URL JWT_SECRET OPENAI_API_KEY REDIS_URL SENTRY_DSN NPM_TOKEN SMTP_PASS AUTH_TOKEN
SESSION_SECRET ENCRYPTION_KEY LOG_LEVEL NODE_ENV PORT TZ""")
_EMOJIS = words("""wave tada thumbsup +1 eyes pray rocket fire joy heart white_check_mark x warning rotating_light
sob thinking_face clap raised_hands 100 party_parrot coffee bug ship lock key birthday
sweat_smile rose sunny""")
_SERVICE_ACCOUNTS = words("""root admin postgres deploy-bot jenkins www-data ubuntu ec2-user svc-billing svc_backup ci-runner
nobody git sa system terraform airflow github-actions[bot] dependabot nginx mysql oracle guest
administrator service-account-7 etl_user readonly app_rw kafka-connect datadog-agent""")
_TABLES = words("""users customers orders order_items payments invoices employees patients audit_log sessions
events accounts public.users dim_customer fact_sales stg_orders raw.leads crm_contacts
subscriptions tmp_backfill""")
_COLUMNS = words("""email ssn first_name last_name full_name phone dob date_of_birth user_id customer_id created_at
address zip card_last4 iban password_hash passport_no api_key ip_address is_active
account_number license_plate mrn salary""")
_PLACEHOLDERS = words("""<your-api-key> <your-password> <password> <API_KEY> <token> <redacted> YOUR_API_KEY YOUR_TOKEN_HERE
your-secret-here INSERT_KEY_HERE $DB_PASS $API_KEY ${DB_PASSWORD} ${SECRET} $(vault_token) changeme CHANGEME xxxxxxxx XXXXXXXX
sk-xxxx sk-XXXXXXXXXXXXXXXX AKIAXXXXXXXXXXXXXXXX ghp_xxxxxxxxxxxxxxxxxxxx xoxb-xxxx-xxxx ******** •••••••• <insert-token>
[REDACTED] [your_password] %PASSWORD% {api_key} {{secret}} todo-replace-me REPLACE_ME <username> <email> $TOKEN dummy-token
process.env.API_KEY os.environ['TOKEN'] secrets.DEPLOY_KEY <ssn> XXX-XX-XXXX""")
_MASKED = words("""***-**-#### XXX-XX-#### xxx-xx-#### ****␣****␣****␣#### ****␣#### xxxx#### XXXX-XXXX-XXXX-####
\\*#### ••••#### ••••␣#### ...#### x#### \\[redacted] \\<redacted\\>
[a-z]***\\@<gmail.com|acme.com|work.io> (***)␣***-#### +1␣***␣***␣## ****-****-####
DE**␣****␣****␣#### \\*\\*\\*\\*\\* sk_live_****#### AKIA************[A-Z]{4} ##/##/****
\\[REMOVED] ████""")


def _time(rng: Random) -> str:
    hour, minute = (
        int(rng.random() * 24),
        pick(rng, ("00", "00", "15", "30", "45", digits(rng, 1).join(("1", "")))),
    )
    twelve = hour % 12 or 12
    half = "am" if hour < 12 else "pm"
    zone = pick(rng, ("", "", "", " UTC", " CET", " PST", " ET", " EST", " GMT", " IST"))
    shapes = (
        f"{twelve}{half}",
        f"{twelve}:{minute}{half}",
        f"{twelve}:{minute} {half.upper()}",
        f"{hour}:{minute}",
        f"{hour:02}:{minute}{zone}",
        f"{twelve}{half}{zone}",
        f"{hour:02}:{minute}:{fill(rng, '[0-5]#')}",
        "noon",
        f"{twelve}:{minute}",
        f"{hour:02}h{minute}",
        "EOD",
        "half past " + str(twelve),
    )
    return pick(rng, shapes)


def _weekday(rng: Random) -> str:
    day = pick(rng, WEEKDAYS)
    return pick(rng, (day, day, day.lower(), day[:3], day[:3].lower()))


def _month(rng: Random) -> str:
    number = int(rng.random() * 12)
    return pick(rng, (MONTHS[number], MONTHS[number], MONTHS[number].lower(), SHORT[number]))


_duration = shaped(
    *words("""%#␣min %#␣minutes %␣hours %h %#␣days %␣weeks %wk %␣months <two|three|six>␣weeks %␣sprints
half␣an␣hour %#s #ms %##ms a␣couple␣of␣days %.5␣hours %h␣%#m 90␣days an␣hour %␣years""")
)
_number = shaped(
    *words("""% %# %## %,### %#,### %##,### %.#M %#k %##k %#K %.#k %.#m %#m %##M %.#bn %### %#{4} %.## %,###,### 1% a␣dozen %#{5} %#{6}
%␣%##␣### %.###.###""")
)
_amount = shaped(
    *words("""$%# $%## $%,### $%#,###.## $%##.## $%#k €%## €%.###,## £%# £%,### %##␣USD %,###␣EUR %k $%.#M
₹%,##,### %##␣bucks ¥%#,### CHF␣%##.00 USD␣%,###.00 -$%#.## R$␣%##,## %#.##
%##k␣ARR %##k␣<MRR|ARR|NRR> $%##k␣ARR $%.#M␣ARR €%##k␣ACV %.#m␣<EUR|USD|GBP> %##k␣<GBP|CHF|SEK> %.#␣million %##␣thousand
%#␣lakh %␣crore %##k␣<TCV|GMV|budget> A$%,### £%.#m %#,###␣<dollars|euros|pounds> %##,00␣€ %.###,##␣€ USD␣%##k""")
)
_percent = shaped("%#\\%", "%\\%", "%#.#\\%", "99.#{1,2}\\%", "0.#\\%", "1##\\%", "%# percent")
_ticket = shaped(
    *words("""OPS-%### JIRA-%## PROJ-%### ENG-%#### INFRA-%## HR-%## SUP-%#{4} \\#%### \\#%#{4} INC00#{5}
INC-%### CHG00#{5} REQ%#{5} RITM00#{5} SEC-%## TKT-%#{4} GH-%## BUG-%### [A-Z]{3,4}-%## PR␣\\#%###
!%### ZD-%#{5} %#{5} CS-%#{4} FRESH-%## data-%##""")
)
_order = shaped(
    *words("""\\#%#{4} \\#%#{5} ORD-%#{5} ORD-202#-%### SO-%#{4} SO%#{5} 1%#-#{7}-#{7} %#{6} %#{8} W%#{8} R%#{8}
OD#{12} [A-Z]{2}%#{6} order-%#{4} %##-#{7}-#{7} EU-%#{6} TO-%### [A-Z0-9]{9} \\#[A-Z]{2}%###""")
)
_invoice = shaped(
    *words("""INV-%### INV-202#-%## INV%#{5} inv_%#{5} \\#%### RE-202#-#{4} F-202#/%## %#{6} IN%#{7}
INV/202#/#{4} [A-Z]{3}-#{4} 202#-#{4} CINV-#{6} SI-%#{4} FA%#{4} 2#{5}""")
)
_po = shaped(
    *words(
        """PO-%#{4} PO%#{5} PO␣\\#%### 45#{8} PO-202#-%## P%#{5} 4500#{6} po_%### %#{6} PO#{8}"""
    )
)
_sku = shaped(
    *words("""SKU-%#{4} [A-Z]{3}-#{4}-[A-Z]{2} [A-Z]{2}#{3}-<BLK|WHT|RED|XL|SM> #{12} [A-Z]{4}#{4} B0[A-Z0-9]{8}
#{6}-#{3} TSH-<RED|BLU|GRN>-<S|M|L|XL> P/N␣#{3}-#{5} MX-#{4}[A-Z] [A-Z]#[A-Z]{2}#{2}-#{3} 0#{11}
SN-[A-Z0-9]{10}""")
)
_tracking = shaped(
    *words("""1Z[0-9A-Z]{6}#{10} 1Z[0-9A-Z]{6}#{10} 94#{20} 9400␣1#{3}␣#{4}␣#{4}␣#{4}␣## #{12} 7%#{10} %#{14}
JD0#{16} JJD#{18} [A-Z]{2}#{9}<US|GB|DE|CN|NL> TBA#{12} 00#{18} 3S[A-Z]{4}#{9} #{10} JVGL#{10}
4#{19}""")
)


_meeting = shaped(
    *words("""8##␣#{4}␣#{4} 9##␣#{4}␣#{4} #{3}␣#{4}␣#{4} #{3}-#{4}-#{4} #{3}␣#{3}␣#{3} #{3}␣#{3}␣#{4} #{3}-#{3}-#{4}
%##␣###␣#### #{11} #{10} [a-z]{3}-[a-z]{4}-[a-z]{3} #{3}-#{3}-#{3} 2##␣###␣###␣## #{9} 8##-#{4}-#{4} 2#{3}␣###␣#{4}""")
)
_flight = shaped(
    "<BA|LH|AA|UA|DL|AF|KL|EK|QF|SQ|AI|TK|WN|B6|FR|U2|AC|NH> %##",
    "<BA|LH|AA|UA|DL|AF|KL|EK|QF|SQ|AI|TK|WN>%##",
    "<UA|DL|AA|SW>%###",
    "<ICE|TGV|RE|IC> %##",
)
_age = shaped("%", "%#", "%#", "%#", "<2|3|4|5|6>#", "%#", "<twelve|thirty|forty|nine>")


def _no_reply(rng: Random) -> str:
    return fill(
        rng,
        "<no-reply|noreply|no-reply|donotreply|do-not-reply|mailer-daemon|notifications|alerts-noreply|jira-noreply|postmaster|bounce>\\@",
    ) + domain(rng)


def _mention(rng: Random) -> str:
    code = fill(rng, "<U|U|U|W>[A-Z0-9]{8,10}")
    return f"<@{code}>" if chance(rng, 0.94) else f"<!subteam^S{code[1:]}>"


def _channel(rng: Random) -> str:
    name = pick(rng, _CHANNELS)
    return (
        f"<#C{fill(rng, '[A-Z0-9]{8,10}')}|{name}>"
        if chance(rng, 0.92)
        else f"<#C{fill(rng, '[A-Z0-9]{10}')}>"
    )


def _any(make: Callable[[Random], str]) -> Callable[[Random, str], str]:
    return lambda rng, argument: make(rng)


def _one_of(options: Sequence[str]) -> Callable[[Random, str], str]:
    return lambda rng, argument: pick(rng, options)


FILLERS: dict[str, Callable[[Random, str], str]] = {
    "date": _any(other_date),
    "time": _any(_time),
    "weekday": _any(_weekday),
    "month": _any(_month),
    "year": _any(shaped("202#", "202#", "201#", "20[34]#", "19[89]#")),
    "duration": _any(_duration),
    "age": _any(_age),
    "amount": _any(_amount),
    "number": _any(_number),
    "percent": _any(_percent),
    "digits": lambda rng, argument: digits(rng, int(argument or "6")),
    "ticket": _any(_ticket),
    "order": _any(_order),
    "invoice": _any(_invoice),
    "po": _any(lambda rng: lookalikes.cost_centre(rng) if chance(rng, 0.12) else _po(rng)),
    "sku": _any(lambda rng: lookalikes.asset_tag(rng) if chance(rng, 0.12) else _sku(rng)),
    "tracking": _any(_tracking),
    "commit": _any(infrastructure.commit),
    "hash": _any(infrastructure.hash),
    "uuid": _any(
        lambda rng: lookalikes.object_id(rng) if chance(rng, 0.15) else infrastructure.uuid(rng)
    ),
    "build": _any(infrastructure.build),
    "version": _any(infrastructure.version),
    "semver": _any(infrastructure.semver),
    "city": _any(organisations.city),
    "country": _any(organisations.country),
    "company": _any(organisations.company),
    "product": _any(organisations.product),
    "team": _any(organisations.team),
    "project": _any(organisations.project),
    "channel": _any(_channel),
    "mention": _any(_mention),
    "url": _any(infrastructure.url),
    "domain": _any(infrastructure.domain),
    "file": _any(infrastructure.file),
    "path": _any(infrastructure.path),
    "server": _any(infrastructure.server),
    "port": _any(
        shaped(
            "80",
            "443",
            "8080",
            "3000",
            "5432",
            "6379",
            "3306",
            "27017",
            "9092",
            "22",
            "%#{3}",
            "%#{4}".replace("%", "[1-5]"),
        )
    ),
    "private_ip": _any(infrastructure.private_ip),
    "cidr": _any(infrastructure.cidr),
    "env_var": lambda rng, argument: pick(rng, ("", "", "$")) + pick(rng, _ENVS),
    "placeholder": _one_of(_PLACEHOLDERS),
    "masked": _any(shaped(*_MASKED)),
    "card_last4": _any(shaped("####")),
    "job": _any(organisations.job),
    "food": _any(organisations.food),
    "meeting_id": _any(_meeting),
    "flight": _any(_flight),
    "emoji": lambda rng, argument: f":{pick(rng, _EMOJIS)}:",
    "service_account": _one_of(_SERVICE_ACCOUNTS),
    "noreply": _any(_no_reply),
    "table": _one_of(_TABLES),
    "column": _one_of(_COLUMNS),
    "object_id": _any(lookalikes.object_id),
    "epoch": _any(lookalikes.epoch),
    "cost_centre": _any(lookalikes.cost_centre),
    "booth": _any(lookalikes.booth),
    "zip_range": _any(lookalikes.zip_range),
    "group_number": _any(lookalikes.group_number),
    "company_number": _any(lookalikes.company_number),
    "asset_tag": _any(lookalikes.asset_tag),
}
