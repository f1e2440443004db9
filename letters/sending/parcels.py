from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending import message, pace, tasks
from letters.sending.attempt import LetterAttempt
from letters.sending.pieces import (
    Piece,
    PieceQuerySet,
    code_in,
    says_how_it_was_settled,
)
from outbox import relay
from outbox.bounce_reports import bounce_address, mac, names_in

# What one mail holds at most; the rest waits for the next one. Names are short, and a
# mail of half a megabyte is taken everywhere and can still be read.
MOST_LETTERS = 5000
MOST_CHARACTERS = 400_000


class ParcelQuerySet(PieceQuerySet):
    def due(self):
        """Those that keep to what their recipients want today, and those of which the
        relay had the whole message when their worker died."""
        return super().due().filter(_keeps_their_rhythm() | ~Q(data_at=None))

    def out_of_rhythm(self):
        """Waiting, while their recipients have chosen otherwise since."""
        waiting = self.open().unclaimed().filter(data_at=None)
        return waiting.filter(~_keeps_their_rhythm())

    def take_in(self, delivery):
        """Put a due delivery into the next mail to its recipient, to leave with it."""
        with transaction.atomic():
            parcel = self._open_for(delivery.recipient)
            waiting = type(delivery).objects.due().filter(pk=delivery.pk, data_at=None)
            waiting.update(
                parcel=parcel,
                claimed_at=None,
                turn_at=None,
                next_try_at=parcel.next_try_at,
                reply="",
            )

    def _open_for(self, recipient):
        """Their parcel that has not left, locked; a new one when there is none."""
        mine = self.open().filter(recipient=recipient)
        while True:
            if parcel := mine.select_for_update(no_key=True).first():
                return parcel
            closes_at = self._closes_at(recipient)
            self.bulk_create(
                [
                    Parcel(
                        recipient=recipient,
                        email=recipient.email,
                        domain=recipient.domain,
                        rhythm=recipient.rhythm,
                        closes_at=closes_at,
                        next_try_at=closes_at,
                    )
                ],
                ignore_conflicts=True,
            )

    def _closes_at(self, recipient):
        """When the next mail may leave: never two on one day, or in one week."""
        days = recipient.list.mail_days(is_weekly=recipient.gets_mail_weekly)
        left_at = Coalesce("handed_over_at", "may_have_arrived_at")
        last = self.filter(recipient=recipient).aggregate(at=Max(left_at))["at"]
        return days.next_after(timezone.now(), last)

    def take_addresses_of_today(self):
        """What waits follows people who move: their old domain may be paused."""
        stale = self.open().filter(claimed_at=None, data_at=None)
        stale = stale.exclude(email=F("recipient__email"))
        for parcel in stale.select_related("recipient"):
            self.open().filter(pk=parcel.pk, claimed_at=None).update(
                email=parcel.recipient.email, domain=parcel.recipient.domain
            )

    def keep_codes(self):
        """Of the servers' words only their codes."""
        return self.update(reply=code_in("reply"), bounce_words=code_in("bounce_words"))

    def for_bounce_address(self, text):
        """The parcel that an envelope address names, or DoesNotExist."""
        for name in names_in(text):
            number = name.removeprefix("p")
            if name != number and number.isdecimal() and len(number) < 19:
                return self.get(pk=int(number))
        raise self.model.DoesNotExist


