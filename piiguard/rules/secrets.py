"""Keys, tokens, private keys, passwords and one-time codes.

A vendor's prefix makes a key believable alone; a value without one needs a word before it ("client_secret=") and
must look random. Key ids (AKIA, AC, LTAI), public keys (pk_, phc_), hashes and placeholders are not secrets.
"""

import math
import re
from collections import Counter

from piiguard.rules.rule import Rule
from piiguard.validators import Check

# -- what is no secret ---------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"<|&lt;|\$[A-Z_][A-Z0-9_]*$|\$[a-z_]+$|\$[({]|\$env:|%[\w()]{1,40}%?$|\{|\[|@\w+@$|[*•·#?_.\-]+$|(?i:x{3})"
    r"|[A-Za-z_][\w.]{1,60}[(\[]"  # a call, a lookup
    r"|(?i:os|process|env|secrets|vars|config|settings|self|args|ctx|data|var|local|module|params|request|req)\.\w"
    r"|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$"  # the name of a variable
    r"|(?i:your|my|the|some|insert|enter|put|add|replace|changeme|change[_-]me|example|placeholder|redacted|dummy"
    r"|sample|todo|fixme)(?:[_-]|$)|(?i:your|redacted|changeme|placeholder)"
    r"|(?i:vault|secret|secretsmanager|ssm|op|arn|file|env|sops|keychain):|!(?:vault|secret|Ref|Sub)"
)
_MASKED = re.compile(
    r"\*{3}|•{3}|…|\.{3}|(?i:x{4}|placeholder|redacted|your|replace[_-]?me|_here\b)"
)
_HASH = re.compile(
    r"\$(?:2[abxy]?|1|5|6|y|argon2\w{1,2}|pbkdf2[\w-]{0,20}|scrypt)\$|pbkdf2_|\{S?SHA|sha\d{1,3}[:$-]|SHA256:"
    r"|(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$"
)
_PUBLIC = re.compile(
    r"AKIA|ASIA|AIDA|AROA|LTAI|AC[0-9a-f]{32}$|pk[_.]|phc_|rzp_|ssh-|AAAA[BCE]|MII[BC]|arn:"
)
_TALK = """password passwd passphrase passcode pass pwd pw secret token hash hashed salt bcrypt argon2 argon2id scrypt md5
    sha1 sha256 sha512 pbkdf2 base64 utf8 2fa mfa oauth oauth2 sso saml ldap 1password lastpass bitwarden keeper okta
    vault keepass string str text varchar char number int integer bool boolean object field input required optional
    mandatory needed missing empty blank none null nil undefined true false yes no nope same below above here there
    attached incoming pending dm dmed sent separately changed reset resetting expired expires expiring wrong invalid
    incorrect correct updated rotated unchanged unknown forgotten weak strong leaked compromised hidden encrypted
    default admin/password n/a na tbd tba wip ok okay sure thanks lol see ask check use via in on at is was not the a an
    it my your our this that what who how why when please try login username user email fail failed error policy manager
    protected rotation change todo example changeme test-only like still also just now and or for with from we i you he
    she they if then new old too short long must least cannot flag option param parameter argument prompt"""
_NO_PASSWORD = frozenset(_TALK.split())
_PROSE = {
    "is",
    "must",
    "least",
    "cannot",
    "not",
    "required",
    "invalid",
    "too",
    "field",
    "please",
    "password",
}


def is_placeholder(value: str) -> bool:
    """A stand-in: a variable, a call, a mask, "your-key-here"."""
    return bool(_PLACEHOLDER.match(value) or _MASKED.search(value))


def key_form(value: str) -> bool | None:
    """False for stand-ins and for key ids and public keys."""
    return False if is_placeholder(value) or _PUBLIC.match(value) or len(set(value)) < 6 else None


def random_key(value: str) -> bool | None:
    """False where a value reads like a word, a path, a number or a stand-in."""
    if key_form(value) is False or re.match(r"SHA256:|sha\d{3}-|[./~]|[a-z]{2,12}://", value):
        return False
    longest = max(re.split(r"[^A-Za-z0-9]+", value), key=len)
    mixed = bool(re.search(r"\d", longest) and re.search(r"[A-Za-z]", longest))
    cased = bool(re.search(r"[a-z][A-Z]", longest) and len(longest) >= 24)
    if len(longest) < 10 or not (mixed or cased):
        return False
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return None if entropy >= 3.0 else False


