"""A filter of the admin by whether something has happened yet, in the list's words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


def state_filter(field, *, before, after):
    """For `list_filter`: the label while this moment is empty, and the one after."""

    class StateFilter(admin.EmptyFieldListFilter):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.title = _("state")

        def choices(self, changelist):
            words = (_("All"), before, after)
            for choice, word in zip(super().choices(changelist), words, strict=True):
                yield choice | {"display": word}

    return field, StateFilter
