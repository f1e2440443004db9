"""How a worker process finds the mails that are due, and sends them.

Some threads send what somebody waits for. Fewer threads send letters, bulk, and what is
tried again. So a mail leaves within a second of the commit of its form, whatever waits
in bulk, and a slow receiving domain holds up no other.
"""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection, transaction

from outbox import rates, relay
from outbox.claiming import claim
from outbox.domain_allowance import within_allowance
from outbox.outgoing_mail import OutgoingMail
from outbox.purposes import Lane, purposes_to_collect
from outbox.sending import RelayConversation

logger = logging.getLogger(__name__)
# Seconds until a thread sees at the latest that a mail is due.
LOOK_EVERY = 0.25
COLLECT_EVERY = 1
COLLECTED = 1000
BATCH = {Lane.WAITED: 20, Lane.LETTER: 50, Lane.BULK: 50}
WAITED = (Lane.WAITED,)
# The lanes take turns, so that each has its share of the rate. Of the lane that
# somebody waits for, these threads take the retries.
BULK = (Lane.WAITED, Lane.LETTER, Lane.BULK)
# Seconds until one mail tries a relay again that took nothing; each pause doubles.
FIRST_PAUSE, LONGEST_PAUSE = 1, 60
# After how many such refusals in a row work_through() gives up.
MOST_REFUSALS = 3
# One lock for each purpose: a worker that finds it taken knows that another collects.
_ONE_COLLECTS = "SELECT pg_try_advisory_xact_lock(7217, hashtext(%s))"


def work_through() -> int:
    """Send what is due, here and now, until nothing more is due; returns how many left.

    What may not leave in this minute, and what the relay does not take, is left for
    later.
    """
    sent, found, refusals = 0, True, 0
    with relay.Post() as post:
        while found and refusals < MOST_REFUSALS:
            collect()
            found = False
            for lane in BULK:
                try:
                    conversation = send_some(lane, post, is_bulk=True)
                except relay.NoRelay:
                    found, refusals = True, refusals + 1
                    break
                if conversation is not None:
                    found, refusals = True, 0
                    sent += conversation.sent
    return sent


def send_some(
    lane: Lane, post: relay.Post, *, is_bulk: bool, was_tried: bool | None = None
) -> RelayConversation | None:
    """Hold one conversation about what is due in a lane, and return it.

    Returns None when nothing is due or may leave. Raises NoRelay.
    """
    if not OutgoingMail.objects.due().filter(lane=lane).exists():
        return None
    granted, tried = rates.allowed(lane, BATCH[lane]), 0
    try:
        while granted:
            claimed = claim(lane, granted, is_bulk=is_bulk, was_tried=was_tried)
            if not claimed:
                return None
            # When none of these may leave now, others may.
            with within_allowance(claimed) as mails:
                if mails:
                    conversation = RelayConversation(mails, post)
                    try:
                        conversation.hold()
                    finally:
                        tried = conversation.tried
                    return conversation
        return None
    finally:
        rates.give_back(lane, granted - tried)


def collect() -> None:
    """Make the rows of mails for what is due in the apps.

    Only one worker collects for a purpose at a time; others skip that purpose.
    """
    for purpose in purposes_to_collect():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_ONE_COLLECTS, [purpose.name])
                [is_mine] = cursor.fetchone()
            if is_mine:
                purpose.collect(COLLECTED)


class Dispatcher:
    """The threads of one worker process that send mails, as a context manager."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._relay = RelayHealth()
        self._due = {WAITED: threading.Event(), BULK: threading.Event()}
        self._threads = [threading.Thread(target=self._look, name="outbox looks")]
        for lanes, number in (
            (WAITED, settings.WAITED_CONVERSATIONS),
            (BULK, settings.BULK_CONVERSATIONS),
        ):
            self._threads += [
                threading.Thread(
                    target=self._send, args=(lanes,), name=f"outbox {lanes[0]} {n}"
                )
                for n in range(number)
            ]
        self._collected_at, self._collecting = 0.0, threading.Lock()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *fault: BaseException | type | TracebackType | None) -> None:
        """Wait until each thread has finished the mail that it is sending."""
        self._stopping.set()
        for event in self._due.values():
            event.set()
        for thread in self._threads:
            thread.join()

    def _look(self):
        """Wake the sending threads as soon as there is something for them."""
        while not self._stopping.wait(LOOK_EVERY):
            with surviving_outages(self._stopping):
                due = OutgoingMail.objects.due().filter(claimed_at=None)
                if due.filter(lane=Lane.WAITED, tries=0).exists():
                    self._due[WAITED].set()
                if self._should_collect or due.exists():
                    self._due[BULK].set()
        connection.close()

    def _send(self, lanes):
        with relay.Post() as post:
            while not self._stopping.is_set():
                self._due[lanes].wait()
                with surviving_outages(self._stopping):
                    if lanes is BULK:
                        self._collect()
                    found = [self._send_some(lane, post, lanes) for lane in lanes]
                    if not any(found):
                        self._due[lanes].clear()
                        post.say_goodbye()
        connection.close()

    def _send_some(self, lane, post, lanes):
        if self._stopping.is_set() or not self._relay.may_try():
            return False
        try:
            is_bulk = lanes is BULK
            # A new mail never waits behind one that has been slow before.
            was_tried = is_bulk if lane == Lane.WAITED else None
            conversation = send_some(lane, post, is_bulk=is_bulk, was_tried=was_tried)
        except relay.NoRelay as answer:
            self._relay.took_nothing(str(answer))
            return False
        except BaseException:
            self._relay.is_free()
            raise
        if conversation is None:
            self._relay.is_free()
        else:
            self._relay.takes_mail()
        return conversation is not None

    @property
    def _should_collect(self):
        return time.monotonic() - self._collected_at > COLLECT_EVERY

    def _collect(self):
        if self._collecting.acquire(blocking=False):
            try:
                if self._should_collect:
                    self._collected_at = time.monotonic()
                    collect()
            finally:
                self._collecting.release()


class RelayHealth:
    """Whether our relay takes mail; while it takes none, one mail at a time tries."""

    _is_probed: bool

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.takes_mail()

    def may_try(self) -> bool:
        """Whether this thread may send something now. It must report afterwards."""
        with self._lock:
            if not self._pause:
                return True
            if self._is_probed or time.monotonic() < self._next_probe:
                return False
            self._is_probed = True
            return True

    def takes_mail(self) -> None:
        with self._lock:
            self._pause, self._next_probe, self._is_probed = 0, 0.0, False

    def is_free(self) -> None:
        """Report that nothing was tried."""
        with self._lock:
            self._is_probed = False

    def took_nothing(self, words: str) -> None:
        with self._lock:
            if not self._pause:
                logger.warning("The mail relay takes nothing: %s", words)
            self._pause = min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
            self._next_probe = time.monotonic() + self._pause
            self._is_probed = False


class surviving_outages:  # noqa: N801  reads as what it does
    """Wait a second when the database is away, and take a new connection afterwards."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if kind is None:
            return False
        if issubclass(kind, Error):
            logger.warning("The outbox waits for the database: %s", fault)
        elif issubclass(kind, Exception):
            logger.error("A fault of the outbox", exc_info=fault)
        else:
            return False
        connection.close()
        self._stopping.wait(1)
        return True
