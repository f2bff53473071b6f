"""Slack exports: names, threads, every kind of text in a message, and whatever a zip may hold."""

import json
import stat
import zipfile

import pytest

from piiguard.errors import SourceError
from piiguard.sources import open_source
from piiguard.sources import slack_archive as archive_module
from piiguard.sources.json_array import read_array
from piiguard.sources.slack_message import message_parts

USERS = [
    {"id": "U1", "name": "ana", "profile": {"display_name": "Ana", "real_name": "Ana Lima"}},
    {"id": "U2", "name": "lee", "profile": {"display_name": "", "real_name": "Lee Wong"}},
]
DAY = "2026-10-02.json"


def message(n, text, user="U1", **more):
    return {"type": "message", "ts": f"17909502{n:02}.000100", "user": user, "text": text, **more}


def export(days, **lists):
    files = {
        "users.json": USERS,
        "channels.json": [{"id": "C1", "name": "general"}, {"id": "C2", "name": "hr"}],
        **{f"{name}.json": content for name, content in lists.items()},
        **days,
    }
    return {
        name: data if isinstance(data, str | bytes) else json.dumps(data)
        for name, data in files.items()
    }


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def write_folder(path, files):
    for name, data in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(path):
    source = open_source(path)
    return list(source), source


@pytest.mark.parametrize("write", [write_zip, write_folder])
def test_messages_come_with_channel_author_and_time_from_zip_and_folder(tmp_path, write):
    files = export({f"general/{DAY}": [message(1, "hello"), message(2, "hi", "U2")]})

    items, source = read(write(tmp_path / "export", files))

    assert [item.message.text for item in items] == ["hello", "hi"]
    assert [str(item.place) for item in items] == [
        "#general 2026-10-02 14:10 Ana",
        "#general 2026-10-02 14:10 Lee Wong",
    ]
    assert items[0].place.file.endswith(f"export/general/{DAY}")
    assert source.problems == []
    assert source.done_bytes == source.size_bytes


def test_an_export_packed_in_a_folder_of_its_own_is_found(tmp_path):
    files = export({f"general/{DAY}": [message(1, "hello")]})
    wrapped = {f"Acme export/{name}": data for name, data in files.items()}

    items, _ = read(write_zip(tmp_path / "e.zip", wrapped))

    assert [item.place.channel for item in items] == ["#general"]


@pytest.mark.parametrize(
    ("lists", "folder", "channel"),
    [
        ({"dms": [{"id": "D1", "members": ["U1", "U2"]}]}, "D1", "DM Ana, Lee Wong"),
        (
            {"mpims": [{"id": "G1", "name": "mpdm-ana--lee-1", "members": ["U1", "U2", "U9"]}]},
            "mpdm-ana--lee-1",
            "DM Ana, Lee Wong, U9",
        ),
        ({"groups": [{"id": "G2", "name": "secret-plans"}]}, "secret-plans", "#secret-plans"),
        ({}, "left-out-of-the-lists", "#left-out-of-the-lists"),
    ],
)
def test_conversations_are_named_as_their_members_know_them(tmp_path, lists, folder, channel):
    files = export({f"{folder}/{DAY}": [message(1, "x")]}, **lists)

    items, _ = read(write_zip(tmp_path / "e.zip", files))

    assert [item.place.channel for item in items] == [channel]


def test_a_reply_has_its_thread_as_context_and_others_the_last_four_of_the_channel(tmp_path):
    root = "1790950200.000100"
    days = {
        f"general/{DAY}": [
            message(0, "what's your social?", thread_ts=root, reply_count=1),
            *(message(n, f"chat {n}") for n in range(1, 6)),
            message(10, "078-05-1120", thread_ts=root),
            message(11, "and lunch?"),
        ]
    }

    items, _ = read(write_zip(tmp_path / "e.zip", export(days)))
    context = {item.message.text: tuple(item.message.context) for item in items}

    assert context["078-05-1120"] == ("what's your social?",)
    assert context["chat 1"] == ("what's your social?",)
    assert context["and lunch?"] == ("chat 2", "chat 3", "chat 4", "chat 5")


