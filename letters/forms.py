from django import forms
from django.utils.translation import gettext_lazy as _

from campaign_site.typed import LineField, TextField


class LetterForm(forms.Form):
    """A writer's name, place and words; subject and text start as suggested."""

    name = LineField(
        label=_("Full name"),
        max_length=120,
        required=False,
        required_message="",
        too_long_message=_("Shorten your name to 120 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-in": "name"}),
    )
    place = LineField(
        label=_("City/Country"),
        max_length=160,
        required=False,
        required_message="",
        too_long_message=_("Shorten the place to 160 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-in": "place"}),
    )
    own_words = TextField(
        label=_("Why does this matter to you?"),
        max_length=2000,
        required=False,
        required_message="",
        too_long_message=_("Shorten this to 2,000 characters: officials read many."),
        help_text=_("One sentence in your own words makes a letter much stronger."),
        widget=forms.Textarea(attrs={"rows": 2, "data-in": "own"}),
    )
    subject = LineField(
        label=_("Subject"),
        max_length=150,
        required_message=_("Enter a subject."),
        too_long_message=_("Shorten the subject to 150 characters."),
        widget=forms.TextInput(attrs={"data-in": "subject"}),
    )
    body = TextField(
        label=_("Message"),
        max_length=10_000,
        required_message=_("Enter a message."),
        too_long_message=_("Shorten the message to 10,000 characters."),
        widget=forms.Textarea(attrs={"rows": 14, "data-in": "body"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, auto_id="letter-%s", use_required_attribute=False, **kwargs
        )
        if self.is_bound:  # so that "go back to the suggested message" finds it
            for name in ("subject", "body"):
                self.fields[name].widget.attrs["data-suggested"] = self.initial[name]

    @property
    def has_changed_the_text(self):
        """Whether the subject or the message is to be seen, opened, on the page."""
        if not self.is_bound:
            return False
        return bool({"subject", "body"} & {*self.errors, *self.changed_data})
