"""What all parts of the guided form share: a draft is saved at any moment."""

from django import forms


class Part:
    """A form that takes what can be used, and gives back the rest."""

    # Fields without which a browser has not sent this form.
    needed = ()
    # Fields that may stay empty when a campaign is published; their labels say so.
    optional = ()
    marks_optional = True
    examples = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in self.needed
            field.widget.is_required = field.required
            field.widget.attrs.pop("maxlength", None)  # the server checks and says it
            field.example = self.examples.get(name, "")
            field.is_optional = name in self.optional

    @property
    def wrong(self):
        """What is wrong with each field, by its name."""
        return {
            name: found for name, found in self.errors.items() if name in self.fields
        }

    def rest(self):
        """The fields that cannot be used, as they were sent."""
        return {self.add_prefix(name): storable(self[name].data) for name in self.wrong}


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


def as_sent(form):
    """An untouched form as a browser sends it; a file by the key it is kept under."""
    sent = {}
    for field in form:
        value, widget = field.value(), field.field.widget
        if not isinstance(widget, forms.CheckboxInput | forms.FileInput):
            shown = widget.format_value(value)
            sent[field.html_name] = shown[0] if isinstance(shown, list) else shown or ""
        elif value:
            is_file = isinstance(widget, forms.FileInput)
            sent[f"{field.html_name}-kept" if is_file else field.html_name] = value
    return sent


def storable(value):
    """What was typed, without what PostgreSQL cannot store."""
    return str(value or "").replace("\x00", "\ufffd")
