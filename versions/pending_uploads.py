"""Keeps a file that came with a form that was not saved, until the form comes again.

A browser sends a file only once. Without this, somebody who mistyped another field
would have to choose the file again.
"""

import re

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from versions.models import PendingUpload

# The button that takes out a kept file; its value is the name of the field.
REMOVE = "remove"
REMOVE_IT = _("Remove this file")
_KEY = re.compile(r"[\w-]{43}")


class PendingUploadInput(forms.FileInput):
    """A file input; the file that was sent before counts until another is chosen."""

    kept = None
    # Whether its page has a view that answers to the button that takes the file out.
    is_removable = False

    def value_from_datadict(self, data, files, name):
        if self.is_removable and data.get(REMOVE) == name:
            self.kept = None
            self.attrs["autofocus"] = True  # the page comes back where it was left
            return None
        if sent := super().value_from_datadict(data, files, name):
            return sent
        key = data.get(f"{name}-kept", "")
        if self.kept is None or self.kept.key != key:
            self.kept = find(key)
        return self.kept and self.kept.as_sent()

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, f"{name}-kept") and (
            super().value_omitted_from_data(data, files, name)
        )

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        if self.kept is None:
            return field
        return format_html(
            '<span class="kept-file">{}{}</span>'
            '<input type="hidden" name="{}-kept" value="{}">{}',
            _("We kept “%s”. Choose a file only if you want a different one.")
            % self.kept.name,
            self._button(name),
            name,
            self.kept.key,
            field,
        )

    def _button(self, name):
        if not self.is_removable:
            return ""
        return format_html(
            ' <button class="button" type="submit" name="{}" value="{}">{}</button>',
            REMOVE,
            name,
            REMOVE_IT,
        )


class PendingUploadField(forms.FileField):
    widget = PendingUploadInput

    def __init__(self, *args, is_removable=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.widget.is_removable = is_removable


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


def find(key):
    return find_all([key]).first()


def find_all(keys):
    """The files that were kept under these; what is no key finds none."""
    return PendingUpload.objects.filter(key__in=filter(_KEY.fullmatch, keys))
