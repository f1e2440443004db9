"""What all parts of the guided form share: a draft is saved at any moment."""

from django.forms.utils import ErrorDict, ErrorList


class Part:
    """A form that takes what can be used, and keeps the rest."""

    # Fields without which a browser has not sent this form.
    needed = ()
    # Fields that may stay empty when a campaign is published; their labels say so.
    optional = ()
    marks_optional = True
    examples = {}

    def __init__(self, *args, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in self.needed
            field.widget.is_required = field.required
            field.widget.attrs.pop("maxlength", None)  # the server checks and says it
            field.example = self.examples.get(name, "")
            field.is_optional = name in self.optional
        if kept and not self.is_bound:
            self._show_again(kept)

    def _show_again(self, kept):
        """Fill in what was typed before, with what is wrong with it."""
        named = {name: kept.get(self.add_prefix(name)) for name in self.fields}
        named = {name: found for name, found in named.items() if found}
        self.initial |= {name: found["value"] for name, found in named.items()}
        self._errors = ErrorDict(
            {
                name: ErrorList(found["errors"])
                for name, found in named.items()
                if found["errors"]
            }
        )

    def what_is_left(self):
        """The fields that cannot be used, by name: as they were typed, and why."""
        return {
            self.add_prefix(name): {
                "value": storable(self[name].data),
                "errors": [storable(error) for error in errors],
            }
            for name, errors in self.errors.items()
            if name in self.fields
        }


class ModelPart(Part):
    """A part for a row of a table.

    A field of the row keeps its old value if the new one cannot be used.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [f.attname for f in self.instance._meta.concrete_fields]
        self._before = {name: getattr(self.instance, name) for name in fields}

    def _post_clean(self):
        super()._post_clean()
        for name in self.errors:
            if name in self._before:
                setattr(self.instance, name, self._before[name])

    def store(self):
        """Save the row, if it is new or says anything else than before."""
        now = {name: getattr(self.instance, name) for name in self._before}
        if self.instance.pk is None or now != self._before:
            self.instance.save()


def storable(value):
    """What was typed, without what PostgreSQL cannot store."""
    return str(value or "").replace("\x00", "\ufffd")
