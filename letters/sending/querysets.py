"""Which deliveries wait and may leave, which failed, and which are still fitting."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone

from campaigns.models import Campaign
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending.server_words import code_in
from letters.suggested.models import SuggestedLetter
from outbox.models import Outcome, OutgoingMail

# The purposes of the mails in which letters leave (letters/sending/mails.py).
ALONE, TOGETHER = "letter", "letters"
LATELY_DAYS = 7
_NOT_SENT = Q(outcome__in=[Outcome.REFUSED, Outcome.GIVEN_UP])
_CAME_BACK = Q(bounced_at__isnull=False)
# Known not to have arrived, or in doubt. Deliveries that people stopped do not count.
FAILED = _NOT_SENT | Q(outcome=Outcome.IN_DOUBT) | _CAME_BACK


class DeliveryQuerySet(models.QuerySet):
    def open(self):
        """Not settled: waiting, on their way, or to be tried again."""
        return self.filter(settled_at=None)

    def not_on_its_way(self):
        """Open, and the relay has not had the whole message."""
        return self.open().filter(mail__dot_at=None)

    def may_leave(self):
        """Open, and neither we nor the recipient want them to wait, or not to leave."""
        return self.open().filter(
            ~campaign_is_paused(),
            ~recipient_wants_none(),
            ~recipient_has_complained(),
            ~campaign_has_ended(),
            ~recipient_has_left(),
        )

    def due(self):
        """Deliveries that should be in a mail by now, and are in none; oldest first."""
        waiting = self.may_leave().filter(mail=None, due_at__lte=timezone.now())
        return waiting.order_by("due_at", "pk")

    def alone(self):
        """Deliveries that go by a mail of their own."""
        return self.filter(~goes_together())

    def together(self):
        """Deliveries that go in one mail with others to their recipient."""
        return self.filter(goes_together())

    def lock(self):
        """Lock these rows until the transaction ends, everywhere in the same order."""
        locked = self.select_for_update(no_key=True, of=("self",)).order_by("pk")
        return list(locked.values_list("pk", flat=True))

    def left(self):
        """Deliveries that our relay has taken, or may have taken."""
        return self.filter(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT])

    def failed(self):
        """Settled, and as far as we know not in the recipient's mailbox."""
        is_no_failure = Q(stopped_for__in=["overtaken", "repeat"])
        is_stopped = Q(outcome=Outcome.STOPPED) & ~is_no_failure
        return self.filter(_NOT_SENT | is_stopped | _CAME_BACK)

    def failed_lately(self):
        """Settled in the last days and not surely arrived; without stopped ones."""
        since = timezone.now() - timedelta(days=LATELY_DAYS)
        return self.filter(FAILED, settled_at__gte=since)

    def fitting(self):
        """Deliveries that still suit what their recipient has said.

        Nobody who agrees is asked, nobody else is thanked, and nobody who has answered
        is reminded.
        """
        newest = Stance.objects.said().filter(
            letter=OuterRef("letter__suggested_letter"), recipient=OuterRef("recipient")
        )
        newest = newest.order_by("-day", "-pk").values("kind")[:1]
        agrees = Q(stance=Stance.Kind.SUPPORTS)
        return self.alias(stance=Coalesce(Subquery(newest), Value(""))).filter(
            Q(letter__is_thanks=True) & agrees | Q(letter__is_thanks=False) & ~agrees,
            Q(follows=None)
            | ~Q(follows__was_answered=True) & ~_said_since("follows__settled_at"),
        )

    def overtaken(self):
        """Deliveries that suit their recipient no more."""
        return self.exclude(pk__in=self.fitting().values("pk"))

    def unanswered(self):
        """Deliveries to officials who can be reached and have not answered since.

        The writer and the campaign tell us of answers. A letter that left with others'
        names under it is left out: its answer goes to the campaign, and sending
        together was to prevent single reminders. Once the note of its mail is deleted,
        nobody knows whether it left so.
        """
        others = self.model.objects.filter(
            mail=OuterRef("mail"), same_as=OuterRef("same_as")
        ).exclude(letter=OuterRef("letter"))
        return self.fitting().filter(
            ~Q(was_answered=True),
            Q(same_as="") | Q(mail__isnull=False) & ~Exists(others),
            ~_said_since("settled_at"),
            outcome=Outcome.SENT,
            bounced_at=None,
            recipient__in=Recipient.objects.reachable()
            .filter(is_record=False)
            .exclude(rhythm=Recipient.Rhythm.PAUSED),
        )

    def with_list(self):
        """In the order in which they were made, with their recipients' list."""
        return self.select_related("follows__mail", "recipient__list", "mail").order_by(
            "pk"
        )

    def paused(self):
        """Not settled, and waiting until somebody resumes the campaign."""
        return self.open().filter(campaign_is_paused())

    def unwanted(self):
        """Open, and their office wants none, or has called a letter spam."""
        unwanted = recipient_wants_none() | recipient_has_complained()
        return self.not_on_its_way().filter(unwanted)

    def unwanted_for_long(self):
        """Open, and unwanted for LETTER_GIVE_UP_DAYS since they could have left."""
        limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        return self.not_on_its_way().filter(recipient_wants_none(), due_at__lt=limit)

    def complained_of_for_long(self):
        """Open, and nobody has found out how their office wants to be written to."""
        limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        return self.not_on_its_way().filter(recipient__complained_at__lt=limit)

    def too_late(self):
        """Open, and their campaign has ended, or their official has left the office."""
        too_late = campaign_has_ended() | recipient_has_left()
        return self.not_on_its_way().filter(too_late)

    def without_writer(self):
        """Open, with an erased writer: the relay did not take them after all."""
        return self.not_on_its_way().filter(letter__anonymised_at__isnull=False)

    def end(self, outcome, **what):
        """Settle those that are not on their way, without a mail; returns their keys.

        A worker that has begun with one of them does not finish it.
        """
        with transaction.atomic():
            mine = self._lock_what_waits()
            self.model.objects.filter(pk__in=mine).update(
                mail=None, settled_at=timezone.now(), outcome=outcome, **what
            )
            OutgoingMail.objects.about(ALONE, mine).stop()
        return mine

    def let_go(self):
        """Take them out of their mails, so that each is collected anew."""
        return self.update(mail=None, due_at=timezone.now())

    def wait_anew(self):
        """Let what is not on its way go by what its recipient wants today."""
        with transaction.atomic():
            mine = self._lock_what_waits()
            waiting = self.model.objects.filter(pk__in=mine)
            recipients = waiting.values_list("recipient", flat=True).distinct()
            mails = OutgoingMail.objects.open().filter(
                Q(purpose=ALONE, about__in=mine)
                | Q(purpose=TOGETHER, about__in=list(recipients)),
                dot_at=None,
            )
            waiting.let_go()
            mails.delete()

    def _lock_what_waits(self):
        """The keys of those that are not on their way, and stay so.

        Of two statements, the second sees what a worker did for which the first waited.
        """
        open_ones = self.model.objects.filter(pk__in=self.open().lock())
        return list(open_ones.not_on_its_way().values_list("pk", flat=True))

    def forget_writer(self):
        """Stop what has not left, since the writer of these letters is erased.

        Of the servers' words only their codes are kept, since the words may name the
        writer. Lock the letters before. What is on its way is settled by its worker, or
        found by without_writer().
        """
        mails = OutgoingMail.objects.filter(deliveries__in=self)
        known = list(mails.values_list("pk", flat=True))
        self.end(Outcome.STOPPED)
        OutgoingMail.objects.filter(pk__in=known).update(reply=code_in("reply"))
        return self.update(answer="", said=None)


