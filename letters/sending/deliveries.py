from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models, transaction
from django.db.models import Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Now, NullIf
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending import message, pace, tasks
from letters.sending.attempt import LetterAttempt
from letters.sending.parcels import Parcel
from letters.sending.pauses import (
    campaign_is_paused,
    domain_is_paused,
    recipient_wants_none,
)
from letters.sending.pieces import (
    Piece,
    PieceQuerySet,
    code_in,
    code_of,
    says_how_it_was_settled,
)
from letters.sending.state import DeliveryState
from outbox.bounce_reports import bounce_address, mac, names_in

LATELY_DAYS = 7
# Forgotten when a person has it sent again.
_WHAT_CAME_OF_IT = (
    "claimed_at",
    "data_at",
    "turn_at",
    "settled_at",
    "handed_over_at",
    "refused_at",
    "gave_up_at",
    "stopped_at",
    "may_have_arrived_at",
    "accepted_at",
    "bounced_at",
)


# Known not to have arrived, or not known to have; what people stopped apart.
FAILED = (
    Q(refused_at__isnull=False)
    | Q(gave_up_at__isnull=False)
    | Q(bounced_at__isnull=False)
    | Q(may_have_arrived_at__isnull=False)
)


class DeliveryQuerySet(PieceQuerySet):
    def failed(self):
        """Settled, and as far as we know not in the recipient's mailbox."""
        return self.filter(
            ~Q(refused_at=None)
            | ~Q(gave_up_at=None)
            | ~Q(stopped_at=None) & Q(was_overtaken=False)
            | ~Q(bounced_at=None)
        )

    def failed_lately(self):
        """Settled in the last days, and not there, or not surely; not stopped."""
        since = timezone.now() - timedelta(days=LATELY_DAYS)
        return self.filter(FAILED, settled_at__gte=since)

    def fitting(self):
        """Those that still suit what their recipient has said: nobody who agrees is
        asked, nobody else is thanked, and nobody who has answered is reminded."""
        newest = Stance.objects.said().filter(
            letter=OuterRef("letter__suggested_letter"), recipient=OuterRef("recipient")
        )
        newest = newest.order_by("-day", "-pk").values("kind")[:1]
        agrees = Q(stance=Stance.Kind.SUPPORTS)
        return self.alias(stance=Coalesce(Subquery(newest), Value(""))).filter(
            Q(letter__is_thanks=True) & agrees | Q(letter__is_thanks=False) & ~agrees,
            Q(follows=None)
            | ~Q(follows__was_answered=True) & ~_said_since("follows__handed_over_at"),
        )

    def unanswered(self):
        """Those of letters to officials who can be reached and have not answered since,
        as far as the writer and the campaign have told us.

        Not of a letter that left with others' names under it: its answer goes to the
        campaign, and each of them reminding alone would be what it was to prevent.
        """
        others = Delivery.objects.filter(
            parcel=OuterRef("parcel"),
            letter__text_digest=OuterRef("letter__text_digest"),
        ).exclude(letter=OuterRef("letter"))
        return self.fitting().filter(
            ~Q(was_answered=True),
            Q(letter__text_digest="") | ~Exists(others),
            ~_said_since("handed_over_at"),
            bounced_at=None,
            handed_over_at__isnull=False,
            recipient__in=Recipient.objects.reachable()
            .filter(is_record=False)
            .exclude(rhythm=Recipient.Rhythm.PAUSED),
        )

    def with_list(self):
        """In the order in which they were made, with the clocks of their recipients."""
        return self.select_related("follows", "recipient__list").order_by("pk")

    def due(self):
        """Those that are tried alone: what is in a parcel is tried with it."""
        alone = super().due().filter(parcel=None)
        return alone.filter(~recipient_wants_none(), ~campaign_is_paused())

    def paused(self):
        """Not settled, and waiting until somebody resumes its campaign or domain."""
        return self.open().filter(campaign_is_paused() | domain_is_paused())

    def of_running_campaigns(self):
        return self.filter(~campaign_is_paused())

    def unwanted(self):
        """Not settled, and their recipient wants no letters for now."""
        return self.open().filter(recipient_wants_none())

    def together(self):
        """Not settled, and waiting for the next mail with several letters."""
        return self.open().exclude(parcel=None)

    def unwanted_for_long(self):
        """Open, and for LETTER_GIVE_UP_DAYS after they could have left unwanted."""
        limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        return self.unwanted().filter(next_try_at__lt=limit, claimed_at=None)

    def complained_of_for_long(self):
        """Open, and nobody has found out how their office wants to be written to."""
        limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        return self.open().filter(recipient__complained_at__lt=limit, claimed_at=None)

    def with_domain_is_paused(self):
        return self.annotate(domain_is_paused=domain_is_paused())

    def forget_writer(self):
        """Of letters whose writer is erased: stop what has not left, and keep of the
        servers' words only their codes, since the words may name the writer."""
        # Parcels first, then deliveries, in the order that a worker takes.
        Parcel.objects.filter(deliveries__in=self).keep_codes()
        self.lock()
        self.open().filter(data_at=None).update(
            stopped_at=Now(), settled_at=Now(), claimed_at=None
        )
        # The relay had the whole message, and has not answered yet.
        self.open().update(may_have_arrived_at=Now(), settled_at=Now(), claimed_at=None)
        return self.update(
            reply=code_in("reply"), bounce_words=code_in("bounce_words"), answer=""
        )

    def note_words(self, field, words, **what):
        """A server's words, and what else they tell, at each of them; of a letter whose
        writer was erased, their code alone. Lock the letters before."""
        known = self.filter(letter__anonymised_at=None)
        known.update(**{field: words[:500]}, **what)
        erased = self.exclude(letter__anonymised_at=None)
        erased.update(**{field: code_of(words)}, **what)

    def for_bounce_address(self, address):
        """The delivery that an envelope address names, or DoesNotExist."""
        for name in names_in(address):
            if name.isdecimal() and len(name) < 19:
                return self.get(pk=int(name))
        raise self.model.DoesNotExist


