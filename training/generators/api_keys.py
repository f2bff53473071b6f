"""API keys: tokens in the published shapes of seventy vendors, JWTs, private key blocks, webhook addresses."""

import base64
import json
import string
from string import Template

from training.generators.draw import Maker, Mix, Random, chance, fill, pick, shaped, words

_ALPHABETS = {
    "b62": "[A-Za-z0-9]",
    "url": "[A-Za-z0-9_-]",
    "hex": "[0-9a-f]",
    "b64": "[A-Za-z0-9+/]",
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
}


def _patterns(table: str) -> tuple[str, ...]:
    """The patterns of a table, with ``$b62`` and so on for the alphabets of tokens."""
    return words(Template(table).substitute(_ALPHABETS))


# Prefix, alphabet and length, as the vendors' pages and the public lists of secret scanners give them
_VENDORS = _patterns("""SG.$url{22}.$url{43} SK$hex{32} key-$hex{32} $hex{32}-us% dop_v1_$hex{64} doo_v1_$hex{64}
npm_$b62{36} pypi-AgEIcHlwaS5vcmc$url{70,90} rubygems_$hex{48} dckr_pat_$url{27} hf_[A-Za-z]{34}
r8_$b62{37} gsk_$b62{52} pplx-$b62{48} xai-$b62{80} sk-ant-api03-$url{93}AA nvapi-$url{64}
co_$b62{38} shpat_$hex{32} shpss_$hex{32} shpca_$hex{32} sq0atp-$url{22} sq0csp-$url{43}
EAAA$url{60} dapi$hex{32} dapi$hex{32}-2 hvs.$url{24} hvs.CAESI$url{90} s.$b62{24}
$b62{14}.atlasv1.$url{64} NRAK-[A-Z0-9]{27} NRII-$url{32} glc_eyJ$b62{80}== glsa_$b62{32}_$hex{8}
eyJrIjoi$b62{72} PMAK-$hex{24}-$hex{34} figd_$url{40} lin_api_$b62{40} secret_$b62{43}
ntn_#{11}$b62{35} pat$b62{14}.$hex{64} key$b62{14} ATATT3xFfGF0$url{160}=$hex{8} ATBB$b62{32}
ATCTT3xFfGN0$url{100} pk_#{8}_[A-Z0-9]{32} $hex{32} 1/#{16}:$hex{32} #{8,10}:AA$url{33}
[MN]$url{23}.$url{6}.$url{38} EAAC$b62{100} AAAAAAAAAAAAAAAAAAAAA$b62{20}\\%2B$b62{40} IGQVJ$b62{80}
sntrys_$b62{80} sntryu_$hex{64} phc_$b62{43} phx_$b62{43} $hex{40}
dt0c01.[A-Z2-7]{24}.[A-Z2-7]{64} sgp_$hex{40}
AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58} ops_eyJ$b62{120}
A3-[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5} pscale_tkn_$url{43}
pscale_pw_$url{43} sbp_$hex{40} fo1_$url{43} FlyV1␣fm2_$b64{120} rnd_$b62{28} HRKU-$uuid
vercel_$b62{24} nfp_$b62{36} CFPAT-$url{43} v1.0-$hex{24}-$hex{146} EZAK$b62{54} EZTK$b62{54}
shippo_live_$hex{40} xkeysib-$hex{64}-$b62{16} live_$b62{40}
access-production-$uuid CLOJARS_$hex{60} duffel_live_$url{43} PRCT-$b62{20} tfp_$b62{40}
pul-$hex{40} LTAI$b62{20} AKCp$b62{69} cmVmd$b62{59} aio_$b62{28} algolia_$hex{32} sl.$url{130}
t1_$b62{40} BBFF-$b62{30} $b64{86}== $b62{3}8Q~$url{34} apify_api_$b62{36} frm_$b62{30}
whsec_$b62{32} cio_$hex{32} mailgun-$hex{32} bkua_$hex{40} tskey-auth-$b62{12}CNTRL-$b62{32}""")
_GENERIC = _patterns("""$hex{32} $hex{32} $hex{40} $hex{64} $hex{24} $b62{20} $b62{24} $b62{32} $b62{32} $b62{40} $b62{48}
$b62{64} $url{20,43} $url{32} $b64{43}= $b64{22}== $b64{86}== [A-Z0-9]{20} [A-Z0-9]{32} [a-z0-9]{26} [a-z0-9]{16} $uuid
<api|key|tok|token|svc|app|prod|live|secret|client>_$b62{20,40} <api|key|tk|acme|svc|auth>-$hex{24,40}
<sk|ak|pk>_<prod|stage|dev>_$b62{20,32} $b62{12}.$b62{32} [A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}
[a-z]{3}_$b62{32} $url{8}:$url{32}""")
_AWS = _patterns("""$b64{40} $b64{40} IQoJb3JpZ2luX2VjE$b64{120,200}=""")
_GITHUB = _patterns("""ghp_$b62{36} ghp_$b62{36} gho_$b62{36} ghu_$b62{36} ghs_$b62{36} ghr_$b62{76}
github_pat_$b62{22}_$b62{59}""")
_GITLAB = _patterns("""glpat-$url{20} glpat-$url{20} glptt-$hex{40} gldt-$url{20} glrt-$url{20} GR1348941$url{20}
glcbt-<64|2a>_$url{20} glft-$url{20}""")
_SLACK = _patterns("""xoxb-#{11,13}-#{11,13}-$b62{24} xoxb-#{12}-$b62{24} xoxp-#{11,12}-#{11,12}-#{12,13}-$hex{32}
xapp-1-A[A-Z0-9]{10}-#{13}-$hex{64} xoxa-2-#{11}-#{11}-#{11}-$hex{32} xoxe.xoxp-1-$b62{140}
xoxc-#{12}-#{12}-#{12}-$hex{64}""")
_STRIPE = _patterns("""sk_live_$b62{24} sk_live_51$b62{97} rk_live_$b62{24} sk_test_$b62{24} sk_test_51$b62{97}
whsec_$b62{32}""")
_GOOGLE = _patterns("""AIza$url{35} AIza$url{35} AIza$url{35} GOCSPX-$url{28} ya29.$url{60,120} 1//0$url{60,80}
AAAA$url{7}:APA91b$url{134}""")
_OPENAI = _patterns("""sk-$b62{20}T3BlbkFJ$b62{20} sk-proj-$b62{48} sk-proj-$url{74}T3BlbkFJ$url{74} sk-svcacct-$url{58}
sess-$b62{40}""")
_WEBHOOKS = _patterns("""https://hooks.slack.com/services/T[A-Z0-9]{8,10}/B[A-Z0-9]{8,10}/$b62{24}
https://hooks.slack.com/services/T[A-Z0-9]{8,10}/B[A-Z0-9]{8,10}/$b62{24}
https://hooks.slack.com/workflows/T[A-Z0-9]{8,10}/A[A-Z0-9]{8,10}/#{18}/$b62{24}
https://hooks.slack.com/triggers/T[A-Z0-9]{8,10}/#{13}/$hex{32} https://discord.com/api/webhooks/#{18,19}/$url{68}
https://discordapp.com/api/webhooks/#{18}/$url{68} https://hooks.zapier.com/hooks/catch/#{7,8}/[a-z0-9]{7}/
https://acme.webhook.office.com/webhookb2/$uuid\\@$uuid/IncomingWebhook/$hex{32}/$uuid
https://maker.ifttt.com/trigger/<deploy|door|alert>/with/key/$url{22} https://hook.eu1.make.com/[a-z0-9]{32}
https://chat.googleapis.com/v1/spaces/AAAA$b62{7}/messages?key=AIza$url{35}&token=$url{43}
https://api.telegram.org/bot#{10}:AA$url{33}/sendMessage""")
_KEY_KINDS = (
    "RSA PRIVATE KEY",
    "RSA PRIVATE KEY",
    "PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "EC PRIVATE KEY",
    "DSA PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
)
_HEADS = {
    "RSA": "MIIEpAIBAAKCAQEA",
    "EC ": "MHcCAQEEI",
    "PRI": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "OPE": "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
}
_BASE64 = string.ascii_letters + string.digits + "+/"


