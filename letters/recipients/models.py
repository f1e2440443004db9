from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.personal_data import PersonalData
from letters.recipients.lists import RecipientList
from letters.suggested.placeholders import validate_plain
from letters.suggested.words import greeting_in
from outbox.keyed_addresses import is_our_own
from outbox.mailed_keys import signer
from outbox.models import OutgoingMail
from pages.addresses import absolute_reverse
from pages.form_fields import normal_address, refuse_hidden_characters
from pages.languages import code_of
from safeguards.mailbox import masked
from safeguards.named_offices import named_in
from safeguards.posing import OFFICE, PERSON
from safeguards.protected_names import Protected, ProtectedQuerySet
from staff.models import Alert, User
from versions.texts import register

_PAGE_KEYS = signer("letters.official")
# Each official of a list has an address of their own.
ON_THE_LIST = _(
    "This address is already on the list. If several offices share it, enter it once, "
    "for all of them."
)
OUR_OWN = _("This address belongs to this website. Enter the office’s own address.")


class RecipientQuerySet(ProtectedQuerySet):
    def in_office(self):
        return self.filter(left_office_on=None)

    def for_page_key(self, key):
        """The official whom a link under a letter names. Raises DoesNotExist."""
        try:
            pk = _PAGE_KEYS.unsign(key)
        except signing.BadSignature:
            raise self.model.DoesNotExist from None
        return self.get(pk=pk)

    def reachable(self):
        """In office, without a complaint, and with an address that takes mail."""
        return self.in_office().filter(bounced_at=None, complained_at=None)


