"""What an official does on the page of their own, and the ways in and out of it."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.officials import tasks
from letters.recipients.models import Recipient
from letters.sending.deliveries import Delivery
from outbox import mail
from pages.addresses import absolute_reverse
from safeguards.mail_allowance import MailAllowance
from staff.models import Alert, audit_begins

OFFICIALS_PAGE = MailAllowance("official's page")


def make_key():
    return secrets.token_urlsafe(16)


def hash_of(key):
    return sha256(key.encode()).hexdigest()


def link_limit():
    """Links in mails that were sent before this do not work any more."""
    return timezone.now() - timedelta(minutes=settings.VISIT_LINK_MINUTES)


class OfficialVisitQuerySet(models.QuerySet):
    def request(self, recipient):
        """Mail the way in to the address that we hold; whoever asks gets nothing."""
        with transaction.atomic():
            visit = self.create(recipient=recipient, email=recipient.email)
            tasks.mail_link.defer(visit_pk=visit.pk)
        return visit

    def waiting(self):
        """Not opened yet, and the mail, if there was one, still good."""
        return self.filter(opened_at=None).exclude(sent_at__lt=link_limit())

    def outdated(self):
        return self.filter(created_at__lt=timezone.now() - timedelta(days=1))


class OfficialVisit(models.Model):
    """One visit to an official's page, opened from the mailbox that we hold for them.

    As a supporter's visit (decision 10): the key in the mail is random, works once and
    for an hour, and is stored as a hash; the one in the page's address opens nothing
    without the browser's cookie. Both end when the address is another one.
    """

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="visits"
    )
    email = models.CharField(max_length=254)
    key = models.CharField(max_length=22, unique=True, default=make_key)
    mail_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    objects = OfficialVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit of an official")
        verbose_name_plural = _("visits of officials")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_of_today(self):
        """Whether it still is that of whom we would write to."""
        return not self.recipient.left_office_on and self.email == self.recipient.email

    @property
    def is_waiting(self):
        """Whether the link in its mail is still good."""
        is_late = self.sent_at and self.sent_at < link_limit()
        return self.opened_at is None and not is_late and self.is_of_today

    @property
    def is_going_on(self):
        since = timezone.now() - timedelta(hours=settings.VISIT_HOURS)
        return bool(self.opened_at and self.opened_at >= since) and self.is_of_today

    @property
    def is_superseded(self):
        """Whether a newer one waits for the same mailbox."""
        newer = OfficialVisit.objects.waiting().filter(pk__gt=self.pk)
        return newer.filter(recipient=self.recipient_id).exists()

    def mail_link(self):
        """Mail the link. Raises what mail and its limits raise."""
        if self.opened_at or self.sent_at or not self.is_of_today:
            return
        mine = OfficialVisit.objects.filter(pk=self.pk)
        with OFFICIALS_PAGE.one_for(self.email):
            mail_key = secrets.token_urlsafe(24)
            mine.update(mail_hash=hash_of(mail_key))
            language = self.recipient.language_of_mails
            context = {
                "recipient": self.recipient,
                "minutes": settings.VISIT_LINK_MINUTES,
                "opening_url": absolute_reverse(
                    "letters:official-opening", language, key=mail_key
                ),
            }
            mail.hand_over(mail.write(self.email, "official_page", context, language))
            mine.update(sent_at=timezone.now())

    def open(self):
        """Let them in, once; False when it was opened before, or is too old."""
        with transaction.atomic():
            opened = OfficialVisit.objects.waiting().filter(pk=self.pk)
            if not opened.update(opened_at=Now()):
                return False
            OfficialActivity.note(self.recipient, OfficialActivity.Kind.OPENED)
        return True


class AddressCorrectionQuerySet(models.QuerySet):
    def request(self, recipient, email):
        """Take a new address down: it counts once somebody there has confirmed it."""
        with transaction.atomic():
            made = self.create(
                recipient=recipient, old_email=recipient.email, email=email
            )
            OfficialActivity.note(
                recipient, OfficialActivity.Kind.ASKED, recipient.email, made.email
            )
            tasks.mail_correction_question.defer(correction_pk=made.pk)
            tasks.tell_old_address.defer(correction_pk=made.pk)
        return made

    def waiting(self):
        """Not confirmed yet, and the mail, if there was one, still good."""
        return self.filter(confirmed_at=None).exclude(sent_at__lt=link_limit())

    def outdated(self):
        return self.filter(created_at__lt=timezone.now() - timedelta(days=1))


class AddressCorrection(models.Model):
    """Another address, as an official typed it: theirs once it is confirmed there."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="corrections"
    )
    old_email = models.CharField(max_length=254)
    email = models.CharField(max_length=254)
    mail_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = AddressCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of an address")
        verbose_name_plural = _("corrections of addresses")

    def __str__(self):
        return self.email

    @property
    def is_of_today(self):
        """Whether nobody else has changed the address, or left office, meanwhile."""
        recipient = self.recipient
        return not recipient.left_office_on and recipient.email == self.old_email

    @property
    def is_superseded(self):
        """Whether they have typed another one since."""
        newer = AddressCorrection.objects.filter(pk__gt=self.pk)
        return newer.filter(recipient=self.recipient_id).exists()

    def mail_question(self):
        """Mail the new address whether it is theirs. Raises what mail raises."""
        if self.sent_at or self.is_superseded or not self.is_of_today:
            return
        mine = AddressCorrection.objects.filter(pk=self.pk)
        with OFFICIALS_PAGE.one_for(self.email):
            mail_key = secrets.token_urlsafe(24)
            mine.update(mail_hash=hash_of(mail_key))
            language = self.recipient.language_of_mails
            context = {
                "recipient": self.recipient,
                "minutes": settings.VISIT_LINK_MINUTES,
                "confirmation_url": absolute_reverse(
                    "letters:official-address", language, key=mail_key
                ),
            }
            mail.hand_over(
                mail.write(self.email, "official_address", context, language)
            )
            mine.update(sent_at=timezone.now())

    def tell_old_address(self):
        """Whoever reads the address of before can speak up."""
        context = {"recipient": self.recipient, "email": self.email}
        language = self.recipient.language_of_mails
        message = mail.write(
            self.old_email, "official_address_notice", context, language
        )
        mail.hand_over(message)

    def confirm(self):
        """Write to the new address from now on, also what waits; once.

        False when it is too late, or when the list has this address by now.
        """
        try:
            with transaction.atomic():
                return self._confirm()
        except IntegrityError:
            return False

    def _confirm(self):
        people = Recipient.objects.in_office().select_for_update()
        # A new address is not blamed for the mail that came back from the old one.
        changed = people.filter(pk=self.recipient_id, email=self.old_email)
        waiting = AddressCorrection.objects.waiting().filter(pk=self.pk)
        if self.is_superseded or not waiting.update(confirmed_at=Now()):
            return False
        if not changed.update(email=self.email, bounced_at=None, bounce_words=""):
            return False
        self.recipient.refresh_from_db()
        on_their_way = Delivery.objects.open().filter(data_at=None, claimed_at=None)
        on_their_way.filter(recipient=self.recipient).update(
            email=self.email, domain=self.recipient.domain
        )
        OfficialActivity.note(
            self.recipient, OfficialActivity.Kind.ADDRESS, self.old_email, self.email
        )
        Alert.objects.sound(
            "official's address",
            str(self.pk),
            gettext(
                "%(who)s has another email address: they changed it on their page, and "
                "confirmed it from the new mailbox. Look whether it is one of theirs."
            )
            % {"who": self.recipient.label},
            self.recipient.admin_url,
        )
        return True


