"""A Slack export, as a zip or a folder: day files one at a time, messages one at a time, nothing unpacked."""

import re
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from piiguard.errors import SourceError
from piiguard.items import Item, Place, Problem, clean, one_line, slices
from piiguard.sources.json_array import read_array
from piiguard.sources.slack_archive import Archive, FolderArchive, Member, ZipArchive
from piiguard.sources.slack_message import message_parts

N_CONTEXT = 4
#: Of each text that serves as context; a model reads its last words only.
_CONTEXT_CHARS = 2_000
_MAX_THREADS = 2_000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
#: Conversation lists, and how a name from them is shown.
_LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
_PEOPLE = ("users.json", "org_users.json")
_KNOWN = (*_LISTS, *_PEOPLE, "integration_logs.json", "content_flags.json", "canvases.json")
_MARKERS = ("channels.json", *_PEOPLE, "groups.json", "dms.json", "mpims.json")


class SlackExport:
    """The messages of an export, channel by channel and day by day.

    ``n_unread`` counts files that hold no messages in a form known here: canvases, lists, attachments.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        archive = self._open_archive()
        try:
            self.fingerprint: str | None = archive.fingerprint
            self._root = _root(archive.members)
            days, unread = _day_files(archive.members, self._root)
            if not days and not _has_lists(archive.members, self._root):
                found = "; it holds files that were refused" if archive.problems else ""
                raise SourceError(
                    f"{path}: not a Slack export (expected channels.json and folders of YYYY-MM-DD.json){found}"
                )
            self.n_unread = len(unread)
            self.size_bytes: int | None = sum(member.size_bytes for member in days)
        finally:
            archive.close()
        self.done_bytes = 0
        self.n_skipped = 0
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Item]:
        self.done_bytes = self.n_skipped = 0
        archive = self._open_archive()
        self.problems = list(archive.problems)
        try:
            people = self._people(archive)
            names = self._channels(archive, people)
            days, _ = _day_files(archive.members, self._root)
            channel, reader = "", _ChannelReader("")
            for member in days:
                folder = PurePosixPath(member.name).parent.name
                if folder != channel:
                    channel, reader = (
                        folder,
                        _ChannelReader(names.get(folder, f"#{one_line(folder)}")),
                    )
                before = self.done_bytes
                yield from self._day(archive, member, reader, people)
                self.done_bytes = before + member.size_bytes
        finally:
            archive.close()

    def _open_archive(self) -> Archive:
        return FolderArchive(self._path) if self._path.is_dir() else ZipArchive(self._path)

    def _day(
        self, archive: Archive, member: Member, reader: "_ChannelReader", people: Mapping[str, str]
    ) -> Iterator[Item]:
        name = f"{self.name}/{one_line(member.name)}"
        try:
            with archive.open(member.name) as file:
                for message in read_array(file, name, tick=self._tick):
                    items = reader.read(message, name, people)
                    first = next(items, None)
                    if first is None:
                        self.n_skipped += 1
                        continue
                    yield first
                    yield from items
        except SourceError as error:
            self._problem(error)

    def _people(self, archive: Archive) -> dict[str, str]:
        """User id -> the name that others see."""
        people = {}
        for name in _PEOPLE:
            for user in self._objects(archive, name):
                profile = user.get("profile")
                profile = profile if isinstance(profile, dict) else {}
                shown = (
                    profile.get("display_name")
                    or profile.get("real_name")
                    or user.get("real_name")
                    or user.get("name")
                )
                if isinstance(user.get("id"), str) and isinstance(shown, str) and one_line(shown):
                    people[user["id"]] = one_line(shown)[:80]
        return people

    def _channels(self, archive: Archive, people: Mapping[str, str]) -> dict[str, str]:
        """Folder -> how a reader knows the conversation: "#general", "DM Ana, Lee"."""
        names = {}
        for name in _LISTS:
            for entry in self._objects(archive, name):
                folders = [entry[key] for key in ("name", "id") if isinstance(entry.get(key), str)]
                members = entry.get("members")
                if name in ("dms.json", "mpims.json") and isinstance(members, list):
                    shown = "DM " + ", ".join(
                        people.get(member, member) for member in members if isinstance(member, str)
                    )
                elif folders:
                    shown = f"#{one_line(folders[0])}"
                else:
                    continue
                names.update(dict.fromkeys(folders, shown[:120]))
        return names

    def _objects(self, archive: Archive, name: str) -> Iterator[dict[str, Any]]:
        full = self._root + name
        if not any(member.name == full for member in archive.members):
            return
        try:
            with archive.open(full) as file:
                yield from read_array(file, f"{self.name}/{name}")
        except SourceError as error:
            self._problem(error)

    def _tick(self, n_bytes: int) -> None:
        self.done_bytes += n_bytes

    def _problem(self, error: SourceError) -> None:
        place, _, reason = str(error).partition(": ")
        self.problems.append(Problem(place, reason))


class _ChannelReader:
    """Messages of one conversation in their order -> items, each with the texts before it."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._recent: deque[str] = deque(maxlen=N_CONTEXT)
        self._threads: OrderedDict[str, deque[str]] = OrderedDict()
        self._seen: deque[int] = deque(maxlen=500)

    def read(
        self, message: Mapping[str, Any], file: str, people: Mapping[str, str]
    ) -> Iterator[Item]:
        """The items of one message; none when it holds no text or came before."""
        parts = [part._replace(text=clean(part.text)) for part in message_parts(message)]
        ts = message.get("ts")
        ts = one_line(ts)[:40] if isinstance(ts, str) else None
        # a reply that was also sent to the channel comes twice
        copy = hash((ts, parts[0].text if parts else ""))
        if not parts or (ts and copy in self._seen):
            return
        self._seen.append(copy)
        context = self._context(message)
        user = _author(message, people)
        first = True
        for part in parts:
            before = context if first or parts[0].name else (*context, parts[0].text)[-N_CONTEXT:]
            place = Place(file, None, self._channel, ts, user, part.name)
            for item in slices(part.text, place, context=before, markup=part.markup, first=first):
                yield item
                first = False
        self._remember(message, parts[0].text[-_CONTEXT_CHARS:])

    def _context(self, message: Mapping[str, Any]) -> tuple[str, ...]:
        thread = self._threads.get(str(message.get("thread_ts")))
        return tuple(thread if thread else self._recent)

    def _remember(self, message: Mapping[str, Any], text: str) -> None:
        ts, thread_ts = message.get("ts"), message.get("thread_ts")
        if thread_ts:
            thread = self._threads.setdefault(str(thread_ts), deque(maxlen=N_CONTEXT))
            self._threads.move_to_end(str(thread_ts))
            thread.append(text)
            if len(self._threads) > _MAX_THREADS:
                self._threads.popitem(last=False)
        if not thread_ts or thread_ts == ts or message.get("subtype") == "thread_broadcast":
            self._recent.append(text)