def very_random(value: str) -> bool | None:
    """As ``random_key``, of all three kinds and well mixed: an identifier or an object's id is not."""
    kinds = all(len(re.findall(kind, value)) > 2 for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    turns = len(re.findall(r"[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][A-Za-z]|[A-Z]{2}[a-z]", value))
    return random_key(value) if kinds and turns * 4 > len(value) else False


def aws_secret(value: str) -> bool | None:
    """40 characters of base64 with all three kinds: neither a commit nor a path."""
    kinds = all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return None if kinds and value.count("/") < 5 and key_form(value) is not False else False


def private_key(block: str) -> bool | None:
    """False where nothing but dots stands between the lines."""
    body = block.partition("-----\n")[2] or block[27:]
    return (
        None
        if re.search(r"(?!(.)\1{15})[A-Za-z0-9+/=]{16}", body.partition("-----END")[0])
        else False
    )


def password(value: str) -> bool | None:
    """False for stand-ins, hashes and what people say about passwords."""
    words = value.lower().rstrip("!.,?").split()
    talk = _NO_PASSWORD if len(words) == 1 else _PROSE
    if is_placeholder(value) or _HASH.match(value) or not talk.isdisjoint(words):
        return False
    return False if _NO_VALUE.match(value) else None


_NO_VALUE = re.compile(
    r"https?://|\d{1,3}$|\d{1,3}%|<?@|:\w+:$|[~.]{0,2}/\w|[A-Za-z]:\\|[a-z\d]{2,9}://|[\w.-]+(?:/[\w.-]+){2}|(?i:[\w.$-]{0,60}(?:password|passwd|pwd|passphrase|secret|token))$"
)


def mixed_password(value: str) -> bool | None:
    """As ``password``, and no word, date, version, unit or identifier: "password is ..." goes on in many ways."""
    if password(value) is False or _NO_MIX.match(value):
        return False
    inside = re.search(r"\d|[!@#$%^&*+=~]\S", value)
    words = value.count("-") + value.count("_") + value.count(".") >= 3
    return None if inside or words else False


_NO_MIX = re.compile(
    r"\d{4}-\d\d|\d{1,2}[/:]|v?\d+\.\d|[./~]"
    r"|\d+(?:st|nd|rd|th|h|hrs?|days?|chars?|x|k|am|pm|min|[+-]|-\w+)$"
    r"|[A-Z]{2,10}-\d+$|[a-z]+_[a-z_]+\d?$|[A-Za-z]+['’][a-z]+|(?i:sha|aes|tls|ssl|oauth|utf|pbkdf|rsa|http|ipv|log4j)[-\d.]"
)


def four_kinds(value: str) -> bool | None:
    """As ``mixed_password``, with all four kinds of characters: no word, path or product looks so."""
    kinds = all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", r"\d", r"[!@#$%^&*+~?_-]"))
    return (
        mixed_password(value)
        if kinds and re.search(r"[!@#$%^&*~]", value) and value[0] not in "#@$:"
        else False
    )


def letters_and_digits(value: str) -> bool | None:
    """As ``mixed_password``, of six and more with both kinds: what may follow a bare "pw " or "pass:"."""
    both = re.search(r"[A-Za-z]", value) and re.search(r"\d", value)
    return (
        mixed_password(value)
        if both and len(value) >= 6 and not re.search(r"[=<>/|(]", value)
        else False
    )


# -- keys by their vendor's prefix: name, pattern, where the prefix is documented ----------------------------

_B64, _HEX, _AN = r"[A-Za-z0-9+/=]", "[0-9a-f]", "[A-Za-z0-9]"
_UUID = rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"

_VENDORS = (
    ("adobe", r"p8e-[a-z0-9]{32}", "developer.adobe.com"),
    ("age", r"AGE-SECRET-KEY-1[0-9A-Z]{58}", "age-encryption.org"),
    ("airtable", rf"pat{_AN}{{14}}\.{_HEX}{{64}}", "airtable.com/developers"),
    ("amazon_mws", rf"amzn\.mws\.{_UUID}", "developer.amazonservices.com"),
    ("anthropic", r"sk-ant-[\w-]{20,200}", "docs.anthropic.com"),
    ("artifactory", rf"AKC{_AN}{{60,75}}", "jfrog.com/help"),
    ("atlassian", r"AT[AC]TT3[\w=.-]{50,250}|ATBB[A-Za-z0-9]{32}", "support.atlassian.com"),
    ("aws_bedrock", rf"ABSK{_B64}{{80,200}}", "docs.aws.amazon.com"),
    ("aws_session", rf"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu){_B64}{{60,2000}}", "docs.aws.amazon.com"),
    ("azure_ad", r"[\w~.-]{3}\dQ~[\w~.-]{31,34}", "learn.microsoft.com/entra"),
    ("braintree", rf"access_token\$production\$[a-z0-9]{{16}}\${_HEX}{{32}}", "developer.paypal.com"),
    ("brevo", rf"x(?:keysib|smtpsib)-{_HEX}{{64}}-{_AN}{{16}}", "developers.brevo.com"),
    ("buildkite", rf"bk[a-z]a_{_HEX}{{40}}", "buildkite.com/docs"),
    ("circleci", rf"CCI(?:PAT|PRJ)_{_AN}{{22}}_{_HEX}{{40}}", "circleci.com/docs"),
    ("clojars", r"CLOJARS_[a-z0-9]{60}", "github.com/clojars"),
    ("cloudflare_ca", rf"v1\.0-{_HEX}{{24}}-{_HEX}{{146}}", "developers.cloudflare.com"),
    ("contentful", r"CFPAT-[\w-]{43}", "contentful.com/developers"),
    ("crates_io", rf"cio{_AN}{{32}}", "crates.io"),
    ("databricks", rf"dapi{_HEX}{{32}}(?:-\d)?", "docs.databricks.com"),
    ("digitalocean", rf"do[opr]_v1_{_HEX}{{64}}", "docs.digitalocean.com"),
    ("discord_bot", r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}", "discord.com/developers"),
    ("docker_hub", r"dckr_[po]at_[\w-]{26,36}", "docs.docker.com"),
    ("doppler", rf"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{{2,40}}\.)?{_AN}{{40,44}}", "docs.doppler.com"),
    ("dropbox", r"sl\.(?:u\.)?[\w-]{60,1500}", "dropbox.com/developers"),
    ("duffel", r"duffel_(?:test|live)_[\w=-]{43}", "duffel.com/docs"),
    ("dynatrace", r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}", "docs.dynatrace.com"),
    ("easypost", rf"EZ[AT]K{_AN}{{54}}", "docs.easypost.com"),
    ("facebook", rf"EAA{_AN}{{80,300}}", "developers.facebook.com"),
    ("figma", r"fig[do]_[\w-]{36,60}", "developers.figma.com"),
    ("fly", r"fo1_[\w-]{43}|fm[12][ar]?_[\w+/=-]{80,600}", "fly.io/docs"),
    ("firebase", r"AAAA[\w-]{7}:APA91b[\w-]{80,200}", "firebase.google.com/docs"),
    ("flutterwave", r"FLWSECK(?:_TEST)?-[0-9a-z]{32}-X", "developer.flutterwave.com"),
    ("github", r"gh[pousr]_[A-Za-z0-9]{36,251}", "github.blog, 2021-04-05"),
    ("github_fine_grained", r"github_pat_\w{60,244}", "docs.github.com"),
    ("gitlab", r"gl(?:pat|dt|rt|ft|ptt|soat|cbt|imt|agent|oas|ffct)-[\w.-]{20,120}", "docs.gitlab.com"),
    ("google_api", r"AIza[\w-]{35}", "cloud.google.com/docs"),
    ("google_oauth_secret", r"GOCSPX-[\w-]{24,32}", "developers.google.com/identity"),
    ("google_oauth_token", r"ya29\.[\w-]{20,500}", "developers.google.com/identity"),
    ("google_refresh", r"1//0[\w-]{40,200}", "developers.google.com/identity"),
    ("grafana", rf"glsa_{_AN}{{32}}_{_HEX}{{8}}|glc_{_B64}{{32,400}}", "grafana.com/docs"),
    ("groq", rf"gsk_{_AN}{{48,56}}", "console.groq.com"),
    ("heroku", rf"HRKU-(?:{_UUID}|[\w-]{{40,66}})", "devcenter.heroku.com"),
    ("hubspot", rf"pat-(?:na|eu|ap)\d-{_UUID}", "developers.hubspot.com"),
    ("hugging_face", rf"(?:hf|api_org)_{_AN}{{30,40}}", "huggingface.co/docs"),
    ("intercom", r"dG9rO[\w=]{40,60}", "developers.intercom.com"),
    ("langsmith", rf"lsv2_(?:pt|sk)_{_HEX}{{32}}_{_HEX}{{10}}", "docs.smith.langchain.com"),
    ("linear", rf"lin_(?:api|oauth)_{_AN}{{32,64}}", "linear.app/developers"),
    ("mailchimp", rf"{_HEX}{{32}}-us\d{{1,2}}", "mailchimp.com/developer"),
    ("mailgun", rf"key-{_HEX}{{32}}", "documentation.mailgun.com"),
    ("mapbox", r"sk\.eyJ[\w-]{40,200}\.[\w-]{20,40}", "docs.mapbox.com"),
    ("netlify", rf"nfp_{_AN}{{36,40}}", "docs.netlify.com"),
    ("new_relic", r"NRAK-[A-Z0-9]{27}|NRII-[\w-]{32}", "docs.newrelic.com"),
    ("notion", rf"ntn_{_AN}{{40,50}}|secret_{_AN}{{43}}", "developers.notion.com"),
    ("npm", rf"npm_{_AN}{{36}}", "docs.npmjs.com"),
    ("nuget", r"oy2[a-z0-9]{43}", "learn.microsoft.com/nuget"),
    ("one_password", r"ops_eyJ[\w=-]{80,1500}", "developer.1password.com"),
    ("openai", rf"sk-(?:proj|svcacct|admin|None)-[\w-]{{20,220}}|sess-{_AN}{{40}}|sk-{_AN}{{32,64}}", "platform.openai.com"),
    ("openrouter", rf"sk-or-v1-{_HEX}{{64}}", "openrouter.ai/docs"),
    ("perplexity", rf"pplx-{_AN}{{40,56}}", "docs.perplexity.ai"),
    ("plaid", rf"access-(?:sandbox|development|production)-{_UUID}", "plaid.com/docs"),
    ("planetscale", r"pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}", "planetscale.com/docs"),
    ("posthog", rf"phx_{_AN}{{40,60}}", "posthog.com/docs"),
    ("postman", rf"PMAK-{_HEX}{{24}}-{_HEX}{{34}}", "learning.postman.com"),
    ("prefect", rf"pn[ub]_{_AN}{{36}}", "docs.prefect.io"),
    ("pulumi", rf"pul-{_HEX}{{40}}", "pulumi.com/docs"),
    ("pypi", r"pypi-[\w-]{50,300}", "pypi.org/help"),
    ("readme", r"rdme_[a-z0-9]{70}", "docs.readme.com"),
    ("replicate", rf"r8_{_AN}{{37}}", "replicate.com/docs"),
    ("resend", rf"re_{_AN}{{8}}_{_AN}{{24}}", "resend.com/docs"),
    ("rubygems", rf"rubygems_{_HEX}{{48}}", "guides.rubygems.org"),
    ("salesforce", rf"00D{_AN}{{12,15}}![\w.]{{80,120}}", "help.salesforce.com"),
    ("sendgrid", r"SG\.[\w-]{16,32}\.[\w-]{16,64}", "docs.sendgrid.com"),
    ("sentry", r"sntry[su]_[\w+/=]{40,400}", "docs.sentry.io"),
    ("shippo", rf"shippo_(?:live|test)_{_HEX}{{40}}", "docs.goshippo.com"),
    ("shopify", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shopify.dev"),
    ("slack_app", r"xapp-\d-[A-Z0-9]{6,16}-\d{6,16}-[0-9a-f]{40,80}", "docs.slack.dev"),
    ("slack_token", r"xox[a-z](?:\.xox[bp])?-[\w-]{10,250}", "docs.slack.dev"),
    ("sonarqube", rf"sq[uap]_{_HEX}{{40}}", "docs.sonarsource.com"),
    ("sourcegraph", rf"sgp_(?:{_HEX}{{16}}_|local_)?{_HEX}{{40}}", "sourcegraph.com/docs"),
    ("square", r"sq0(?:atp-[\w-]{22}|csp-[\w-]{43})", "developer.squareup.com"),
    ("stripe", r"(?:sk|rk)_(?:live|test)_\w{10,250}", "docs.stripe.com"),
    ("stripe_webhook", rf"whsec_{_B64}{{24,80}}", "docs.stripe.com"),
    ("supabase", rf"sbp_{_HEX}{{40}}|sb_secret_[\w-]{{20,60}}", "supabase.com/docs"),
    ("tailscale", rf"tskey-(?:[a-z]{{2,12}}-)?{_AN}{{10,32}}-{_AN}{{16,48}}", "tailscale.com/kb"),
    ("telegram_bot", r"\d{8,10}:AA[\w-]{33}", "core.telegram.org/bots"),
    ("terraform", rf"{_AN}{{14}}\.atlasv1\.[\w-]{{60,70}}", "developer.hashicorp.com"),
    ("twilio", rf"SK{_HEX}{{32}}", "twilio.com/docs"),
    ("typeform", r"tfp_[\w.=-]{40,60}", "typeform.com/developers"),
    ("vault", r"hv[sbr]\.[\w-]{20,300}", "developer.hashicorp.com"),
    ("xai", rf"xai-{_AN}{{70,90}}", "docs.x.ai"),
    ("yandex", r"AQVN[\w-]{35,38}", "yandex.cloud/docs"),
    # whole URLs
    ("discord_webhook", r"https://(?:\w{2,10}\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{17,20}/[\w-]{50,80}", "discord.com/developers"),
    ("google_chat_webhook", r"https://chat\.googleapis\.com/v1/spaces/[\w-]{5,30}/messages\?key=[\w%&=.-]{30,250}", "developers.google.com/workspace"),
    ("slack_webhook", r"https://hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[\w/-]{16,150}", "docs.slack.dev"),
    ("teams_webhook", r"https://[\w-]{1,60}\.webhook\.office\.com/webhookb2/[\w@/-]{60,250}", "learn.microsoft.com"),
    ("power_automate_webhook", r"https://[\w.-]{4,90}\.(?:logic\.azure|api\.powerplatform)\.com(?::443)?/[\w/.-]{8,200}\?[\w%&=./+-]{8,200}sig=[\w%-]{20,80}", "learn.microsoft.com"),
    ("make_webhook", r"https://hook\.[a-z]{2}\d\.make\.com/\w{24,40}", "make.com/help"),
    ("ifttt_webhook", r"https://maker\.ifttt\.com/(?:trigger|use)/[\w/-]{1,80}/key/[\w-]{20,60}|https://maker\.ifttt\.com/use/[\w-]{20,60}", "ifttt.com/maker_webhooks"),
    ("zapier_webhook", r"https://hooks\.zapier\.com/hooks/catch/\d{4,10}/\w{5,12}/?", "help.zapier.com"),
    # forms without a prefix that nothing else has
    ("jwt", r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,6000}\.[\w-]{20,1500}", "RFC 7519"),
    ("azure_storage", r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==", "learn.microsoft.com/azure"),
    ("azure_sas", r"(?<![?&])sv=\d{4}[\w%&=:.-]{10,300}?&sig=[\w%+/]{30,80}(?:%3[Dd]|=)|(?<=[?&]sig=)[\w%+/]{30,80}(?:%3[Dd]|=)", "learn.microsoft.com/azure"),
)  # fmt: skip

_KEY_WORD = (
    r"(?<!page)(?<!page[_ -])(?<!next[_ -])(?<!nuation)(?<!nuation[_ -])(?<!sync[_ -])(?<!cursor[_ -])"
    r"(?:api[ _-]?key|apikey|(?:client|app|shared|signing|webhook|consumer|jwt)[ _-]?secret|secret[ _-]?(?:access[ _-]?)?key"
    r"|secret|(?:signing|encryption|private|master|access|service|account|storage|auth)[ _-]?key"
    r"|(?:x-)?auth(?:entication|orization)?[ _-]?(?:token|key)|token|(?<![a-z])pat)"
)
_GIVEN = r"[\"'`]?(?:\s{0,3}(?:[:=]{1,2}|=>|->|→)\s{0,3}|\s{1,3}(?:(?:is|was):?\s{1,3})?)(?:Bearer |token )?[\"'`]?"


def _near(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![a-z])(?:{words})")


_OTHER_KEYS = (
    Rule(
        "private_key",
        "API_KEY",
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----BEGIN)[\s\S]){16,12000}?"
            r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\\\s]{40,12000}(?<=[\w+/=]))"
        ),
        0.97,
        "RFC 7468, RFC 9580, PROTOCOL.key of OpenSSH",
        check=private_key,
    ),
    Rule("aws_secret", "API_KEY", re.compile(r"(?<![\w/+-])[A-Za-z0-9/+]{40}(?![\w/+=-])"), 0.9, "docs.aws.amazon.com/IAM", check=aws_secret, near=_near(r"aws|secret|AKIA|ASIA")),
    Rule("datadog", "API_KEY", re.compile(rf"(?<!\w){_HEX}{{32}}(?:{_HEX}{{8}})?(?!\w)"), 0.8, "docs.datadoghq.com",
         check=key_form, near=_near(r"datadog[^\n]{0,20}key|dd[_-](?:api|app)")),
    Rule("hex_key", "API_KEY", re.compile(rf"(?<![\w-]){_HEX}{{32}}(?![\w-])"), 0.8,
         "documentation of Twilio, Algolia, OpenWeather", check=key_form,
         near=_near(r"twilio|algolia|openweather")),
    Rule("okta", "API_KEY", re.compile(r"(?<!\w)00[\w-]{40}(?![\w-])"), 0.85, "developer.okta.com",
         check=random_key, near=_near(r"okta|ssws")),
    Rule("bearer", "API_KEY", re.compile(r"(?i)\bbearer[ :]{1,3}[\"'`]?(?P<value>[\w.~+/-]{16,2000}={0,2})(?![\w(])"),
         0.9, "RFC 6750", check=random_key),
    Rule("basic_auth", "API_KEY", re.compile(r"(?i)authorization[\"']?\s{0,2}[:=]\s{0,2}[\"']?basic (?P<value>[a-z0-9+/]{10,400}={0,2})(?![\w(])"),
         0.9, "RFC 7617", check=key_form),
    Rule("named_key", "API_KEY", re.compile(rf"(?i){_KEY_WORD}{_GIVEN}(?P<value>[\w.~+/%:=-]{{11,255}}[\w+/=-])(?![\w(\[.])"),
         0.85, "OWASP Secrets Management", check=random_key),
    Rule("key_near", "API_KEY", re.compile(r"(?<![\w/+.:=@#-])[A-Za-z0-9][\w-]{22,120}[A-Za-z0-9](?![\w/+.:=@(-])"), 0.75,
         "OWASP Secrets Management", check=very_random,
         near=_near(r"api[ _-]?key|(?<!page)(?<!page[ _-])(?<!nuation)token|secret|credential")),
    Rule("url_key", "API_KEY", re.compile(r"(?i)[?&](?:api_?key|apikey|token|access_token|auth|secret|signature|private_token)=(?P<value>[\w.~%+-]{11,500}[\w=])"),
         0.85, "RFC 6750, 2.3", check=random_key),
)  # fmt: skip

