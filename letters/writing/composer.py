"""The place where a letter is written: form, preview and ways to send it."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from letters.recipients.models import Recipient
from letters.suggested import placeholders
from letters.suggested.envelope import MAILTO_LIMIT, WEBMAIL_LIMIT
from letters.suggested.start import Start
from letters.writing.care import KINDS, noticed
from letters.writing.forms import LetterForm

# How writers send a letter themselves: by mail app, by webmail, as a file, pasted.
OWN_WAYS = ("app", "web", "file", "copy")
WAYS = ("us", *OWN_WAYS)
# Shown by name; the rest stand behind "show all addresses".
FEW_RECIPIENTS = 3
# A longer list has a page of its own; here stand the first.
MOST_SHOWN = 50
# Of those who agree, more are only counted.
MOST_NAMES = 4


class Composer:
    """One suggested letter with what its writer has typed so far.

    `typed` is a request's POST; `details` a name and place, `email` an address, known
    from before. `start` is what to start from, where that was read already.
    """

    limit = MAILTO_LIMIT
    web_limit = WEBMAIL_LIMIT
    name_placeholder = placeholders.NAME_AND_PLACE
    own_words_placeholder = placeholders.OWN_WORDS
    salutation_placeholder = placeholders.SALUTATION
    ask_placeholder = placeholders.ASK

    def __init__(
        self,
        suggested,
        *,
        typed=None,
        details=None,
        email="",
        for_sending=False,
        start=None,
        is_thanks=False,
    ):
        self.suggested = suggested
        self.campaign = suggested.campaign
        self.is_thanks = is_thanks
        start = start or Start(suggested, is_thanks=is_thanks)
        subject, body = start.draft
        self.agreeing = start.agreeing
        self.is_for_nobody = start.is_for_nobody
        self.recipients = [r for r in start.meant if r.is_reachable]
        self.unreachable = [r for r in start.meant if not r.is_reachable]
        name, place = details or ("", "")
        self.form = LetterForm(
            typed,
            recipients=self.recipients,
            addressed_as=self.addressed_as,
            ask=self.ask,
            for_sending=for_sending,
            goes_together=self.goes_together,
            initial={
                "name": name,
                "place": place,
                "subject": subject,
                "body": body,
                "email": email,
            },
        )
        self.is_prefilled = bool(name)
        self.way = typed.get("way", WAYS[0]) if typed else WAYS[0]
        self.confirmed_email = email
        self.seen_by = self._seen_by(typed)
        # As one recipient gets it, where it goes to each; else as all of them do.
        self.letter = self._letter(self.seen_by.greeting if self.seen_by else "")

    @cached_property
    def envelope(self):
        """The letter for its writer's own mail program, which greets them all."""
        return self._letter(self.greeting).envelope

    @property
    def url(self):
        """Where the form is sent, and where it has a page of its own."""
        name = "letters:thanks" if self.is_thanks else "letters:letter"
        return reverse(name, kwargs={"slug": self.campaign.slug})

    @property
    def ask(self):
        """The locked ask; nobody who is thanked is asked for anything."""
        return "" if self.is_thanks else self.suggested.ask

    @property
    def addressed_as(self):
        """Whom the letter goes to, in a few words."""
        if self.is_thanks:
            return self.names_of_agreeing
        return self.suggested.recipient_list.addressed_as

    @property
    def greeting(self):
        """How to greet them all, where a letter meant for each goes to everyone."""
        return str(self.suggested.greeting_for(self.addressed_as))

    @property
    def names_of_agreeing(self):
        """By name, where we know it: “Mayor Hall, Ana Silva and Bo Lee”."""
        if len(self.agreeing) > MOST_NAMES:
            return _("%d officials") % len(self.agreeing)
        names = [recipient.name or recipient.label for recipient in self.agreeing]
        return get_text_list(names, _("and"))

    @property
    def is_ready(self):
        return self.form_is_good and self.letter.is_ready

    @property
    def form_is_good(self):
        return not self.form.is_bound or self.form.is_valid()

    @property
    def addresses(self):
        """For the writer's own mail program; none where no one mail goes to so many."""
        return "" if self.is_cut else ",".join(self.envelope.addresses)

    @property
    def shown(self):
        return self.recipients[:MOST_SHOWN]

    @property
    def is_cut(self):
        """Whether the list is too long to stand here as a whole."""
        return len(self.recipients) > MOST_SHOWN

    @property
    def typed(self):
        """What its writer gets back when it cannot be sent."""
        return [(_("Your letter"), self.envelope.text)]

    @property
    def has_many_recipients(self):
        return len(self.recipients) > FEW_RECIPIENTS

    @property
    def text_to_send(self):
        """The finished letter; where it goes to each, the salutation is still open."""
        return self._letter().envelope.text

    @property
    def kinds_of_care(self):
        """The words for what may be pointed out, in the order of care.KINDS."""
        return [what for _pattern, what in KINDS.values()]

    @property
    def goes_together(self):
        """Whether letters that are as suggested leave in one mail."""
        return self.suggested.recipient_list.sends_together

    @property
    def is_unchanged(self):
        """Whether this one is as suggested, as far as it is written by now."""
        return not self.form.is_bound or bool(self.text_digest)

    @cached_property
    def text_digest(self):
        """What the letter is joined with others by; empty with words of its own."""
        if not self.form.is_bound or not self.form_is_good:
            return ""
        typed = self.form.cleaned_data
        if typed["own_words"]:
            return ""
        return self.suggested.digest_if_unchanged(
            typed["subject"], typed["body"], is_thanks=self.is_thanks
        )

    @property
    def wanting_one_mail(self):
        """Whether some of them get all letters in one mail, a day or a week."""
        return any(recipient.wants_one_mail for recipient in self.recipients)

    @property
    def days_to_wait(self):
        return settings.LETTER_GIVE_UP_DAYS

    @cached_property
    def wanting_none(self):
        """Those to whom letters wait, as they want none for now."""
        return [r for r in self.recipients if r.rhythm == Recipient.Rhythm.PAUSED]

    @property
    def have_many_notices(self):
        """Whether who gets no letter now is counted rather than named."""
        return len(self.unreachable) + len(self.wanting_none) > FEW_RECIPIENTS

    @cached_property
    def noticed(self):
        """What the writer may not want in a public record, to be pointed out."""
        if not self.form.is_bound:
            return []
        suggested = f"{self.form.initial['body']}\n{self.ask}"
        return noticed(self.envelope.text, known=suggested)

    def refuse_unsigned(self):
        """Put the error at the name when the letter still holds its placeholder."""
        is_bad = not self.form_is_good
        if not self.letter.is_ready and "name" not in self.form.errors:
            self.form.add_error(
                "name", _("Enter your full name: a letter needs its writer.")
            )
            return True
        return is_bad

    def refuse_as_not_sent(self):
        """Say that nothing has left: “Send it for me” was chosen, but not pressed."""
        self.form.add_error(
            "email",
            _(
                "Your letter has not been sent. Press “Send my letter”, and we send "
                "it. If you have sent it yourself, choose how, and we count it."
            ),
        )

    def refuse_as_too_many(self):
        """Say that this writer has sent enough for today; the text stays."""
        self.form.add_error(
            "email",
            _(
                "From this address enough letters have left within a day. Officials "
                "read more of what reaches them when it is not too much. Send this "
                "one tomorrow, or in another way below."
            ),
        )

    def _seen_by(self, typed):
        """The recipient as whom a letter that goes one by one is seen."""
        if not (self.suggested.goes_one_by_one and self.recipients):
            return None
        chosen = typed.get("seen_by", "") if typed else ""
        found = [r for r in self.recipients if str(r.pk) == chosen]
        return found[0] if found else self.recipients[0]

    def _letter(self, salutation=""):
        form = self.form
        words = form.initial
        if form.is_bound:
            form.is_valid()
            words = {**form.initial, **form.cleaned_data}
        return self.suggested.letter_for(
            self.recipients,
            subject=words["subject"],
            body=words["body"],
            name=words["name"],
            place=words["place"],
            own_words=words.get("own_words", ""),
            ask=self.ask,
            salutation=salutation,
        )
