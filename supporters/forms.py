from django import forms
from django.utils.translation import gettext_lazy as _

from campaign_site.typed import AddressField


class CodeForm(forms.Form):
    """The six digits of the mail, however they are typed or pasted."""

    code = forms.CharField(
        label=_("Code"),
        max_length=200,
        error_messages={"required": _("Enter the 6 digits of the code.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )
    own_device = forms.BooleanField(
        label=_("This is my own device: remember me here for 30 days"), required=False
    )

    def clean_code(self):
        typed = self.cleaned_data["code"]
        digits = "".join(str(int(c)) for c in typed if c.isdecimal())
        if len(digits) != 6:
            raise forms.ValidationError(_("The code has 6 digits."), code="digits")
        return digits


class AddressForm(forms.Form):
    email = AddressField()
