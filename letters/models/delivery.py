import hmac
import logging
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters import message, post, tasks
from letters.models.recipients import Recipient

logger = logging.getLogger(__name__)
# Waits of 5, 10, 20, 40 … minutes, six hours at most, until the days are over.
_MAY_HAVE_ARRIVED = gettext_lazy(
    "may have arrived: the connection broke before the answer came, and we do not send "
    "it twice by ourselves"
)
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)


class DeliveryQuerySet(models.QuerySet):
    def open(self):
        """Not settled: waiting, on its way, or to be tried again."""
        return self.filter(settled_at=None)

    def failed(self):
        """Settled, and as far as we know not in the recipient's mailbox."""
        return self.filter(
            ~Q(refused_at=None)
            | ~Q(gave_up_at=None)
            | ~Q(stopped_at=None)
            | ~Q(bounced_at=None)
        )

    def due(self):
        """To be worked on now: new, its wait over, or left behind by a dead worker."""
        now = timezone.now()
        lease = now - timedelta(seconds=settings.LETTER_LEASE_SECONDS)
        return (
            self.open()
            .filter(Q(claimed_at=None) | Q(claimed_at__lt=lease), next_try_at__lte=now)
            .exclude(letter__suggested_letter__paused_at__isnull=False)
            .exclude(domain__in=PausedDomain.objects.values("domain"))
        )

    def for_bounce_address(self, address):
        """The delivery that an envelope address names, or DoesNotExist."""
        local = address.strip("<> \t").partition("@")[0].lower()
        pk, _dash, sent = local.removeprefix("bounces+").partition("-")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise self.model.DoesNotExist
        if not hmac.compare_digest(mac(f"bounces {int(pk)}").encode(), sent.encode()):
            raise self.model.DoesNotExist
        return self.get(pk=int(pk))