class Parcel(Piece):
    """One mail to one recipient that holds the letters of several people.

    It fills until it closes, leaves in one conversation, and what comes of it comes of
    all its deliveries, in one transaction. A recipient has one that has not left at
    most, so that nobody gets more mails than they chose. It keeps no text.
    """

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="parcels"
    )
    rhythm = models.CharField(
        _("how they get letters"), max_length=10, choices=Recipient.Rhythm.choices
    )
    closes_at = models.DateTimeField(_("leaves from"))

    objects = ParcelQuerySet.as_manager()
    # The keys of the deliveries that the message holds, once it is packed.
    contents = None

    class Meta:
        verbose_name = _("mail with several letters")
        verbose_name_plural = _("mails with several letters")
        constraints = [
            models.UniqueConstraint(
                "recipient",
                condition=Q(settled_at=None),
                name="one_open_parcel_a_recipient",
            ),
            says_how_it_was_settled("settled_parcel_says_how"),
        ]

    def __str__(self):
        return f"{self.recipient.label}, {self.closes_at:%Y-%m-%d}"

    @property
    def waits_since(self):
        return self.closes_at

    @property
    def bounce_address(self):
        """The envelope sender, which names this mail to whoever reports back."""
        return bounce_address(f"p{self.pk}")

    @property
    def message_id(self):
        name = f"parcel.{self.pk}"
        return f"<{name}.{mac(name)}@{settings.MAIL_DOMAIN}>"

    @property
    def state(self):
        """What we know, in plain words, for staff."""
        for is_so, words in (
            (self.bounced_at, _("came back later: %s") % self.bounce_words),
            (self.refused_at, _("refused: %s") % self.reply),
            (self.gave_up_at, _("not delivered; we stopped trying: %s") % self.reply),
            (self.stopped_at, _("stopped: they have left office")),
            (self.accepted_at, _("accepted by their server")),
            (self.handed_over_at, _("handed to our mail service: %s") % self.reply),
            (self.may_have_arrived_at, _("may have arrived")),
            (self.reply, _("trying again; last answer: %s") % self.reply),
        ):
            if is_so:
                return words
        return _("has not left")

    def hand_over(self):
        """Try once to hand it to our relay, and write down what came of its letters.

        Safe to call at any time, twice or at once, as Delivery.hand_over() is.
        """
        if Parcel.objects.due().filter(pk=self.pk, data_at=None).exists():
            self._take_the_address_of_today()
            pace.take_turn(self)
        LetterAttempt(self).make()
        self.report_back()

    def pack(self):
        """The message, in bytes, from what is in it by now; None when that is nothing.

        What its recipient has agreed to meanwhile is stopped, and what waits for
        somebody to resume its campaign is left out.
        """
        waiting = self.deliveries.open()
        if self.recipient.left_office_on:
            self.note(settled_at=Now(), claimed_at=None, stopped_at=Now())
            return None
        waiting.exclude(pk__in=waiting.fitting().values("pk")).update(
            settled_at=Now(), stopped_at=Now(), was_overtaken=True
        )
        packed = _as_many_as_fit(waiting.of_running_campaigns())
        if not packed:
            self.dissolve()
            return None
        self.contents = [delivery.pk for delivery in packed]
        for delivery in packed:
            delivery.recipient, delivery.parcel = self.recipient, self
        return message.message_in(self, packed)

    def note(self, **what):
        """Write down how it stands, of each delivery in it, too.

        Raises LetterLeaseLost, and ChangedMeanwhile when the message holds a letter
        that is not to leave any more.
        """
        with transaction.atomic():
            super().note(**what)
            if "gave_up_at" in what:
                # What came later has days of its own, in the next one.
                limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
                self._let_go(queued_at__gt=limit)
            inside = self._inside()
            told = inside.update(
                **what, tries=self.tries, email=self.email, domain=self.domain
            )
            if "data_at" in what and what["data_at"] and told != len(self.contents):
                raise relay.ChangedMeanwhile
            if "settled_at" in what:
                self._let_go()

    def note_handed_over(self, words):
        """The relay has taken it, whoever holds the lease by now."""
        with transaction.atomic():
            self._lock_letters()
            now = timezone.now()
            is_there = {
                "settled_at": now,
                "claimed_at": None,
                "handed_over_at": now,
                "may_have_arrived_at": None,
            }
            Parcel.objects.filter(pk=self.pk).update(reply=words[:500], **is_there)
            inside = self.deliveries.filter(pk__in=self.contents)
            inside.lock()
            inside.note_words(
                "reply", words, email=self.email, domain=self.domain, **is_there
            )
            self._let_go()
            asking = inside.filter(letter__is_thanks=False)
            for suggested in asking.values_list(
                "letter__suggested_letter", flat=True
            ).distinct():
                Stance.objects.note_asked(suggested, self.recipient_id)

    def note_turn(self, turn):
        with transaction.atomic():
            super().note_turn(turn)
            self.deliveries.open().lock()
            self.deliveries.open().update(turn_at=turn, next_try_at=turn)

    def dissolve(self):
        """Let its letters go: each waits anew, by what its recipient wants today."""
        with transaction.atomic():
            mine = self.held().open()
            if list(mine.select_for_update().values_list("pk")):
                self._let_go()
                mine.delete()

    def bounce(self, words, *, for_good=True, is_proven=True):
        """Note that it came back later; marks the recipient when it is for good."""
        with transaction.atomic():
            self._lock_letters()
            not_yet = Parcel.objects.filter(pk=self.pk, bounced_at=None)
            news = not_yet.update(bounced_at=Now(), bounce_words=words[:500])
            inside = self._sent().filter(bounced_at=None)
            inside.lock()
            inside.note_words("bounce_words", words, bounced_at=Now())
            if for_good and (news or is_proven):
                self.mark_recipient(words, is_proven=is_proven)
            tasks.report_back.defer(parcel_pk=self.pk)

    def accept(self):
        """Note that the official's own server has taken it."""
        with transaction.atomic():
            Parcel.objects.filter(pk=self.pk, accepted_at=None).update(
                accepted_at=Now()
            )
            inside = self._sent().filter(accepted_at=None)
            inside.lock()
            inside.update(accepted_at=Now())

    def report_back(self):
        """Give the texts back to those whose letters in it have failed; once each."""
        # Also of those that failed elsewhere: this may have been the last one open.
        deliveries = self.deliveries.model.objects
        letters = deliveries.model.letter.field.related_model.objects
        of_failed = deliveries.failed().filter(letter=OuterRef("pk"))
        mine = letters.filter(Exists(of_failed), reported_back_at=None)
        for letter in mine.filter(pk__in=self.deliveries.values("letter")):
            letter.report_back()

    def _inside(self):
        """The open deliveries that it is about, locked."""
        inside = self.deliveries.open()
        if self.contents is not None:
            inside = inside.filter(pk__in=self.contents)
        elif self.data_at is not None:  # packed by a worker that has died
            inside = inside.exclude(data_at=None)
        inside.lock()
        return inside

    def _sent(self):
        return self.deliveries.exclude(handed_over_at=None, may_have_arrived_at=None)

    def _let_go(self, **which):
        """What is open still waits for the next one."""
        waiting = self.deliveries.open().filter(**which)
        waiting.lock()
        waiting.update(parcel=None, turn_at=None, next_try_at=timezone.now())

    def _lock_letters(self):
        """Letters first and then deliveries, in the order that erasing takes."""
        letters = self.deliveries.model.letter.field.related_model.objects
        mine = letters.filter(deliveries__parcel=self).order_by("pk")
        list(mine.select_for_update(no_key=True, of=("self",)).values_list("pk"))

    def _take_the_address_of_today(self):
        if self.email != self.recipient.email:
            self.email, self.domain = self.recipient.email, self.recipient.domain
            self.save(update_fields=["email", "domain"])


def _as_many_as_fit(deliveries):
    """The oldest first; of those with words of their own as many as can be read."""
    rows = deliveries.filter(letter__anonymised_at=None).select_related(
        "letter__suggested_letter__campaign", "letter__confirmation", "follows__letter"
    )
    packed, characters = [], 0
    for delivery in rows.order_by("pk")[:MOST_LETTERS]:
        if not delivery.letter.text_digest:
            characters += len(delivery.letter.text)
            if characters > MOST_CHARACTERS:
                continue
        packed.append(delivery)
    return packed


def _keeps_their_rhythm():
    same = Recipient.objects.filter(pk=OuterRef("recipient"), rhythm=OuterRef("rhythm"))
    return Exists(same)