def _author(message: Mapping[str, Any], people: Mapping[str, str]) -> str | None:
    inner = message.get("message")
    inner = inner if isinstance(inner, Mapping) else {}
    user = message.get("user") or inner.get("user")
    if isinstance(user, str):
        return people.get(user) or one_line(user)[:80]
    for entry in (message.get("bot_profile"), message.get("user_profile")):
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
            return one_line(entry["name"])[:80]
    for key in ("username", "bot_id"):
        if isinstance(message.get(key), str):
            return one_line(message[key])[:80]
    return None


def _root(members: list[Member]) -> str:
    """Where the export begins: "", or the folder it was packed in."""
    roots = [
        member.name[: -len(PurePosixPath(member.name).name)]
        for member in members
        if PurePosixPath(member.name).name in _MARKERS
    ]
    return min(roots, key=lambda root: (root.count("/"), root), default="")


def _has_lists(members: list[Member], root: str) -> bool:
    return any(member.name == root + name for member in members for name in _MARKERS)


def _day_files(members: list[Member], root: str) -> tuple[list[Member], list[Member]]:
    days, unread = [], []
    for member in members:
        inside = member.name.removeprefix(root) if member.name.startswith(root) else ""
        parts = inside.split("/")
        if len(parts) == 2 and _DAY.fullmatch(parts[1]):
            days.append(member)
        elif inside not in _KNOWN:
            unread.append(member)
    return sorted(days, key=lambda member: member.name), unread