class Delivery(models.Model):
    """One letter to one recipient: what we did, and what we know came of it.

    Address, label and greeting are kept as they were: people leave office.
    """

    letter = models.ForeignKey(
        "letters.Letter", on_delete=models.CASCADE, related_name="deliveries"
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="deliveries"
    )
    email = models.CharField(gettext_lazy("email address"), max_length=254)
    domain = models.CharField(gettext_lazy("domain"), max_length=253)
    label = models.CharField(gettext_lazy("recipient"), max_length=320)
    greeting = models.CharField(max_length=200)

    queued_at = models.DateTimeField(gettext_lazy("queued"), db_default=Now())
    next_try_at = models.DateTimeField(gettext_lazy("next try"), db_default=Now())
    tries = models.PositiveSmallIntegerField(gettext_lazy("tries"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    data_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(
        gettext_lazy("words of the server"), max_length=500, blank=True
    )
    settled_at = models.DateTimeField(gettext_lazy("settled"), null=True, blank=True)

    handed_over_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    may_have_arrived_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_words = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    was_answered = models.BooleanField(null=True, blank=True)
    answer = models.TextField(max_length=2000, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("delivery")
        verbose_name_plural = gettext_lazy("deliveries")
        constraints = [
            models.UniqueConstraint(
                "letter", "recipient", name="one_delivery_a_letter_and_recipient"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None)
                | ~Q(
                    handed_over_at=None,
                    refused_at=None,
                    gave_up_at=None,
                    stopped_at=None,
                    may_have_arrived_at=None,
                ),
                name="settled_delivery_says_how",
            ),
        ]
        indexes = [
            models.Index(
                "next_try_at", condition=Q(settled_at=None), name="open_deliveries"
            )
        ]

    def __str__(self):
        return self.label

    @property
    def bounce_address(self):
        """The envelope sender, which names this delivery to whoever reports back."""
        key = mac(f"bounces {self.pk}")
        return f"bounces+{self.pk}-{key}@{settings.MAIL_DOMAIN}"

    @property
    def message_id(self):
        name = f"letter.{self.letter_id}.{self.pk}"
        return f"<{name}.{mac(name)}@{settings.MAIL_DOMAIN}>"

    @property
    def state(self):
        """What we know, in plain words, and nothing more than we know."""
        for is_so, words in (
            (self.was_answered, _("answered, you told us")),
            (self.bounced_at, _("came back later: %s") % self.bounce_words),
            (self.refused_at, _("refused: %s") % self.reply),
            (self.gave_up_at, _("not delivered; we stopped trying: %s") % self.reply),
            (self.stopped_at, _("stopped by the campaign before it was sent")),
            (self.accepted_at, _("accepted by their server")),
            (self.handed_over_at, _("handed to our mail service: %s") % self.reply),
            (self.may_have_arrived_at, str(_MAY_HAVE_ARRIVED)),
            (self.reply, _("trying again at %s") % self._next_try_in_words),
        ):
            if is_so:
                return words
        return _("queued")

    @property
    def kind_of_state(self):
        """good, bad or waiting: for the mark beside the words."""
        if self.was_answered or (self.handed_over_at and not self.bounced_at):
            return "good"
        failed = self.bounced_at or self.refused_at or self.gave_up_at
        return "bad" if failed or self.stopped_at else "waiting"

    def hand_over_later(self):
        tasks.hand_over.defer(delivery_pk=self.pk)

    def hand_over(self):
        """Try once to hand the letter to our relay, and write down what came of it.

        Safe to call at any time, twice or at once: a claim with a lease lets one do
        it. One that a dead worker left behind after the message was complete is
        settled as "may have arrived" and never sent again by itself.
        """
        if not self._claim():
            return
        if self.data_at is not None:
            self._settle(may_have_arrived_at=Now())
        else:
            self._try()
        self.letter.report_back()

    def stop(self):
        """Do not send it any more; False when it is settled or on its way."""
        stopped = Delivery.objects.open().filter(pk=self.pk, claimed_at=None)
        done = bool(stopped.update(stopped_at=Now(), settled_at=Now()))
        if done:
            self.letter.report_back()
        return done

    def retry(self):
        """A person wants it sent again: what failed, or what may have arrived."""
        with transaction.atomic():
            again = Delivery.objects.filter(
                pk=self.pk, handed_over_at=None, settled_at__isnull=False
            ).update(
                settled_at=None,
                refused_at=None,
                gave_up_at=None,
                stopped_at=None,
                may_have_arrived_at=None,
                data_at=None,
                claimed_at=None,
                queued_at=Now(),
                next_try_at=Now(),
            )
            if again:
                self.hand_over_later()
        return bool(again)

    def bounce(self, words, *, for_good=True):
        """Note that it came back later; marks the recipient when it is for good."""
        Delivery.objects.filter(pk=self.pk, bounced_at=None).update(
            bounced_at=Now(), bounce_words=words[:500]
        )
        if for_good and self.recipient.mark_bounced(words):
            tasks.tell_campaigners.defer(recipient_pk=self.recipient_id)
        self.letter.report_back()

    def accept(self):
        """Note that the official's own server has taken it."""
        Delivery.objects.filter(pk=self.pk, accepted_at=None).update(accepted_at=Now())

    def note_answer(self, *, was_answered, answer=""):
        """What the writer tells us: whether an answer came, and what it said."""
        Delivery.objects.filter(pk=self.pk).update(
            was_answered=was_answered, answer=answer, answered_at=Now()
        )

    @property
    def _next_try_in_words(self):
        when = date_format(timezone.localtime(self.next_try_at), "DATETIME_FORMAT")
        return _("%(time)s (UTC); last answer: %(words)s") % {
            "time": when,
            "words": self.reply,
        }

    def _claim(self):
        """Take the lease; True when this call may work on the delivery."""
        claimed = Delivery.objects.due().filter(pk=self.pk)
        if not claimed.update(claimed_at=Now(), tries=F("tries") + 1):
            return False
        self.refresh_from_db()
        return True

    def _try(self):
        try:
            words = post.hand_over(
                self.bounce_address,
                self.email,
                message.message_for(self),
                before_the_end=self._note_data,
            )
        except post.NotNow as answer:
            self._wait(str(answer))
        except post.Refused as answer:
            self._settle(refused_at=Now(), reply=str(answer)[:500])
        except post.AnswerLost as lost:
            self._settle(may_have_arrived_at=Now(), reply=str(lost)[:500])
        except Exception as fault:  # ours: the letter waits until it is mended
            logger.exception("Delivery %s could not be tried", self.pk)
            self._wait(f"{type(fault).__name__} on our side")
        else:
            self._settle(handed_over_at=Now(), reply=words[:500])

    def _note_data(self):
        Delivery.objects.filter(pk=self.pk).update(data_at=Now())

    def _wait(self, words):
        now = timezone.now()
        if now - self.queued_at > timedelta(days=settings.LETTER_GIVE_UP_DAYS):
            self._settle(gave_up_at=Now(), reply=words[:500])
            return
        wait = min(FIRST_WAIT * 2 ** min(self.tries - 1, 10), LONGEST_WAIT)
        Delivery.objects.filter(pk=self.pk).update(
            claimed_at=None, data_at=None, next_try_at=now + wait, reply=words[:500]
        )

    def _settle(self, **what):
        Delivery.objects.filter(pk=self.pk).update(
            settled_at=Now(), claimed_at=None, **what
        )


class PausedDomain(models.Model):
    """A mail domain that gets nothing for the time being; its letters wait."""

    domain = models.CharField(gettext_lazy("domain"), max_length=253, unique=True)
    paused_at = models.DateTimeField(gettext_lazy("paused"), db_default=Now())
    reason = models.CharField(gettext_lazy("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = gettext_lazy("paused domain")
        verbose_name_plural = gettext_lazy("paused domains")

    def __str__(self):
        return self.domain

    def save(self, **kwargs):
        self.domain = self.domain.strip().lower()
        super().save(**kwargs)


def mac(name):
    """Enough that nobody else can name a delivery or a message; hexadecimal, since
    servers may change the case of an address."""
    secret = b"letters" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, name.encode(), sha256)[:6].hex()
