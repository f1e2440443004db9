"""The words of a letter, in the guided form."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.utils import ErrorList
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from campaign_editor.beginnings import gaps_in
from campaign_editor.parts import ModelPart
from letters.models import RecipientList, SuggestedLetter
from letters.suggested import placeholders
from pages.languages import listed


class LetterPart(ModelPart, forms.ModelForm):
    """The letter, and to whom it goes."""

    needed = ("mode",)
    examples = {
        "subject": _("Please close the dog meat market"),
        "addressed_as": _("Mayor Kim and the City Council"),
    }

    recipients = forms.ModelChoiceField(
        RecipientList.objects.all(),
        label=_("Who gets the letter"),
        empty_label=_("A new list, for this campaign"),
        help_text=_("A list that other campaigns use, too, keeps its name for them."),
    )
    addressed_as = forms.CharField(
        label=_("How the letter names them all"),
        max_length=200,
        widget=AdminTextInputWidget,
    )

    class Meta:
        model = SuggestedLetter
        fields = ["subject", "body", "ask", "mode"]
        widgets = {
            "subject": AdminTextInputWidget,
            "body": AdminTextareaWidget(attrs={"rows": 14}),
            "ask": AdminTextareaWidget(attrs={"rows": 3}),
            "mode": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.instance.recipient_list_id:
            known = self.instance.recipient_list
            self.initial.setdefault("recipients", known.pk)
            self.initial.setdefault("addressed_as", known.addressed_as)
        if not self.is_bound and not self.initial.get("body"):
            self.initial["body"] = START_OF_LETTER

    def clean_body(self):
        return normalize_newlines(self.cleaned_data["body"])

    def _post_clean(self):
        super()._post_clean()
        if self.is_unwritten:
            # Only a text that is there must hold what a text needs.
            self._errors.pop("body", None)
            self.instance.body = ""
        elif gaps := gaps_in(self["body"].data or ""):
            self._say_what_to_replace(gaps)

    def _say_what_to_replace(self, gaps):
        """Name what a template left, in place of an error that calls it unknown."""
        found = self.errors.pop("body", ErrorList()).as_data()
        for error in found:
            unknown = set((error.params or {}).get("unknown", ()))
            if not unknown or unknown - set(gaps):
                self.add_error("body", error)
        self.add_error("body", _("Replace %s.") % listed(gaps))

    @property
    def is_unwritten(self):
        body = normalize_newlines(self["body"].data or "").strip()
        return body in ("", START_OF_LETTER.strip())

    @property
    def has_words(self):
        """Whether something of the letter itself was typed."""
        typed = (self[name].data for name in ("subject", "ask"))
        return any(typed) or not self.is_unwritten


START_OF_LETTER = f"\n\n{placeholders.OWN_WORDS}\n\n{placeholders.NAME_AND_PLACE}\n"