def _encoded(content: dict[str, object]) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode())
        .rstrip(b"=")
        .decode()
    )


def _jwt(rng: Random) -> str:
    algorithm = pick(rng, ("HS256", "HS256", "RS256", "ES256", "HS512"))
    header: dict[str, object] = {"alg": algorithm, "typ": "JWT"}
    if chance(rng, 0.3):
        header["kid"] = fill(rng, "[a-f0-9]{8}")
    claims: dict[str, object] = {
        "sub": fill(
            rng,
            pick(rng, ("#{6,10}", "user_[a-z0-9]{8}", "auth0|[a-f0-9]{24}".replace("|", "\\|"))),
        )
    }
    if chance(rng, 0.6):
        claims["iat"] = 1_600_000_000 + int(rng.random() * 200_000_000)
    if chance(rng, 0.5):
        claims["exp"] = 1_700_000_000 + int(rng.random() * 200_000_000)
    if chance(rng, 0.3):
        claims["scope"] = pick(rng, ("read", "read write", "admin", "openid profile"))
    if chance(rng, 0.25):
        claims["iss"] = fill(rng, "https://<auth|id|login|sso>.[a-z]{5,8}.<io|com|dev>/")
    signature = fill(rng, _ALPHABETS["url"] + ("{43}" if algorithm == "HS256" else "{86}"))
    return f"{_encoded(header)}.{_encoded(claims)}.{signature}"


