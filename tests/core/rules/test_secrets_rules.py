import re
import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.secrets import RULES

# every value is invented; what looks like a live key is put together here, so that no scanner trips over this file
HEX = "9f2c4e7ab1d35860f4c2a9e7d1b3685c0e7f9a2d4b6c8e1f3a5d7092b4c6e8f1" * 3
AN = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW3xY5zA7bC9dE2fG4hJ6kL8mN1pQ3rS5tU7vW9xY2zA4bC6dE8fG1hJ3k" * 3
UPPER = AN.upper()
LOWER = AN.lower()
B32 = re.sub(r"[^A-Z0-9]", "", UPPER)
UUID = f"{HEX[:8]}-{HEX[8:12]}-{HEX[12:16]}-{HEX[16:20]}-{HEX[20:32]}"
JWT = "ey" + "JhbGciOiJIUzI1NiJ9" + ".ey" + "JzdWIiOiJkYW5hIiwibiI6MX0." + AN[:43]
AWS = "wQ7" + "rT2/Lm9+Vb4xZc8Nk1Hj6Gf3Ds5Ap0Yu" + "Ti2oE"
PEM = (
    "-----BEGIN RSA PRIVATE "
    + "KEY-----\n"
    + AN[:64]
    + "\n"
    + AN[64:90]
    + "==\n-----END RSA PRIVATE "
    + "KEY-----"
)


def found(text: str, *context: str) -> list[tuple[str, str]]:
    spans = RuleDetector(RULES).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


