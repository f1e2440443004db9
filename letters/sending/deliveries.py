from datetime import UTC, datetime, time

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from database.sealed import Of, seal
from letters.recipients.models import Recipient
from letters.sending.querysets import FAILED, TOGETHER, DeliveryQuerySet
from letters.sending.state import DeliveryState
from letters.sending.status import STATUS
from outbox.models import Outcome, OutgoingMail


class WhyStopped(models.TextChoices):
    """Why a confirmed letter was stopped, other than by people."""

    # Its recipient had said something that it does not suit.
    OVERTAKEN = "overtaken"
    # Its recipient has these words of its writer.
    REPEAT = "repeat", _("not sent again: you have already sent them this letter")
    LEFT_OFFICE = "left", _("not sent: they no longer hold this office")
    ENDED = "ended", _("not sent: the campaign ended before it could leave")


# The same words of one writer go to one official once in so many days (decision 21).
ONCE_DAYS = 30


class Delivery(models.Model):
    """One letter to one recipient: what we did, and what we know came of it.

    It waits until it is due, leaves in a mail of its own or in one with others, and
    keeps what came of it when the note of that mail is deleted. Label and greeting are
    stored, since officials leave office.
    """

    # The constraint that names letter and recipient has an index for it, too.
    letter = models.ForeignKey(
        "letters.Letter",
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("letter"),
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="deliveries"
    )
    # The mail in which it waits, or has left; none while it waits for something else.
    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("email"),
    )
    # Of a follow-up: the delivery that was not answered.
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
    # In which the letter goes to this official; empty for that of its text.
    language = models.CharField(max_length=10, default="", db_default="")
    # Letters of many that its official reads as one have the same; empty if this one is
    # read alone (LettersLanguages.same_as_in).
    same_as = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )

    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    # From when on it should be in a mail.
    due_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    accepted_at = models.DateTimeField(
        null=True, blank=True, verbose_name=_("when the server accepted it")
    )
    bounced_at = models.DateTimeField(
        null=True, blank=True, verbose_name=_("came back")
    )
    status = models.GeneratedField(
        expression=STATUS, output_field=models.CharField(max_length=8), db_persist=True
    )
    # Empty if it was not stopped, or if people stopped it.
    stopped_for = models.CharField(
        max_length=10, choices=WhyStopped, blank=True, default="", db_default=""
    )
    # A keyed hash of who says what to whom, in the delivery that goes (addressees.py).
    said = models.BinaryField(max_length=16, null=True, editable=False)

    answered_at = models.DateTimeField(
        null=True, blank=True, verbose_name=_("when the answer came")
    )
    was_answered = models.BooleanField(
        null=True, blank=True, verbose_name=_("has an answer")
    )
    answer = models.TextField(
        max_length=2000, blank=True, verbose_name=_("what was answered")
    )
    # It was answered by an answer to everybody, which we have mailed to the writer.
    answered_to_all = models.BooleanField(default=False, db_default=False)

    objects = DeliveryQuerySet.as_manager()
    # Label and greeting are the official's.
    personal_data = PersonalData(
        texts=("answer",),
        about_nobody=("label", "greeting"),
        kept=(
            Kept(
                name="words that were sent",
                words=_("marks that stop the same letter from being sent twice"),
                period=ONCE_DAYS,
                since="settled_at",
                where=Q(said__isnull=False, letter__text_removed_at__isnull=False),
                empties={"said": None},
                turn=2,
            ),
        ),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                "letter", "recipient", name="one_delivery_a_letter_and_recipient"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False) & ~Q(outcome=""),
                name="settled_delivery_says_how",
            ),
            models.UniqueConstraint(
                "said",
                condition=Q(said__isnull=False),
                name="one_delivery_of_the_same_words",
            ),
            models.CheckConstraint(
                condition=Q(stopped_for="")
                | Q(outcome=Outcome.STOPPED)
                & (~Q(stopped_for="repeat") | Q(said=None)),
                name="stopped_delivery_says_why",
            ),
        ]
        indexes = [
            # This index is read each second; deliveries that wait in a mail are not in
            # it.
            models.Index(
                "due_at",
                "id",
                condition=Q(settled_at=None, mail=None),
                name="due_deliveries",
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
    def email(self):
        """The address to which it goes, or went, while the mail's note says so."""
        return (self.mail and self.mail.email) or self.recipient.email

    @property
    def read_in(self):
        """The language in which its official reads the letter."""
        return self.language or self.letter.languages.first

    @property
    def subject(self):
        return self.letter.languages.words_in(self.read_in)[0]

    @property
    def reply(self):
        """The last words of a server about it, while the mail's note holds them."""
        return self.mail.reply if self.mail else ""

    @property
    def turn_at(self):
        return self.mail and self.mail.turn_at

    @property
    def next_try_at(self):
        return self.mail.due_at if self.mail else self.due_at

    @property
    def is_with_others(self):
        """Whether its mail is one of several letters."""
        return bool(self.mail and self.mail.purpose == TOGETHER)

    @property
    def waits_for_others(self):
        """Whether it is in a mail of several letters, or comes into the next one."""
        return self.goes_together if self.mail is None else self.is_with_others

    @property
    def keeps_office_hours(self):
        """Whether it leaves in office hours only."""
        letter = self.letter.suggested_letter
        return self.waits_for_others or letter.in_office_hours

    @property
    def left_at(self):
        """When our relay took it, or may have taken it; None when it has not."""
        was_there = self.outcome in (Outcome.SENT, Outcome.IN_DOUBT)
        return self.settled_at if was_there else None

    @property
    def may_be_answered(self):
        """Whether its writer can tell us of an answer.

        That is so if it arrived, as far as we know, or if an answer came all the same.
        Of an answer to everybody, which came through us, we know more than they.
        """
        if self.answered_to_all:
            return False
        is_there = self.left_at is not None and self.bounced_at is None
        return is_there or self.was_answered is not None

    @property
    def sent_as(self):
        """The Message-ID of the mail with the letter; empty when that is not known.

        It is the same when somebody sends the letter again by hand.
        """
        if not self.mail:
            return ""
        if self.is_with_others:
            return self.mail.message_id
        return f"<delivery.{seal(self.pk, Of.DELIVERY)}@{settings.MAIL_DOMAIN}>"

    def day_of_first_in(self, language):
        """Of a follow-up: the day on which the letter left, in words of a language.

        It is the day on its recipient's clocks.
        """
        first = self.follows
        left_at = first.left_at or first.letter.confirmed_at
        there = left_at.astimezone(self.recipient.list.office_hours.zone)
        with translation.override(language or self.read_in):
            return date_format(there.date(), "DATE_FORMAT")

    @property
    def state(self):
        """What we know came of it, in words."""
        return DeliveryState(self)

    @property
    def goes_together(self):
        """Whether it goes in one mail with others, as its recipient or letter says."""
        joins = self.letter.suggested_letter.sends_together
        return self.recipient.wants_one_mail or (joins and bool(self.same_as))

    def stop(self):
        """Do not send it any more; False when it is settled or on its way."""
        return self._end(Delivery.objects.all(), Outcome.STOPPED)

    def stop_too_late(self):
        """Stop it, since it can leave no more; its writer is told why."""
        has_left = self.recipient.left_office_on
        why = WhyStopped.LEFT_OFFICE if has_left else WhyStopped.ENDED
        late = Delivery.objects.too_late()
        return self._end(late, Outcome.STOPPED, stopped_for=why)

    def give_up_unwanted(self):
        """Give it up, since its office has long wanted none; its writer is told."""
        return self._end(Delivery.objects.unwanted_for_long(), Outcome.GIVEN_UP)

    def retry(self):
        """Send again, at staff's wish, what failed, came back, or may have arrived.

        It goes to the present address, with the next mail of several letters where it
        goes together with others. It does not go to an official who has left office,
        has said something that it does not suit, or has these words by a later letter.
        It does not go either when its text has been removed, or the campaign has ended.
        """
        if self.letter.text_removed_at or self.recipient.left_office_on:
            return False
        if self.letter.campaign.has_ended:
            return False
        not_there = ~Q(outcome=Outcome.SENT) & Q(accepted_at=None) | ~Q(bounced_at=None)
        has_its_place = Q(said__isnull=False) | Q(follows__isnull=False)
        settled = Delivery.objects.fitting().exclude(settled_at=None)
        settled = settled.filter(has_its_place)
        now = timezone.now()
        return bool(
            settled.filter(not_there, pk=self.pk).update(
                mail=None,
                settled_at=None,
                outcome="",
                accepted_at=None,
                bounced_at=None,
                stopped_for="",
                queued_at=now,
                due_at=now,
            )
        )

    def note_answer(self, *, was_answered, answer="", answered_on=None):
        """Note what the writer tells us: whether an answer came, when, its words."""
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

    def _end(self, deliveries, outcome, **what):
        with transaction.atomic():
            # The letter is locked before the delivery, as a worker does.
            self.letter.lock()
            done = bool(deliveries.filter(pk=self.pk).end(outcome, **what))
            if done:
                self.letter.report_back()
        return done