def _private_key(rng: Random) -> str:
    """The whole block; mostly a few lines of it, because a full one would fill the model's window."""
    kind = pick(rng, _KEY_KINDS)
    head = _HEADS.get(kind[:3], "")
    draw = rng.random()
    count = 1 + int(rng.random() * 3) if draw < 0.65 else 4 + int(rng.random() * 9)
    body = (
        head
        + "".join(
            pick(rng, _BASE64) for _ in range(64 * count - len(head) - int(rng.random() * 40))
        )
        + pick(rng, ("", "=", "=="))
    )
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    if chance(rng, 0.12):
        lines[1:] = ["...", lines[-1]]
    # A block in an environment file is one line with escaped breaks
    joint = "\\n" if draw > 0.93 else " " if draw > 0.9 else "\n"
    if kind.startswith("PGP") and joint != " ":
        lines.insert(0, "")
    return joint.join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"])


_AZURE = _patterns("""$b64{86}== $b64{43}= $b62{3}8Q~$url{34}
sv=202#-##-##&ss=b&srt=co&sp=rl&se=202#-##-##&sig=$b62{40}\\%3D""")


def _basic(rng: Random) -> str:
    """A user name and its password in base 64, as in a header."""
    return base64.b64encode(fill(rng, "[a-z]{4,8}:[A-Za-z0-9]{10,16}").encode()).decode()


def _generic(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.48:
        return fill(rng, pick(rng, _GENERIC))
    if draw < 0.94:
        return fill(rng, pick(rng, _VENDORS))
    return fill(rng, pick(rng, _AZURE)) if draw < 0.97 else _basic(rng)


_MAKERS: dict[str, tuple[float, Maker]] = {
    "aws": (11, shaped(*_AWS)),
    "github": (10, shaped(*_GITHUB)),
    "gitlab": (4, shaped(*_GITLAB)),
    "slack": (6, shaped(*_SLACK)),
    "webhook": (2, shaped(*_WEBHOOKS)),
    "stripe": (6, shaped(*_STRIPE)),
    "google": (6, shaped(*_GOOGLE)),
    "openai": (6, shaped(*_OPENAI)),
    "jwt": (5, _jwt),
    "private_key": (2, _private_key),
    "generic": (42, _generic),
}
API_KEYS = Mix(_MAKERS)