VENDOR_KEYS = {
    "adobe": "p8e-" + LOWER[:32],
    "age": "AGE-SECRET-" + "KEY-1" + B32[:58],
    "airtable": "pat" + AN[:14] + "." + HEX[:64],
    "amazon_mws": "amzn.mws." + UUID,
    "anthropic": "sk-" + "ant-api03-" + AN[:80],
    "artifactory": "AKC" + "p8" + AN[:65],
    "atlassian": "ATAT" + "T3" + AN[:120],
    "aws_bedrock": "ABS" + "K" + AN[:110],
    "aws_session": "IQoJb3" + "JpZ2lu" + AN[:160],
    "azure_ad": "a7B" + "8Q~" + AN[:34],
    "braintree": "access_token$" + "production$" + LOWER[:16] + "$" + HEX[:32],
    "brevo": "xkey" + "sib-" + HEX[:64] + "-" + AN[:16],
    "buildkite": "bk" + "ua_" + HEX[:40],
    "circleci": "CCI" + "PAT_" + AN[:22] + "_" + HEX[:40],
    "clojars": "CLO" + "JARS_" + LOWER[:60],
    "cloudflare_ca": "v1" + ".0-" + HEX[:24] + "-" + HEX[:146],
    "contentful": "CF" + "PAT-" + AN[:43],
    "crates_io": "ci" + "o" + AN[:32],
    "databricks": "da" + "pi" + HEX[:32],
    "digitalocean": "dop" + "_v1_" + HEX[:64],
    "discord_bot": "M" + AN[:23] + "." + AN[:6] + "." + AN[:38],
    "docker_hub": "dckr" + "_pat_" + AN[:27],
    "doppler": "dp" + ".pt." + AN[:43],
    "dropbox": "sl" + ".u." + AN[:140],
    "duffel": "duffel" + "_live_" + AN[:43],
    "dynatrace": "dt0" + "c01." + B32[:24] + "." + B32[:64],
    "easypost": "EZ" + "AK" + AN[:54],
    "facebook": "EA" + "A" + AN[:150],
    "figma": "fig" + "d_" + AN[:40],
    "fly": "fo" + "1_" + AN[:43],
    "firebase": "AAAA" + "dQb7x2K:APA" + "91b" + AN[:130],
    "make_webhook": "https://hook.eu1.ma" + "ke.com/" + LOWER[:32],
    "ifttt_webhook": "https://maker.ift" + "tt.com/trigger/door/with/key/" + AN[:22],
    "flutterwave": "FLW" + "SECK-" + LOWER[:32] + "-X",
    "github": "gh" + "p_" + AN[:36],
    "github_server": "gh" + "s_" + AN[:36],
    "github_fine_grained": "github" + "_pat_" + AN[:22] + "_" + AN[:59],
    "gitlab": "gl" + "pat-" + AN[:20],
    "google_api": "AI" + "za" + AN[:35],
    "google_oauth_secret": "GOC" + "SPX-" + AN[:28],
    "google_oauth_token": "ya" + "29." + AN[:120],
    "google_refresh": "1/" + "/0" + AN[:60],
    "grafana": "gl" + "sa_" + AN[:32] + "_" + HEX[:8],
    "groq": "gs" + "k_" + AN[:52],
    "heroku": "HR" + "KU-" + UUID,
    "hubspot": "pat" + "-na1-" + UUID,
    "hugging_face": "h" + "f_" + AN[:34],
    "intercom": "dG" + "9rO" + AN[:55],
    "langsmith": "lsv2" + "_pt_" + HEX[:32] + "_" + HEX[:10],
    "linear": "lin" + "_api_" + AN[:40],
    "mailchimp": HEX[:32] + "-us" + "14",
    "mailgun": "key" + "-" + HEX[:32],
    "mapbox": "sk" + ".eyJ" + AN[:60] + "." + AN[:22],
    "netlify": "nf" + "p_" + AN[:36],
    "new_relic": "NR" + "AK-" + B32[:27],
    "notion": "nt" + "n_" + AN[:46],
    "npm": "np" + "m_" + AN[:36],
    "nuget": "oy" + "2" + LOWER[:43],
    "one_password": "ops" + "_eyJ" + AN[:200],
    "openai": "sk" + "-proj-" + AN[:100],
    "openai_old": "sk" + "-" + AN[:48],
    "openrouter": "sk" + "-or-v1-" + HEX[:64],
    "perplexity": "pp" + "lx-" + AN[:48],
    "plaid": "access" + "-sandbox-" + UUID,
    "planetscale": "pscale" + "_tkn_" + AN[:43],
    "posthog": "ph" + "x_" + AN[:43],
    "postman": "PM" + "AK-" + HEX[:24] + "-" + HEX[:34],
    "prefect": "pn" + "u_" + AN[:36],
    "pulumi": "pu" + "l-" + HEX[:40],
    "pypi": "py" + "pi-AgEI" + AN[:120],
    "readme": "rd" + "me_" + LOWER[:70],
    "replicate": "r" + "8_" + AN[:37],
    "resend": "r" + "e_" + AN[:8] + "_" + AN[:24],
    "rubygems": "ruby" + "gems_" + HEX[:48],
    "salesforce": "00" + "D" + AN[:12] + "!" + AN[:96],
    "sendgrid": "S" + "G." + AN[:22] + "." + AN[:43],
    "sentry": "sntry" + "s_" + AN[:80],
    "shippo": "shippo" + "_live_" + HEX[:40],
    "shopify": "shp" + "at_" + HEX[:32],
    "slack_app": "xa" + "pp-1-A" + B32[:10] + "-" + "5" * 6 + "1234567-" + HEX[:64],
    "slack_token": "xo" + "xb-" + "417380295516-" + AN[:24],
    "sonarqube": "sq" + "p_" + HEX[:40],
    "sourcegraph": "sg" + "p_" + HEX[:40],
    "square": "sq0" + "atp-" + AN[:22],
    "stripe": "sk" + "_live_" + AN[:24],
    "stripe_restricted": "rk" + "_test_" + AN[:24],
    "stripe_webhook": "wh" + "sec_" + AN[:32],
    "supabase": "sb" + "p_" + HEX[:40],
    "tailscale": "ts" + "key-auth-" + AN[:14] + "-" + AN[:32],
    "telegram_bot": "5193" + "047281:AA" + AN[:33],
    "terraform": AN[:14] + ".atlas" + "v1." + AN[:67],
    "twilio": "S" + "K" + HEX[:32],
    "typeform": "tf" + "p_" + AN[:44],
    "vault": "hv" + "s." + AN[:24],
    "xai": "xa" + "i-" + AN[:80],
    "yandex": "AQ" + "VN" + AN[:35],
    "discord_webhook": "https://discord.com/api/web" + "hooks/104738295516730284/" + AN[:68],
    "google_chat_webhook": "https://chat.google" + "apis.com/v1/spaces/AAAAbCdEf/messages?key=" + AN[:39] + "&token=" + AN[:40],
    "slack_webhook": "https://hooks.sl" + "ack.com/services/T0" + B32[:8] + "/B0" + B32[:8] + "/" + AN[:24],
    "teams_webhook": "https://acme.webhook.off" + f"ice.com/webhookb2/{UUID}@{UUID}/IncomingWebhook/{HEX[:32]}/{UUID}",
    "power_automate_webhook": "https://prod-12.westus.logic.az" + f"ure.com:443/workflows/{HEX[:32]}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig={AN[:43]}",
    "zapier_webhook": "https://hooks.zap" + "ier.com/hooks/catch/4829105/b3kq7ze/",
    "jwt": JWT,
    "private_key": PEM,
    "escaped_private_key": PEM.replace("\n", "\\n"),
}  # fmt: skip


