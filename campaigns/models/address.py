"""The addresses of campaigns: which are not free, and which lead to another one.

A campaign has a slug in its first language, by which the code knows it, and others for
its texts in further languages (text.py). In a language without texts its page stands at
the first slug: the site's words are in this language, and the campaign's in its first.
Addresses are translated here alone: whatever reads one gets the first slug, and
whatever makes one gives it.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.urls.converters import SlugConverter
from django.utils.functional import cached_property
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from database.known import Known
from pages import page_cache
from pages.languages import InLanguages, possible_prefixes

# First path segments that the site itself answers.
RESERVED_SLUGS = {
    "about",
    "accessibility",
    "admin",
    "anymail",
    "api",
    "development",
    "drafts",
    "branding",
    "cookies",
    "emails",
    "embed.js",
    "favicon.ico",
    "follows",
    "healthz",
    "how-it-works",
    "imprint",
    "media",
    "metrics",
    "mine",
    "moderation",
    "notices",
    "oembed",
    "officials",
    "page",
    "privacy",
    "questions",
    "robots.txt",
    "sitemap",
    "sitemap.xml",
    "static",
    "translations",
    "wrong-words",
}


def validate_slug_is_free(slug):
    if slug in RESERVED_SLUGS | possible_prefixes():
        raise ValidationError(_("The site itself uses this address. Choose another."))


class SlugInSmallLetters(models.SlugField):
    """A slug that no other can differ from by its case alone."""

    def clean(self, value, model_instance):
        return super().clean(value and value.lower(), model_instance)

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(value.lower(), connection)

    def deconstruct(self):
        """To migrations it is a slug like any other."""
        name, _path, *arguments = super().deconstruct()
        return name, "django.db.models.SlugField", *arguments


class FormerSlug(models.Model):
    """An address that a campaign had once, which leads on (campaigns/redirects.py)."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="former_slugs"
    )
    slug = SlugInSmallLetters(_("address"), max_length=80)
    language = models.CharField(_("language"), max_length=10, default="", db_default="")

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "language"], name="one_campaign_a_former_address"
            )
        ]

    def __str__(self):
        return self.slug


class CampaignSlug(InLanguages):
    """The first slug of a campaign, as an address in one of the languages named it."""


@dataclass(frozen=True)
class _Addresses:
    """The addresses of all campaigns in all languages of the site."""

    # By language and slug there: the first slug.
    first: dict = field(default_factory=dict)
    # By the first slug: the slug in each language.
    own: dict = field(default_factory=dict)

    @cached_property
    def version(self):
        """Another one as soon as any address is another one."""
        return hash(
            frozenset((*here, str(first)) for here, first in self.first.items())
        )


def read():
    """The addresses as they are now; a site in one language needs none."""
    campaigns = apps.get_model("campaigns", "Campaign").objects
    texts = apps.get_model("campaigns", "CampaignText").objects.published()
    found = _Addresses()
    codes = [code for code, _name in settings.LANGUAGES]
    for slug, language in campaigns.values_list("slug", "language"):
        found.own[slug] = known = CampaignSlug(slug)
        known.paths = dict.fromkeys([*codes, language], slug)
        known.language, known.translated = language, {language}
    own = texts.values_list("campaign__slug", "language", "slug")
    for first_slug, language, slug in own:
        if known := found.own.get(first_slug):
            known.paths[language] = slug
            known.translated.add(language)
    # Where two campaigns want one address, that with texts in this language has it.
    for has_texts in (False, True):
        for known in found.own.values():
            for language, slug in known.paths.items():
                if (language in known.translated) == has_texts:
                    found.first[language, slug] = known
    for known in found.own.values():
        known.paths = {
            here[0]: here[1]
            for here in known.paths.items()
            if found.first[here] is known
        }
    return found


_known: Known[_Addresses] = Known(read, first=_Addresses())
learn, know = _known.learn, _known.know
NONE = _Addresses()


def _addresses():
    """A site in one language reads nothing."""
    return _known.current() if len(settings.LANGUAGES) > 1 else NONE


class CampaignSlugConverter(SlugConverter):
    """The slug of a campaign in an address, which is another one in each language.

    Views get the first one, and templates give it.
    """

    def to_python(self, value):
        return slug_at(get_language(), value)

    def to_url(self, value):
        return slug_in(get_language(), value)


def version():
    """By this, what is kept of pages knows whether its addresses are still right."""
    return _addresses().version


def slug_at(language, slug):
    """The first slug of the campaign at an address; the slug itself if it is that."""
    return _addresses().first.get((language, slug), slug)


def slug_in(language, slug):
    """The slug of the campaign with this first slug, in a language that it may have."""
    known = known_slug(slug)
    return known.paths.get(language, slug) if isinstance(known, CampaignSlug) else slug


def has_own_slug(language, slug):
    """Whether the campaign with this first slug has a page in a language."""
    known = _addresses().own.get(slug)
    return known is not None and language in known.paths


def drop_texts_in_first(campaign):
    """Let the address lead on that its texts had in what is its first language now."""
    texts = campaign.texts.filter(
        language=campaign.language, published_at__isnull=False
    )
    for slug in texts.exclude(slug=campaign.slug).values_list("slug", flat=True):
        keep_former(campaign.pk, slug, campaign.language)


def keep_former(campaign, slug, language):
    """Let an address lead to the campaign of this key, which readers found there."""
    FormerSlug.objects.update_or_create(
        slug=slug, language=language, defaults={"campaign_id": campaign}
    )


def forget_pages(campaign):
    """Have its page rendered anew in each of its languages."""
    known = _addresses().own.get(campaign.slug)
    pages = known.paths if known is not None else {campaign.language: campaign.slug}
    for language, slug in pages.items():
        page_cache.forget(page_at(language, slug))


def page_at(language, slug):
    """The path of the page of the campaign that has this slug in this language.

    Another campaign may have the same slug as its first one.
    """
    named = CampaignSlug(slug)
    named.paths = {language: slug}
    with override(language):
        return reverse("campaigns:campaign", kwargs={"slug": named})


def known_slug(slug):
    """A first slug as an address would have named it."""
    return slug if isinstance(slug, CampaignSlug) else _addresses().own.get(slug, slug)


def slug_here(slug, here=None):
    """The first slug that an address names; "" if that campaign has another one here.

    `here` is the language of the address, if that is not the present one.
    """
    if isinstance(slug, CampaignSlug) or slug_in(here or get_language(), slug) == slug:
        return slug
    return ""


def refuse_taken(slug, language, campaign, *, is_first=False):
    """Raise ValidationError if readers find another campaign there, or found it once.

    `campaign` is the key of the campaign that wants the address. If it is to be its
    first one, the form itself looks among the first ones.
    """
    here = {"slug": slug, "language": language}
    # A former address leads on in every language.
    former = FormerSlug.objects.filter(slug=slug).exclude(campaign=campaign)
    if found := former.select_related("campaign").first():
        said = _(
            "This was the address of “%(campaign)s”, and old links still lead there. "
            "Choose another."
        )
        raise ValidationError({"slug": said % {"campaign": found.campaign}})
    campaigns = apps.get_model("campaigns", "Campaign").objects.exclude(pk=campaign)
    texts = apps.get_model("campaigns", "CampaignText").objects.exclude(
        campaign=campaign
    )
    # A first slug is an address in each language without texts.
    is_taken = not is_first and campaigns.filter(slug=slug).exists()
    texts = texts.filter(slug=slug) if is_first else texts.filter(**here)
    if is_taken or texts.exists():
        said = _("Another campaign has this address. Choose another.")
        raise ValidationError({"slug": said})
