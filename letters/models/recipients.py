from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign_site import mail
from campaign_site.addresses import absolute
from campaign_site.typed import normal_address, refuse_hidden_characters
from staff.models import User


class RecipientList(models.Model):
    """Officials who are written to together; several campaigns may share one."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    addressed_as = models.CharField(
        _("addressed as"),
        max_length=200,
        help_text=_("How the letter names them all, like “Mayor A and the Council”."),
    )

    class Meta:
        verbose_name = _("recipient list")
        verbose_name_plural = _("recipient lists")
        ordering = ["name"]

    def __str__(self):
        return self.name


class RecipientQuerySet(models.QuerySet):
    def in_office(self):
        return self.filter(left_office_on=None)

    def reachable(self):
        """In office, and with an address that mail did not come back from for good."""
        return self.in_office().filter(bounced_at=None)


class Recipient(models.Model):
    """An official, by name where we know it, by office always."""

    list = models.ForeignKey(
        RecipientList, on_delete=models.CASCADE, related_name="recipients"
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Empty: by office alone.")
    )
    office = models.CharField(
        _("office"), max_length=120, help_text=_("Like “Council Member”.")
    )
    ward = models.CharField(
        _("ward or district"), max_length=60, blank=True, help_text=_("Like “Ward 3”.")
    )
    salutation = models.CharField(
        _("salutation"),
        max_length=120,
        blank=True,
        help_text=_("Like “Dear Mayor Hall:”. Empty: “Dear …:” with name or office."),
    )
    language = models.CharField(
        _("language they read"), max_length=10, blank=True, help_text=_("Like “ko”.")
    )
    email = models.EmailField(_("email address"))
    is_record = models.BooleanField(
        _("official record"),
        default=False,
        help_text=_("An inbox, like the clerk's, that keeps mail for the record."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    left_office_on = models.DateField(
        _("left office on"),
        null=True,
        blank=True,
        help_text=_("Letters go to them no more; what was sent is kept."),
    )
    bounced_at = models.DateTimeField(
        _("mail came back"),
        null=True,
        blank=True,
        help_text=_("Letters leave them out until this is emptied."),
    )
    bounce_words = models.CharField(_("because"), max_length=500, blank=True)

    objects = RecipientQuerySet.as_manager()

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
                violation_error_message=_("This list already has this address."),
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        """Keep what becomes a header of a mail on one line, the address in ASCII."""
        errors = {}
        for name in ("name", "office", "ward", "salutation"):
            setattr(self, name, " ".join(getattr(self, name).split()))
            try:
                refuse_hidden_characters(getattr(self, name))
            except ValidationError as error:
                errors[name] = error
        if self.email:  # empty when the field itself has refused it, in its own words
            try:
                self.email = normal_address(self.email)
            except ValueError as error:
                errors["email"] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)

    @property
    def office_and_ward(self):
        return ", ".join(filter(None, [self.office, self.ward]))

    @property
    def label(self):
        """Name, office and ward, as far as we know them."""
        return ", ".join(filter(None, [self.name, self.office_and_ward]))

    @property
    def greeting(self):
        """How a letter to this person alone begins."""
        return self.salutation or _("Dear %(who)s:") % {"who": self.name or self.office}

    @property
    def domain(self):
        return self.email.rpartition("@")[2].lower()

    def mark_bounced(self, words):
        """Leave this address out of later letters; True when that is news."""
        marked = Recipient.objects.filter(pk=self.pk, bounced_at=None)
        return bool(marked.update(bounced_at=Now(), bounce_words=words[:500]))

    def tell_campaigners(self):
        """Mail those who can look up a new address; the contact when there are none."""
        for address in User.objects.campaigner_addresses():
            mail.write(
                address,
                "recipient_bounced",
                {
                    "recipient": self,
                    "admin_url": absolute(
                        reverse(
                            "admin:letters_recipientlist_change", args=[self.list_id]
                        )
                    ),
                },
                settings.LANGUAGE_CODE,
            ).send()
