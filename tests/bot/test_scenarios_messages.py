"""Every kind of message that Slack sends, from somebody's keyboard to the card: what is flagged, and what never is."""

import json

import pytest

from bot.simulator.records import StoredFile
from tests.bot import scenario_tools
from tests.bot.scenario_tools import REVIEW, buttons, shown
from tests.bot.test_slack_files import docx_of, pdf_of

running_office, office = scenario_tools.running_office, scenario_tools.office
author, channel = scenario_tools.author, scenario_tools.channel


def nothing_came_of(office, channel, ts):
    """No flag and no card, now that all has been done that will be."""
    office.settle()
    return office.flags(channel, ts) == [] and not office.has_card(channel, ts)


# ------------------------------------------------------------------------------------------ plain words
def test_a_message_with_a_card_number_gets_a_card_that_hides_it(office, author, channel):
    number = office.values.card()

    ts = office.sim.post(author, channel, f"here is the card {number} for the booking")

    flag = office.flag(channel, ts)
    card = office.card(flag)
    assert (flag.severity, flag.labels) == ("critical", {"CREDIT_CARD": 1})
    assert flag.user_id == author.id
    assert "Critical · CREDIT_CARD" in shown(card)
    assert "here is the card ••• (1 CREDIT_CARD) for the booking" in shown(card)
    assert f"<#{flag.channel_id}>" in shown(card)
    assert f"<@{author.id}>" in shown(card)
    assert f"Flag {flag.number}" in shown(card)
    assert f"/flags/{flag.number}" in shown(card)
    assert office.sim.permalink(flag.channel_id, ts) in shown(card)
    assert {"confirm", "not_pii", "correct", "more"} <= buttons(card)
    assert card["text"].startswith(f"Critical flag {flag.number} in")


def test_a_message_without_personal_data_brings_nothing(office, author, channel):
    ts = office.sim.post(author, channel, "order 1088213 arrived twice, the customer keeps both")

    assert nothing_came_of(office, channel, ts)


@pytest.mark.parametrize("broadcast", [False, True])
def test_a_reply_in_a_thread_is_one_flag_also_when_it_is_shown_in_the_channel(office, author, channel, broadcast):  # fmt: skip
    root = office.sim.post(author, channel, "who has the number?")

    ts = office.sim.post(
        author, channel, f"ssn {office.values.ssn()}", thread_ts=root, broadcast=broadcast
    )

    flag = office.flag(channel, ts)
    office.settle()
    assert flag.thread_ts == root
    assert len(office.flags(channel, ts)) == 1
    assert office.flags(channel, root) == []
    assert f"thread_ts={root}" in shown(office.card(flag))


def test_a_broadcast_that_slack_tells_of_twice_is_one_flag_and_one_card(office, author, channel):
    root = office.sim.post(author, channel, "who has the number?")
    n_cards = len(office.cards())
    ts = office.sim.post(
        author, channel, f"ssn {office.values.ssn()}", thread_ts=root, broadcast=True
    )
    office.flag(channel, ts)
    # its second copy: the same message under an event of its own
    where = office.sim.workspace.channel(channel)
    message = office.sim.message(ts)
    office.sim.hear(where, office.sim.workspace._event(where, message, office.sim.workspace.new_ts()))  # fmt: skip

    office.settle()
    assert len(office.flags(channel, ts)) == 1
    assert len(office.cards()) == n_cards + 1


def test_a_me_message_is_read(office, author, channel):
    ts = office.sim.post(author, channel, f"pays with {office.values.card()}", subtype="me_message")

    assert office.flag(channel, ts).labels == {"CREDIT_CARD": 1}


def test_a_post_of_another_bot_is_read(office, channel):
    ts = office.sim.post_as_app(channel, f"new order, card {office.values.card()}")

    flag = office.flag(channel, ts)
    assert flag.user_id == ""
    assert "*Who* –" in shown(office.card(flag))


def test_a_post_of_another_bot_is_left_alone_where_policy_says_so(office, channel):
    office.set_policy("bots: {scan: false}")

    ts = office.sim.post_as_app(channel, f"new order, card {office.values.card()}")

    assert nothing_came_of(office, channel, ts)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": "customer card {}"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "card"}, {"type": "plain_text", "text": "card {}"}]},
        {"type": "header", "text": {"type": "plain_text", "text": "card {}"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "card {}"}]},
        {"type": "markdown", "text": "**card** {}"},
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "card {}"}]}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "card"}, {"type": "raw_text", "text": "{}"}]]},
        {"type": "brand_new_block", "inside": {"text": "card {}"}},
    ],
    ids=lambda block: block["type"],
)  # fmt: skip
def test_a_message_of_blocks_alone_is_read(office, channel, block):
    filled = json.loads(json.dumps(block).replace("{}", office.values.card()))

    ts = office.sim.post_as_app(channel, "", blocks=[filled])

    assert office.flag(channel, ts).labels == {"CREDIT_CARD": 1}


