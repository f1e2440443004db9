"""A filter of the admin by whether something has happened yet, in the list's words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


def state_filter(field, *, before, after, is_work=False):
    """For `list_filter`: the label while this moment is empty, and the one after.

    With `is_work`, the rows before are what waits for the staff.
    """

    class StateFilter(admin.EmptyFieldListFilter):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.title = _("state")

        @property
        def shows_work(self):
            return is_work and self.lookup_val == "1"

        def choices(self, changelist):
            words = (_("All"), before, after)
            for choice, word in zip(super().choices(changelist), words, strict=True):
                yield choice | {"display": word}

    return field, StateFilter
