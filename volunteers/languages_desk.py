"""How far the translations of a campaign are, and where staff work on them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.languages_desk import LanguagesDesk
from volunteers.parts import begun_in


class TranslationsDesk(LanguagesDesk):
    """The pages of translations, for what leads to them."""

    def page(self, language=""):
        if language:
            args = [self.campaign.pk, language]
            return reverse("volunteers_desk:begin", args=args)
        return reverse("volunteers_desk:translations", args=[self.campaign.pk])

    def begun(self):
        return [
            (each.name, self.page(each.language), state_in_words(each))
            for each in begun_in(self.campaign)
        ]


def state_in_words(translation):
    """How far a translation is: “complete, 2 texts are older than those in English”."""
    total = len(translation.pairs)
    if translation.is_complete:
        said = [_("complete")]
    else:
        words = ngettext(
            "%(done)d of %(total)d text", "%(done)d of %(total)d texts", total
        )
        said = [words % {"done": translation.done, "total": total}]
    if older := translation.older:
        words = ngettext(
            "%(number)d text is older than the one in %(language)s",
            "%(number)d texts are older than those in %(language)s",
            older,
        )
        said.append(words % {"number": older, "language": translation.first_name})
    if waits := translation.waits:
        words = ngettext(
            "%d text waits to be published", "%d texts wait to be published", waits
        )
        said.append(words % waits)
    return ", ".join(said)
