"""A <select> whose many <option>s are rendered once for a process, not once a form.

When Django rendered the 250 countries for each form, it took 50 of a page's 71 ms. The
520 time zones of the guided form took 9 ms.
"""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Widget):
    """A <select> that takes its options as text."""

    # Where the <select> stands, with its attributes and options.
    html = "<select{}>{}</select>"

    def options(self) -> SafeString:
        """All options in the page's language, none of them selected."""
        raise NotImplementedError

    def render(
        self,
        name: str,
        value: str | None,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        given, options = {**self.attrs, **(attrs or {}), "name": name}, self.options()
        if not options.startswith('<option value="">'):
            given.pop("required", None)  # HTML has it with an empty choice only
        attributes = forms.utils.flatatt(given)
        return format_html(self.html, attributes, selected(value, options))


def selected(value: str | None, options: SafeString) -> SafeString:
    """The options with the first of this value selected, if there is one."""
    if not value:
        return options
    # The value is escaped as it was in the options, so it finds only a whole one.
    return mark_safe(
        options.replace(
            format_html('<option value="{}">', value),
            format_html('<option value="{}" selected>', value),
            1,
        )
    )
