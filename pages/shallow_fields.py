"""Form fields that are copied no deeper than a form changes them.

For whoever waits for a form to be taken: Django copies each field with all that it
holds, for each form. That makes signing and sending a letter cost 1.02 to 1.03 times as
much (`bench/run.py`, “Signing”; decision 46).
"""

from typing import Any

from django import forms


class _Fields(dict[str, forms.Field]):
    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        own = {name: _copy(field) for name, field in self.items()}
        for field in own.values():
            field.widget = _copy(field.widget)
            field.widget.attrs = field.widget.attrs.copy()
        return own


def _copy[Kind: forms.Field | forms.Widget](one: Kind) -> Kind:
    new = object.__new__(type(one))
    new.__dict__.update(one.__dict__)
    return new


def shallow_fields[Form: type[forms.BaseForm]](form: Form) -> Form:
    """Give each form of this class fields, widgets and attributes of its own.

    All else is that of the class, so no form may change messages, validators or choices
    in place. It is a decorator, which classes that derive from this one need, too.
    """
    form.base_fields = _Fields(form.base_fields)  # type: ignore[attr-defined]
    return form
