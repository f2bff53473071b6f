import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.account import RULES


def found(text: str, *context: str) -> list[tuple[str, str]]:
    spans = RuleDetector(RULES).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("employee id 40911", "40911"),
        ("Employee ID: E-40911.", "E-40911"),
        ("emp# 12345", "12345"),
        ("badge no 88213", "88213"),
        ("badge 88213 can't open the door", "88213"),
        ("staff number is 004471", "004471"),
        ("customer number: C-10442", "C-10442"),
        ("customer id for dana roe is 8829104", "8829104"),
        ("membership number 5520019", "5520019"),
        ("member id M55200", "M55200"),
        ("student number: s4481920", "s4481920"),
        ("frequent flyer BA4482910", "BA4482910"),
        ("loyalty card number 6335 8820 1944", "6335 8820 1944"),
        ("KTN 982210443", "982210443"),
        ("policy no HX-4482910", "HX-4482910"),
        ("claim # 22-881034", "22-881034"),
        ("her claim 22881034 is stuck", "22881034"),
        ("case no. 2291-CV-0442", "2291-CV-0442"),
        ("my mother, policy GL-251755, is blind", "GL-251755"),
        ("loan to emp_13805", "emp_13805"),
        ("receipt IOE0912345678", "IOE0912345678"),
    ],
)
def test_a_code_of_one_person_is_found(text, value):
    assert found(text) == [(value, "ACCOUNT_ID")]


@pytest.mark.parametrize(
    "text",
    [
        "order 40911, invoice no 40911, po 88213",
        "ticket # 12345, PR #4091, build number 88213",
        "tracking number 1Z999AA10123456784",
        "case 42: return x",
        "test case 1042 fails, use case #1001",
        "support case id format changed",
        "a member of 12345 groups",
        "employee count 40911",
        "employee handbook 2024, employee survey 2023",
        "customer id column is bigint",
        "customer_id=int",
        "policy no longer applies",
        "policy number one: 3 strikes",
        "student discount 20%",
        "customer 360 launch, member 1000000 requests",
        "badge 745",
        "claim 2024 budget",
        "meeting id 912 3456 7890",
        "student 10.5.2 release",
        "staff 1,200 people",
        "sku 88213-B, serial no 40911",
    ],
)
def test_a_number_of_a_thing_is_no_account(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("username: dana.roe", "dana.roe"),
        ("username is danar", "danar"),
        ("login: droe22", "droe22"),
        ("user: droe22", "droe22"),
        ("user dana / pass hunter22", "dana"),
        ("github: dana-w", "dana-w"),
        ("gh handle is danaw", "danaw"),
        ("my discord is dana#", None),
        ("log in as jsmith2", "jsmith2"),
        ("psn wasu015, no switch", "wasu015"),
        ("gdpr erasure for user viking_of_7", "viking_of_7"),
        ("ssh jsmith2@bastion.acme.example", "jsmith2"),
        ("scp -P 22 x.txt jsmith2@host:/tmp", "jsmith2"),
        ("psql -h db -U jsmith2 app", "jsmith2"),
        ("i'm dana_w on github", "dana_w"),
        ("find me on twitch as dana_w9", "dana_w9"),
        ("https://www.linkedin.com/in/dana-roe-4482", "dana-roe-4482"),
    ],
)
def test_a_login_of_a_person_is_found(text, value):
    assert found(text) == ([(value, "USERNAME")] if value else [])


@pytest.mark.parametrize(
    "text",
    [
        "username: admin",
        "user: root",
        "ssh ubuntu@10.0.0.4",
        "ssh git@github.com",
        "log in as deploy-bot",
        "log in as root",
        "username: <your-username>",
        "username: ${DB_USER}",
        "username: DB_USER",
        "username is required",
        "login: broken again",
        "login is down",
        "username = request.user.name",
        "github actions is flaky",
        "github: outage",
        "jira: closed",
        "psql -U postgres app",
        "handle: errors in the parser",
        "user story 44 and user flows pass locally",
        "log in with google",
        "thanks @dana-w",
        "user: svc-payments",
        "the twitter account is verified",
        "signal: timeout in 30s",
        "ssh kafka-connect@zeus2",
        "page https://acme.example/login  :eyes:",
        "dial in with meeting id jjx-dfsp-tgs",
        "docker pull registry.summit.com/juno",
        "discord rate-limit, github v2 api, steam deck",
        "for user user_id and for user auth",
    ],
)
def test_service_accounts_and_talk_of_logins_are_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["employee id " * 3000, "github " * 5000, "ssh -a a " * 4000, "user a " * 5000, "A1-" * 12000],
)
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text)
    assert time.perf_counter() - start < 3
