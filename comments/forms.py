from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pages.form_fields import AddressField, NameField, TextField
from pages.languages import own_name
from supporters.my_page import browser
from supporters.notices.choices import ReportReason
from supporters.notices.forms import ReasonForm

# Change this with every change of the words below.
CONSENT_VERSION = "2026-11-29"
NOTICE = _(
    "We show your name and comment on the site. We never show your email address. "
    "We store it so that you can change or delete your comment."
)
MOST_LETTERS = 5000


def text_field(**attrs):
    return TextField(
        label=_("Comment"),
        max_length=MOST_LETTERS,
        required_message=_("Write your comment."),
        too_long_message=_("Shorten your comment to 5,000 characters."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", **attrs}),
    )


class TextForm(forms.Form):
    """The text of a comment, for changing it."""

    text = text_field()

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, auto_id="comment-%s", use_required_attribute=False, **kwargs
        )

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if not any(c.isprintable() and not c.isspace() for c in text):
            raise forms.ValidationError(_("Write your comment."), code="required")
        return text


class ChangedTextForm(TextForm):
    """The text of a comment that its writer changes, and the language of it."""

    written_in = forms.ChoiceField(
        label=_("Language of your comment"),
        required=False,
        choices=lambda: [(code, own_name(code)) for code, _name in settings.LANGUAGES],
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )

    def __init__(self, *args, comment, **kwargs):
        initial = {"text": comment.text, "written_in": comment.language}
        super().__init__(*args, initial=initial, **kwargs)
        ours = dict(settings.LANGUAGES)
        if len(ours) < 2 or comment.language not in ours:
            del self.fields["written_in"]

    @property
    def language(self):
        """The language that was chosen; empty if there was nothing to choose."""
        return self.cleaned_data.get("written_in", "")


class CommentForm(TextForm):
    """A comment: name, address, text, and which mails its writer wants."""

    name = NameField(
        label=_("Name"), required_message=_("Enter the name to show with your comment.")
    )
    email = AddressField()
    wants_news = forms.BooleanField(
        label=_("Email me when my comment is shown"), required=False
    )
    wants_replies = forms.BooleanField(
        label=_("Email me when somebody replies to me"), required=False
    )
    notice = NOTICE
    field_order = ["name", "email", "text", "wants_news", "wants_replies"]

    def consents(self):
        """What the writer agreed to, as (kind, exact words, version)."""
        given = [("comment", str(self.notice), CONSENT_VERSION)]
        for kind in ("wants_news", "wants_replies"):
            if self.cleaned_data[kind]:
                label = str(self.fields[kind].label)
                given.append((f"comment {kind[6:]}", label, CONSENT_VERSION))
        return given

    @property
    def is_trapped(self):
        """Whether "website" was filled in, a field that only programs see."""
        return bool(self.data.get("website"))


def of_known_browser(request, campaign):
    """What the form's template takes for a known browser; nothing for any other.

    The name is filled in, and the address is not asked for.
    """
    supporter = browser.supporter_of(request)
    if supporter is None:
        return {}
    name, _place = supporter.details(campaign) or ("", "")
    form = CommentForm(initial={"name": name})
    return {"supporter": supporter, "form": form, "to": request.path}


class ReportForm(ReasonForm):
    """What a reader finds wrong with a comment."""

    reasons = (
        ReportReason.THREAT,
        ReportReason.HATE,
        ReportReason.PRIVATE,
        ReportReason.SPAM,
        ReportReason.FALSE,
        ReportReason.OTHER,
    )
    words = TextField(
        label=_("Anything that a moderator should know"),
        max_length=1000,
        required=False,
        required_message="",
        too_long_message=_("Shorten this to 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class AppealForm(forms.Form):
    """Why a decision was wrong, for another moderator."""

    words = TextField(
        label=_("Why should your comment be shown?"),
        max_length=2000,
        required_message=_("Say why your comment should be shown."),
        too_long_message=_("Shorten this to 2,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, auto_id="appeal-%s", use_required_attribute=False, **kwargs
        )
