"""The words of a letter, in the guided form."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from campaign_editor.parts import ModelPart
from campaign_editor.recipient_lines import MOST_LINES, lines_of, values_of
from letters.models import RecipientList, SuggestedLetter
from letters.recipients.csv_import import RecipientRowForm
from letters.suggested import whole_letter

# Where the page shows the letter itself, below what stands above it.
COMPOSER = ".composer-sheet, .composer, #letter"


class LetterPart(ModelPart, forms.ModelForm):
    """The letter, and to whom it goes."""

    left_to_checklist = ("body",)
    optional = ("ask", "addressed_as")
    examples = {
        "subject": _("Please close the dog meat market"),
        "addressed_as": _("Mayor Kim and the City Council"),
        "lines": _("Ann Lee, Mayor, ann.lee@city.example"),
    }

    recipients = forms.ModelChoiceField(
        RecipientList.objects.all(),
        label=_("Who gets the letter"),
        empty_label=_("A new list, for this campaign"),
    )
    addressed_as = forms.CharField(
        label=_("How the letter names them all"),
        max_length=200,
        widget=AdminTextInputWidget,
        help_text=_(
            "If empty, we use their names. If other campaigns use this list, too, "
            "change this on the list itself."
        ),
    )
    lines = forms.CharField(
        label=_("New recipients, one on each line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Name, office and email address, with commas between them. If you do not "
            "know the name, write the office without a comma, and the address. If they "
            "do not read the campaign’s first language, add theirs after the address."
        ),
    )

    class Meta:
        model = SuggestedLetter
        fields = ["subject", "body", "ask"]
        widgets = {
            "subject": AdminTextInputWidget(attrs={"data-shown": COMPOSER}),
            "body": AdminTextareaWidget(attrs={"rows": 14, "data-shown": COMPOSER}),
            "ask": AdminTextareaWidget(attrs={"rows": 3}),
        }

    def __init__(self, *args, section, **kwargs):
        """`section` knows the list, and who is on it."""
        super().__init__(*args, **kwargs)
        self.section, self.people = section, []
        if not self.is_bound and self.instance.recipient_list_id:
            known = self.instance.recipient_list
            self.initial.setdefault("recipients", known.pk)
            self.initial.setdefault("addressed_as", known.addressed_as)
        if not self.is_bound and not self.initial.get("body"):
            self.initial["body"] = whole_letter.START

    def clean_body(self):
        return normalize_newlines(self.cleaned_data["body"])

    def clean_lines(self):
        """Each line is somebody, and checked as a row of CSV is."""
        lines = lines_of(self.cleaned_data["lines"])
        if len(lines) > MOST_LINES:
            words = _("Paste at most %d lines. For more, open the list of recipients.")
            raise ValidationError(words % MOST_LINES)
        faults = []
        for line in lines:
            row = RecipientRowForm(values_of(line))
            said = [error for errors in row.errors.values() for error in errors]
            if why := " ".join(said) or self.section.why_not(row.instance.email):
                faults.append(_("%(what)s: %(why)s") % {"what": line, "why": why})
            else:
                self.people.append(row.instance)
        if faults:
            raise ValidationError(faults)
        return ""

    def clean(self):
        """Complete a letter that was pasted whole."""
        data = super().clean()
        if data.get("body") and not self.is_unwritten:
            if not self["subject"].data:
                data["subject"], data["body"] = whole_letter.subject_of(data["body"])
            data["body"] = whole_letter.completed(data["body"])
        return data

    def _post_clean(self):
        super()._post_clean()
        if self.is_unwritten:
            self.instance.body = ""

    @property
    def is_unwritten(self):
        body = normalize_newlines(self["body"].data or "").strip()
        return body in ("", whole_letter.START.strip())

    @property
    def has_words(self):
        """Whether something of the letter itself was typed."""
        typed = (self[name].data for name in ("subject", "ask"))
        return any(typed) or not self.is_unwritten
