from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from campaign_site.typed import normal_address
from campaigns.models import Campaign
from letters import placeholders
from letters.envelope import Envelope
from supporters.models import Supporter


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


class Recipient(models.Model):
    """An official, by name where we know it, by office always."""

    list = models.ForeignKey(
        RecipientList, on_delete=models.CASCADE, related_name="recipients"
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Empty: by office alone.")
    )
    office = models.CharField(
        _("office"), max_length=120, help_text=_("Like “Council Member, Ward 3”.")
    )
    email = models.EmailField(_("email address"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    left_office_on = models.DateField(
        _("left office on"),
        null=True,
        blank=True,
        help_text=_("Letters go to them no more; what was sent is kept."),
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                "list",
                "email",
                condition=Q(left_office_on=None),
                name="one_recipient_per_address_and_list",
                violation_error_message=_("This list already has this address."),
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        """Keep the address in the form that mail uses: ASCII, lower case."""
        try:
            self.email = normal_address(self.email)
        except ValueError as error:
            raise ValidationError({"email": str(error)}) from None

    @property
    def label(self):
        """Name and office, or the office alone."""
        return f"{self.name}, {self.office}" if self.name else self.office


class SuggestedLetter(models.Model):
    """What a campaign suggests to write, and to whom."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="letter"
    )
    recipient_list = models.ForeignKey(
        RecipientList,
        on_delete=models.PROTECT,
        related_name="letters",
        verbose_name=_("recipients"),
    )
    subject = models.CharField(
        _("subject"), max_length=150, validators=[placeholders.validate_subject]
    )
    body = models.TextField(
        _("letter"),
        max_length=10_000,
        validators=[placeholders.validate_letter],
        help_text=_(
            "An empty line starts a new paragraph. %(who)s becomes the writer's name "
            "and place; write it exactly once. %(own)s becomes a sentence of their "
            "own, or nothing; without it the sentence stands before the name."
        )
        % {"who": placeholders.NAME_AND_PLACE, "own": placeholders.OWN_WORDS},
    )

    class Meta:
        verbose_name = _("suggested letter")
        verbose_name_plural = _("suggested letters")

    def __str__(self):
        return self.subject

    def save(self, **kwargs):
        self.body = normalize_newlines(self.body)  # browsers send CRLF
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("letters:letter", kwargs={"slug": self.campaign.slug})

    def letter_for(
        self, recipients, *, subject=None, body=None, name="", place="", own_words=""
    ):
        """The letter with a writer's words in it, ready to show and to send."""
        text = self.body if body is None else body
        filled = placeholders.fill(text, name=name, place=place, own_words=own_words)
        return FilledLetter(
            filled,
            Envelope(
                recipients=recipients,
                subject=self.subject if subject is None else subject,
                text=placeholders.as_text(filled),
            ),
        )

    def report_sent(self, *, supporter=None, held=False):
        """Count a letter that its writer says they sent with their own mail program.

        A browser that has confirmed an address is counted once, however often it says
        so. `held` keeps a flood from one network out of the count.
        """
        Letter.objects.bulk_create(
            [
                Letter(
                    suggested_letter=self,
                    supporter=supporter,
                    held_at=Now() if held else None,
                )
            ],
            ignore_conflicts=True,
        )


class FilledLetter:
    """A suggested letter with one writer's words, as paragraphs and as mail."""

    def __init__(self, paragraphs, envelope):
        self.paragraphs = paragraphs
        self.envelope = envelope

    @property
    def is_ready(self):
        """Whether it may be sent: no placeholder is left in it."""
        return placeholders.NAME_AND_PLACE not in self.envelope.text


class LetterQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(held_at=None)

    def release(self):
        """Count what was held; returns how many."""
        return self.exclude(held_at=None).update(held_at=None)


class Letter(models.Model):
    """A letter that a supporter sent with their own mail program, as they told us."""

    suggested_letter = models.ForeignKey(
        SuggestedLetter, on_delete=models.CASCADE, related_name="letters"
    )
    supporter = models.ForeignKey(
        Supporter,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
    )
    reported_at = models.DateTimeField(_("reported as sent"), db_default=Now())
    held_at = models.DateTimeField(_("held"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                "suggested_letter", "supporter", name="one_reported_letter_a_supporter"
            )
        ]

    def __str__(self):
        return f"{self.reported_at:%Y-%m-%d}"
