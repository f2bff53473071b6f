"""Wire text reads as Slack shows it, hides nothing, and gives every span back where it was."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiguard.errors import SpanError
from piiguard.slack_text import PlainText, escape, read_wire
from piiguard.spans import Span

AS_IT_IS = object()

READS = [
    # entities, in one pass
    ("R&amp;D", "R&D"),
    ("a &lt; b &gt; c", "a < b > c"),
    ("&amp;lt;", "&lt;"),
    ("&amp;amp;amp;", "&amp;amp;"),
    ("&nbsp; &copy; &#38; & &am", AS_IT_IS),
    # mentions
    ("hi <@U024BE7LH>!", "hi @user!"),
    ("hi <@U024BE7LH|dana>", "hi @dana"),
    ("hi <@U024BE7LH|@dana>", "hi @dana"),
    ("<@U1>", "@U1"),
    ("<@USER>", "@user"),
    ("<@U024BE7LH|>", "@user"),
    ("<#C024BE7LR|general>", "#general"),
    ("<#C024BE7LR>", "#channel"),
    ("<#C024BE7LR|>", "#channel"),
    ("<#C02>", "#C02"),
    ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    ("<!here|here> <!channel|@channel>", "@here @channel"),
    ("<!subteam^S012AB3CD|@on-call>", "@on-call"),
    ("<!subteam^S012AB3CD>", "@group"),
    ("<!date^1392734382^{date_num}|14 March 1988>", "14 March 1988"),
    ("<!date^1392734382^{date_num}>", "date^1392734382^{date_num}"),
    ("<!date^1392734382^{date}^https://x.io/u/jane|today>", "https://x.io/u/jane today"),
    # e-mail addresses
    ("<mailto:a@b.co|a@b.co>", "a@b.co"),
    ("<mailto:jane@b.co|Jane@B.co>", "Jane@B.co"),
    ("<mailto:a@b.co>", "a@b.co"),
    ("<mailto:a@b.co|>", "a@b.co"),
    ("<mailto:a@b.co|HR>", "a@b.co HR"),
    ("<mailto:a@b.co?subject=hi|a@b.co>", "a@b.co?subject=hi a@b.co"),
    ("<MAILTO:a@b.co|HR &amp; co>", "a@b.co HR & co"),
    ("<mailto:a&amp;gt;b@c.co|a&gt;b@c.co>", "a&gt;b@c.co a>b@c.co"),
    # phone numbers
    ("<tel:+15551234567|555-123-4567>", "555-123-4567"),
    ("<tel:+15551234567|+1 (555) 123-4567>", "+1 (555) 123-4567"),
    ("<tel:5551234567|+1 555 123 4567>", "+1 555 123 4567"),
    ("<tel:+15551234567>", "+15551234567"),
    ("<tel:+15551234567|call me>", "+15551234567 call me"),
    ("<tel:+15551234567|4567>", "+15551234567 4567"),
    ("<tel:1234|234> <tel:-|x>", "1234 234 - x"),
    ("<tel:+1555FLOWERS9|1555>", "+1555FLOWERS9 1555"),
    # links
    ("<https://x.io>", "https://x.io"),
    ("<https://x.io|>", "https://x.io"),
    ("<http://x.io|x.io>", "x.io"),
    ("<https://www.x.io/|x.io>", "x.io"),
    ("<https://x.io/?a=1&amp;b=2|x.io/?a=1&amp;b=2>", "x.io/?a=1&b=2"),
    ("<https://x.io/path|label>", "https://x.io/path label"),
    ("<https://x.io/jane.doe|x.io/ja…>", "https://x.io/jane.doe x.io/ja…"),
    ("<https://jane:pw@x.io|x.io>", "https://jane:pw@x.io x.io"),
    ("<https://x.io/AbC|x.io/abc>", "https://x.io/AbC x.io/abc"),
    ("<postgres://u:s3cret@db/x|db/x>", "postgres://u:s3cret@db/x db/x"),
    ("<https://x.io|a|b>", "https://x.io a|b"),
    # between < and >, yet no construct
    ("<foo> <your-password> <redacted>", AS_IT_IS),
    ("<> <@> <@u1> <#> <!> <!foo> <mailto:> <tel:|x> <https", AS_IT_IS),
    ("<jane@b.co> <sip:jane@b.co|jane>", AS_IT_IS),
    ("a < b > c << d >> e", AS_IT_IS),
    ("<@U024BE7LH\n>", "<@U024BE7LH\n"),  # a line that begins with > is a quote
    ("<<@U024BE7LH>>", "<@user>"),
    ("<https://x.io <@U024BE7LH>", "<https://x.io @user"),
    # formatting
    ("*bold* _italic_ ~struck~", "bold italic struck"),
    ("*Jane Doe*, (_Joe_): ~x~!", "Jane Doe, (Joe): x!"),
    ("*_Jane_* and _*~Joe~*_", "Jane and Joe"),
    ("*my_var_name*", "my_var_name"),
    ("*<https://x.io|label>*", "https://x.io label"),
    ("&lt;*b*&gt;", "<b>"),
    ("*Name:* Jane\n*Phone:* 555", "Name: Jane\nPhone: 555"),
    ("*Jane*'s", "Jane's"),
    ("*a _b* c_", "a _b c_"),
    ("*one\ntwo*", AS_IT_IS),
    ("my_var_name snake_case_ _x __init__ _", AS_IT_IS),
    ("P@ss*w0rd*1 and hunter_2_ and a*b*c", AS_IT_IS),
    ("2 * 3 * 4 = 24, 2*3*4, SELECT * FROM t, count(*) (*)", AS_IT_IS),
    ("*.py and *.txt, src/*/tests/*, .*foo.*", AS_IT_IS),
    ("***-**-6789 and *-*-6789 and **bold** and ~~x~~", AS_IT_IS),
    ("~/.ssh ~/x ~5 to ~10", AS_IT_IS),
    ("*/5 * * * *", AS_IT_IS),
    ("key=_a_ tok-_en_-x https://x.io/_a_/b", AS_IT_IS),
    ("f(*args, **kwargs) g(*rest)", AS_IT_IS),
    ("^_^ *_* -_- ¯\\_(ツ)_/¯", AS_IT_IS),
    # code
    ("run `rm *a* _b_` now", "run rm *a* _b_ now"),
    ("```a = 1\n*b* <https://x.io>```", "a = 1\n*b* https://x.io"),
    ("`<mailto:a@b.co|a@b.co>` `a &lt; b`", "a@b.co a < b"),
    ("*`x`*", "x"),
    ("```\n&gt; no quote\n```", "\n> no quote\n"),
    ("a ` b", AS_IT_IS),
    ("```open `", AS_IT_IS),
    ("`` `````` P`ss`w0rd it`s ``x``", AS_IT_IS),
    # quotes
    ("&gt; my ssn\n&gt;next\nno &gt; quote", "my ssn\nnext\nno > quote"),
    ("> a\n>b", "a\nb"),
    ("&gt;&gt;&gt; all *of* it", "all of it"),
    ("&gt; ", ""),
    # the rest
    (":wave: :man_in_suit: :+1::skin-tone-2:", AS_IT_IS),
    ("", AS_IT_IS),
    ("nul \0 and half a pair \ud83d <@U\ud83d>", AS_IT_IS),
]


@pytest.mark.parametrize(("wire", "plain"), READS)
def test_wire_text_reads_as_slack_shows_it(wire, plain):
    assert read_wire(wire).text == (wire if plain is AS_IT_IS else plain)


LANDINGS = [
    # wire, what is found in plain, what that is on the wire
    ("<mailto:a@b.co|A@b.co>", "A@b.co", "A@b.co"),
    ("<mailto:a@b.co|HR>", "a@b.co", "a@b.co"),
    ("<mailto:a@b.co|HR>", "HR", "HR"),
    ("<mailto:a@b.co|HR>", "co HR", "co|HR"),
    ("<mailto:a@b.co>", "a@b.co", "a@b.co"),
    ("<tel:+15551234567|555-123-4567>", "555-123-4567", "555-123-4567"),
    ("<tel:+15551234567|call>", "+15551234567", "+15551234567"),
    ("<https://x.io/jane|Jane Doe>", "Jane Doe", "Jane Doe"),
    ("<https://x.io/jane|Jane Doe>", "x.io/jane", "x.io/jane"),
    ("<https://x.io?a=1&amp;b=2>", "1&b", "1&amp;b"),
    ("ask *Jane Doe* or _Joe_", "Jane Doe", "Jane Doe"),
    ("ask *Jane* Doe", "Jane Doe", "Jane* Doe"),
    ("*_Jane_*", "Jane", "Jane"),
    ("pw `S3cr&amp;t`", "S3cr&t", "S3cr&amp;t"),
    ("```key\nabc```", "abc", "abc"),
    ("&gt; ssn 078-05-1120", "078-05-1120", "078-05-1120"),
    ("hi <@U024BE7LH>, ok", "@user", "@U024BE7LH"),
    ("hi <@U024BE7LH|dana>", "dana", "dana"),
    ("hi <@U024BE7LH>, ok", "@user, ok", "@U024BE7LH>, ok"),
    ("<!subteam^S012AB3CD>", "group", "subteam^S012AB3CD"),
    ("Jane &lt;<mailto:j@b.co|j@b.co>&gt;", "j@b.co", "j@b.co"),
    ("Jane &lt;<mailto:j@b.co|j@b.co>&gt;", "<j@b.co>", "&lt;<mailto:j@b.co|j@b.co>&gt;"),
]


@pytest.mark.parametrize(("wire", "found", "landed"), LANDINGS)
def test_a_span_lands_on_its_value_in_the_wire_text(wire, found, landed):
    plain = read_wire(wire)
    at = plain.text.index(found)

    span = plain.to_wire(Span(at, at + len(found), "PERSON", 0.7, "model"))

    assert wire[span.start : span.end] == landed
    assert (span.label, span.score, span.source) == ("PERSON", 0.7, "model")


TOUCHES = [
    # wire, a stretch of it, the plain characters it touches
    ("<mailto:a@b.co|HR>", "<mailto:a@b.co|HR>", "a@b.co HR"),
    ("<mailto:a@b.co|HR>", "HR", "HR"),
    ("<mailto:a@b.co|a@b.co>", "mailto:a", None),
    ("<mailto:a@b.co|a@b.co>", "<mailto:", None),
    ("x &amp; y", "mp", "&"),
    ("say *Jane*", "*Jane*", "Jane"),
    ("say *Jane*", "*J", "J"),
    ("&gt; hello", "&gt; ", None),
    ("`x`", "`", None),
    ("<@U024BE7LH>", "BE7LH", "r"),
    ("Jane", "an", "an"),
]


@pytest.mark.parametrize(("wire", "stretch", "touched"), TOUCHES)
def test_a_wire_span_touches_the_plain_characters_that_own_it(wire, stretch, touched):
    plain = read_wire(wire)
    at = wire.index(stretch)

    span = plain.to_plain(Span(at, at + len(stretch), "PERSON", 0.7, "model"))

    assert (span and plain.text[span.start : span.end]) == touched
    assert span is None or (span.label, span.score, span.source) == ("PERSON", 0.7, "model")


CONSTRUCTS = [wire for wire, *_ in READS]
PIECES = [
    *"<>&*_~`|@#!^:;\n\r \0\u2028",
    *("&amp;", "&lt;", "&gt;", "&gt; ", "```", "<@", "<!", "<mailto:", "<tel:", "<https://", "**"),
    *(
        "Jane",
        "a@b.co",
        "+15551234567",
        "x.io/y",
        "U024BE7LH",
        "date^1^",
        "here",
        "\ud83d",
        "ß",
        "é",
    ),
]
words = st.text(st.characters(exclude_characters="<>|&\n"), min_size=1, max_size=12)
links = st.builds(
    "<{}{}|{}>".format, st.sampled_from(["mailto:", "tel:", "https://"]), words, words
)
wires = st.lists(
    st.sampled_from(CONSTRUCTS) | st.sampled_from(PIECES) | st.text(max_size=6) | links, max_size=14
).map("".join)
#: Drawn from few characters, so that marks and spaces meet in every order.
marked = st.text("*_~`<>& \n.-a1", max_size=40)


@settings(deadline=None)
@given(wires | marked)
def test_every_plain_character_owns_a_wire_range_of_its_own(wire):
    plain = read_wire(wire)

    owned = list(zip(plain.starts, plain.ends, strict=True))
    assert len(owned) == len(plain.text)
    assert all(0 <= start < end <= len(wire) for start, end in owned)
    assert all(left[1] <= right[0] for left, right in pairwise(owned))


@settings(deadline=None)
@given(wires | marked, st.data())
def test_a_span_comes_back_from_the_wire_as_it_went(wire, data):
    plain = read_wire(wire)
    if not plain.text:
        return
    start = data.draw(st.integers(0, len(plain.text) - 1))
    end = data.draw(st.integers(start + 1, len(plain.text)))
    span = Span(start, end, "EMAIL_ADDRESS", 0.5, "rule:email")

    on_wire = plain.to_wire(span)

    assert (on_wire.start, on_wire.end) == (plain.starts[start], plain.ends[end - 1])
    assert plain.to_plain(on_wire) == span


@settings(deadline=None)
@given(wires | marked, st.data())
def test_to_plain_gives_exactly_the_characters_that_a_wire_span_touches(wire, data):
    start = data.draw(st.integers(0, len(wire)))
    end = data.draw(st.integers(start + 1, len(wire) + 5))
    plain = read_wire(wire)

    span = plain.to_plain(Span(start, end, "PERSON"))

    touched = [
        index
        for index, owner in enumerate(zip(plain.starts, plain.ends, strict=True))
        if owner[0] < end and start < owner[1]
    ]
    assert (list(range(span.start, span.end)) if span else []) == touched


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="&<>*_~`")))
def test_text_without_special_characters_is_its_own_plain_text(text):
    assert read_wire(text) == PlainText.identity(text)
    assert read_wire(text).text == text


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters="*_~`"))
    | st.lists(st.sampled_from([p for p in PIECES if not set(p) & set("*_~`")])).map("".join)
)
def test_escaped_text_reads_as_it_was(text):
    if not re.search(r"^>", text, re.MULTILINE):
        assert read_wire(escape(text)).text == text


@settings(deadline=None)
@given(wires | marked)
def test_outside_of_constructs_no_letter_or_digit_is_lost(wire):
    wire = wire.replace("<", "")

    shown = [char for char in read_wire(wire).text if char.isalnum()]

    assert shown == [char for char in re.sub("&(amp|lt|gt);", "", wire) if char.isalnum()]


@settings(deadline=None)
@given(words, words)
@pytest.mark.parametrize("scheme", ["mailto:", "tel:", "https://"])
def test_a_label_hides_no_address(scheme, address, label):
    text = read_wire(f"<{scheme}{address}|{label}>").text

    assert label in text
    if scheme == "tel:" and re.fullmatch(r"[\d\s+().\-/]+", address):
        digits = re.sub(r"\D", "", address)
        assert digits[3:] in re.sub(r"\D", "", text)
    else:
        assert address.removeprefix("www.").removesuffix("/").lower() in text.lower()


@settings(deadline=None)
@given(words)
@pytest.mark.parametrize("scheme", ["mailto:", "https://"])
def test_a_label_that_is_the_address_is_shown_once(scheme, address):
    assert read_wire(f"<{scheme}{address}|{address}>").text == address


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\n*_~`"), max_size=20), st.sampled_from("*_~"))
def test_a_word_between_marks_loses_the_marks_alone(text, mark):
    word = f"a{escape(text)}a"

    assert read_wire(f"so {mark}{word}{mark}, then").text == f"so {read_wire(word).text}, then"


@pytest.mark.parametrize(
    "wire",
    [
        "<" * 40_000,
        "`" * 40_000,
        "*a " * 13_000,
        "<@" * 20_000,
        "&" * 40_000,
        "_*" * 20_000,
        "<https://" + "a|" * 19_000,
        "```" + "`a " * 13_000,
        "`a``` " * 6_000,
        "&gt; \n" * 6_000,
        "<!date^" * 5_700,
        "*`_~<@U1>" * 4_400,
    ],
    ids=lambda wire: repr(wire[:9]),
)
def test_a_message_of_full_length_is_read_whatever_it_holds(wire):
    plain = read_wire(wire)

    everything = Span(0, len(plain.text), "PERSON")
    assert plain.to_plain(plain.to_wire(everything)) == everything


def test_plain_markup_keeps_all_offsets():
    text = "<@U1> *a* &amp;"
    plain = PlainText.identity(text)
    span = Span(2, 9, "PERSON", 0.4, "model")

    assert plain.text == text
    assert plain.to_wire(span) == span
    assert plain.to_plain(span) == span


def test_a_span_beyond_the_plain_text_is_refused_without_showing_the_text():
    with pytest.raises(SpanError) as error:
        read_wire("*Jane*").to_wire(Span(0, 6, "PERSON"))

    assert "4 characters" in str(error.value)
    assert "Jane" not in str(error.value)


def test_the_repr_shows_no_text():
    assert "Jane" not in repr(read_wire("*Jane*")) + repr(PlainText.identity("Jane"))
