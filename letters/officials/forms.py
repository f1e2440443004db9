"""What an official types on their page."""

from django import forms
from django.conf import settings
from django.utils.formats import time_format
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branding.site import the_site
from campaigns.local_time import named
from letters.officials.answers import OfficialAnswer
from letters.recipients.models import OUR_OWN, Recipient
from letters.recipients.office_hours import OPENS
from outbox.keyed_addresses import is_our_own
from pages.form_fields import AddressField, RadiosWithHelp, TextField

# New addresses that an official may type within a day.
MOST_CORRECTIONS = 5


class RhythmForm(forms.Form):
    """How letters come to an official."""

    rhythm = forms.ChoiceField(
        label=_("How do you want to get letters?"),
        choices=[
            (Recipient.Rhythm.EACH, _("One email for each letter")),
            (
                Recipient.Rhythm.DAILY,
                _("One email each workday at %(hour)s, with all letters"),
            ),
            (
                Recipient.Rhythm.WEEKLY,
                _("One email each Monday at %(hour)s, with all letters"),
            ),
            (Recipient.Rhythm.PAUSED, _("No emails. I read the letters on this page")),
        ],
        error_messages={
            "required": _("Choose how you want to get letters."),
            "invalid_choice": _("Choose how you want to get letters."),
        },
        widget=RadiosWithHelp,
    )

    def __init__(self, *args, recipient, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        days = settings.LETTER_GIVE_UP_DAYS
        # What a choice of no mails means stands under that choice.
        self.fields["rhythm"].widget.helps = {
            Recipient.Rhythm.PAUSED: ngettext(
                "Without the email, you cannot answer one person. Your choice stays "
                "until you change it. Writers read that you want no letters for now. "
                "If you choose emails again within %(number)d day after a letter, we "
                "still email it. Later we do not, and its writer gets the text back.",
                "Without the email, you cannot answer one person. Your choice stays "
                "until you change it. Writers read that you want no letters for now. "
                "If you choose emails again within %(number)d days after a letter, we "
                "still email it. Later we do not, and its writer gets the text back.",
                days,
            )
            % {"number": days}
        }
        clocks = {"clocks": named(recipient.list.zone)}
        self.fields["rhythm"].help_text = _("All hours: %(clocks)s.") % clocks
        choices = dict(self.fields["rhythm"].choices)
        if recipient.list.letters.filter(sends_together=True).exists():
            choices[Recipient.Rhythm.EACH] = _(
                "One email for each letter. Letters with the same text come together, "
                "once a day at %(hour)s"
            )
        hour = time_format(OPENS, "TIME_FORMAT")
        self.fields["rhythm"].choices = [
            (value, words.replace("%(hour)s", hour)) for value, words in choices.items()
        ]


class NewAddressForm(forms.Form):
    """Another address of an official."""

    email = AddressField(
        label=_("Your new email address"),
        required_message=_("Enter your new email address, like name@example.com."),
    )

    def __init__(self, *args, recipient=None, **kwargs):
        super().__init__(
            *args, auto_id="new-%s", use_required_attribute=False, **kwargs
        )
        self.recipient = recipient

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email == self.recipient.email:
            raise forms.ValidationError(
                _("Letters already go to this address."), code="same"
            )
        if is_our_own(email):
            raise forms.ValidationError(OUR_OWN, code="ours")
        others = Recipient.objects.in_office().filter(list=self.recipient.list_id)
        if others.filter(email=email).exists():
            raise forms.ValidationError(
                _(
                    "Letters for another office already go to this address. Enter one "
                    "for this office alone. It can lead to the same mailbox, like "
                    "clerk+ward5@city.example. If you want one email for all your "
                    "offices, write to %(contact)s."
                ),
                code="taken",
                params={"contact": the_site().contact_email},
            )
        # They are deleted after a day. Each causes a mail to somebody who did not ask
        # for it.
        if self.recipient.corrections.count() >= MOST_CORRECTIONS:
            raise forms.ValidationError(
                _("You have entered a lot of addresses today. Try again tomorrow."),
                code="many",
            )
        return email


class AnswerToAllForm(forms.Form):
    """One answer of an official to everybody who wrote."""

    text = TextField(
        label=_("Your answer"),
        max_length=OfficialAnswer.MOST_TEXT,
        required_message=_("Write your answer."),
        too_long_message=_("Shorten your answer to 5,000 characters."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args, recipient, **kwargs):
        super().__init__(
            *args, auto_id="to-all-%s", use_required_attribute=False, **kwargs
        )
        self.fields["text"].help_text = _(
            "We publish it as the answer of %(who)s. If you are staff, begin with “On "
            "behalf of …”. You cannot change it here afterwards. If there is a "
            "mistake, write to %(contact)s."
        ) % {"who": escape(recipient.label), "contact": the_site().contact_email}