# -- passwords -----------------------------------------------------------------------------------------------

_WORD = r"(?:password|passwd|passphrase|passcode|(?<![A-Za-z0-9?&])(?:pwd|pw|pword|passwort|contraseña|senha|mot de passe))"
_FOR = r"(?: (?:for|to|of|on) [^\s:=]{1,30}(?: [^\s:=]{1,20}){0,3}?)?"
_STRONG_SEP = r"[\"'`]?\s{0,3}(?::=|[:=]{1,2}(?!=)|=>|->|→)\s{0,3}"
_IS = r"(?:\s{1,2}(?:is|was|will be|should be|has been changed to|(?:was|is) (?:set|changed|reset) to)(?: now| still)?:?|['’]s|\s{1,2}[-–])\s{1,2}"
_UNQUOTED = r"(?P<value>(?:(?![;&,]\s?\w{1,30}=)[^\s\"'`<>]){2,63}[^\s\"'`<>.,;:?)\]}])"
# "password: ask the office", not "password: hunter2"
_BARE_WORD_TALK = r"(?![A-Za-z]{1,20},? [a-z]{1,20} [A-Za-z])"
_CODE_WORD = (
    r"(?<![\w-])(?:otp|totp|(?!pin ?code[\s:=is-]{0,5}\d{6})m?pin(?:[ -]?code| number| no\.?)?|passcode|(?:one[- ]time|single[- ]use) (?:pass)?(?:code|word)"
    r"|(?:door|gate|alarm|access|entry|security|verification|verify|login|log-in|sign-in|unlock|lockbox|lock|safe|keypad"
    r"|elevator|building|garage|2fa|mfa|sms|auth|authenticat(?:ion|or)|device|phone|voicemail|sim|atm|card) (?:pass)?(?:code|pin)"
    r"|(?:backup|recovery) code)"
)
_CODE_SEP = r"(?: (?:for|to|at|of|on) (?:the |my |our |his |her )?[\w'’-]{1,20}(?: [\w'’-]{1,20})?)?\s{0,2}(?:(?:is|was|=|:|->|=>|→|-|#)\s{0,2}){0,2}(?:now |still )?"