def test_context_does_not_cross_channels_and_does_cross_days(tmp_path):
    days = {
        "general/2026-10-02.json": [message(1, "evening")],
        "general/2026-10-03.json": [message(2, "morning")],
        "hr/2026-10-03.json": [message(3, "private")],
    }

    items, _ = read(write_zip(tmp_path / "e.zip", export(days)))

    assert [tuple(item.message.context) for item in items] == [(), ("evening",), ()]


@pytest.mark.parametrize(
    "skipped",
    [
        {"type": "message", "ts": "1.1", "text": ""},
        {"type": "message", "ts": "1.1"},
        {"type": "message", "ts": "1.1", "text": None, "blocks": None, "files": None},
        {"type": "message", "ts": "1.1", "text": "<@U1> has joined", "subtype": "channel_join"},
        {
            "type": "message",
            "ts": "1.1",
            "text": "This message was deleted",
            "subtype": "tombstone",
        },
        {
            "type": "message",
            "ts": 5,
            "text": ["no", "text"],
            "attachments": "no list",
            "files": [1],
        },
    ],
)
def test_messages_without_anybodys_words_are_skipped_and_counted(tmp_path, skipped):
    files = export({f"general/{DAY}": [skipped, message(2, "hello")]})

    items, source = read(write_zip(tmp_path / "e.zip", files))

    assert [item.message.text for item in items] == ["hello"]
    assert (source.n_skipped, source.problems) == (1, [])


def rich(*elements):
    section = {"type": "rich_text_section", "elements": list(elements)}
    return [{"type": "rich_text", "elements": [section]}]


@pytest.mark.parametrize(
    ("message", "texts"),
    [
        ({"text": "hi", "edited": {"user": "U1", "ts": "2"}}, {"": "hi"}),
        ({"text": "door code is 4411", "subtype": "channel_topic"}, {"": "door code is 4411"}),
        ({"text": "build red", "subtype": "bot_message", "username": "ci"}, {"": "build red"}),
        (
            {"text": "hi *you*", "blocks": rich({"type": "text", "text": "hi you"})},
            {"": "hi *you*"},
        ),
        (
            {"text": "", "blocks": rich({"type": "text", "text": "a < b & c"})},
            {"blocks": "a &lt; b &amp; c"},
        ),
        (
            {
                "text": "",
                "blocks": rich(
                    {"type": "user", "user_id": "U1"},
                    {"type": "text", "text": " write to "},
                    {"type": "link", "url": "mailto:a@b.co", "text": "a@b.co"},
                    {"type": "emoji", "name": "wave"},
                ),
            },
            {"blocks": "<@U1> write to <mailto:a@b.co|a@b.co>:wave:"},
        ),
        (
            {
                "text": "",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "A & B"}},
                    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*id* 7"}]},
                    {"type": "brand_new", "inner": {"deep": [{"text": "seen"}]}},
                ],
            },
            {"blocks": "A &amp; B\n*id* 7\nseen"},
        ),
        (
            {
                "text": "",
                "blocks": [
                    {
                        "type": "table",
                        "rows": [
                            [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]
                        ],
                    }
                ],
            },
            {"blocks": "a | b"},
        ),
        (
            {
                "text": "new lead",
                "attachments": [
                    {
                        "fallback": "f",
                        "title": "Lead",
                        "fields": [{"title": "Phone", "value": "555"}],
                    }
                ],
            },
            {"": "new lead", "attachment 1": "Lead\nPhone: 555"},
        ),
        ({"text": "", "attachments": [{"fallback": "only this"}]}, {"attachment 1": "only this"}),
        (
            {
                "text": "see file",
                "files": [
                    {
                        "id": "F1",
                        "title": "people.csv",
                        "name": "people.csv",
                        "preview": "name,ssn",
                    },
                    {"id": "F2", "mode": "tombstone"},
                ],
            },
            {"": "see file", "file 1": "people.csv\nname,ssn"},
        ),
        (
            {
                "subtype": "message_changed",
                "message": {"text": "now"},
                "original": {"text": "before"},
            },
            {"message": "now", "original": "before"},
        ),
    ],
)
def test_every_text_of_a_message_is_read_once(message, texts):
    assert {part.name: part.text for part in message_parts(message)} == texts


