"""Keeps a file that came with a form that was not saved, until the form comes again.

A browser sends a file only once. Without this, somebody who mistyped another field
would have to choose the file again.
"""

import re

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from versions.models import PendingUpload

# Behind the name of a file's field, the name of the field with its key.
KEPT = "-kept"
_KEY = re.compile(r"[\w-]{43}")


class PendingUploadInput(forms.FileInput):
    """A file input; the file that was sent before counts until another is chosen.

    A box with its key is ticked for that, and can be unticked.
    """

    kept = None

    def value_from_datadict(self, data, files, name):
        if sent := super().value_from_datadict(data, files, name):
            return sent
        key = data.get(name + KEPT, "")
        if self.kept is None or self.kept.key != key:
            found = PendingUpload.objects.filter(key=key)
            self.kept = found.first() if _KEY.fullmatch(key) else None
        return self.kept and self.kept.as_sent()

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name + KEPT) and (
            super().value_omitted_from_data(data, files, name)
        )

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        if self.kept is None:
            return field
        return format_html(
            '<label class="kept-file"><input type="checkbox" name="{}" value="{}" '
            "checked>{}</label>{}",
            name + KEPT,
            self.kept.key,
            _("We kept “%s”. Choose a file only if you want a different one.")
            % self.kept.name,
            field,
        )


class PendingUploadField(forms.FileField):
    widget = PendingUploadInput


class KeepsPendingUploads:
    """A form that keeps its files. Call `keep_files()` when it is shown again."""

    def keep_files(self):
        """Keep the good files that were sent; returns them by their fields' names."""
        found = {}
        for name, field in self.fields.items():
            if not isinstance(field.widget, PendingUploadInput):
                continue
            if name in self.errors:
                field.widget.kept = None
            elif sent := self.files.get(self.add_prefix(name)):
                field.widget.kept = PendingUpload.objects.keep(sent)
            if field.widget.kept:
                found[name] = field.widget.kept
        return found

    def kept_files(self):
        """The same, as keys by the names under which a browser sends the fields."""
        return {
            self.add_prefix(name): kept.key for name, kept in self.keep_files().items()
        }
