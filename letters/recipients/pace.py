"""How many letters an official gets in an hour, and when, so that none floods an inbox.

A mail with letters takes its turn before it leaves: after the mail before it to the
same official, within office hours if they have any, and in an hour in which their mail
domain has room. A turn that has passed unused, as when a campaign was paused, is taken
anew.
"""

import random
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from letters.recipients.models import Recipient
from outbox.models import OutgoingMail

HOUR = timedelta(hours=1)
# A turn is good for so long. A worker that was away takes new turns, and sends no
# flood.
TURN_LASTS = timedelta(minutes=10)
# How much longer than needed a wait may be: letters do not come like clockwork.
JITTER = 0.5


class Pace(models.Model):
    """From when on a recipient may get the next letter."""

    recipient = models.OneToOneField(
        Recipient, on_delete=models.CASCADE, related_name="pace", primary_key=True
    )
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pace")
        verbose_name_plural = _("paces")

    def __str__(self):
        return f"{self.next_at:%Y-%m-%d %H:%M}"


class ReceivingDomain(models.Model):
    """A mail domain that letters have gone to, and since when.

    It gets more letters from day to day.
    """

    domain = models.CharField(max_length=253, primary_key=True)
    began_at = models.DateTimeField()

    class Meta:
        verbose_name = _("receiving domain")
        verbose_name_plural = _("receiving domains")

    def __str__(self):
        return self.domain

    def most_in(self, hour):
        """How many letters it gets in this hour; None for no limit.

        It gets LETTERS_WARM_UP on the first day and twice as many on each day after, up
        to LETTERS_AN_HOUR_TO_DOMAIN: mail servers distrust a sender that comes with a
        flood.
        """
        most = settings.LETTERS_AN_HOUR_TO_DOMAIN
        if not most:
            return None
        days = max(0, (hour - self.began_at).days)
        if not settings.LETTERS_WARM_UP or days > 30:
            return most
        return min(most, settings.LETTERS_WARM_UP * 2**days)


class ReceivingHour(models.Model):
    """How many letters have their turn in one hour at a receiving domain."""

    domain = models.ForeignKey(
        ReceivingDomain, on_delete=models.CASCADE, related_name="hours"
    )
    hour = models.DateTimeField()
    used = models.PositiveIntegerField()

    personal_data = PersonalData(
        kept=(
            # No turn asks for past hours again.
            Kept(
                name="turns",
                words=_("counts of letters to one mail server in an hour"),
                period=1,
                since="hour",
            ),
        ),
    )

    class Meta:
        verbose_name = _("hour of a receiving domain")
        verbose_name_plural = _("hours of receiving domains")
        constraints = [
            models.UniqueConstraint("domain", "hour", name="one_row_a_domain_and_hour")
        ]

    def __str__(self):
        return f"{self.domain_id} {self.hour:%Y-%m-%d %H}: {self.used}"


def take_turn(mail, recipient):
    """Give a mail that is due to a recipient its turn; returns when, None for now.

    Nothing is done while its turn lasts, or where nothing is limited. If its turn is
    still to come, staff have let it leave earlier.
    """
    now = timezone.now()
    if _lasts(mail.turn_at, now):
        return None
    most = recipient.list.most_an_hour
    if not (
        most or settings.LETTERS_AN_HOUR_TO_DOMAIN or recipient.list.has_office_hours
    ):
        return None
    with transaction.atomic():
        # The domain's row is the lock for all of its recipients; theirs is locked after
        # it.
        domain = _locked(ReceivingDomain(domain=mail.domain, began_at=now))
        pace = _locked(Pace(recipient=recipient, next_at=now))
        # The worker that has lost the lease may have been first: one mail, one turn.
        mine = OutgoingMail.objects.open().filter(pk=mail.pk)
        mail.turn_at = mine.values_list("turn_at", flat=True).first()
        if _lasts(mail.turn_at, now):
            return mail.turn_at if mail.turn_at > now else None
        turn = _turn(now, pace, domain, recipient.list, most)
        ReceivingHour.objects.bulk_create(
            [ReceivingHour(domain=domain, hour=_hour(turn), used=0)],
            ignore_conflicts=True,
        )
        domain.hours.filter(hour=_hour(turn)).update(used=F("used") + 1)
        if most:
            pace.next_at = turn + HOUR / most
            pace.save(update_fields=["next_at"])
        mine.update(turn_at=turn)
        mail.turn_at = turn
    return turn if turn > now else None


def _lasts(turn, now):
    return turn is not None and turn > now - TURN_LASTS


def _turn(now, pace, domain, recipient_list, most):
    turn = max(now, pace.next_at)
    if turn > now and most:
        turn += random.random() * JITTER * HOUR / most
    hours = recipient_list.office_hours
    used = dict(domain.hours.filter(hour__gte=_hour(turn)).values_list("hour", "used"))
    while True:
        turn = hours.next_open(turn)
        limit = domain.most_in(_hour(turn))
        if limit is None or used.get(_hour(turn), 0) < limit:
            return turn
        turn = _hour(turn) + HOUR + random.random() * JITTER * HOUR / limit


def _hour(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


def _locked(new):
    """The row with this key, or this new one, locked against other changes."""
    rows = type(new).objects
    rows.bulk_create([new], ignore_conflicts=True)
    return rows.select_for_update(no_key=True).get(pk=new.pk)
