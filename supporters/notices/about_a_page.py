"""A form in which somebody says something about a page of this site."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pages.form_fields import LineField
from supporters.notices.place import (
    MOST_LETTERS,
    NotOfThisSite,
    OfOnePerson,
    hosts_of,
    place_of,
)


class PageField(LineField):
    """The address of a page, as people paste it."""

    def __init__(self, **kwargs):
        super().__init__(
            help_text=_(
                "Open the page on which you see it. Copy its address from the top of "
                "your browser, and paste it here."
            ),
            max_length=MOST_LETTERS,
            required_message=_("Paste the address of the page."),
            too_long_message=_("Shorten the address to 500 characters."),
            widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
            **kwargs,
        )


class AboutAPage(forms.Form):
    """A form with a `location`, which becomes a place: see `place_of`.

    `host` is the one under which the form was opened.
    """

    def __init__(self, *args, host, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self._hosts = hosts_of(host)

    def clean_location(self):
        try:
            return place_of(self.cleaned_data["location"], self._hosts)
        except NotOfThisSite:
            raise forms.ValidationError(
                _("Enter the full address of a page of this site, like %(example)s."),
                params={"example": f"{settings.SITE_URL}/…"},
            ) from None
        except OfOnePerson:
            raise forms.ValidationError(
                _("Only you can open this page. Enter the address that others see.")
            ) from None
