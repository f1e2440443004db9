"""Every mail of the site: what it is for, when it is due, and what became of it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.moments import day_and_hour
from database.personal_data import PersonalData
from database.sealed import Of, seal
from outbox.failing import FAILED
from outbox.keyed_addresses import BOUNCES
from outbox.purposes import Lane, Purpose, purpose_named, purpose_of_row, title_of
from outbox.suppressions import address_hash
from safeguards.mailbox import Mailbox, MailDomain
from safeguards.network import posting_network

_QUEUE = """
    INSERT INTO outbox_outgoingmail AS m (purpose, about, user_pk, lane, due_at, email,
        address_hash, domain, network, queued_at, text, tries, outcome, reply)
    VALUES {}
    ON CONFLICT (about, purpose, user_pk, address_hash) WHERE settled_at IS NULL
    DO UPDATE SET
        again_at = CASE WHEN m.claimed_at IS NOT NULL THEN EXCLUDED.due_at END,
        queued_at = CASE m.lane
            WHEN 'waited' THEN EXCLUDED.queued_at ELSE m.queued_at END
    WHERE m.claimed_at IS NOT NULL OR m.lane = 'waited'
"""
INSERTED, MOST_SPELLINGS = 1000, 100


class Outcome(models.TextChoices):
    """What we know of how a mail ended, in plain words, and no more than that."""

    SENT = "sent", _("handed to our mail service")
    REFUSED = "refused", _("refused")
    GIVEN_UP = "given_up", _("not delivered, and we stopped trying")
    STOPPED = "stopped", _("stopped before it was sent")
    IN_DOUBT = "in_doubt", _("may have arrived")


# What people read of a mail, and the rows of which it is true; the first match holds.
STATES = {
    "complained": (_("its owner marked it as spam"), Q(complained_at__isnull=False)),
    "bounced": (_("came back later"), Q(bounced_at__isnull=False)),
    "accepted": (_("accepted by their server"), Q(accepted_at__isnull=False)),
    **{outcome.value: (outcome.label, Q(outcome=outcome)) for outcome in Outcome},
    "again": (_("waiting to be tried again"), Q(settled_at=None) & ~Q(reply="")),
    "waiting": (_("waiting"), Q(settled_at=None)),
}
LATE = timedelta(minutes=2)  # then staff are told of a mail that somebody waits for


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

        `about` is the key of what the mail is about, as its purpose reads it. An open
        mail about the same to the same address does for both, and counts as new if
        somebody waits for it. If a worker is sending it already, another follows.
        """
        self.queue_many(purpose, [(about, email)], due_at=due_at, lane=lane)

    def queue_many(
        self,
        purpose: str,
        pairs: Iterable[tuple[int, str]],
        *,
        due_at: datetime | None = None,
        lane: Lane | None = None,
    ) -> None:
        """Queue mails for many pairs of what they are about and an address."""
        lane = lane or purpose_named(purpose).policy.lane
        due_at = due_at or timezone.now()
        self._queue_rows((purpose, about, 0, lane, due_at, to) for about, to in pairs)

    def queue_for_staff(self, purpose: str, about: int, users: Iterable[Any]) -> None:
        """Queue a mail about the same for each of several staff accounts."""
        lane, now = purpose_named(purpose).policy.lane, timezone.now()
        # A user that is not stored is 0.
        self._queue_rows((purpose, about, u.pk or 0, lane, now, u.email) for u in users)

    def queue_again(self, mail: "OutgoingMail", due_at: datetime | None = None) -> None:
        """Queue another mail like this settled one, to the same address."""
        due_at = due_at or timezone.now()
        self._queue_rows(
            [(mail.purpose, mail.about, mail.user_pk, mail.lane, due_at, mail.email)]
        )

    def _queue_rows(self, rows):
        # PostgreSQL refuses two conflicting rows in one statement: hence fromkeys().
        for some in batched(dict.fromkeys(rows), INSERTED):
            values = [
                [*row, *addressed_to(email).values(), timezone.now()]
                for *row, email in some
            ]
            places = f"({', '.join(['%s'] * len(values[0]))}, '', 0, '', '')"
            with connection.cursor() as cursor:
                sql = _QUEUE.format(", ".join([places] * len(values)))
                cursor.execute(sql, [value for row in values for value in row])

    def open(self) -> Self:
        """Mails that are not settled: waiting, on their way, or to be tried again."""
        return self.filter(settled_at=None)

    def wait_for_somebody(self) -> Self:
        """Mails that somebody waits for at a form, due for their first try."""
        return self.due().filter(lane=Lane.WAITED, tries=0)

    def seconds_behind(self) -> float:
        """For how long the oldest mail that somebody waits for is due; 0 if none is."""
        oldest = self.wait_for_somebody().aggregate(at=Min("due_at"))["at"]
        return (timezone.now() - oldest).total_seconds() if oldest else 0

    def late(self) -> Self:
        """Mails that somebody waits for too long."""
        return self.wait_for_somebody().filter(due_at__lte=timezone.now() - LATE)

    def given_up_lately(self) -> Self:
        """Mails that were given up in the last 24 hours."""
        since = timezone.now() - timedelta(days=1)
        return self.filter(outcome=Outcome.GIVEN_UP, settled_at__gte=since)

    def in_state(self, name: str) -> Self:
        """Mails whose `state` is the one of this name in STATES."""
        found = self
        for key, (_words, condition) in STATES.items():
            if key == name:
                return found.filter(condition)
            found = found.exclude(condition)
        return self.none()

    def due(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lte=now or timezone.now())

    def about(
        self, purpose: str | Collection[str], about: int | list | models.QuerySet | None
    ) -> Self:
        """The mails of one or several purposes, about this key or these."""
        names = [purpose] if isinstance(purpose, str) else purpose
        kind = "about__in" if isinstance(about, list | models.QuerySet) else "about"
        return self.filter(purpose__in=names, **{kind: about})

    def to_address(self, email: str) -> Self:
        """All mails to this exact address."""
        return self.filter(address_hash=address_hash(email))

    def to_mailbox(self, email: str) -> Self:
        """All mails to a mailbox: to this address, and to its other spellings.

        Spellings are found as long as the addresses of their mails are kept.
        """
        mailbox = Mailbox(email)
        alike = self.filter(domain__in=mailbox.domains, email__iregex=mailbox.pattern)
        found = alike.order_by().values_list("email", flat=True).distinct()
        spellings = {email, *found[:MOST_SPELLINGS]}
        return self.filter(address_hash__in=[address_hash(one) for one in spellings])

    def came_back(self) -> Self:
        """Mails of which we know that their addressee did not keep them."""
        return self.filter(
            Q(outcome=Outcome.REFUSED)
            | Q(bounced_at__isnull=False)
            | Q(complained_at__isnull=False)
        )

    def stop(self) -> int:
        """Stop mails that wait and are not on their way; returns their number."""
        waiting = self.open().filter(dot_at=None)
        return waiting.update(
            settled_at=Now(), claimed_at=None, network=None, outcome=Outcome.STOPPED
        )

    def erase(self) -> tuple[int, dict[str, int]]:
        """Delete the mails of somebody who is erased; those that wait never leave.

        A mail that the relay has already is not settled, since its row is gone.
        """
        return self.delete()