def test_parts_go_on_with_their_message_and_have_its_text_as_context(tmp_path):
    files = export(
        {f"general/{DAY}": [message(1, "his number", attachments=[{"text": "020 7946 0958"}])]}
    )

    first, second = read(write_zip(tmp_path / "e.zip", files))[0]

    assert (first.first, second.first) == (True, False)
    assert second.message.context == ("his number",)
    assert (second.place.part, second.place.ts) == ("attachment 1", first.place.ts)


def test_a_reply_that_was_also_sent_to_the_channel_is_read_once(tmp_path):
    reply = message(5, "same", subtype="thread_broadcast", thread_ts="1790950200.000100")
    files = export({f"general/{DAY}": [reply, reply, message(6, "same")]})

    items, _ = read(write_zip(tmp_path / "e.zip", files))

    assert len(items) == 2


def test_deeply_nested_blocks_end_somewhere():
    block = {"text": "deep"}
    for _ in range(200):
        block = {"type": "odd", "elements": [block]}

    assert message_parts({"text": "hi", "blocks": [block]})[0].text == "hi"


# --- what a file may do to us


def test_a_broken_day_file_is_named_with_its_place_and_the_rest_is_read(tmp_path):
    broken = json.dumps([message(1, "kept"), message(2, "lost")], indent=1)[:-30]
    days = {f"general/{DAY}": broken, f"hr/{DAY}": [message(3, "other")]}

    items, source = read(write_zip(tmp_path / "e.zip", export(days)))

    assert [item.message.text for item in items] == ["kept", "other"]
    [problem] = source.problems
    assert problem.place.endswith(f"e.zip/general/{DAY} line 11, column 3")
    assert problem.reason.startswith("not JSON (")
    assert "lost" not in str(problem)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": 1}', "expected a JSON array"),
        ("", "expected a JSON array"),
        ('[{"text": "a"} {"text": "b"}]', "expected a comma"),
        ('[{"text": "a"},]', "not JSON (Expecting value)"),
        ("[" * 5_000, "not JSON that can be read (RecursionError)"),
        ('[{"n": 1' + "0" * 5_000 + "}]", "not JSON that can be read (ValueError)"),
        (b'[{"text": "caf\xe9"}]', "byte 14: not UTF-8"),
        (b'\x00\x01[{"text"', "byte 0: expected text"),
    ],
)
def test_what_is_no_array_of_messages_is_a_problem(tmp_path, content, reason):
    files = export({f"general/{DAY}": content, f"hr/{DAY}": [message(1, "other")]})

    items, source = read(write_zip(tmp_path / "e.zip", files))

    assert [item.message.text for item in items][-1] == "other"
    [problem] = source.problems
    assert reason in str(problem)


def test_a_day_file_is_read_in_pieces(tmp_path):
    path = tmp_path / "day.json"
    objects = [{"n": n, "text": "é" * 3_000} for n in range(500)]
    path.write_text(json.dumps(objects, ensure_ascii=False, indent=2), encoding="utf-8")

    with open(path, "rb") as file:
        read_back = []
        for number, entry in enumerate(read_array(file, "day.json")):
            read_back.append(entry)
            if number == 0:
                assert file.tell() < path.stat().st_size // 5

    assert read_back == objects


@pytest.mark.parametrize("name", ["export.zip", "export"])
def test_what_is_not_a_zip_or_an_export_says_what_was_expected(tmp_path, name):
    path = tmp_path / name
    if name.endswith(".zip"):
        path.write_bytes(b"%PDF-1.7 no zip at all")
        expected = "not a whole zip file"
    else:
        path.mkdir()
        (path / "notes.txt").write_text("x")
        expected = "not a Slack export"

    with pytest.raises(SourceError, match=expected):
        open_source(path)


def test_a_zip_that_was_cut_off_is_refused(tmp_path):
    whole = write_zip(tmp_path / "e.zip", export({f"general/{DAY}": [message(1, "x")]}))
    whole.write_bytes(whole.read_bytes()[:-40])

    with pytest.raises(SourceError, match="not a whole zip file"):
        open_source(whole)


