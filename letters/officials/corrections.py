"""Another address that an official types on their page, until it is confirmed there."""

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from letters.officials.visits import OfficialVisit
from letters.recipients.models import Recipient
from outbox.mailed_keys import OneTimeKey, WithLink
from outbox.models import OutgoingMail
from outbox.visits import link_limit
from staff.models import Alert

# For so long whoever reads the old mailbox can take it back: they may be away for a
# week, and the new one may have been confirmed by a stranger.
OBJECTION_DAYS = 14


class AddressCorrectionQuerySet(models.QuerySet):
    def request(self, recipient, email, *, rhythm=""):
        """Note a new address. It counts once somebody there has confirmed it."""
        with transaction.atomic():
            made = self.create(
                recipient=recipient,
                old_email=recipient.email,
                email=email,
                rhythm=rhythm,
            )
            queue = OutgoingMail.objects.queue
            queue("official_address", made.pk, made.email)
            queue("official_address_notice", made.pk, made.old_email)
        return made

    def waiting(self):
        """Not confirmed yet, and the mail, if there was one, is still good."""
        waiting = self.filter(confirmed_at=None, stopped_at=None)
        return waiting.exclude(sent_at__lt=link_limit())


class AddressCorrection(WithLink):
    """Another address, as an official typed it.

    It is theirs once it is confirmed there. Its link is mailed to the old address:
    whoever reads that can stop it, or take it back.
    """

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="corrections"
    )
    old_email = models.CharField(max_length=254)
    email = models.CharField(max_length=254)
    mail_key = OneTimeKey()
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    # How letters came before the visit in which it was typed.
    rhythm = models.CharField(max_length=10, default="", db_default="")

    # Whether stopping it has just undone how often letters come; its page says so.
    has_undone_rhythm = False

    objects = AddressCorrectionQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("old_email", "email"),
        about_nobody=("mail_key",),
        kept=(
            Kept(
                name="addresses of officials",
                words=_("new addresses that officials entered"),
                period=OBJECTION_DAYS,
                since="created_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("correction of an address")
        verbose_name_plural = _("corrections of addresses")

    def __str__(self):
        return self.email

    @property
    def is_used(self):
        """Whether its link has been used."""
        return self.confirmed_at is not None

    @property
    def is_of_today(self):
        """Whether nobody has left office or changed the address meanwhile."""
        recipient = self.recipient
        return not recipient.left_office_on and recipient.email == self.old_email

    @property
    def is_superseded(self):
        """Whether they have typed another one since."""
        newer = AddressCorrection.objects.filter(pk__gt=self.pk)
        return newer.filter(recipient=self.recipient_id).exists()

    @property
    def may_be_mailed(self):
        """Whether the new address is still to be asked."""
        is_over = self.sent_at or self.stopped_at or self.is_superseded
        return not is_over and self.is_of_today

    @property
    def _goes_to(self):
        """Where letters go by all that was confirmed since its old address was good.

        Who has confirmed one can type the next, so there may be several in a row.
        """
        confirmed = AddressCorrection.objects.filter(
            recipient=self.recipient_id, pk__gte=self.pk, stopped_at=None
        ).exclude(confirmed_at=None)
        found = self.old_email
        for each in confirmed.order_by("pk"):
            if each.old_email == found:
                found = each.email
        return found

    @property
    def may_be_stopped(self):
        """Whether letters go where it led, so that the old address may object."""
        recipient = self.recipient
        is_of_today = recipient.email == self._goes_to and not recipient.left_office_on
        return is_of_today and not self.stopped_at

    def stop(self):
        """Write to the old address, as before: its reader knows nothing of a new one.

        This ends all that was typed since, and the pages that are open, since somebody
        else has opened one. False when it is too late, or when another official has the
        old address by now.
        """
        try:
            with transaction.atomic():
                return self._stop()
        except IntegrityError:
            return False

    def _stop(self):
        typed = AddressCorrection.objects.filter(recipient=self.recipient_id)
        # Who confirms one at this moment is waited for.
        list(typed.select_for_update().order_by("pk").values_list("pk"))
        self.refresh_from_db(fields=["stopped_at"])
        before, goes_to = {"email": self.old_email}, self._goes_to
        if goes_to != self.old_email:
            before |= {"bounced_at": None, "bounce_words": ""}
        mine = Recipient.objects.in_office().filter(pk=self.recipient_id, email=goes_to)
        if self.stopped_at or not mine.update(**before):
            return False
        is_since = Q(confirmed_at=None) | Q(pk__gte=self.pk)
        typed.filter(is_since, stopped_at=None).update(stopped_at=Now())
        OfficialVisit.objects.filter(recipient=self.recipient_id).delete()
        self._restore_rhythm()
        Alert.objects.sound(
            "official's address",
            f"{self.pk} stopped",
            _("An official did not ask for a new address: please check"),
            lambda: (
                gettext(
                    "Somebody entered another email address for %(who)s. The old "
                    "mailbox says: this was not me. Letters go to the old "
                    "address. Check which address is theirs."
                )
                % {"who": self.recipient.label}
            ),
            self.recipient.admin_url,
        )
        return True

    def _restore_rhythm(self):
        """Who typed it may have chosen in the same visit that no emails come."""
        if self.rhythm:
            self.has_undone_rhythm = self.recipient.choose_rhythm(self.rhythm)

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
        # A mail that came back from the old address says nothing of the new one.
        changed = people.filter(pk=self.recipient_id, email=self.old_email)
        waiting = AddressCorrection.objects.waiting().filter(pk=self.pk)
        if self.is_superseded or not waiting.update(confirmed_at=Now()):
            return False
        if not changed.update(email=self.email, bounced_at=None, bounce_words=""):
            return False
        self.recipient.refresh_from_db()
        OutgoingMail.objects.queue("official_address_changed", self.pk, self.old_email)
        Alert.objects.sound(
            "official's address",
            str(self.pk),
            _("New address of an official: please check"),
            lambda: (
                gettext(
                    "%(who)s has another email address. They changed it on their page, "
                    "and confirmed it from the new mailbox. Check that it is theirs."
                )
                % {"who": self.recipient.label}
            ),
            self.recipient.admin_url,
        )
        return True