class OutgoingMail(models.Model):
    """One mail of the site, without its words: its purpose, its tries, its outcome.

    It waits, is claimed with a lease by one worker, and is settled with an outcome.
    What servers report afterwards is noted beside the outcome.
    """

    purpose = models.CharField(_("kind of email"), max_length=40)
    # The key of what it is about, or of who gets what is due. Its purpose knows which.
    about = models.BigIntegerField(null=True)
    # The account it goes to if several of the staff get a mail about the same, or 0.
    user_pk = models.BigIntegerField(default=0, db_default=0)
    # Which text of its purpose the mail has; empty until it is written.
    text = models.CharField(max_length=40, blank=True)
    lane = models.CharField(max_length=6, choices=[(lane, lane) for lane in Lane])
    # Emptied some days after the last report can have come.
    email = models.CharField(_("address"), max_length=254, blank=True)
    address_hash = models.BinaryField(max_length=16)
    domain = models.CharField(_("domain"), max_length=253)
    # A keyed hash of the network whose public form caused it, until it is settled.
    network = models.BinaryField(max_length=8, null=True)

    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"))
    # When it is the mail's turn, or was, as its purpose has said.
    turn_at = models.DateTimeField(_("its turn"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(null=True)
    # Set just before the last dot: from then on the relay may have taken the mail.
    dot_at = models.DateTimeField(null=True)

    # Set when the mail was queued again while a worker was sending it: another follows.
    again_at = models.DateTimeField(null=True)

    settled_at = models.DateTimeField(_("finished"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    reply = models.CharField(_("the server’s answer"), max_length=500, blank=True)
    accepted_at = models.DateTimeField(_("accepted by their server"), null=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)
    complained_at = models.DateTimeField(_("marked as spam"), null=True)

    # What the mail was about, in words: see note_subjects().
    subject: str

    objects = OutgoingMailQuerySet.as_manager()
    # MailToSupporter finds and erases mails for their owner.
    personal_data = PersonalData(
        identifies=("email", "address_hash", "domain", "network"),
        texts=("reply",),
        about_nobody=("purpose", "text"),
        kept=(
            # The servers' words go, too, since they may name somebody.
            Kept(
                name="addresses of mails",
                words=_("addresses and servers’ replies in our notes about emails"),
                period="REPORTS_COUNT_DAYS",
                since="settled_at",
                where=~Q(email=""),
                empties={"email": "", "reply": ""},
            ),
            # This includes mails that were never settled.
            Kept(
                name="outgoing emails",
                words=_("notes about emails that we sent"),
                period="KEEP_MAIL_NOTES_DAYS",
                since=("queued_at", "settled_at"),
            ),
        ),
    )

    class Meta:
        verbose_name = _("outgoing email")
        verbose_name_plural = _("outgoing emails")
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
            models.Index("settled_at", condition=FAILED, name="failed_mails"),
        ]

    def __str__(self) -> str:
        return f"{title_of(self.purpose)}, {day_and_hour(self.queued_at)}"

    @classmethod
    def unsaved(cls, purpose: str, row: models.Model, email: str) -> Self:
        """The mail about a row that has just been stored, which has no other yet."""
        now = timezone.now()
        return cls(
            purpose=purpose,
            about=row.pk,
            lane=purpose_named(purpose).policy.lane,
            queued_at=now,
            due_at=now,
            **addressed_to(email),
        )

    @property
    def kind(self) -> Purpose:
        return purpose_of_row(self.purpose)

    @property
    def title(self) -> str | Promise:
        """What the mail was, for the person who got it."""
        return title_of(self.purpose, self.text)

    @property
    def bounce_address(self) -> str:
        """The envelope sender, which names this mail to whoever reports back."""
        return BOUNCES.of(seal(self.pk, Of.MAIL))

    @property
    def message_id(self) -> str:
        """The same at each try, so that a mail which arrives twice is recognised."""
        return f"<mail.{seal(self.pk, Of.MAIL)}@{settings.MAIL_DOMAIN}>"

    @property
    def left_at(self) -> datetime | None:
        """When our relay took the mail, or may have taken it; None before that."""
        if self.settled_at is None:
            return self.dot_at
        was_there = self.outcome in (Outcome.SENT, Outcome.IN_DOUBT)
        return self.settled_at if was_there else None

    @property
    def state(self) -> str | Promise:
        """What we know of the mail, in plain words, and nothing more than we know."""
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
        """Whether the mail has ended and may not have arrived."""
        did_not_leave = self.settled_at and self.outcome != Outcome.SENT
        return bool(did_not_leave or self.bounced_at)

    def is_against(self, suppressed: Collection[tuple[str, str]]) -> bool:
        """Whether it comes unasked to a mailbox of `Suppression.objects.against()`."""
        its = {(self.email, ""), (self.email, self.purpose)}
        return self.kind.is_unasked and not its.isdisjoint(suppressed)

    def readdress(self, email: str) -> None:
        """Send it to another address, since its addressee has moved."""
        if self.email != email:
            new = addressed_to(email)
            OutgoingMail.objects.filter(pk=self.pk).update(**new)
            self.email, self.domain = new["email"], new["domain"]

    def due_now(self) -> bool:
        """Let the mail be tried at once; returns whether it was waiting."""
        waiting = OutgoingMail.objects.open().filter(pk=self.pk, claimed_at=None)
        return bool(waiting.update(due_at=timezone.now()))

    def try_again(self) -> bool:
        """Try a waiting mail at once, or send a failed one again; whether it did so.

        A failed mail is not sent again when a newer one about the same exists.
        """
        if self.settled_at is None:
            return self.due_now()
        newer = OutgoingMail.objects.about(self.purpose, self.about).filter(
            address_hash=self.address_hash, user_pk=self.user_pk, pk__gt=self.pk
        )
        may_again = self.has_failed and self.email and not newer.exists()
        return bool(may_again and self.kind.retry(self))


def addressed_to(email: str) -> dict[str, Any]:
    """The columns that say to whom a mail goes, and whose form has caused it."""
    return {
        "email": email,
        "address_hash": address_hash(email),
        "domain": MailDomain(email).key[-253:],
        "network": posting_network(),
    }
