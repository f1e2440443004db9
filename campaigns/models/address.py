"""The addresses of campaigns: which are not free, and which lead to another one."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# First path segments that the site itself answers.
RESERVED_SLUGS = {
    "about",
    "accessibility",
    "admin",
    "anymail",
    "development",
    "drafts",
    "branding",
    "comment-subscriptions",
    "cookies",
    "emails",
    "favicon.ico",
    "follows",
    "healthz",
    "how-it-works",
    "imprint",
    "media",
    "mine",
    "moderation",
    "notices",
    "officials",
    "page",
    "privacy",
    "questions",
    "robots.txt",
    "sitemap",
    "sitemap.xml",
    "static",
}


def validate_slug_is_free(slug):
    languages = {code for code, _name in settings.LANGUAGES}
    if slug in RESERVED_SLUGS | languages:
        raise ValidationError(_("The site itself uses this address. Choose another."))


class FormerSlug(models.Model):
    """An address that a campaign had once, which leads on (campaigns/moved.py)."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="former_slugs"
    )
    slug = models.SlugField(_("address"), max_length=80)
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
