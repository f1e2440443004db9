"""The form of a part: each of its texts, with what is wrong with it."""

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# Longer lines are typed into a box of several.
_ONE_LINE = 100


class TextsForm(forms.Form):
    """Shows what was written, with its faults. `volunteers.working` takes it in."""

    def __init__(self, part, *, typed=None, conflicts=None, lacking=()):
        super().__init__(auto_id="text-%s", use_required_attribute=False)
        self.part = part
        faults = {
            pair.name: [why] for pair, why in lacking if pair.part.slug == part.slug
        }
        for pair in part.pairs:
            self.fields[pair.name] = _field_of(pair)
            words = pair.shown
            if conflicts and pair.name in conflicts:
                words = pair.part.shown(pair.name, pair.clean(typed[pair.name]))
                faults[pair.name] = [
                    _(
                        "Somebody else has changed this meanwhile. What you typed is "
                        "here. Save again, and it replaces theirs: “%(theirs)s”"
                    )
                    % {"theirs": conflicts[pair.name] or "–"}
                ]
            elif pair.faults:
                faults[pair.name] = pair.faults
            self.initial[pair.name] = words
        self._errors = ErrorDict(
            {name: ErrorList(found) for name, found in faults.items()}
        )

    @property
    def pairs(self):
        """Each text with its field."""
        return [(pair, self[pair.name]) for pair in self.part.pairs]


def _field_of(pair):
    translation = pair.part.translation
    field = pair.model_field.formfield()
    field.required, field.help_text = pair.is_needed, ""
    field.label = capfirst(pair.label)
    longest = getattr(field, "max_length", None) or 0
    if isinstance(field.widget, forms.TextInput) and longest > _ONE_LINE:
        field.widget = forms.Textarea(attrs={"rows": 2})
    field.widget.attrs.pop("maxlength", None)
    field.widget.attrs |= {"lang": translation.language, "dir": "auto"}
    return field
