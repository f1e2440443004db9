"""What somebody writes who thinks that content of this site is against the law."""

from collections.abc import Sequence

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pages.form_fields import AddressField, NameField, TextField
from supporters.notices.about_a_page import AboutAPage, PageField
from supporters.notices.choices import BrokenLaw, NoticeDecision, ReportReason


class NoticeForm(AboutAPage):
    """All that Article 16 (2) of the Digital Services Act asks of a notice.

    Name and address may be left out for pictures of the abuse of children alone.
    """

    location = PageField(label=_("Where is it?"))
    law = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=BrokenLaw.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong with it."),
            "invalid_choice": _("Choose what is wrong with it."),
        },
    )
    words = TextField(
        label=_("Why is it against the law?"),
        help_text=_("Say which words or picture you mean, and how you know this."),
        max_length=5000,
        required_message=_("Say why it is against the law."),
        too_long_message=_("Shorten this to 5,000 characters."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    name = NameField(
        label=_("Your name"), required=False, required_message=_("Enter your name.")
    )
    email = AddressField(required=False)
    is_true = forms.BooleanField(
        label=_(
            "I honestly believe that everything I have written here is true and "
            "complete."
        ),
        error_messages={
            "required": _("Tick the box to say that what you wrote is true.")
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="notice-%s", **kwargs)

    def clean(self):
        typed = super().clean()
        if typed.get("law") != BrokenLaw.CHILD:
            for name, sentence in (
                ("name", _("Enter your name.")),
                ("email", _("Enter your email address, like name@example.com.")),
            ):
                if name not in self.errors and not typed.get(name):
                    self.add_error(name, sentence)
        return typed


class ReasonForm(forms.Form):
    """What a reader finds wrong with something that has these reasons."""

    reasons: Sequence[ReportReason] = ()
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong with it."),
            "invalid_choice": _("Choose what is wrong with it."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, auto_id="report-%s", use_required_attribute=False, **kwargs
        )
        self.fields["reason"].choices = [
            (each.value, each.label) for each in self.reasons
        ]


class NoticeDecisionForm(forms.Form):
    """What a member of staff decides about content that has no desk of its own."""

    outcome = forms.ChoiceField(
        label=_("What did you do?"),
        choices=[
            (value, capfirst(words))
            for value, words in NoticeDecision.choices
            if value != NoticeDecision.LAPSED
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did.")},
    )
    reasons = TextField(
        label=_("Why? We email this to the person who sent the notice."),
        max_length=2000,
        required_message=_("Say why."),
        too_long_message=_("Shorten this to 2,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    # The newest notice when the page was opened: an answer closes none that came later.
    up_to = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1
    )
    use_required_attribute = False

    def __init__(self, *args, up_to, others=0, **kwargs):
        """`others` are those that wait about the same content."""
        super().__init__(*args, initial={"up_to": up_to}, **kwargs)
        if others:
            words = ngettext(
                "Give the same answer to %(number)d other notice about this content",
                "Give the same answer to %(number)d other notices about this content",
                others,
            )
            self.fields["all_of_it"] = forms.BooleanField(
                label=words % {"number": others}, required=False
            )
