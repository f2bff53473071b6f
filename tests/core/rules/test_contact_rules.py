import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.contact import RULES


def found(text, context=()):
    [spans] = RuleDetector(RULES).detect_batch([Message(text, context, markup="plain")])
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("mail jane.roe@acme.example please", ["jane.roe@acme.example"]),
        ("o'brien+x@acme.co.uk, or 'bob_1@x.io'.", ["o'brien+x@acme.co.uk", "bob_1@x.io"]),
        ('cc: "HR" <hr@acme.example>', ["hr@acme.example"]),
        ("?e=jane@acme.example", ["jane@acme.example"]),
        ("邮箱jane@acme.example谢谢", ["jane@acme.example"]),
        ("jane dot roe at acme dot io", ["jane dot roe at acme dot io"]),
        ("reach me at jane dot roe at acme dot io ok", ["jane dot roe at acme dot io"]),
        ("jane [at] acme (dot) com", ["jane [at] acme (dot) com"]),
        ("jane(at)acme.io", ["jane(at)acme.io"]),
        ("jane.roe at gmail.com", ["jane.roe at gmail.com"]),
        ("npm i foo@1.2.3 and left-pad@v2.0.1-beta.rc", []),
        ("git clone git@github.com:org/repo.git", []),
        ("from no-reply@acme.example, noreply+7@x.io", []),
        ("notifications@github.com and mailer-daemon@x.io", []),
        ("postgres://app:s3cret@db.acme.example:5432/app", []),
        ("ssh -i key.pem jane@bastion.acme.example", []),
        ("scp dump.sql jane@acme.example:/tmp/x", []),
        ("logo@2x.png on root@db01.internal", []),
        ("take a look at acme dot com", []),
        ("we are at acme dot com", []),
        ("@jane.doe hello user@localhost", []),
    ],
)
def test_an_address_of_a_person_is_found_and_that_of_a_machine_is_not(text, values):
    assert found(text) == [(value, "EMAIL_ADDRESS") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("call +44 20 7946 0958 ext. 12 now", ["+44 20 7946 0958 ext. 12"]),
        ("+1 (555) 123-4567", ["+1 (555) 123-4567"]),
        ("+15551234567", ["+15551234567"]),
        ("+49 (0)30 1234567, thanks", ["+49 (0)30 1234567"]),
        ("(555) 123-4567 x12", ["(555) 123-4567 x12"]),
        ("555-123-4567 or 555.123.4567 ext 44", ["555-123-4567", "555.123.4567 ext 44"]),
        ("1-800-555-0199", ["1-800-555-0199"]),
        ("07700 900123", ["07700 900123"]),
        ("(0161) 496 0345", ["(0161) 496 0345"]),
        ("appelle au 06 12 34 56 78", ["06 12 34 56 78"]),
        ("Mobile: 98765 43210", ["98765 43210"]),
        ("my new number: 0412 345 678", ["0412 345 678"]),
        ("text me at 4155550132", ["4155550132"]),
        ("her phone is 555 123 4567", ["555 123 4567"]),
        ("call me, 555-0123", ["555-0123"]),
        ("ring five five five, oh one nine nine", ["five five five, oh one nine nine"]),
        ("meeting id 823-456-7890", []),
        ("order #4155550132, call me", []),
        ("ticket 555-123-4567", []),
        ("Zoom: 823 4567 8901", []),
        ("ts 1717814441.000000", []),
        ("call took 1717814441 ms", []),
        ("call moved to 12.05.2024 14:00", []),
        ("phone: 2024-05-12", []),
        ("phone app 1.2.3.4567890", []),
        ("phone 192.168.100.100", []),
        ("isbn 978-0-306-40615-7", []),
        ("$1,234,567.89 and lat -122.419416", []),
        ("commit 5551234567abc", []),
        ("https://x.io/j/85512345678?pwd=abc", []),
        ("550e8400-e29b-41d4-a716-446655440000", []),
        ("one two three four five six seven eight", []),
        ("dial 911", []),
        ("callback fixed (12/23/2005 by me)", []),
        ("call log 2016-2020", []),
    ],
)
def test_a_phone_number_is_found_whole_and_other_numbers_are_left(text, values):
    assert found(text) == [(value, "PHONE_NUMBER") for value in values]