def _pw(
    name: str,
    pattern: str,
    score: float,
    source: str = "NIST SP 800-63B",
    check: Check | None = password,
) -> Rule:
    return Rule(name, "PASSWORD", re.compile(pattern), score, source, check)  # fmt: skip


_PASSWORDS = (
    _pw("password_field", rf"(?i:{_WORD}{_FOR}{_STRONG_SEP})(?![\"'`]){_BARE_WORD_TALK}{_UNQUOTED}", 0.9),
    _pw("password_quoted", rf"(?i:{_WORD}{_FOR}(?:{_STRONG_SEP}|{_IS}|\s))(?P<q>[\"'`])(?P<value>[^\s\"'`](?:[^\n\"'`]{{1,62}}[^\s\"'`])?)(?P=q)", 0.9),
    _pw("password_is", rf"(?i:{_WORD}{_FOR}{_IS}){_UNQUOTED}", 0.85, check=mixed_password),
    _pw("password_set_to", rf"(?i:(?:set|chang|reset|updat|rotat)\w{{0,4}} [^.\n]{{0,40}}?{_WORD}[^.\n]{{0,20}}? to ){_UNQUOTED}", 0.85, check=mixed_password),
    _pw("password_compact", rf"(?i:{_WORD} ){_UNQUOTED}", 0.75, check=letters_and_digits),
    _pw("pass_field", rf"(?i:(?<![\w.-])pass{_STRONG_SEP}){_UNQUOTED}", 0.8, check=letters_and_digits),
    _pw("pass_quoted", r"[\"']pass[\"']\s{0,2}[:=]\s{0,2}(?P<q>[\"'])(?P<value>[^\s\"']{4,64})(?P=q)", 0.85),
    _pw("after_slash", r"(?<![\w/])[\w.@+\\-]{3,60} / (?P<value>[^\s\"'`<>/]{7,40}[^\s\"'`<>/.,;:?)])(?=\s|$|[.,;])", 0.8, check=four_kinds),
    _pw("pass_of_user", rf"(?i:\b(?:user(?:name)?|login|usr|email)\b\s{{0,2}}(?:[:=]|is)?\s{{0,2}}[^\s,;/|]{{2,60}}\s{{0,3}}[,;/|&+]?\s{{0,3}}(?:and )?pass(?:\s{{0,2}}(?:[:=]|is)\s{{1,2}}|\s)){_UNQUOTED}", 0.85, check=mixed_password),
    _pw("passphrase_words", r"(?i:passphrase(?: is)?\s{0,2}[:=]?\s{1,2})(?P<value>[a-z]{3,12}(?: [a-z]{3,12}){3,7})(?=\s{0,2}(?:$|\n|[.,;]))", 0.75),
    _pw("url_password", r"(?<![A-Za-z])[a-zA-Z][a-zA-Z0-9+.-]{1,24}://[^\s:/@?#<>]{0,64}:(?P<value>[^\s/?<>\"'`]{2,100})@[\w\[]", 0.95, "RFC 3986, 3.2.1"),
    _pw("curl_user", r"\bcurl\b[^\n]{0,200}?\s(?:-u|--user|--proxy-user)[ =]?[\"']?[^\s:\"']{1,64}:(?P<value>[^\s\"']{2,100})", 0.95, "curl(1)"),
    _pw("mysql_p", r"\bmysql(?:dump|admin|import)?\b[^\n|]{0,150}?\s-p[\"']?(?P<value>[^\s\"'-][^\s\"']{2,63})", 0.9, "mysql(1)"),
    _pw("flag_password", r"(?<![\w-])--?(?:password|passwd|passphrase|pass)[ =][\"']?(?P<value>[^\s\"'`<>-][^\s\"'`<>]{2,63})", 0.85, "docker(1), mysql(1)"),
    _pw("sshpass", r"\bsshpass -p ?[\"']?(?P<value>[^\s\"']{3,63})", 0.95, "sshpass(1)"),
    _pw("login_p", r"\b(?:docker|podman|helm|az|oc|redis-cli|mongosh?)\b[^\n|]{0,120}?\s-[pa] [\"']?(?P<value>(?!\d{1,5}(?::|\s|$))[^\s\"'-][^\s\"']{4,63})(?=[\"'\s]|$)", 0.75, check=letters_and_digits),
    _pw("redis_auth", r"\b(?:REDISCLI_AUTH|PGPASS)=[\"']?(?P<value>[^\s\"']{3,63})", 0.9, "redis-cli(1)"),
    _pw("code", rf"(?i:{_CODE_WORD}{_CODE_SEP})(?P<value>[#*]?(?<![\d.])(?:\d{{4,8}}|\d{{3}}[ -]\d{{3}})(?!\d|[.,:/-]\d| ?(?:digits?|chars?|char\b|minutes?|seconds?|hours?|days?|times|users|people|rows|%|ms|am|pm))[#*]?)", 0.85, "RFC 6238", None),
    _pw("door_code", rf"(?i:(?<![\w-])(?:door|gate|alarm|entry|lockbox|keypad|building|garage)(?: access)? (?:code|pin){_CODE_SEP})(?P<value>[#*]?(?:\d{{3,8}}|[A-Z]\d{{3,6}}[A-Z]?|\d{{3,6}}[A-Z])[#*]?)(?!\w|[.,:/-]\d| ?(?:digit|people|user|day|min|hour|%))", 0.85, check=None),
    _pw("code_first", r"(?<![\w.,:/#-])(?P<value>(?:G-)?\d{4,8}|\d{3}[ -]\d{3}) (?i:is (?:your|the|my|our) [^.\n]{0,30}?(?:(?:verification|security|log-?in|sign-?in|access|confirmation|auth\w{0,10}|one-?time|door|gate|alarm|2fa|mfa) (?:pass)?code|otp|pin|passcode|one-time password)\b)", 0.9, "RFC 6238", None),
    _pw("use_code", r"(?i:\b(?:use|enter|type|punch in|key in)(?: in)?(?: the)?(?: code| pin| otp)? )(?P<value>\d{4,8})(?i: (?:as|to (?:log|sign|verify|confirm|unlock|get in|open|enter)|at the (?:door|gate|keypad)|on the keypad))", 0.85, check=None),
    _pw("box_code", r"(?i:\b(?:lock ?box|key ?box|keypad|combo|combination|safe combo)(?: (?:is|was))?[: ]{1,2})(?P<value>[#*]?\d{4,8}[#*]?|\d{1,2}-\d{1,2}-\d{1,2})(?![\w]|[.,:/-]\d)", 0.8, check=None),
    _pw("code_asked", r"(?i:\bcode\s{0,2}(?:(?:is|:|=)\s{0,2}){1,2})(?P<value>\d{3}[ -]\d{3}|\d{4,8})(?![\d.,:/-])(?=[^\n]{0,40}(?i:don'?t share|do not share|expires|valid for|to log ?in|to sign ?in|to get in|door|gate))", 0.8, check=None),
)  # fmt: skip

_VENDOR_KEYS = tuple(
    Rule(
        f"{name}_key",
        "API_KEY",
        re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?<!\.)(?![A-Za-z0-9])"),
        0.97,
        source,
        key_form,
    )
    for name, pattern, source in _VENDORS
)

RULES: tuple[Rule, ...] = (*_VENDOR_KEYS, *_OTHER_KEYS, *_PASSWORDS)
