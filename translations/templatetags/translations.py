from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from translations.parts import begun_in

register = template.Library()


@register.simple_tag
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


@register.simple_tag
def translations_of(campaign):
    """The translations of a campaign that somebody has begun."""
    return begun_in(campaign)
