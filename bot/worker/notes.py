"""Notes: what moderators say in the thread of a card is kept with its flag."""

import uuid

from bot.casework import MAX_NOTE_CHARS, add_note
from bot.directory import Directory
from bot.errors import ForbiddenError, NotFoundError
from bot.logs import event as log_event
from bot.policies import Policies
from bot.records import Job
from bot.slack.events import OwnIds, read_reply
from bot.store import Store
from piiguard.slack_text import read_wire


class Notes:
    """Called with an inbox row that holds a reply in a review channel. The second time changes nothing."""

    def __init__(self, store: Store, policies: Policies, directory: Directory):
        self._store = store
        self._policies = policies
        self._directory = directory

    def __call__(self, job: Job) -> None:
        """Keep it, if it stands under a card and whoever said it has a role; it is no command and gets no answer."""
        own = OwnIds(alert_channels=self._policies.current().review_channels)
        reply = read_reply(job.payload, own)
        if reply is None:
            return  # the review channel is another one by now
        card = self._store.cards.at(job.tenant, reply.channel_id, reply.thread_ts)
        person = self._directory.person(job.tenant, reply.user_id)
        if card is None or person is None:
            log_event("bot.notes", "no_note", id=job.id, reason="no_role" if card else "no_card")
            return
        text = read_wire(reply.text).text
        try:
            add_note(
                self._store,
                job.tenant,
                card.flag_id,
                by=person,
                text=text[:MAX_NOTE_CHARS],
                surface="slack",
                note_id=uuid.uuid5(uuid.NAMESPACE_OID, job.event_key).hex,
            )
        except (ForbiddenError, NotFoundError) as error:
            log_event("bot.notes", "no_note", id=job.id, reason=type(error).__name__)