class Recipient(Protected):
    """An official: always with an office, and with a name where we know it."""

    class Rhythm(models.TextChoices):
        EACH = "each", _("each letter")
        DAILY = "daily", _("one email a day")
        WEEKLY = "weekly", _("one email a week")
        PAUSED = "paused", _("nothing for now")

    IN_ONE_MAIL = (Rhythm.DAILY, Rhythm.WEEKLY)

    list = models.ForeignKey(
        RecipientList,
        on_delete=models.CASCADE,
        related_name="recipients",
        verbose_name=_("list"),
    )
    name = models.CharField(
        _("name"),
        max_length=120,
        blank=True,
        help_text=_("If empty, we use only the office."),
    )
    office = models.CharField(
        _("office"), max_length=120, help_text=_("For example “Council Member”.")
    )
    ward = models.CharField(
        _("ward or district"),
        max_length=60,
        blank=True,
        help_text=_("For example “Ward 3”."),
    )
    salutation = models.CharField(
        _("salutation"),
        max_length=120,
        blank=True,
        validators=[validate_plain],
        help_text=_(
            "For example “Dear Mayor Hall:”. If empty, “Dear …:” with name or office."
        ),
    )
    language = models.CharField(
        _("language they read"),
        max_length=10,
        blank=True,
        help_text=_(
            "We write to them in this language, if the campaign has its letter in it. "
            "If empty, in the campaign’s first language."
        ),
    )
    email = models.EmailField(_("email address"))
    is_record = models.BooleanField(
        _("official record"),
        default=False,
        help_text=_(
            "An inbox that keeps letters for the record, for example the clerk’s."
        ),
    )
    rhythm = models.CharField(
        _("how they get letters"),
        max_length=10,
        choices=Rhythm.choices,
        default=Rhythm.EACH,
        db_default=Rhythm.EACH,
        help_text=_(
            "Set it as they wish. It comes before what a letter says. With “each "
            "letter”, letters come as each suggested letter says. With “nothing for "
            "now”, letters wait."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    left_office_on = models.DateField(
        _("left office on"),
        null=True,
        blank=True,
        help_text=_("We send them no more letters. We keep what we sent."),
    )
    bounced_at = models.DateTimeField(
        _("emails have come back since"),
        null=True,
        blank=True,
        help_text=_("They get no letters until you empty this date."),
    )
    bounce_words = models.CharField(_("why they came back"), max_length=500, blank=True)
    complained_at = models.DateTimeField(
        _("marked us as spam on"),
        null=True,
        blank=True,
        help_text=_(
            "They marked our email as spam. They get no letters until you empty this "
            "date, and letters on their way wait. Ask them first."
        ),
    )

    # From when on they may get the next letter (pace.py).
    next_letter_at = models.DateTimeField(null=True, editable=False)

    objects = RecipientQuerySet.as_manager()
    # An official's name and office stand here as the organisation wrote them.
    personal_data = PersonalData(
        identifies=("email",),
        texts=("bounce_words",),
        about_nobody=("name", "office", "ward", "salutation"),
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                "list",
                "email",
                condition=models.Q(left_office_on=None),
                name="one_recipient_per_address_and_list",
                violation_error_message=ON_THE_LIST,
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        """Keep what becomes a mail's header on one line, and the address in ASCII."""
        errors = {}
        self.language = code_of(self.language)
        for name in ("name", "office", "ward", "salutation"):
            setattr(self, name, " ".join(getattr(self, name).split()))
            try:
                refuse_hidden_characters(getattr(self, name))
            except ValidationError as error:
                errors[name] = error
        if self.email:  # it is empty when its own field has refused it
            try:
                self.email = normal_address(self.email)
            except ValueError as error:
                errors["email"] = ValidationError(str(error))
            else:
                if is_our_own(self.email):
                    errors["email"] = ValidationError(OUR_OWN)
        if errors:
            raise ValidationError(errors)

    def protected_names(self):
        """Their name, and their office with whatever makes it theirs alone."""
        offices = [
            self.office,
            self.office_and_ward,
            f"{self.office} {self.list.place}",
        ]
        # "Mayor Hall" and "Mayor Kim": nobody knows which word is the family name.
        if names := self.name.split():
            offices += [f"{self.office} {names[0]}", f"{self.office} {names[-1]}"]
        officials = self.list
        told = f"{officials.name}\n{officials.addressed_as}\n{officials.place} Council"
        return {
            (PERSON, self.name),
            *((OFFICE, office) for office in offices),
            *named_in(told),
        }

    @property
    def state(self):
        """A word for staff: whether letters go to them."""
        if self.left_office_on:
            return _("left office")
        if self.complained_at:
            return _("marked us as spam")
        return _("emails came back") if self.bounced_at else _("in office")

    @property
    def office_and_ward(self):
        return ", ".join(filter(None, [self.office, self.ward]))

    @property
    def label(self):
        """Name, office and ward, as far as we know them."""
        return ", ".join(filter(None, [self.name, self.office_and_ward]))

    @property
    def known_as(self):
        """The name; of an official whose name we do not know, the office."""
        return self.name or self.label

    def greeting_in(self, language):
        """How a letter in this language to this person alone begins."""
        return self.salutation or greeting_in(language, self.name or self.office)

    @property
    def wants_one_mail(self):
        """Whether all letters go to them in one mail, once a day or once a week."""
        return self.rhythm in self.IN_ONE_MAIL

    def next_mail_at(self, last=None, *, after=None):
        """When mails with several letters go to them next, after that moment or now.

        There are never two on one day, or in one week.
        """
        is_weekly = self.rhythm == self.Rhythm.WEEKLY
        hours, after = self.list.office_hours, after or timezone.now()
        return hours.next_mail_at(after, last, is_weekly=is_weekly)

    def had_mail(self, last):
        """Whether `last` was such a mail of today, or of this week."""
        is_weekly = self.rhythm == self.Rhythm.WEEKLY
        return self.list.office_hours.had_mail(
            timezone.now(), last, is_weekly=is_weekly
        )

    @property
    def domain(self):
        return self.email.rpartition("@")[2].lower()

    def mark_bounced(self, words):
        """Leave this address out of later letters, and tell campaigners once."""
        marked = Recipient.objects.filter(pk=self.pk, bounced_at=None)
        with transaction.atomic():
            if marked.update(bounced_at=Now(), bounce_words=words[:500]):
                OutgoingMail.objects.queue_for_staff(
                    "recipient_bounced", self.pk, User.objects.campaigners()
                )

    def choose_rhythm(self, rhythm):
        """Write to them as they want it, also what waits; whether it has changed."""
        with transaction.atomic():
            before = Recipient.objects.filter(pk=self.pk).exclude(rhythm=rhythm)
            if not before.update(rhythm=rhythm):
                return False
            self.deliveries.wait_anew()
        return True

    @property
    def is_reachable(self):
        return self.bounced_at is None and self.complained_at is None

    @property
    def takes_letters(self):
        """Whether letters may go there: in office, no complaint, and they want some."""
        is_there = not (self.left_office_on or self.complained_at)
        return is_there and self.rhythm != self.Rhythm.PAUSED

    @property
    def language_of_mails(self):
        """The language of the site's mails to them: theirs, if the site has it."""
        is_ours = self.language in dict(settings.LANGUAGES)
        return self.language if is_ours else settings.LANGUAGE_CODE

    @property
    def page_key(self):
        """A key that names them in the link under each letter; it opens nothing."""
        return _PAGE_KEYS.sign(str(self.pk))

    @property
    def page_url(self):
        """The link to their page, for the end of a letter to them."""
        return absolute_reverse(
            "letters:official", self.language_of_mails, key=self.page_key
        )

    @property
    def admin_url(self):
        return reverse("admin:letters_recipient_change", args=[self.pk])

    @property
    def masked_email(self):
        """Enough of the address that its owner knows which mailbox it is."""
        return masked(self.email)

    def note_complaint(self):
        """Note that they do not want our mail: none goes there until staff decide."""
        news = Recipient.objects.filter(pk=self.pk, complained_at=None)
        # Both are stored together: without the alert, nobody would know why nothing
        # goes there.
        with transaction.atomic():
            if not news.update(complained_at=Now()):
                return
            Alert.objects.sound(
                "complaint",
                # A time makes it a new alert, even if a person has just decided on
                # another.
                f"{self.pk} {timezone.now().isoformat()}",
                _("Marked as spam: no more letters to an official"),
                lambda: (
                    gettext(
                        "%(who)s marked one of our letters as spam. We send nothing "
                        "there now. Ask how they want to get letters, and then empty "
                        "“marked us as spam”."
                    )
                    % {"who": self.label}
                ),
                self.admin_url,
            )

    def warn_of_complaint(self):
        """Alert campaigners to a complaint that nobody can prove; letters go on."""
        self._warn(
            "complaint?",
            _("An official may have marked a letter as spam"),
            _(
                "A report says that %(who)s marked one of our letters as spam. "
                "Anybody who gets a copy of a letter can send such a report, so "
                "letters go on. Ask the office how they want to get letters."
            ),
        )

    def warn_of_bounce(self, words):
        """The same for a bounce of an address that took other mails of these days."""
        self._warn(
            "bounce?",
            _("Emails to an official may come back"),
            _(
                "A report says that emails to %(who)s come back. No other letter "
                "of the last days came back, so letters go on. Ask the office "
                "whether the address is right."
            ),
            words,
        )

    def _warn(self, kind, subject, sentence, words=""):
        def told():
            said = sentence % {"who": self.label}
            return f"{said} {gettext('Their server said:')} {words}" if words else said

        Alert.objects.sound(kind, str(self.pk), subject, told, self.admin_url)


# Each has versions of their own: of thousands on a list, one is edited.
register(
    Recipient,
    # What mail servers and officials said, and who left: facts, and no words of ours.
    left_out=["bounced_at", "bounce_words", "complained_at", "next_letter_at"],
    stays=["list", "email", "rhythm", "left_office_on"],
    instead=_("Enter the day when they left office."),
)
