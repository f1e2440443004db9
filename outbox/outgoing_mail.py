"""Every mail of the site: what it is for, when it is due, and what became of it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from outbox.bounce_reports import bounce_address, mac
from outbox.claiming import (
    CLAIM,
    CONVERSATION,
    MOST_CONVERSATIONS,
    ONE_CLAIM_AT_A_TIME,
)
from outbox.paused_domains import PausedDomain
from outbox.purposes import Lane, Purpose, purpose_named, title_of
from outbox.suppressions import address_hash
from safeguards.mailbox import Mailbox, MailDomain

_QUEUE = """
    INSERT INTO outbox_outgoingmail (purpose, about, user_pk, lane, due_at, email,
        address_hash, domain, queued_at, text, tries, claimed_in_bulk, outcome, reply)
    VALUES {}
    ON CONFLICT (about, purpose, user_pk, address_hash) WHERE settled_at IS NULL
    DO UPDATE SET again_at = EXCLUDED.due_at
    WHERE outbox_outgoingmail.claimed_at IS NOT NULL
"""
INSERTED = 1000
MOST_SPELLINGS = 100


class Outcome(models.TextChoices):
    """What we know of a mail, in plain words, and nothing more than we know."""

    SENT = "sent", _("handed to our mail service")
    REFUSED = "refused", _("refused")
    GIVEN_UP = "given_up", _("not delivered; we stopped trying")
    STOPPED = "stopped", _("stopped before it was sent")
    IN_DOUBT = "in_doubt", _("may have arrived")


# What people read of a mail, and of which rows it is true: the first that is.
STATES = {
    "complained": (_("its owner called it spam"), Q(complained_at__isnull=False)),
    "bounced": (_("came back later"), Q(bounced_at__isnull=False)),
    "accepted": (_("accepted by their server"), Q(accepted_at__isnull=False)),
    **{outcome.value: (outcome.label, Q(outcome=outcome)) for outcome in Outcome},
    "again": (_("waiting to be tried again"), Q(settled_at=None) & ~Q(reply="")),
    "waiting": (_("waiting"), Q(settled_at=None)),
}
# How late a mail is that somebody waits for, when staff are told.
LATE = timedelta(minutes=2)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def queue(
        self,
        purpose: str,
        about: int,
        email: str,
        *,
        due_at: datetime | None = None,
        lane: Lane | None = None,
    ) -> None:
        """Queue a mail, in the transaction that is running.

        `about` is the key of what it is about, as its purpose reads it. While one about
        the same to the same address waits, it does for both; one that a worker is at is
        followed by another.
        """
        self.queue_many(purpose, [(about, email)], due_at=due_at, lane=lane)

    def unsaved(self, purpose: str, row: models.Model, email: str) -> "OutgoingMail":
        """The mail about a new row, for who stores both in one statement: see
        `database.prepared.insert()`."""
        now = timezone.now()
        lane = purpose_named(purpose).policy.lane
        # insert() puts the key of the row in.
        return OutgoingMail(  # type: ignore[misc]
            purpose=purpose,
            about=row,
            lane=lane,
            queued_at=now,
            due_at=now,
            **addressed_to(email),
        )

    def queue_many(
        self,
        purpose: str,
        pairs: Iterable[tuple[int, str]],
        *,
        due_at: datetime | None = None,
        lane: Lane | None = None,
    ) -> None:
        """The same for many pairs of what they are about and an address."""
        lane = lane or purpose_named(purpose).policy.lane
        due_at = due_at or timezone.now()
        self._queue_rows((purpose, about, 0, lane, due_at, to) for about, to in pairs)

    def queue_for_staff(self, purpose: str, about: int, users: Iterable[Any]) -> None:
        """Queue a mail about the same for each of several who work here."""
        lane, now = purpose_named(purpose).policy.lane, timezone.now()
        # 0 is an account that is not stored.
        self._queue_rows((purpose, about, u.pk or 0, lane, now, u.email) for u in users)

    def queue_again(self, mail: "OutgoingMail", due_at: datetime | None = None) -> None:
        """Queue another about the same as one that is settled, to its address."""
        due_at = due_at or timezone.now()
        self._queue_rows(
            [(mail.purpose, mail.about, mail.user_pk, mail.lane, due_at, mail.email)]
        )

    def _queue_rows(self, rows):
        # A statement cannot settle a conflict between two of its own rows.
        for some in batched(dict.fromkeys(rows), INSERTED):
            values = [
                [*row, *addressed_to(email).values(), timezone.now()]
                for *row, email in some
            ]
            places = f"({', '.join(['%s'] * len(values[0]))}, '', 0, false, '', '')"
            with connection.cursor() as cursor:
                sql = _QUEUE.format(", ".join([places] * len(values)))
                cursor.execute(sql, [value for row in values for value in row])

    def open(self) -> Self:
        """Not settled: waiting, on its way, or to be tried again."""
        return self.filter(settled_at=None)

    def wait_for_somebody(self) -> Self:
        """What somebody waits for at a form, and is due for the first time."""
        return self.due().filter(lane=Lane.WAITED, tries=0)

    def seconds_behind(self) -> float:
        """For how long the oldest mail that somebody waits for is due; 0 of none."""
        oldest = self.wait_for_somebody().aggregate(at=Min("due_at"))["at"]
        return (timezone.now() - oldest).total_seconds() if oldest else 0

    def late(self) -> Self:
        """What somebody has waited for too long, although nobody holds it up."""
        paused = PausedDomain.objects.values("domain")
        due = self.wait_for_somebody().exclude(domain__in=paused)
        return due.filter(due_at__lte=timezone.now() - LATE)

    def given_up_lately(self) -> Self:
        """Given up in the last 24 hours."""
        since = timezone.now() - timedelta(days=1)
        return self.filter(outcome=Outcome.GIVEN_UP, settled_at__gte=since)

    def in_state(self, name: str) -> Self:
        """Of which `state` says the words of this name in STATES."""
        found = self
        for key, (_words, condition) in STATES.items():
            if key == name:
                return found.filter(condition)
            found = found.exclude(condition)
        return self.none()

    def due(self) -> Self:
        return self.open().filter(due_at__lte=timezone.now())

    def ready_to_leave(self, lane: Lane) -> Self:
        """Due in a lane, and nobody is sending it or keeps its domain paused."""
        paused = PausedDomain.objects.values("domain")
        ready = self.due().filter(lane=lane, claimed_at=None)
        return ready.exclude(domain__in=paused)

    def about(
        self, purpose: str | Collection[str], about: int | list | models.QuerySet | None
    ) -> Self:
        """The mails of a purpose, or of several, about this key or these."""
        names = [purpose] if isinstance(purpose, str) else purpose
        kind = "about__in" if isinstance(about, list | models.QuerySet) else "about"
        return self.filter(purpose__in=names, **{kind: about})

    def to_address(self, email: str) -> Self:
        """All mails to this very address."""
        return self.filter(address_hash=address_hash(email))

    def to_mailbox(self, email: str) -> Self:
        """All mails to a mailbox: to this address, and to its other spellings as far
        as their addresses are kept."""
        mailbox = Mailbox(email)
        alike = self.filter(domain__in=mailbox.domains, email__iregex=mailbox.pattern)
        found = alike.order_by().values_list("email", flat=True).distinct()
        spellings = {email, *found[:MOST_SPELLINGS]}
        return self.filter(address_hash__in=[address_hash(one) for one in spellings])

    def came_back(self) -> Self:
        """Known not to have stayed with who should get them."""
        return self.filter(
            Q(outcome=Outcome.REFUSED)
            | Q(bounced_at__isnull=False)
            | Q(complained_at__isnull=False)
        )

    def claim(
        self, lane: Lane, most: int, *, is_bulk: bool, was_tried: bool | None = None
    ) -> list["OutgoingMail"]:
        """Take up to as many due mails of a lane with a lease; in no order.

        To one domain, unless `is_bulk`, and to none that has enough conversations with
        us. `was_tried`: only those that were tried before, or only those that were not.
        A stale lease is taken over.
        """
        now = timezone.now()
        values = {
            "now": now,
            "lease": now - timedelta(seconds=settings.MAIL_LEASE_SECONDS),
            "talks_since": now - CONVERSATION,
            "lanes": [lane],
            "most": most,
            "is_bulk": is_bulk,
            "was_tried": was_tried,
            "most_conversations": MOST_CONVERSATIONS,
        }
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(ONE_CLAIM_AT_A_TIME)
            # A raw UPDATE: it is done once its rows are read.
            return list(self.raw(CLAIM, values))

    def stop(self) -> int:
        """Stop what waits and is not on its way; returns how many were stopped."""
        waiting = self.open().filter(dot_at=None)
        return waiting.update(
            settled_at=Now(), claimed_at=None, outcome=Outcome.STOPPED
        )

    def erase(self) -> tuple[int, dict[str, int]]:
        """Of somebody who is erased: stop what waits, and delete the rest.

        What the relay has already had is settled by nobody, since its row is gone.
        """
        return self.delete()


class OutgoingMail(models.Model):
    """One mail of the site, without its words: its purpose, its tries, its outcome.

    It waits, is claimed with a lease by one worker, and is settled with an outcome.
    What servers report afterwards is noted beside the outcome.
    """

    purpose = models.CharField(_("kind of mail"), max_length=40)
    # The key of what it is about, or of who gets what is due: its purpose knows.
    about = models.BigIntegerField(null=True)
    # Which of the staff it goes to, where several get a mail about the same; else 0.
    user_pk = models.BigIntegerField(default=0, db_default=0)
    # Which of the texts of its purpose it had; empty while it is not written.
    text = models.CharField(max_length=40, blank=True)
    lane = models.CharField(max_length=6, choices=[(lane, lane) for lane in Lane])
    # Empty some days after the last report can have come.
    email = models.CharField(_("address"), max_length=254, blank=True)
    address_hash = models.BinaryField(max_length=16)
    domain = models.CharField(_("domain"), max_length=253)

    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"))
    # When it is its turn, or was, by what its purpose has said.
    turn_at = models.DateTimeField(_("its turn"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_in_bulk = models.BooleanField(default=False)
    # Just before the last dot: from here on the relay may have taken it.
    dot_at = models.DateTimeField(null=True)

    # Queued again when somebody was at it already: another one follows it then.
    again_at = models.DateTimeField(null=True)

    settled_at = models.DateTimeField(_("settled"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    reply = models.CharField(_("words of the server"), max_length=500, blank=True)
    accepted_at = models.DateTimeField(_("accepted by their server"), null=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)
    complained_at = models.DateTimeField(_("called spam"), null=True)

    # What it was about, in words: see note_subjects().
    subject: str

    objects = OutgoingMailQuerySet.as_manager()
    # Whose mail it is finds and erases it by MailToSupporter.
    personal_data = PersonalData(
        identifies=("email", "address_hash", "domain"),
        texts=("reply",),
        about_nobody=("purpose", "text"),
        kept=(
            # With all words that may name somebody.
            Kept(
                name="addresses of mails",
                words=_("addresses and servers’ replies in our notes of mails"),
                period="REPORTS_COUNT_DAYS",
                since="settled_at",
                where=~Q(email=""),
                empties={"email": "", "reply": ""},
            ),
            # Those that never were settled, too.
            Kept(
                name="outgoing mails",
                words=_("notes of mails that we sent"),
                period="KEEP_MAIL_NOTES_DAYS",
                since=("queued_at", "settled_at"),
            ),
        ),
    )

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "about",
                "purpose",
                "user_pk",
                "address_hash",
                condition=Q(settled_at=None),
                name="one_open_mail_about_it",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False) & ~Q(outcome=""),
                name="settled_mail_says_how",
            ),
        ]
        indexes = [
            models.Index(
                "lane", "due_at", "id", condition=Q(settled_at=None), name="open_mails"
            ),
            models.Index(
                "claimed_at",
                condition=Q(settled_at=None, claimed_at__isnull=False),
                name="claimed_mails",
            ),
            models.Index("about", "purpose", name="mails_about"),
            models.Index("address_hash", name="mails_to_address"),
            models.Index(
                "settled_at", condition=Q(outcome="given_up"), name="given_up_mails"
            ),
        ]

    def __str__(self) -> str:
        return f"{title_of(self.purpose)}, {self.queued_at:%Y-%m-%d %H:%M}"

    @property
    def kind(self) -> Purpose:
        return purpose_named(self.purpose)

    @property
    def title(self) -> str | Promise:
        """What it was, for the person who got it."""
        return title_of(self.purpose, self.text)

    @property
    def bounce_address(self) -> str:
        """The envelope sender, which names this mail to whoever reports back."""
        return bounce_address(f"m{self.pk}")

    @property
    def message_id(self) -> str:
        """The same at each try, so that a mail that arrives twice is seen to be one."""
        name = f"mail.{self.pk}"
        return f"<{name}.{mac(name)}@{settings.MAIL_DOMAIN}>"

    @property
    def left_at(self) -> datetime | None:
        """When our relay had it, or may have had it; None before that."""
        if self.settled_at is None:
            return self.dot_at
        was_there = self.outcome in (Outcome.SENT, Outcome.IN_DOUBT)
        return self.settled_at if was_there else None

    @property
    def state(self) -> str | Promise:
        """What we know, in plain words, and nothing more than we know."""
        key = (
            (self.complained_at and "complained")
            or (self.bounced_at and "bounced")
            or (self.accepted_at and "accepted")
            or self.outcome
            or (self.reply and "again")
            or "waiting"
        )
        return STATES[key][0]

    @property
    def has_failed(self) -> bool:
        """Whether it has ended, and did not surely arrive."""
        did_not_leave = self.settled_at and self.outcome != Outcome.SENT
        return bool(did_not_leave or self.bounced_at)

    def is_against(self, suppressed: Collection[tuple[str, str]]) -> bool:
        """Whether it comes unasked to a mailbox of `Suppression.objects.against()`."""
        its = {(self.email, ""), (self.email, self.purpose)}
        return self.kind.is_unasked and not its.isdisjoint(suppressed)

    def readdress(self, email: str) -> None:
        """What waits follows people who move."""
        if self.email != email:
            new = addressed_to(email)
            OutgoingMail.objects.filter(pk=self.pk).update(**new)
            self.email, self.domain = new["email"], new["domain"]

    def due_now(self) -> bool:
        """Let it be tried at once: what it waited for is over. Whether it waited."""
        waiting = OutgoingMail.objects.open().filter(pk=self.pk, claimed_at=None)
        return bool(waiting.update(due_at=timezone.now()))

    def try_again(self) -> bool:
        """Let it be tried at once, or send another of what has failed; whether it is.

        Not when a newer one about the same is there: it has taken its place.
        """
        if self.settled_at is None:
            return self.due_now()
        newer = OutgoingMail.objects.about(self.purpose, self.about).filter(
            address_hash=self.address_hash, user_pk=self.user_pk, pk__gt=self.pk
        )
        may_again = self.has_failed and self.email and not newer.exists()
        return bool(may_again and self.kind.retry(self))


def addressed_to(email: str) -> dict[str, Any]:
    """The columns that say to whom a mail goes."""
    return {
        "email": email,
        "address_hash": address_hash(email),
        "domain": MailDomain(email).key[-253:],
    }