class OfficialActivityQuerySet(models.QuerySet):
    def outdated(self):
        return self.filter(at__lt=audit_begins())


class OfficialActivity(models.Model):
    """What an official did on their page, for the campaigners to follow."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened their page")
        RHYTHM = "rhythm", _("changed how letters come")
        ASKED = "asked", _("typed another address")
        ADDRESS = "address", _("changed their address")
        ANSWER = "answer", _("wrote an answer to all")

    recipient = models.ForeignKey(
        Recipient,
        on_delete=models.CASCADE,
        related_name="acts",
        verbose_name=_("recipient"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    before = models.CharField(_("before"), max_length=254, blank=True)
    after = models.CharField(_("after"), max_length=254, blank=True)

    objects = OfficialActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity of an official")
        verbose_name_plural = _("activity of officials")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.recipient}: {self.get_kind_display()}"

    @classmethod
    def note(cls, recipient, kind, before="", after=""):
        cls.objects.create(recipient=recipient, kind=kind, before=before, after=after)


def choose_rhythm(recipient, rhythm):
    """Write to an official as they want it; what they had before is written down."""
    with transaction.atomic():
        mine = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if mine.rhythm != rhythm:
            Recipient.objects.filter(pk=mine.pk).update(rhythm=rhythm)
            OfficialActivity.note(
                mine, OfficialActivity.Kind.RHYTHM, mine.rhythm, rhythm
            )