def test_what_stands_in_text_and_blocks_is_found_once(office, author, channel):
    ts = office.sim.post(author, channel, f"*card* {office.values.card()} and _thanks_")

    assert len(office.flag(channel, ts).spans) == 1


def test_a_message_of_attachments_alone_is_read(office, channel):
    attachment = {"fallback": "-", "fields": [{"title": "card", "value": office.values.card()}]}

    ts = office.sim.post_as_app(channel, "", attachments=[attachment])

    flag = office.flag(channel, ts)
    assert flag.spans[0].part == "attachments[0]"
    assert "[attachment]" in shown(office.card(flag))


def test_a_number_behind_a_link_is_found(office, author, channel):
    ts = office.sim.post(author, channel, wire="<tel:+15417543010|call me>, card " + office.values.card())  # fmt: skip

    assert office.flag(channel, ts).labels == {"CREDIT_CARD": 1, "PHONE_NUMBER": 1}


@pytest.mark.parametrize("is_msg_unfurl", [False, True])
def test_the_preview_of_a_link_is_not_its_authors_words(office, author, channel, is_msg_unfurl):
    ts = office.sim.post(author, channel, "see https://fernhill.example/wiki/7")
    number = office.values.card()
    if is_msg_unfurl:
        preview = {"is_msg_unfurl": True, "text": f"card {number}", "fallback": "-"}
        office.sim.workspace.change(channel, ts, {"attachments": [preview]})
    else:
        office.sim.unfurl(channel, ts, "https://fernhill.example/wiki/7", f"card {number}")

    assert nothing_came_of(office, channel, ts)


def test_the_preview_of_a_link_is_read_where_policy_says_so(office, author, channel):
    office.set_policy("bots: {unfurls: true}")
    ts = office.sim.post(author, channel, "see https://fernhill.example/wiki/7")

    office.sim.unfurl(
        channel, ts, "https://fernhill.example/wiki/7", f"card {office.values.card()}"
    )

    assert office.flag(channel, ts).labels == {"CREDIT_CARD": 1}


def test_a_topic_is_read_and_slacks_sentence_around_it_is_not(office, author, channel):
    ts = office.sim.workspace.set_topic(author, channel, f"pay to {office.values.iban()}")["ts"]

    flag = office.flag(channel, ts)
    assert (flag.labels, flag.spans[0].part) == ({"BANK_ACCOUNT": 1}, "topic")


def test_a_purpose_and_the_title_of_an_assistants_thread_are_read(office, author, channel):
    where, sim = office.sim.workspace.channel(channel), office.sim
    words = f"pay to {office.values.iban()}"
    purpose = {"type": "message", "subtype": "channel_purpose", "user": author.id, "ts": sim.workspace.new_ts()}  # fmt: skip
    purpose |= {"purpose": words, "text": f"<@{author.id}> set the channel purpose: {words}"}
    sim.workspace.add(where, purpose)
    title = {"title": f"card {office.values.card()}"}
    ts = sim.post(author, channel, "New chat", subtype="assistant_app_thread", assistant_app_thread=title)  # fmt: skip

    assert office.flag(channel, purpose["ts"]).spans[0].part == "purpose"
    assert office.flag(channel, ts).spans[0].part == "title"


def test_a_topic_is_left_alone_where_policy_says_so(office, author, channel):
    office.set_policy("bots: {topics: false}")

    ts = office.sim.workspace.set_topic(author, channel, f"pay to {office.values.iban()}")["ts"]

    assert nothing_came_of(office, channel, ts)


def test_joins_and_what_is_not_known_are_answered_and_not_stored(office, author, channel):
    where = office.sim.workspace.channel(channel)
    newcomer = office.new_author()
    office.settle()
    n_deliveries = len(office.sim.deliveries)

    office.sim.workspace.join(newcomer, channel)
    for subtype in ("huddle_thread", "ekm_access_denied", "reminder_add", "sh_room_created", "x_new"):  # fmt: skip
        message = {"type": "message", "subtype": subtype, "user": author.id}
        message |= {"ts": office.sim.workspace.new_ts(), "text": f"card {office.values.card()}"}
        office.sim.workspace.add(where, message)

    office.settle()
    arrived = office.sim.deliveries[n_deliveries:]
    assert len(arrived) >= 6
    assert {one.status for one in arrived} == {200}
    assert all(office.flags(channel, ts) == [] for ts in where.messages)


