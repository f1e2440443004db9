"""The tick by which staff say that an ask means the same in other words."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


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
            "date. We note that you said so."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_signed:
            self.fields["means_the_same"].widget = forms.HiddenInput()

    @property
    def is_signed(self):
        petition = getattr(self.instance, "signed_as", None)
        return petition is not None and petition.is_signed

    def clean(self):
        data = super().clean()
        says_so = self.is_signed and self.cleaned_data.get("means_the_same")
        self.instance.says_the_same = self.user if says_so else None
        return data


class SaysTheSameAdmin(admin.ModelAdmin):
    """The admin of such a form."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form
