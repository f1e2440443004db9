"""The field in which staff choose the language that an official reads."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from pages.languages import own_name


def language_select(theirs=""):
    """A choice of the site's languages, and of what an official has that is none."""
    ours = dict(settings.LANGUAGES)
    kept = [] if theirs in ("", *ours) else [(theirs, theirs)]
    first = ("", _("as the campaign"))
    names = ((code, own_name(code)) for code in ours)
    return forms.Select(choices=[first, *names, *kept])