@pytest.mark.parametrize("key", VENDOR_KEYS.values(), ids=VENDOR_KEYS.keys())
@pytest.mark.parametrize("carrier", ["{}", "is `{}` still live?", "use {}.", 'x = "{}",'])
def test_a_vendor_key_is_found_whole(key, carrier):
    assert found(carrier.format(key)) == [(key, "API_KEY")]


def test_every_vendor_has_an_example():
    patterns = [rule for rule in RULES if rule.label == "API_KEY"]

    silent = [
        rule.name
        for rule in patterns
        if not any(rule.regex.search(key) for key in VENDOR_KEYS.values())
    ]

    assert set(silent) <= {"azure_storage_key", "azure_sas_key", "aws_secret", "datadog", "hex_key", "okta", "bearer",
                           "basic_auth", "named_key", "url_key", "key_near"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"aws_secret_access_key = {AWS}", AWS),
        ("AWS creds: AK" + f"IAQ7RZ4TVXW2NK8LPD / {AWS}", AWS),
        (f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={AN[:86]}==;EndpointSuffix=core", AN[:86] + "=="),
        (f"mine is sv=2025-05-06&ss=b&sp=rl&sig={AN[:43]}%3D ok", f"sv=2025-05-06&ss=b&sp=rl&sig={AN[:43]}%3D"),
        (f"DD_API_KEY={HEX[:32]}", HEX[:32]),
        (f"twilio auth token {HEX[32:64]}", HEX[32:64]),
        (f"okta ssws 00{AN[:40]}", "00" + AN[:40]),
        (f'curl -H "Authorization: Bearer {AN[:40]}" https://api.acme.example', AN[:40]),
        ("Authorization: Basic ZGFuYTpodW50ZXIy", "ZGFuYTpodW50ZXIy"),
        (f"api_key: {AN[:32]}", AN[:32]),
        (f"the api key is {AN[:24]}", AN[:24]),
        (f"API_KEY='{AN[:32]}'", AN[:32]),
        (f'"client_secret": "{AN[:30]}"', AN[:30]),
        (f"STAGING_AUTH_TOKEN={HEX[:40]}", HEX[:40]),
        (f"apiKey => {UUID}", UUID),
        (f"discord bot token leaked lol {AN[:40]} regen it", AN[:40]),
        (f"https://api.acme.example/v1/users?limit=5&access_token={AN[:30]}&page=2", AN[:30]),
    ],
)  # fmt: skip
def test_a_key_without_a_prefix_is_found_by_the_word_before_it(text, value):
    assert found(text) == [(value, "API_KEY")]


