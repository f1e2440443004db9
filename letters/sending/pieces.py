import re
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.sending.pauses import domain_is_paused, recipient_has_complained
from outbox.bounce_reports import reports_since

# Read alike by Python and PostgreSQL.
_CODE = r"^[245][0-9]{2}(?: [245]\.[0-9]{1,3}\.[0-9]{1,3})?(?![0-9])"


class LetterLeaseLost(Exception):
    """This took longer than the lease, and another worker is at it."""


class PieceQuerySet(models.QuerySet):
    def open(self):
        """Not settled: waiting, on its way, or to be tried again."""
        return self.filter(settled_at=None)

    def lock(self):
        """Lock these rows until the transaction ends, everywhere in the same order."""
        locked = self.select_for_update(no_key=True, of=("self",)).order_by("pk")
        list(locked.values_list("pk"))

    def unclaimed(self):
        """Nobody is at them, or who was has died."""
        lease = timezone.now() - timedelta(seconds=settings.LETTER_LEASE_SECONDS)
        return self.filter(Q(claimed_at=None) | Q(claimed_at__lt=lease))

    def due(self):
        """To be worked on now: new, its wait over, or left behind by a dead worker.

        Every condition stands at the row itself or in an EXISTS, none in a join: an
        UPDATE that has waited for another claim looks at its own row again, but not at
        rows that it has found by a subquery (PostgreSQL, "Read Committed").
        """
        due = self.open().unclaimed().filter(next_try_at__lte=timezone.now())
        # What the relay has had already is not sent any more, only settled.
        return due.filter(
            ~domain_is_paused(), Q(data_at__isnull=False) | ~recipient_has_complained()
        )


class Piece(models.Model):
    """What one conversation with our relay brings to one recipient.

    A lease lets one worker at a time be at it. Whatever comes of it is written down
    through note(), or, once the relay has taken it, note_handed_over().
    """

    email = models.CharField(_("email address"), max_length=254)
    domain = models.CharField(_("domain"), max_length=253)

    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    turn_at = models.DateTimeField(_("its turn"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    data_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(_("words of the server"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    handed_over_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    may_have_arrived_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_words = models.CharField(max_length=500, blank=True)
    complained_at = models.DateTimeField(_("called spam"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def waits_since(self):
        """From when on our relay could have had it."""
        return self.queued_at

    @property
    def left_at(self):
        """When our relay had it, or may have had it; None before that."""
        return self.handed_over_at or self.may_have_arrived_at or self.data_at

    def held(self):
        """Itself, as long as nobody else has taken the lease over."""
        return type(self).objects.filter(pk=self.pk, claimed_at=self.claimed_at)

    def note(self, **what):
        """Write down how it stands, while the lease is ours. Raises LetterLeaseLost."""
        if not self.held().update(**what):
            raise LetterLeaseLost

    def note_turn(self, turn):
        """It is tried then, and not before."""
        self.turn_at = turn
        open_one = type(self).objects.open().filter(pk=self.pk)
        open_one.update(turn_at=turn, next_try_at=turn)

    def mark_recipient(self, words, *, is_proven=True):
        """Later letters leave this address out; one entered meanwhile stays.

        What comes by mail proves nothing, since whoever is forwarded a letter can write
        it. It is believed of the only mail of the last days, and of a second one; else
        campaigners are told, and letters go on.
        """
        if self.recipient.email != self.email:
            return
        is_alone = not self.accepted_at and not self._others_left()
        if is_proven or is_alone or self._others_left(bounced_at__isnull=False):
            self.recipient.mark_bounced(words)
        else:
            self.recipient.warn_of_bounce()

    def complain(self, *, is_proven=False):
        """Note that somebody who got it has called it spam.

        Who calls it spam has got it, so that one report by mail, which anybody can
        write who is forwarded a letter, stops nothing: campaigners are told. A second
        mail's report stops the letters to this address, and so does a mail service's
        own word.
        """
        with transaction.atomic():
            mine = type(self).objects.filter(pk=self.pk, complained_at=None)
            is_news = mine.update(complained_at=Now())
            if self.recipient.email != self.email or not (is_news or is_proven):
                return
            if is_proven or self._others_left(complained_at__isnull=False):
                self.recipient.note_complaint()
            else:
                self.recipient.warn_of_complaint()

    def _others_left(self, **which):
        """Whether another mail went to this address while reports still count."""
        for mails in (
            self.recipient.deliveries.filter(parcel=None),
            self.recipient.parcels.all(),
        ):
            others = mails.filter(email=self.email, handed_over_at__gte=reports_since())
            if mails.model is type(self):
                others = others.exclude(pk=self.pk)
            if others.filter(**which).exists():
                return True
        return False


def says_how_it_was_settled(name):
    """The constraint that nothing is settled without a word on how."""
    return models.CheckConstraint(
        condition=Q(settled_at=None)
        | ~Q(
            handed_over_at=None,
            refused_at=None,
            gave_up_at=None,
            stopped_at=None,
            may_have_arrived_at=None,
        ),
        name=name,
    )


def code_of(words):
    """The code with which a server's reply begins, like "550 5.1.1"."""
    found = re.match(_CODE, words)
    return found[0] if found else ""


def code_in(field):
    """The same in SQL: substring() with a pattern."""
    pattern = Cast(Value(_CODE), models.TextField())
    text = Cast(F(field), models.TextField())
    return Coalesce(Func(text, pattern, function="SUBSTRING"), Value(""))