def _said_since(left_at):
    """Whether a delivery's recipient has said something from that day on.

    It is a day on the clocks of their place.
    """
    typed = NullIf("recipient__list__timezone", Value(""))
    zone = Coalesce(typed, Value(settings.TIME_ZONE))  # as RecipientList.zone
    there = Func(zone, OuterRef(left_at), function="TIMEZONE")
    return Exists(
        Stance.objects.said().filter(
            letter=OuterRef("letter__suggested_letter"),
            recipient=OuterRef("recipient"),
            day__gte=Cast(there, models.DateField()),
        )
    )


# The reasons why letters wait, as conditions on the rows of deliveries.
def campaign_is_paused():
    paused = SuggestedLetter.objects.filter(paused_at__isnull=False)
    return Exists(paused.filter(letters=OuterRef("letter")))


def recipient_wants_none():
    paused = Recipient.objects.filter(rhythm=Recipient.Rhythm.PAUSED)
    return Exists(paused.filter(pk=OuterRef("recipient")))


def recipient_has_complained():
    complained = Recipient.objects.filter(complained_at__isnull=False)
    return Exists(complained.filter(pk=OuterRef("recipient")))


def campaign_has_ended():
    over = Campaign.objects.ended_before(timezone.now())
    return Exists(over.filter(letter__letters=OuterRef("letter")))


def recipient_has_left():
    left = Recipient.objects.exclude(left_office_on=None)
    return Exists(left.filter(pk=OuterRef("recipient")))


def goes_together():
    """The same as `Delivery.goes_together`, in SQL."""
    wants_one_mail = Q(recipient__rhythm__in=Recipient.IN_ONE_MAIL)
    joins = Q(letter__suggested_letter__sends_together=True)
    return wants_one_mail | joins & ~Q(same_as="")
