"""The tick by which staff say that an ask means the same in other words."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

TICK = "means_the_same"


class SaysTheSame(forms.Form):
    """A form with the sentence that people sign, which is `ask` of its row.

    Its tick shows once people have signed, and stands for this form alone. `user` is
    who fills it in.
    """

    user = None
    means_the_same = forms.BooleanField(
        label=_("The new words mean the same"),
        required=False,
        help_text=_(
            "For a typing error or a translation. The old words stay public, with the "
            "date. We note who ticked this."
        ),
    )

    @property
    def is_signed(self):
        return is_signed(self.instance)

    def clean(self):
        data = super().clean()
        says_so = self.cleaned_data.get("means_the_same")
        self.instance.says_the_same = self.user if says_so else None
        return data


def is_signed(row):
    """Whether people have signed the ask of this row."""
    return bool(row and row.signed_as and row.signed_as.is_signed)


class SaysTheSameAdmin(admin.ModelAdmin):
    """The admin of such a form."""

    # Whether a new row can take the place of what people have signed already.
    new_may_be_signed = False

    def get_fieldsets(self, request, obj=None):
        """Without the tick before anybody has signed."""
        found = super().get_fieldsets(request, obj)
        if is_signed(obj) or (obj is None and self.new_may_be_signed):
            return found
        return [
            (title, {**part, "fields": [f for f in part["fields"] if f != TICK]})
            for title, part in found
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form
