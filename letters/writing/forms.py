from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.suggested import placeholders
from pages.form_fields import (
    AddressField,
    LineField,
    NameField,
    ShownLineField,
    TextField,
)

# Raise it with every change of the words below.
CONSENT_VERSION = "2026-11-25.3"


class LetterForm(forms.Form):
    """A writer's name, place and words; subject and text start as suggested.

    `for_sending`: we are to send it, so that name and email address are needed.
    """

    name = NameField(
        label=_("Full name"),
        required=False,
        required_message=_("Enter your full name."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-in": "name"}),
    )
    place = ShownLineField(
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
    email = AddressField(
        label=_("Your email address"),
        required=False,
        help_text=_(
            "Replies to your own words come to you. An address we do not know yet is "
            "confirmed first."
        ),
    )
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(required=False)

    def __init__(
        self,
        typed,
        *,
        recipients,
        addressed_as,
        ask="",
        for_sending=False,
        goes_together=True,
        **kwargs,
    ):
        super().__init__(
            typed, auto_id="letter-%s", use_required_attribute=False, **kwargs
        )
        self.addressed_as = addressed_as
        self.ask = ask
        self.recipients = recipients
        self.for_sending = for_sending
        self.goes_together = goes_together
        if self.is_bound:  # so that "go back to the suggested message" finds it
            for name in ("subject", "body"):
                self.fields[name].widget.attrs["data-suggested"] = self.initial[name]

    def _clean_filled_in(self, field):
        placeholders.refuse_any(self.cleaned_data[field])
        return self.cleaned_data[field]

    def clean_name(self):
        return self._clean_filled_in("name")

    def clean_place(self):
        return self._clean_filled_in("place")

    def clean_own_words(self):
        return self._clean_filled_in("own_words")

    def clean_subject(self):
        return self._clean_filled_in("subject")

    def clean_body(self):
        body = self.cleaned_data["body"]
        if self.ask and body.count(placeholders.ASK) != 1:
            raise forms.ValidationError(
                _("Keep %(ask)s in your letter, once: the ask stands there."),
                code="ask",
                params={"ask": placeholders.ASK},
            )
        placeholders.refuse_twice(body)
        return body

    def clean(self):
        self._refuse_too_long()
        if self.for_sending:
            if not self.recipients:
                raise forms.ValidationError(
                    _(
                        "None of them can be reached by email at the moment. Try again "
                        "in a few days: the campaign looks for new addresses."
                    ),
                    code="nobody",
                )
            if not self.errors.get("email") and not self.cleaned_data.get("email"):
                self.add_error("email", self.fields["email"].error_messages["required"])
            if not self.errors.get("name") and not self.cleaned_data.get("name"):
                unsigned = gettext("Enter your full name: a letter needs its writer.")
                self.add_error("name", unsigned)
        return self.cleaned_data

    def _refuse_too_long(self):
        names = ("body", "own_words", "name", "place")
        parts = (self.cleaned_data.get(name, "") for name in names)
        try:
            placeholders.refuse_too_long(self.ask, *parts)
        except forms.ValidationError as error:
            self.add_error("body", error)

    @property
    def notice(self):
        """The words that a writer agrees to by pressing "Send my letter"."""
        if self.goes_together:
            words = gettext(
                "We send this letter in your name to %(recipients)s. They get your "
                "email address for their replies if it has your own words, or if "
                "nobody else sends the same. Otherwise replies go to the campaign. "
                "Each can also read it on a page of their own here, and answer "
                "everybody who wrote at once: we mail you that answer. Letters to "
                "public offices can become public records."
            )
        else:
            words = gettext(
                "We send this letter in your name to %(recipients)s, with your email "
                "address for their replies. Each can also read it on a page of their "
                "own here, and answer everybody who wrote at once: we mail you that "
                "answer. Letters to public offices can become public records."
            )
        return words % {"recipients": self.addressed_as}

    def consents(self):
        """What was agreed to, as (kind, exact words, version)."""
        return [("letter", self.notice, CONSENT_VERSION)]

    @property
    def is_trapped(self):
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))

    @property
    def has_changed_the_text(self):
        """Whether the subject or the message is to be seen, opened, on the page."""
        if not self.is_bound:
            return False
        return bool({"subject", "body"} & {*self.errors, *self.changed_data})
