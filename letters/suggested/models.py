from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from letters.recipients.lists import RecipientList
from letters.suggested import placeholders
from letters.suggested.words import LetterWords, by_language
from pages.form_fields import normal_address
from versions.texts import register


class SuggestedLetter(LetterWords, models.Model):
    """What a campaign suggests to write, and to whom."""

    campaign = models.OneToOneField(
        Campaign,
        on_delete=models.CASCADE,
        related_name="letter",
        verbose_name=_("campaign"),
    )
    recipient_list = models.ForeignKey(
        RecipientList,
        on_delete=models.PROTECT,
        related_name="letters",
        verbose_name=_("recipients"),
    )
    subject = models.CharField(
        _("subject"),
        max_length=placeholders.LONGEST_SUBJECT,
        validators=[placeholders.validate_subject],
    )
    body = models.TextField(
        _("letter"),
        max_length=10_000,
        help_text=placeholders.HELP,
    )
    ask = models.TextField(
        _("locked ask"),
        max_length=1000,
        blank=True,
        validators=[placeholders.validate_plain],
        help_text=format_lazy(
            _(
                "Every letter keeps these words. They replace {ask} in the letter, "
                "and writers can change only the rest. If empty, writers can "
                "change everything."
            ),
            ask=placeholders.ASK,
        ),
    )
    thanks_subject = models.CharField(
        _("subject of the thank-you"),
        max_length=placeholders.LONGEST_SUBJECT,
        blank=True,
        default="",
        db_default="",
        validators=[placeholders.validate_subject],
    )
    thanks_body = models.TextField(
        _("thank-you"),
        max_length=10_000,
        blank=True,
        default="",
        db_default="",
        help_text=format_lazy(
            _(
                "A short second letter to officials who support the ask, with "
                "{who} exactly once. If empty, the letter leaves them out, and "
                "nobody thanks them."
            ),
            who=placeholders.NAME_AND_PLACE,
        ),
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("workdays until a follow-up"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(250)],
        help_text=_(
            "After this many workdays without an answer, the writer may remind "
            "them once. Enter 0 for never. If empty, the site’s setting applies."
        ),
    )
    follow_up = models.TextField(
        _("follow-up"),
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        help_text=placeholders.HELP_FOR_FOLLOW_UP,
    )
    in_office_hours = models.BooleanField(
        _("only in office hours"),
        default=False,
        db_default=False,
        help_text=_(
            "Letters leave from Monday to Friday, 9:00 to 17:00, in the time zone of "
            "the recipients. If not ticked, they leave at any hour."
        ),
    )
    sends_together = models.BooleanField(
        _("unchanged letters together"),
        default=True,
        db_default=True,
        help_text=_(
            "Unchanged letters leave in one email with all names, at 9:00 on each "
            "workday. If not ticked, each goes by itself. A letter with the writer’s "
            "own words always does. An official’s own choice comes first."
        ),
    )
    shows_answers = models.BooleanField(
        _("show who answered"),
        default=True,
        db_default=True,
        help_text=_(
            "The campaign’s page shows a table of stances, from the first entry on."
        ),
    )
    replies_to = models.EmailField(
        _("replies to unchanged letters"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Where officials reply to a letter that many people send unchanged. If "
            "empty, to the site’s contact address."
        ),
    )
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    # A digest of what the newest test mail held.
    tested = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        verbose_name = _("suggested letter")
        verbose_name_plural = _("suggested letters")

    def __str__(self):
        return self.subject or gettext("Letter without a subject")

    def save(self, **kwargs):
        self.store_as_filled_in()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("letters:letter", kwargs={"slug": self.campaign.slug})

    def clean(self):
        if self.replies_to:
            try:
                self.replies_to = normal_address(self.replies_to)
            except ValueError as error:
                raise ValidationError({"replies_to": str(error)}) from None
        self.check_words(self)

    def check_words(self, words):
        """Raise ValidationError if a letter of these words could not be filled in.

        They are those of this letter, in whichever language.
        """
        has_ask = bool(self.ask)
        if words.body:
            placeholders.validate_letter(words.body, has_ask=has_ask)
        if bool(words.thanks_subject) != bool(words.thanks_body):
            raise ValidationError(
                {"thanks_body": _("Write both, subject and letter, or neither.")}
            )
        if words.thanks_body:
            placeholders.validate_letter(words.thanks_body, field="thanks_body")
        if words.follow_up:
            placeholders.validate_letter(
                words.follow_up, is_follow_up=True, field="follow_up"
            )

    @property
    def suggested(self):
        return self

    @property
    def language(self):
        """The language of its own words, which is the first one of its campaign."""
        return self.campaign.language

    @property
    def addressed_as(self):
        return self.recipient_list.addressed_as

    @cached_property
    def further_words(self):
        """Its words in further languages, by language; read once."""
        several = len(settings.LANGUAGES) > 1
        return by_language(self, self.texts.published() if several else ())

    def words_in(self, language, *, is_thanks=False):
        """Its words in a language; if it has none there, those in its first one.

        So it is with a language that the site has given up, and with words that lack
        the locked ask, or have one that the letter has not.
        """
        words = self.further_words.get(language)
        if words is None or (is_thanks and not words.has_thanks):
            return self
        return words if bool(words.ask) == bool(self.ask) else self

    @property
    def is_tested(self):
        """Whether somebody was sent a test of the letter as it is now."""
        return self.tested == self._digest

    @property
    def can_be_tested(self):
        """Whether there is a text, and somebody to whom it goes."""
        people = self.recipient_list.recipients
        return bool(self.subject and self.body) and people.reachable().exists()

    def note_test(self):
        SuggestedLetter.objects.filter(pk=self.pk).update(tested=self._digest)

    @property
    def _digest(self):
        words = "\0".join([self.subject, self.body, self.ask])
        return sha256(words.encode()).hexdigest()

    @property
    def greets_each(self):
        """Whether each recipient reads a salutation of their own."""
        return placeholders.SALUTATION in self.body

    def pause(self):
        """Let its letters wait; nothing is lost. False when it is paused already."""
        running = SuggestedLetter.objects.filter(pk=self.pk, paused_at=None)
        return bool(running.update(paused_at=Now()))

    def resume(self):
        """Let what waits leave, beginning within a minute."""
        paused = SuggestedLetter.objects.filter(pk=self.pk, paused_at__isnull=False)
        return bool(paused.update(paused_at=None))

    @property
    def days_to_follow_up(self):
        """Workdays without an answer until a follow-up may be sent; 0 for never."""
        if self.follow_up_days is None:
            return settings.LETTER_FOLLOW_UP_DAYS
        return self.follow_up_days

    def sent_count(self):
        """How many letters are on their way by us, or reported by their writers."""
        sent = self.letters.confirmed().filter(is_repeat=False)
        asking = sent.filter(is_thanks=False, follow_of=None)
        return asking.count() + self.reported.counted().count()


register(
    SuggestedLetter,
    rows=["meetings"],
    stays=["campaign"],
    along=["stances"],
    instead=_("Close its campaign instead, or pause its letters."),
)