def test_our_own_posts_and_the_moderators_channel_are_never_scanned(office, author, channel):
    office.sim.workspace.channel(channel)
    flagged = office.sim.post(author, channel, f"card {office.values.card()}")
    card = office.card(office.flag(channel, flagged))

    ts = office.sim.post("dana", REVIEW, f"I think it was {office.values.card()}, no?")
    reply = office.sim.post("dana", REVIEW, f"card {office.values.card()}", thread_ts=card["ts"])
    own = office.sim.workspace.post(
        office.sim.app.bot_user_id, channel, f"card {office.values.card()}",
        bot_id=office.sim.app.bot_id, app_id=office.sim.app.app_id,
    )["ts"]  # fmt: skip

    office.settle()
    assert office.flags(REVIEW, ts) == office.flags(REVIEW, reply) == []
    assert office.flags(channel, own) == []


def test_a_channel_without_the_bot_is_not_seen(office, author):
    place = office.sim.workspace.add_channel("kitchen", [author])

    ts = office.sim.post(author, place, f"card {office.values.card()}")

    assert nothing_came_of(office, place, ts)


def test_a_private_channel_with_the_bot_in_it_is_read(office, author):
    place = office.new_channel(author, is_private=True)

    ts = office.sim.post(author, place, f"card {office.values.card()}")

    assert office.has_card(place, ts) or office.card(office.flag(place, ts))


# ------------------------------------------------------------------------------------------ edits and deletions
def test_an_edit_that_changes_no_word_changes_nothing(office, author, channel):
    number = office.values.card()
    ts = office.sim.post(author, channel, f"the card {number} again")
    flag = office.flag(channel, ts)
    office.card(flag)
    office.settle()
    n_calls = len(office.sim.calls)

    office.sim.edit(author, channel, ts, f"the *card*  {number} again")

    office.settle()
    assert [one.version for one in office.flags(channel, ts)] == [flag.version]
    assert len(office.sim.calls) == n_calls


def test_a_value_that_is_edited_out_closes_the_flag_and_the_card_says_so(office, author, channel):
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}, thanks")
    flag = office.flag(channel, ts)
    office.card(flag)

    office.sim.edit(author, channel, ts, "the card is with Ruth, thanks")

    resolved = office.became(flag, "resolved")
    card = office.card(resolved)
    assert "Removed by its author" in shown(card)
    assert "resolved" in shown(card)
    assert buttons(card) == set()
    assert "the card is" not in shown(card)


def test_a_value_that_is_edited_in_makes_a_flag(office, author, channel):
    ts = office.sim.post(author, channel, "the card is with Ruth")
    office.settle()
    assert office.flags(channel, ts) == []

    office.sim.edit(author, channel, ts, f"the card is {office.values.card()}")

    assert "confirm" in buttons(office.card(office.flag(channel, ts)))


def test_another_value_edited_in_takes_over_the_card(office, author, channel):
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    first = office.flag(channel, ts)
    card = office.card(first)
    n_cards = len(office.cards())

    office.sim.edit(author, channel, ts, f"the iban is {office.values.iban()}")

    office.became(first, "superseded")
    second = office.flag(channel, ts, "open")
    office.settle()
    assert office.card(second)["ts"] == card["ts"]
    assert "BANK_ACCOUNT" in shown(office.card(second))
    assert len(office.cards()) == n_cards


def test_an_edit_back_opens_the_flag_again(office, author, channel):
    words = f"the card is {office.values.card()}"
    ts = office.sim.post(author, channel, words)
    flag = office.flag(channel, ts)
    office.sim.edit(author, channel, ts, "never mind")
    office.became(flag, "resolved")
    office.card(flag)

    office.sim.edit(author, channel, ts, words)

    opened = office.became(flag, "open")
    assert "confirm" in buttons(office.card(opened))
    assert len(office.flags(channel, ts)) == 1


def test_an_edit_that_overtakes_its_original_wins(office, author, channel):
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    office.sim.edit(author, channel, ts, "the card is with Ruth")
    office.sim.courier.release("reversed")

    office.settle()
    assert [flag.state for flag in office.flags(channel, ts)] in ([], ["resolved"])
    assert not office.has_card(channel, ts)


def test_an_edit_with_a_value_that_overtakes_its_original_is_flagged_once(office, author, channel):
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, "the card is with Ruth")
    office.sim.edit(author, channel, ts, f"the card is {office.values.card()}")
    office.sim.courier.release("reversed")

    flag = office.flag(channel, ts)
    office.settle()
    assert office.fresh(flag).state == "open"
    assert len(office.flags(channel, ts)) == 1


