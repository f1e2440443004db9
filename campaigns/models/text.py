"""The texts of a campaign in a further language, with an address of their own."""

from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from campaigns.models import address
from campaigns.models.address import (
    FormerSlug,
    SlugInSmallLetters,
    validate_slug_is_free,
)
from campaigns.models.campaign import Campaign
from campaigns.models.rich_text import LONGEST_RICH, STORY_EXTENSIONS
from campaigns.models.told import TextInLanguage, in_languages
from campaigns.pictures.pictured import WithShareImage
from pages import page_cache
from safeguards.protected_names import protect
from versions.texts import register


def _as_in(name):
    """A field like that of the campaign, with its label, help and limits."""
    return Campaign._meta.get_field(name).clone()


@in_languages
class CampaignText(WithShareImage, TextInLanguage):
    """What a campaign says in one further language; all else is the campaign's own.

    Readers of this language get what is written here, and what is left empty in the
    campaign's first language, with a sentence that says so.
    """

    PICTURE_OF = "campaign"
    # What a page says in this language, in the order of the form.
    TOLD = (
        "title",
        "title_ask",
        "summary",
        "ask",
        "happening",
        "wrong",
        "asked",
        "story",
        "reading_title",
        "call_for_action",
        "event_name",
        "picture_alt",
        "share_text",
        "thanks_text",
        "outcome",
    )
    # What stays in the first language if nothing is written here. Without the others a
    # page is whole: it uses the title, or our own words.
    LEFT_IN_FIRST = frozenset(
        {
            *("ask", "happening", "wrong", "asked", "story"),
            *("call_for_action", "event_name", "picture_alt", "outcome"),
        }
    )

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="texts",
        verbose_name=_("campaign"),
    )
    slug = SlugInSmallLetters(
        _("address"),
        max_length=80,
        db_index=False,
        validators=[validate_slug_is_free],
        help_text=_(
            "The address of the page in this language. If you change it later, old "
            "links still work."
        ),
    )
    title = _as_in("title")
    title_ask = _as_in("title_ask")
    summary = _as_in("summary")
    ask = models.CharField(
        _("the sentence that people sign"),
        max_length=500,
        blank=True,
        help_text=_(
            "If empty, people sign it in the first language. Do not change it once "
            "people have signed it."
        ),
    )
    happening = _as_in("happening")
    wrong = _as_in("wrong")
    asked = _as_in("asked")
    story = ProseEditorField(
        _("story"),
        max_length=LONGEST_RICH,
        extensions=STORY_EXTENSIONS,
        sanitize=True,
        blank=True,
        help_text=_(
            "Quotations appear in large type. Write [picture 1] to place a picture."
        ),
    )
    reading_title = _as_in("reading_title")
    call_for_action = _as_in("call_for_action")
    event_name = _as_in("event_name")
    picture_alt = _as_in("picture_alt")
    share_text = _as_in("share_text")
    thanks_text = _as_in("thanks_text")
    outcome = _as_in("outcome")
    # By LocalizedBeside.told_as(): what rows of the campaign say in this language.
    beside = models.JSONField(
        _("reading, milestones and captions"), default=dict, blank=True
    )

    # Who says that this ask means the same as the one that people have signed.
    says_the_same = None

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translated campaign pages")
        ordering = ["campaign", "language"]
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "language",
                name="one_text_of_a_campaign_a_language",
                violation_error_message=_(
                    "The campaign has texts in this language already. Change those."
                ),
            ),
            models.UniqueConstraint(
                "language",
                "slug",
                name="one_text_of_a_campaign_an_address",
                violation_error_message=_(
                    "Another campaign has this address. Choose another."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.language})"

    @classmethod
    def in_first_language(cls, row, name):
        """What the campaign says; its ask is that of its petition, if it has one."""
        if name == "ask":
            return getattr(getattr(row, "petition", None), "ask", "")
        if name in cls.TOLD:
            return super().in_first_language(row, name)
        beside, field = row.texts_beside.get(name, (None, ""))
        return getattr(beside, field, "")

    @classmethod
    def texts_for(cls, row):
        """Its own texts, and those beside it."""
        yield from super().texts_for(row)
        for name, (beside, field) in row.texts_beside.items():
            said = beside._meta.get_field(field)
            is_all = field in ("title", "words")
            label = beside._meta.verbose_name if is_all else said.verbose_name
            yield name, said, label

    def said(self, name):
        return super().said(name) if name in self.TOLD else self.beside.get(name, "")

    def say(self, name, words):
        if name in self.TOLD:
            super().say(name, words)
        else:
            self.beside = {**self.beside, name: words}

    def say_at_once(self, name, words):
        """Store this of a row beside it; nobody's translation is newer by that."""
        self.say(name, words)
        CampaignText.objects.filter(pk=self.pk).update(beside=self.beside)
        self._show()

    def save(self, **kwargs):
        """Store it, and have its title drawn.

        An address at which readers found it leads on from now on.
        """
        with transaction.atomic(savepoint=False):
            stored = CampaignText.objects.published().filter(pk=self.pk)
            before = stored.first() if self.pk else None
            for petition, *changed in self._asks_that_change(before):
                petition.note_reworded(*changed, by=self.says_the_same)
            super().save(**kwargs)
            if before and before._place != (self.is_shown and self._place):
                address.keep_former(before.campaign_id, before.slug, before.language)
            if self.is_shown:
                FormerSlug.objects.filter(
                    slug=self.slug, language=self.language
                ).delete()
            self.have_pictures_made()
            self._protect_names()
            self._show()

    def get_absolute_url(self):
        """Its page; readers see nothing there before it is published."""
        return address.page_at(self.language, self.slug)

    def delete(self, **kwargs):
        with transaction.atomic(savepoint=False):
            self.withdraw()
            deleted = super().delete(**kwargs)
            self._protect_names()
            return deleted

    def clean(self):
        """Refuse the first language, and an address that another campaign has."""
        if self.campaign_id is None:
            return
        if self.language == self.campaign.language:
            words = _("The texts in this language are those of the campaign itself.")
            raise ValidationError({"language": words})
        address.refuse_taken(self.slug, self.language, self.campaign_id)
        before = CampaignText.objects.published().filter(pk=self.pk).first()
        for petition, *changed in self._asks_that_change(before):
            petition.reworded(*changed, by=self.says_the_same)

    @property
    def signed_as(self):
        """The petition of its campaign, or None."""
        return getattr(self.campaign, "petition", None) if self.campaign_id else None

    def _asks_that_change(self, before):
        """(petition, language, words before, words now) for each other ask.

        Words are given with their language. A language without a text has the words of
        the first one.
        """
        was, now = _ask_for_readers(before), _ask_for_readers(self)
        for here, text in {**was, **now}.items():
            if (petition := text.signed_as) is None:
                continue
            first = petition.ask, text.campaign.language
            old, new = (
                (found[here].ask, text.language) if here in found else first
                for found in (was, now)
            )
            if old[0] != new[0]:
                yield petition, text.language, old, new

    @property
    def _place(self):
        return self.language, self.slug

    def _protect_names(self):
        """Those of the campaign as it is stored, with what it says here."""
        protect(Campaign.objects.filter(pk=self.campaign_id))

    def _show(self):
        transaction.on_commit(address.learn)
        address.forget_pages(self.campaign)
        page_cache.forget(self.get_absolute_url())


def _ask_for_readers(text):
    """The text by its place, if readers get an ask of it."""
    if text is None or not (text.is_shown and text.ask):
        return {}
    is_first = text.language == text.campaign.language
    return {} if is_first else {(text.campaign_id, text.language): text}


def localize(campaigns, language=None):
    """Let these campaigns say what they have in a language, usually the present one.

    One statement for all of them; none if they are in this language already.
    """
    language = language or translation.get_language()
    others = defaultdict(list)
    for campaign in campaigns:
        if campaign is None or len(settings.LANGUAGES) < 2:
            continue
        if campaign.told is None and campaign.language != language:
            campaign.shown_in = language
            others[campaign.pk].append(campaign)
    if not others:
        return
    texts = CampaignText.objects.published().filter(language=language)
    for text in texts.filter(campaign__in=others):
        for campaign in others[text.campaign_id]:
            campaign.localize(text)


register(CampaignText, stays=["campaign", "language", "slug", "published_at"])
