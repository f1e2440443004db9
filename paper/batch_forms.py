"""The forms of a batch of names: of sheets, and of a list from another website."""

from django import forms
from django.utils.translation import gettext_lazy as _

from paper import scans
from versions.pending_uploads import KeepsPendingUploads, PendingUploadField


class BatchForm(KeepsPendingUploads, forms.ModelForm):
    """A batch, with a file of its sheets."""

    new_scan = PendingUploadField(
        label=_("Add a scan"),
        required=False,
        help_text=_("PDF, JPEG or PNG of at most 10 MB. Only staff can open it."),
    )

    def clean(self):
        data = super().clean()
        if data.get("new_scan") and not self.errors:
            try:
                data["scan"] = scans.take_in(data["new_scan"])
            except scans.NotAScan as reason:
                self.add_error("new_scan", str(reason))
        return data


class BroughtForm(BatchForm):
    """The same for a list from another website, in words of its own."""

    class Meta:
        labels = {
            "place": _("Website"),
            "collected_on": _("Day of the list"),
            "collected_by": _("Brought by"),
        }
        help_texts = {
            "place": _("Where people signed, for example “change.org”."),
            "collected_on": _("When the list was saved there."),
            "collected_by": _("Who saved the list and gave it to us."),
            "country": _(
                "It applies to everybody on the list, unless a line says otherwise."
            ),
            "consent": _(
                "What people agreed to there, word for word. Add its proof below, such "
                "as a picture of the form."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = {
            "place": _("Enter the website where people signed."),
            "consent": _("Enter what people agreed to there."),
        }
        for name in said.keys() & self.fields.keys():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = said[name]
        if "new_scan" in self.fields:
            self.fields["new_scan"].label = _("Add the proof")
            self.fields["new_scan"].is_optional = False  # before they are counted