def test_a_damaged_member_is_a_problem_and_the_rest_is_read(tmp_path):
    path = tmp_path / "e.zip"
    days = {f"general/{DAY}": [message(1, "needle in here")], f"hr/{DAY}": [message(2, "fine")]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, data in export(days).items():
            packed.writestr(name, data)
    path.write_bytes(path.read_bytes().replace(b"needle", b"noodle", 1))

    items, source = read(path)

    assert items[-1].message.text == "fine"
    assert "checksum is wrong" in str(source.problems[0])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../etc/2026-10-02.json", 'a path with ".."'),
        ("/etc/general/2026-10-02.json", "an absolute path"),
        ("C:\\general\\2026-10-02.json", "an absolute path"),
        ("general/..\\2026-10-02.json", 'a path with ".."'),
    ],
)
def test_paths_that_lead_out_of_the_zip_are_skipped(tmp_path, name, reason):
    files = export({f"general/{DAY}": [message(1, "fine")]})
    path = write_zip(tmp_path / "e.zip", {**files, name: json.dumps([message(2, "evil")])})

    items, source = read(path)

    assert [item.message.text for item in items] == ["fine"]
    assert [problem.reason for problem in source.problems] == [f"skipped: {reason}"]
    assert {p.name for p in tmp_path.iterdir()} == {"e.zip"}


def test_links_and_second_files_of_a_name_are_skipped(tmp_path):
    path = write_zip(tmp_path / "e.zip", export({f"general/{DAY}": [message(1, "fine")]}))
    link = zipfile.ZipInfo(f"hr/{DAY}")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr(f"general/{DAY}", json.dumps([message(2, "again")]))

    items, source = read(path)

    assert [item.message.text for item in items] == ["fine"]
    assert {problem.reason for problem in source.problems} == {
        "skipped: a link",
        "skipped: a second file of this name",
    }


def test_links_in_a_folder_are_not_followed(tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps([message(1, "secret")]))
    folder = write_folder(tmp_path / "export", export({f"hr/{DAY}": [message(2, "fine")]}))
    (folder / "general").mkdir()
    (folder / "general" / DAY).symlink_to(outside)

    items, source = read(folder)

    assert [item.message.text for item in items] == ["fine"]
    assert [problem.reason for problem in source.problems] == ["skipped: a link"]


def test_a_member_that_unpacks_to_far_more_than_its_size_is_skipped(tmp_path):
    bomb = "[" + " " * 4_000_000 + "]"
    files = export({f"general/{DAY}": bomb, f"hr/{DAY}": [message(1, "fine")]})

    items, source = read(write_zip(tmp_path / "e.zip", files))

    assert [item.message.text for item in items] == ["fine"]
    assert "times its size" in source.problems[0].reason


@pytest.mark.parametrize(
    ("limit", "value", "expected"),
    [
        ("MAX_MEMBERS", 2, "holds 3 files"),
        ("MAX_TOTAL_BYTES", 10, "refused as a zip bomb"),
    ],
)
def test_a_zip_over_a_limit_is_refused_before_it_is_read(
    tmp_path, monkeypatch, limit, value, expected
):
    path = write_zip(tmp_path / "e.zip", export({f"general/{DAY}": [message(1, "x")]}))
    monkeypatch.setattr(archive_module, limit, value)

    with pytest.raises(SourceError, match=expected):
        open_source(path)


def test_a_member_over_its_limit_is_skipped(tmp_path, monkeypatch):
    days = {f"general/{DAY}": [message(1, "x" * 9_000)], f"hr/{DAY}": [message(2, "fine")]}
    path = write_zip(tmp_path / "e.zip", export(days))
    monkeypatch.setattr(archive_module, "MAX_MEMBER_BYTES", 5_000)

    items, source = read(path)

    assert [item.message.text for item in items] == ["fine"]
    assert "expected at most 5,000" in source.problems[0].reason


def test_files_without_messages_are_counted_as_unread(tmp_path):
    files = export({f"general/{DAY}": [message(1, "x")]})
    files |= {"canvases.json": "[]", "general/canvas.html": "<p>", "attachments/F1.png": b"\x89PNG"}

    _, source = read(write_zip(tmp_path / "e.zip", files))

    assert source.n_unread == 2


def test_items_keep_their_text_out_of_repr(tmp_path):
    files = export({f"general/{DAY}": [message(1, "canary-4711")]})

    items, _ = read(write_zip(tmp_path / "e.zip", files))

    assert "canary" not in repr(items)