def test_the_question_before_makes_a_bare_number_a_phone_number():
    assert found("4155550132") == []
    assert found("4155550132", ["what's your cell?"]) == [("4155550132", "PHONE_NUMBER")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("it is 12 Elm St, Springfield.", ["12 Elm St, Springfield"]),
        (
            "742 Evergreen Terrace, Springfield, IL 62704.",
            ["742 Evergreen Terrace, Springfield, IL 62704"],
        ),
        (
            "742 evergreen terrace, springfield, il 62704",
            ["742 evergreen terrace, springfield, il 62704"],
        ),
        (
            "1 Oak Ave NW\nApt 4B\nReno, NV 89501-0003",
            ["1 Oak Ave NW\nApt 4B\nReno, NV 89501-0003"],
        ),
        (
            "4821 Willow Creek Dr, Apt 12, Austin, TX 78744, USA!",
            ["4821 Willow Creek Dr, Apt 12, Austin, TX 78744, USA"],
        ),
        ("12 Acacia Avenue, Leeds LS1 4AP", ["12 Acacia Avenue, Leeds LS1 4AP"]),
        (
            "Flat 3, 12 Acacia Avenue, Leeds, LS1 4AP, UK",
            ["Flat 3, 12 Acacia Avenue, Leeds, LS1 4AP, UK"],
        ),
        ("51 Oak St, Fifth Floor, Boston, MA", ["51 Oak St, Fifth Floor, Boston, MA"]),
        ("We live at 18 Rosewood Close.", ["18 Rosewood Close"]),
        ("im at 1428 elm street", ["1428 elm street"]),
        ("12 Elm Street, Jane will come", ["12 Elm Street"]),
        ("PO Box 123, Austin, TX 78701", ["PO Box 123, Austin, TX 78701"]),
        ("100 King St W, Toronto, ON M5V 2T6", ["100 King St W, Toronto, ON M5V 2T6"]),
        ("10 George St, Sydney NSW 2000", ["10 George St, Sydney NSW 2000"]),
        ("Musterstraße 12, 10115 Berlin", ["Musterstraße 12, 10115 Berlin"]),
        ("Keizersgracht 123, 1015 CJ Amsterdam", ["Keizersgracht 123, 1015 CJ Amsterdam"]),
        ("12 rue de la Paix, 75002 Paris", ["12 rue de la Paix, 75002 Paris"]),
        ("Calle Mayor 12, 28013 Madrid", ["Calle Mayor 12, 28013 Madrid"]),
        ("100 Google Drive links", []),
        ("3 Supreme Court cases", []),
        ("took 20 Minutes Drive", []),
        ("2 hours drive to LA 90210", []),
        ("5 people from Main Street", []),
        ("Wall Street fell 200 points", []),
        ("I sent 12 files over google drive", []),
        ("send 20 emails per day way", []),
        ("ship 3 new items to the park", []),
        ("the office in Springfield, IL 62704", []),
        ("3 Way Street, 2024 Fiscal Court", []),
        ("page 12 of the Park plan", []),
        ("12 Angry Men at Park", []),
        ("postcode LS1 4AP", []),
        ("10 Market Place sellers", []),
        ("box 12 and po 4471", []),
        ("(c) 1994-1996, Thomas G. Lane", []),
        ("(c) 1994, Thomas Lane", []),
        ("we are 3 on the road", []),
    ],
)
def test_a_postal_address_is_one_span_and_a_place_alone_is_none(text, values):
    assert found(text) == [(value, "STREET_ADDRESS") for value in values]
