"""allauth's forms in our words; they ignore what no browser sends."""

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.core.validators import MaxLengthValidator
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from pages.form_fields import NameField
from pages.languages import languages_of_desk, own_name
from staff.accounts.models import User
from staff.second_factor import use_once


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autofocus": True,
        }
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].help_text = ""

    @property
    def provider(self):
        """The OpenID provider by which staff can sign in, too, or None."""
        return settings.STAFF_SIGN_IN


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].help_text = ""


class Labelled(forms.Form):
    """A form without placeholders: the labels say what a field is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


def call_new_passwords(form):
    """Label the two fields of a new password as our other labels are written."""
    form.fields["password1"].label = _("New password")
    form.fields["password2"].label = _("New password, again")


def ask_for_names(form):
    """Take one's own first and last name, which strangers read in mails."""
    for name, known_as in (("first_name", "given-name"), ("last_name", "family-name")):
        field = form.fields[name]
        form.fields[name] = NameField(
            required=False,
            required_message="",
            label=field.label,
            help_text=field.help_text,
            widget=forms.TextInput(attrs={"autocomplete": known_as}),
        )


class NewPasswordForm(Labelled, ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].label = _("Current password")
        call_new_passwords(self)


class ForgottenPasswordForm(Labelled, ResetPasswordForm):
    """Does the same work for every address, so that its time tells nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # No account has a longer address.
        longest = User._meta.get_field("email").max_length
        self.fields["email"].validators.append(MaxLengthValidator(longest))

    def clean_email(self):
        return self.cleaned_data["email"]

    def save(self, request, **kwargs):
        User.objects.reset_passwords_later(self.cleaned_data["email"])


class ChosenPasswordForm(Labelled, ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        call_new_passwords(self)


class OneUse(forms.Form):
    """Lets a code of an app work once. allauth does so for recovery codes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(MaxLengthValidator(40))
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
        }

    def clean_code(self):
        code = super().clean_code()
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not use_once(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OneUse, mfa.AuthenticateForm):
    pass


class CodeAgainForm(OneUse, mfa.ReauthenticateForm):
    pass


class Credential(forms.JSONField):
    """The field for a passkey's answer.

    It fits one question, so no form gives it back.
    """

    widget = forms.HiddenInput

    def bound_data(self, data, initial):
        return None

    def prepare_value(self, value):
        return ""


class Unreadable(forms.Form):
    """Takes a credential that no browser made as wrong, whatever error it raises."""

    blamed = "credential"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Credential()

    def full_clean(self):
        try:
            super().full_clean()
        except DatabaseError:
            raise
        except Exception:  # hostile bytes raise any error below
            self.add_error(
                self.blamed, get_adapter().validation_error("incorrect_code")
            )


class AddPasskeyForm(Unreadable, AddWebAuthnForm):
    blamed = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].validators.append(MaxLengthValidator(100))
        self.fields["name"].widget.attrs["maxlength"] = 100
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _(
            "Sign in with it alone, without a password"
        )
        self.fields["passwordless"].help_text = _(
            "It needs a fingerprint, a face or a PIN. For a security key without "
            "these, untick this box. We then ask for the key after the password."
        )


class PasskeyForm(Unreadable, AuthenticateWebAuthnForm):
    pass


class SignInByPasskeyForm(Unreadable, LoginWebAuthnForm):
    pass


class PasskeyAgainForm(Unreadable, ReauthenticateWebAuthnForm):
    pass


class NewAccountForm(UserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = _("Password, again")
        self.fields["password2"].help_text = ""


class OwnWordsForm(forms.ModelForm):
    """How somebody of the staff is named, and in which language we write to them."""

    language = forms.ChoiceField(
        label=_("Language of these pages"),
        help_text=_(
            "The emails that you get as one of the staff come in it, too. Pages for "
            "visitors stay as they are."
        ),
        choices=lambda: [(code, own_name(code)) for code in languages_of_desk()],
        widget=forms.RadioSelect,
    )
    languages_read = forms.MultipleChoiceField(
        label=_("Languages that you read"),
        help_text=_(
            "The moderators’ desk shows you what is written in these. If you choose "
            "none, it shows everything."
        ),
        choices=lambda: [(code, own_name(code)) for code in dict(settings.LANGUAGES)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name")
        help_texts = {
            "last_name": _(
                "Emails that we send for you show this name. Without one, they show "
                "our group’s name."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_names(self)
        self.order_fields(["first_name", "last_name", "language", "languages_read"])
        if len(languages_of_desk()) < 2:
            del self.fields["language"]
        if len(settings.LANGUAGES) < 2:
            del self.fields["languages_read"]


class AcceptForm(NewAccountForm):
    """What somebody who is invited chooses for their account."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
        }
        ask_for_names(self)
