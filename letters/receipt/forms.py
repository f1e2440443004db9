from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.day_inputs import DayInput
from pages.form_fields import TextField


class AnswerForm(forms.Form):
    """What a writer tells us of an official's answer."""

    was_answered = forms.TypedChoiceField(
        label=_("Did they answer?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        error_messages={"required": _("Did they answer you? Choose yes or no.")},
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(
        label=_("When?"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter the day like 2026-11-30.")},
        help_text=_("Leave it empty if it was today."),
        widget=DayInput,
    )
    answer = TextField(
        label=_("What did they say?"),
        max_length=2000,
        required=False,
        required_message="",
        too_long_message=_("Shorten this to 2,000 characters."),
        help_text=_("In a few words. The campaign reads it. We do not publish it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, delivery=None, **kwargs):
        initial = None
        if delivery is not None and delivery.was_answered is not None:
            initial = {
                "was_answered": "yes" if delivery.was_answered else "no",
                "answered_on": delivery.answered_on,
                "answer": delivery.answer,
            }
        auto_id = f"answer-{delivery.pk}-%s" if delivery else "answer-%s"
        super().__init__(
            *args,
            auto_id=auto_id,
            initial=initial,
            use_required_attribute=False,
            **kwargs,
        )

    def clean_answered_on(self):
        day = self.cleaned_data["answered_on"]
        # Where the writer is, it may be tomorrow already.
        if day and day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(
                _("Enter a day that is not in the future."), code="future"
            )
        return day