@pytest.mark.parametrize("order", ["as_is", "reversed"])
def test_of_two_edits_in_the_same_second_the_later_one_counts_in_any_order(office, author, channel, order):  # fmt: skip
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, "the card is with Ruth")
    office.sim.edit(author, channel, ts, f"the card is {office.values.card()}")
    office.sim.edit(author, channel, ts, "the card is with Ruth again")
    stamps = [json.loads(body)["event"]["message"]["edited"]["ts"] for _, body in office.sim.courier.bodies[-2:]]  # fmt: skip
    office.sim.courier.release(order)

    office.settle()
    assert all(stamp.endswith(".000000") for stamp in stamps)
    assert {flag.state for flag in office.flags(channel, ts)} <= {"resolved"}


def test_an_edit_that_does_not_say_when_is_read(office, author, channel):
    ts = office.sim.post(author, channel, "the card is with Ruth")
    office.settle()

    office.sim.workspace.change(channel, ts, {"text": f"the card is {office.values.card()}", "blocks": [], "edited": {}})  # fmt: skip

    assert office.flag(channel, ts)


def test_a_deleted_message_closes_its_flag(office, author, channel):
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    flag = office.flag(channel, ts)
    office.card(flag)

    office.sim.delete(author, channel, ts)

    card = office.card(office.became(flag, "resolved"))
    assert "Removed by its author" in shown(card)
    assert "View message" not in shown(card)


def test_the_deleted_root_of_a_thread_closes_its_flag_and_leaves_its_replies(office, author, channel):  # fmt: skip
    root = office.sim.post(author, channel, f"the card is {office.values.card()}")
    reply = office.sim.post(author, channel, f"ssn {office.values.ssn()}", thread_ts=root)
    flag, other = office.flag(channel, root), office.flag(channel, reply)
    office.card(flag)

    office.sim.delete(author, channel, root)

    assert office.sim.message(root)["subtype"] == "tombstone"
    assert "Removed by its author" in shown(office.card(office.became(flag, "resolved")))
    assert office.fresh(other).state == "open"


@pytest.mark.parametrize("has_replies", [False, True])
def test_an_original_that_arrives_after_its_deletion_never_alerts(office, author, channel, has_replies):  # fmt: skip
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    if has_replies:
        office.sim.post(author, channel, "oops", thread_ts=ts)
    office.sim.delete(author, channel, ts)
    n_cards = len(office.cards())
    office.sim.courier.release("reversed")

    office.settle()
    assert {flag.state for flag in office.flags(channel, ts)} <= {"resolved"}
    assert not office.has_card(channel, ts)
    assert len(office.cards()) == n_cards
    assert office.hints(author) == []


def test_an_event_that_comes_again_and_again_is_one_flag_and_one_card(office, author, channel):
    n_cards = len(office.cards())
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    for _ in range(3):
        office.sim.courier.repeat()

    office.flag(channel, ts)
    office.settle()
    assert len(office.flags(channel, ts)) == 1
    assert len(office.cards()) == n_cards + 1


def test_a_deletion_purges_the_text_at_once_where_policy_says_so(office, author, channel):
    office.set_policy("retention: {purge_on_delete: true}")
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    flag = office.flag(channel, ts)
    office.card(flag)

    office.sim.delete(author, channel, ts)

    gone = office.became(flag, "resolved")
    office.settle()
    assert office.fresh(gone).text_gone
    assert "Removed by its author" in shown(office.card(flag))