class Delivery(Piece):
    """One letter to one recipient: what we did, and what we know came of it.

    It leaves alone, or in a parcel with others. Address, label and greeting are kept as
    they were: people leave office.
    """

    letter = models.ForeignKey(
        "letters.Letter", on_delete=models.CASCADE, related_name="deliveries"
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="deliveries"
    )
    parcel = models.ForeignKey(
        Parcel,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("mail with several letters"),
    )
    # In a follow-up: the delivery that was not answered.
    follows = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("follow-up of"),
    )
    label = models.CharField(_("recipient"), max_length=320)
    greeting = models.CharField(max_length=200)

    # Stopped, since its recipient had said meanwhile what it does not suit.
    was_overtaken = models.BooleanField(default=False, db_default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    was_answered = models.BooleanField(null=True, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    # By their answer to everybody who wrote, which we have mailed to the writer.
    answered_to_all = models.BooleanField(default=False, db_default=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                "letter", "recipient", name="one_delivery_a_letter_and_recipient"
            ),
            says_how_it_was_settled("settled_delivery_says_how"),
        ]
        indexes = [
            models.Index(
                "next_try_at", condition=Q(settled_at=None), name="open_deliveries"
            ),
            models.Index("settled_at", condition=FAILED, name="failed_deliveries"),
            models.Index(
                "answered_at",
                condition=Q(was_answered=True),
                name="answered_deliveries",
            ),
            # For the charts of a period: rows are written in this order.
            BrinIndex("queued_at", autosummarize=True, name="deliveries_by_age"),
        ]

    def __str__(self):
        return self.label

    @property
    def bounce_address(self):
        """The envelope sender, which names this delivery to whoever reports back."""
        return bounce_address(str(self.pk))

    @property
    def message_id(self):
        name = f"letter.{self.letter_id}.{self.pk}"
        return f"<{name}.{mac(name)}@{settings.MAIL_DOMAIN}>"

    @property
    def sent_as(self):
        """The Message-ID of the mail in which the letter goes to this recipient."""
        if self.parcel_id:
            return self.parcel.message_id
        return (
            self.message_id if self.letter.goes_one_by_one else self.letter.message_id
        )

    @property
    def day_of_first(self):
        """Of a follow-up: the day on which the letter left, on its recipient's clocks,
        in the words of the campaign's language."""
        first = self.follows
        left_at = first.handed_over_at or first.letter.confirmed_at
        there = left_at.astimezone(self.recipient.list.office_hours.zone)
        with translation.override(self.letter.campaign.language):
            return date_format(there.date(), "DATE_FORMAT")

    @property
    def state(self):
        """What we know came of it, in words."""
        return DeliveryState(self)

    @property
    def suits_stance(self):
        """Whether what its recipient has said by now does not speak against it."""
        return Delivery.objects.fitting().filter(pk=self.pk).exists()

    def hand_over_later(self):
        tasks.hand_over.defer(delivery_pk=self.pk)

    def hand_over(self):
        """Try once to hand the letter to our relay, and write down what came of it.

        Safe to call at any time, twice or at once: a claim with a lease lets one do
        it. One that a dead worker left behind after the message was complete is
        settled as "may have arrived" and never sent again by itself. One that goes
        together with others is put into the next mail to its recipient instead.
        """
        # The others need neither: they are stopped.
        due = Delivery.objects.due().fitting()
        if due.filter(pk=self.pk, data_at=None).exists():
            if self.goes_together:
                Parcel.objects.take_in(self)
                return
            pace.take_turn(self)
        LetterAttempt(self).make()
        # Also when there was nothing to do: a worker may have died before it told.
        self.letter.report_back()

    @property
    def goes_together(self):
        """Whether it goes in one mail with others, by what its recipient wants."""
        if self.recipient.wants_one_mail:
            return True
        return bool(self.letter.text_digest) and self.recipient.list.sends_together

    def pack(self):
        """The message, in bytes; None when it is stopped, since it suits no more."""
        if self.suits_stance:
            return message.message_for(self)
        self.note(
            settled_at=Now(), claimed_at=None, stopped_at=Now(), was_overtaken=True
        )
        return None

    def note_handed_over(self, words):
        """The relay has taken it, whoever holds the lease by now."""
        with transaction.atomic():
            # The letter first and then the delivery, in the order that erasing takes.
            reply = self.words_to_keep(words)
            Delivery.objects.filter(pk=self.pk).update(
                settled_at=Now(),
                claimed_at=None,
                handed_over_at=Now(),
                may_have_arrived_at=None,
                reply=reply,
            )
            if not self.letter.is_thanks:
                Stance.objects.note_asked(
                    self.letter.suggested_letter_id, self.recipient_id
                )

    def stop(self):
        """Do not send it any more; False when it is settled or on its way."""
        stopped = Delivery.objects.open().filter(pk=self.pk, claimed_at=None)
        done = bool(stopped.update(stopped_at=Now(), settled_at=Now()))
        if done:
            self.letter.report_back()
        return done

    def give_up_unwanted(self):
        """Their office has wanted none for long: its writer gets the text back."""
        mine = Delivery.objects.unwanted_for_long().filter(pk=self.pk)
        if mine.update(gave_up_at=Now(), settled_at=Now(), reply=""):
            self.letter.report_back()

    def retry(self):
        """A person wants it sent again: what failed, came back, or may have arrived.

        It goes to the address of today, with the next mail of several letters where
        it goes together with others; not to who has left office or has said what it
        does not suit, and not when its text has been removed.
        """
        if self.letter.text_removed_at or self.recipient.left_office_on:
            return False
        not_there = Q(handed_over_at=None, accepted_at=None) | ~Q(bounced_at=None)
        settled = (
            Delivery.objects.fitting()
            .filter(not_there, pk=self.pk)
            .exclude(settled_at=None)
        )
        with transaction.atomic():
            again = settled.update(
                **dict.fromkeys(_WHAT_CAME_OF_IT),
                parcel=None,
                tries=0,
                was_overtaken=False,
                reply="",
                bounce_words="",
                email=self.recipient.email,
                domain=self.recipient.domain,
                queued_at=timezone.now(),
                next_try_at=timezone.now(),
            )
            if again:
                self.hand_over_later()
        return bool(again)

    def words_to_keep(self, words):
        """A server's words; of a letter whose writer was erased, their code alone.

        Call it in a transaction: it waits for an erasure that is going on.
        """
        letters = type(self.letter).objects.select_for_update(no_key=True)
        mine = letters.filter(pk=self.letter_id).values_list("anonymised_at", flat=True)
        is_erased = mine.first()
        return code_of(words) if is_erased else words[:500]

    def bounce(self, words, *, for_good=True, is_proven=True):
        """Note that it came back later; marks the recipient when it is for good."""
        with transaction.atomic():
            words = self.words_to_keep(words)
            news = Delivery.objects.filter(pk=self.pk, bounced_at=None).update(
                bounced_at=Now(), bounce_words=words[:500]
            )
            if for_good and (news or is_proven):
                self.mark_recipient(words, is_proven=is_proven)
            self.letter.report_back()

    def accept(self):
        """Note that the official's own server has taken it."""
        Delivery.objects.filter(pk=self.pk, accepted_at=None).update(accepted_at=Now())

    def note_answer(self, *, was_answered, answer="", answered_on=None):
        """What the writer tells us: whether an answer came, when, and what it said."""
        at = datetime.combine(answered_on, time(12), UTC) if answered_on else Now()
        Delivery.objects.filter(pk=self.pk).update(
            was_answered=was_answered,
            answer=answer,
            answered_at=at,
            answered_to_all=False,
        )

    @property
    def answered_on(self):
        """The day of the answer, or None."""
        is_known = self.was_answered and self.answered_at
        return timezone.localdate(self.answered_at) if is_known else None


def _said_since(left_at):
    """Whether a delivery's recipient has said something from that day on, which is a
    day on the clocks of their place."""
    zone = Coalesce(NullIf("recipient__list__timezone", Value("")), Value("UTC"))
    there = Func(zone, OuterRef(left_at), function="TIMEZONE")
    return Exists(
        Stance.objects.said().filter(
            letter=OuterRef("letter__suggested_letter"),
            recipient=OuterRef("recipient"),
            day__gte=Cast(there, models.DateField()),
        )
    )