@pytest.mark.parametrize(
    "text",
    [
        "access key id AK" + "IAQ7RZ4TVXW2NK8LPD",
        "pk" + "_live_" + AN[:24],
        "sk" + "_live_xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk" + "-your-key-here-please-replace",
        "gh" + "p_" + "x" * 36,
        "api_key = os.environ['ACME_API_KEY']",
        "api_key: ${ACME_API_KEY}",
        "token = process.env.SLACK_BOT_TOKEN",
        "secret: <your-client-secret>",
        "token: ****************",
        "API_KEY=changeme-changeme-1",
        "client_secret = get_secret('acme/prod/api2')",
        "secret: projects/acme-prod/secrets/db-password/versions/4",
        "set SLACK_BOT_TOKEN and GITHUB_TOKEN first",
        f"fixed in commit {HEX[:40]}",
        f"removed the api key in commit {HEX[:40]}",
        f"image sha256:{HEX[:64]}",
        f"object {UUID} not found",
        "the tokenizer splits it into 128000 tokens, token embeddings are tied",
        "max token: 4096 and the token is subword-level",
        "nextPageToken: CAUQAAoSc3RhcnQ5N2Y2",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + AN[:43] + " dana@laptop",
        "-----BEGIN PUBLIC KEY-----\n" + AN[:64] + "\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\n" + AN[:64] + "\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE " + "KEY-----\n...\n-----END PRIVATE " + "KEY-----",
        "Bearer authentication is on; bearer tokens expire after an hour",
        "arn:aws:iam::123456789012:role/deploy-secret-reader-role",
        "key fingerprint SHA256:" + AN[:43],
        "use secret manager, secret name is acme-prod-db-credentials",
        "https://hooks.slack.com/services/XXXXX/XXXXX/xxxxxxxxxxxxxxxx",
    ],
)
def test_ids_public_keys_hashes_and_placeholders_are_no_keys(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("password: hunter2", "hunter2"),
        ("password: hunter", "hunter"),
        ("pw is hunter2", "hunter2"),
        ("pwd=hunter2", "hunter2"),
        ("pass -> hunter22", "hunter22"),
        ("wifi password is Sunfl0wer!22.", "Sunfl0wer!22"),
        ("wifi pw: blue-otter-9", "blue-otter-9"),
        ("the new password for the staging db is T4ngerine#", "T4ngerine#"),
        ("i changed the password to Gr33nTea now", "Gr33nTea"),
        ("pw hunter2x", "hunter2x"),
        ('password is "correct horse battery"', "correct horse battery"),
        ("passphrase: otter lamp violet canyon", "otter lamp violet canyon"),
        ("pw: `tr0ub4dor`", "tr0ub4dor"),
        ('{"user": "dana", "password": "s3rvus-9"}', "s3rvus-9"),
        ("DB_PASSWORD=q8Wz!tt", "q8Wz!tt"),
        ("spring.datasource.password=zebra9000", "zebra9000"),
        ("Server=db;User Id=dana;Password=zebra9000;Encrypt=true", "zebra9000"),
        ("user dana / pass hunter22", "hunter22"),
        ("user: dana pass: hunter22", "hunter22"),
        ("postgres://dana:hunter2@db.acme.example:5432/app", "hunter2"),
        ("redis://:p@ss1word@cache:6379/0", "p@ss1word"),
        ("curl -s -u dana:hunter2 https://api.acme.example", "hunter2"),
        ("mysql -h db -u dana -p'hunter2' app", "hunter2"),
        ("PGPASSWORD=hunter2 psql -h db", "hunter2"),
        ("sshpass -p hunter2 ssh dana@host", "hunter2"),
        ("docker login -u dana --password hunter2", "hunter2"),
        ("PIN 4821", "4821"),
        ("my pin is 0000", "0000"),
        ("otp 482913", "482913"),
        ("your verification code is 482 913", "482 913"),
        ("your verification code is 482913.", "482913"),
        ("482913 is your Acme verification code", "482913"),
        ("G-482913 is your Google verification code.", "G-482913"),
        ("door code: 4821#", "4821#"),
        ("lockbox 8515", "8515"),
        ("jsmith2 / Sunfl0wer!22 works on vpn", "Sunfl0wer!22"),
        ('"pass": "qwer1234!@#",', "qwer1234!@#"),
        ("gate code for the lot is 417", "417"),
        ("use 4821 at the door", "4821"),
    ],
)
def test_a_password_or_a_code_is_found_by_its_words(text, value):
    assert found(text) == [(value, "PASSWORD")]


@pytest.mark.parametrize(
    "text",
    [
        "password is wrong",
        "password reset link please",
        "pw expired again",
        "the pin is on the map",
        "pass the test first",
        "can you pin the message",
        "all 42 tests pass: 1200, fail: 3",
        "password: required, string",
        "password: ask the office manager",
        "password: <your-password>",
        "password: $DB_PASS",
        "password: ${DB_PASSWORD}",
        "password={{ db_password }}",
        "password = form.cleaned_password",
        "password=os.environ['PW']",
        "password: ********",
        "PASSWORD=changeme",
        "password: DB_PASSWORD",
        "password hash is $2b$12$" + AN[:53],
        "password: 5f4dcc3b5aa765d61d8327deb882cf99",
        "password is in 1Password",
        "the password is too short, 8 chars min",
        "password must be 12+ characters",
        "passwords are rotated every 90 days",
        "password was reset on 2024-05-01",
        "password length>=12 is enforced",
        "see SEC-1234, password SEC-1234 thing",
        "postgres://user:password@localhost/app",
        "postgres://user:$DB_PASS@localhost/app",
        "postgres://user:${DB_PASS}@localhost/app",
        "https://user:****@host/",
        "https://medium.com:443/@dana",
        "git clone ssh://git@host:2222/repo.git",
        "https://acme.zoom.us/j/91234567890?pwd=aB3dE5fG7hJ9",
        "docker run -u 1000:1000 -p 8080:80 app",
        "mkdir -p build && mysql -p app",
        "echo x | docker login -u dana --password-stdin",
        "error code 482913, status code 5000",
        "PIN code 560034, Bengaluru",
        "verification code expires in 10 minutes",
        "otp is 6 digits",
        "zip code 94110 and area code 4155",
        "GPIO pin 13 is high",
        "run pwd: /home/dana/src",
        "password: xoxb-xxxx-xxxx",
        "PWD=C:\\app\\users.json ; USER=root",
        "PWD=s3://acme-reports/var/users.go ; USER=root",
        "lockbox 12 and src / Main2.java / Test",
    ],
)
def test_talk_of_passwords_is_not_one(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["token " * 4000, "A" * 40_000, "password: " * 4000, "user " * 8000, "a://b:" * 6000, "-----BEGIN PRIVATE " + "KEY-----" * 1500, "curl -" * 6000],
)  # fmt: skip
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text)
    assert time.perf_counter() - start < 6