# ------------------------------------------------------------------------------------------ files
def file_with(kind, words):
    """(name, bytes) of a file that says these words."""
    by_kind = {
        "snippet": ("notes.txt", words.encode()),
        "csv": ("people.csv", f"who,what\nfirst,{words}\n".encode()),
        "json": ("order.json", json.dumps({"note": words}).encode()),
        "log": ("till.log", f"02:10 {words}\n".encode()),
        "utf-16": ("export.txt", words.encode("utf-16")),
        "docx": ("letter.docx", docx_of(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")),
        "pdf": ("scan.pdf", pdf_of(words)),
    }
    return by_kind[kind]


@pytest.mark.parametrize("kind", ["snippet", "csv", "json", "log", "utf-16", "docx", "pdf"])
def test_a_file_is_read(office, author, channel, kind):
    name, data = file_with(kind, f"the card is {office.values.card()}")

    ts = office.sim.upload(author, channel, name, data, "here you are")

    flag = office.flag(channel, ts)
    assert flag.labels == {"CREDIT_CARD": 1}
    assert flag.spans[0].part.startswith("file:")
    assert "[file]" in shown(office.card(flag))
    assert "Not read" not in shown(office.card(flag))


def test_the_comment_of_a_file_is_read_as_well(office, author, channel):
    ts = office.sim.upload(author, channel, "menu.txt", "soup", f"ssn {office.values.ssn()}")

    assert office.flag(channel, ts).spans[0].part == "text"


def test_a_file_without_personal_data_brings_nothing(office, author, channel):
    ts = office.sim.upload(author, channel, "menu.txt", "soup, bread, soup again", "lunch")

    assert nothing_came_of(office, channel, ts)


def test_the_name_of_a_file_is_read(office, author, channel):
    name = f"{office.values.iban().replace(' ', '')}.png"

    ts = office.sim.upload(author, channel, name, b"\x89PNG")

    flag = office.flag(channel, ts)
    assert flag.labels == {"BANK_ACCOUNT": 1}
    assert flag.spans[0].part.startswith("file_name:")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("photo.png", b"\x89PNG\r\n", "type not read"),
        ("archive.zip", b"PK\x03\x04", "type not read"),
        ("huge.csv", b"x" * 1_100_000, "too large"),
        ("broken.pdf", b"%PDF-1.4 nothing", "broken document"),
        ("broken.docx", b"PK\x03\x04 nothing", "not a document"),
        ("odd.txt", b"\x00\x01\x02\x00", "not a text"),
    ],
)
def test_a_file_that_is_not_read_is_named_on_the_card_with_the_reason(office, author, channel, name, data, reason):  # fmt: skip
    ts = office.sim.upload(author, channel, name, data, f"ssn {office.values.ssn()}")

    flag = office.flag(channel, ts)
    assert [part.unread for part in flag.parts if part.unread] == [reason]
    assert f"Not read: {reason}" in shown(office.card(flag))


def test_a_file_that_is_not_read_alone_makes_no_flag(office, author, channel):
    ts = office.sim.upload(author, channel, "photo.png", b"\x89PNG\r\n")

    assert nothing_came_of(office, channel, ts)


def test_files_are_left_alone_where_policy_says_so(office, author, channel):
    office.set_policy("files: {read: false}")

    ts = office.sim.upload(author, channel, "notes.txt", f"the card is {office.values.card()}")

    assert nothing_came_of(office, channel, ts)
    assert [call for call in office.sim.calls_of("files-pri") if ts in str(call.args)] == []


def shared_from_elsewhere(office, author, channel, name, data, text=""):
    """A file of another organisation, as Slack Connect announces it: its id, and "ask first"."""
    sim = office.sim
    ts = sim.upload(author, office.new_channel(author), name, data)
    wire = sim.message(ts)["files"][0]
    place = sim.workspace.channel(channel)
    stored = sim.workspace.files[wire["id"]]
    sim.workspace.files[wire["id"]] = StoredFile(stored.id, stored.name, data, stored.wire, place.id)  # fmt: skip
    stub = {"id": wire["id"], "mode": "file_access", "file_access": "check_file_info"}
    return sim.post(author, channel, text, subtype="file_share", files=[stub])


def test_a_file_of_slack_connect_is_asked_for_first(office, author, channel):
    words = f"the card is {office.values.card()}"

    ts = shared_from_elsewhere(office, author, channel, "notes.txt", words.encode())

    flag = office.flag(channel, ts)
    assert flag.labels == {"CREDIT_CARD": 1}
    assert flag.spans[0].part.startswith("file:")
    assert office.sim.calls_of("files.info")


def test_a_file_of_slack_connect_that_slack_does_not_show_is_named_on_the_card(office, author, channel):  # fmt: skip
    office.sim.faults.add("error", "files.info", code="file_not_found")

    ts = shared_from_elsewhere(
        office, author, channel, "notes.txt", b"soup", f"ssn {office.values.ssn()}"
    )

    assert "Not read: not shown by Slack" in shown(office.card(office.flag(channel, ts)))


def test_a_file_that_slack_does_not_give_is_named_on_the_card(office, author, channel):
    office.sim.tokens[office.sim.bot_token] = _without(office, "files:read")
    try:
        ts = office.sim.upload(author, channel, "notes.txt", b"soup", f"ssn {office.values.ssn()}")
        card = office.card(office.flag(channel, ts))
    finally:
        office.sim.tokens[office.sim.bot_token] = _without(office)

    assert "Not read: Slack does not give it to me" in shown(card)


def _without(office, *scopes):
    """The bot's token with fewer scopes, or with all of them again."""
    token = office.sim.tokens[office.sim.bot_token]
    return type(token)(token.value, token.user_id, office.sim.app.scopes - set(scopes))
