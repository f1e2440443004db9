"""The place where a letter is written: form, preview and ways to send it."""

from django.utils.translation import gettext as _

from letters import placeholders
from letters.envelope import MAILTO_LIMIT
from letters.forms import LetterForm

# Shown by name; the rest stand behind "show all addresses".
FEW_RECIPIENTS = 3


class Composer:
    """One suggested letter with what its writer has typed so far.

    `typed` is a request's POST, `details` a name and place known from before.
    """

    limit = MAILTO_LIMIT
    name_placeholder = placeholders.NAME_AND_PLACE
    own_words_placeholder = placeholders.OWN_WORDS

    def __init__(self, suggested, *, typed=None, details=None):
        self.suggested = suggested
        self.campaign = suggested.campaign
        self.recipients = list(suggested.recipient_list.recipients.in_office())
        name, place = details or ("", "")
        self.form = LetterForm(
            typed,
            initial={
                "name": name,
                "place": place,
                "subject": suggested.subject,
                "body": suggested.body,
            },
        )
        self.is_prefilled = bool(name)
        self.letter = self._letter()

    @property
    def envelope(self):
        return self.letter.envelope

    @property
    def is_ready(self):
        return self.form_is_good and self.letter.is_ready

    @property
    def form_is_good(self):
        return not self.form.is_bound or self.form.is_valid()

    @property
    def addresses(self):
        return ",".join(self.envelope.addresses)

    @property
    def has_many_recipients(self):
        return len(self.recipients) > FEW_RECIPIENTS

    def refuse_unsigned(self):
        """Put the error at the name when the letter still holds its placeholder."""
        if self.form_is_good and not self.letter.is_ready:
            self.form.add_error(
                "name", _("Enter your full name: a letter needs its writer.")
            )
            return True
        return not self.form_is_good

    def _letter(self):
        form = self.form
        if form.is_bound:
            form.is_valid()
            words = {**form.initial, **form.cleaned_data}
        else:
            words = form.initial
        return self.suggested.letter_for(
            self.recipients,
            subject=words["subject"],
            body=words["body"],
            name=words["name"],
            place=words["place"],
            own_words=words.get("own_words", ""),
        )
