"""What all parts of the guided form share: a draft may lack anything."""


class Part:
    """A form whose fields may be empty: what a campaign lacks, its checklist says."""

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


class ModelPart(Part):
    """A part for a row of a table.

    For a preview, a field of the row keeps its old value if the new one cannot be used.
    """

    # Fields of which the checklist says what they lack; a draft may store them so.
    left_to_checklist = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [f.attname for f in self.instance._meta.concrete_fields]
        self._before = {name: getattr(self.instance, name) for name in fields}

    def _post_clean(self):
        wrong = set(self.errors)
        super()._post_clean()
        for name in set(self.left_to_checklist) - wrong:
            self.errors.pop(name, None)
        for name in self.errors:
            if name in self._before:
                setattr(self.instance, name, self._before[name])

    def store(self):
        """Save the row, if it is new or says anything else than before."""
        now = {name: getattr(self.instance, name) for name in self._before}
        if self.instance.pk is None or now != self._before:
            self.instance.save()
