from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.suggested import placeholders
from letters.suggested.placeholder_names import named_as_stored, named_in
from letters.writing.in_languages import written_in_others
from pages.form_fields import (
    AddressField,
    LineField,
    NameField,
    ShownLineField,
    TextField,
)

# Change this with every change of the words below.
CONSENT_VERSION = "2026-11-28.2"


# What is said of the address once it is confirmed.


class LetterForm(forms.Form):
    """A writer's name, place and words, and the letter that comes of them.

    `start` is what they start from, `typed` a request's POST. `details` are a name and
    place, and `email` an address, known from before. `for_sending` says that we are to
    send it, so that name and email address are needed.
    """

    name = NameField(
        label=_("Full name"),
        required=False,
        required_message=_("Enter your full name."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-in": "name"}),
    )
    place = ShownLineField(
        label=_("City and country"),
        max_length=160,
        required=False,
        required_message="",
        too_long_message=_("Shorten the place to 160 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-in": "place"}),
    )
    own_words = TextField(
        label=_("Why does this matter to you?"),
        max_length=2000,
        required=False,
        required_message="",
        too_long_message=_(
            "Shorten this to 2,000 characters. Officials read many letters."
        ),
        help_text=_("One sentence in your own words makes a letter much stronger."),
        widget=forms.Textarea(attrs={"rows": 2, "data-in": "own"}),
    )
    # In which language these words are, where there are several; chosen beside them.
    own_in = forms.CharField(required=False)
    subject = LineField(
        label=_("Subject"),
        max_length=150,
        required=False,
        required_message="",
        help_text=_("If empty, we use the subject that the campaign suggests."),
        too_long_message=_("Shorten the subject to 150 characters."),
        widget=forms.TextInput(attrs={"data-in": "subject"}),
    )
    body = TextField(
        label=_("Message"),
        max_length=10_000,
        required_message=_("Enter a message."),
        too_long_message=_("Shorten the message to 10,000 characters."),
        widget=forms.Textarea(attrs={"rows": 14, "data-in": "body"}),
    )
    email = AddressField(
        label=_("Your email address"),
        required=False,
        help_text=_(
            "If you have not confirmed it here yet, we will ask you to confirm it."
        ),
    )
    # People never see this field, but programs that fill in everything do.
    website = forms.CharField(required=False)

    def __init__(self, start, typed=None, *, details=None, email="", for_sending=False):
        name, place = details or ("", "")
        subject, body = start.draft
        has_own_words = placeholders.OWN_WORDS in body
        body = named_in(start.words.language, body)
        super().__init__(
            typed,
            auto_id="letter-%s",
            use_required_attribute=False,
            initial={
                "name": name,
                "place": place,
                "subject": subject,
                "body": body,
                "email": email,
            },
        )
        self.start = start
        self.suggested = start.suggested
        if has_own_words:
            own_words = named_in(start.words.language, placeholders.OWN_WORDS)
            self.fields["body"].help_text = _(
                "“%(placeholder)s” shows where your sentence goes. If you write none, "
                "we take these words out."
            ) % {"placeholder": own_words}
        self.for_sending = for_sending
        if self.is_bound:  # "go back to the suggested message" finds it by this
            for name in ("subject", "body"):
                self.fields[name].widget.attrs["data-suggested"] = self.initial[name]

    @classmethod
    def for_known(cls, start, supporter):
        """An empty form with what a known browser's owner wrote last."""
        details = supporter.details(start.suggested.campaign)
        form = cls(start, details=details, email=supporter.email)
        form.fields["email"].help_text = ""
        return form

    def _clean_filled_in(self, field):
        placeholders.refuse_any(self.cleaned_data[field])
        return self.cleaned_data[field]

    def clean_name(self):
        return self._clean_filled_in("name")

    def clean_place(self):
        return self._clean_filled_in("place")

    def clean_own_words(self):
        return self._clean_filled_in("own_words")

    def clean_own_in(self):
        known = self.start.languages_of_own_words
        typed = self.cleaned_data["own_in"]
        return typed if typed in known else next(iter(known), "")

    def clean_subject(self):
        return self._clean_filled_in("subject") or self.initial["subject"]

    def clean_body(self):
        body = self.cleaned_data["body"]
        placeholders.refuse_twice(body)
        body = named_as_stored(body)
        if self.start.ask and body.count(placeholders.ASK) != 1:
            raise forms.ValidationError(
                _("Keep %(ask)s in your letter, once. The ask goes there."),
                code="ask",
                params={"ask": named_in(self.start.words.language, placeholders.ASK)},
            )
        return body

    def clean(self):
        self._refuse_too_long()
        if self.for_sending:
            if not self.start.reachable:
                raise forms.ValidationError(
                    _(
                        "We cannot reach any of them by email at the moment. Try "
                        "again in a few days. The campaign is looking for new "
                        "addresses."
                    ),
                    code="nobody",
                )
            if not self.errors.get("email") and not self.cleaned_data.get("email"):
                self.add_error("email", self.fields["email"].error_messages["required"])
            if not self.errors.get("name") and not self.cleaned_data.get("name"):
                unsigned = gettext("Enter your full name.")
                self.add_error("name", unsigned)
        return self.cleaned_data

    def _refuse_too_long(self):
        names = ("body", "own_words", "name", "place")
        parts = [self.cleaned_data.get(name, "") for name in names]
        own_words, own_in = parts[1], self.cleaned_data.get("own_in", "")
        parts[1] = self.start.words.with_language(own_words, own_in)
        try:
            placeholders.refuse_too_long(self.start.ask, *parts)
        except forms.ValidationError as error:
            self.add_error("body", error)

    @property
    def is_good(self):
        """Whether nothing has to be corrected; an empty form is good."""
        return not self.is_bound or self.is_valid()

    @property
    def known(self):
        """What was typed so far; what has faults is as it was at first."""
        if not self.is_bound:
            return self.initial
        self.is_valid()
        return {**self.initial, **self.cleaned_data}

    def filled(self, salutation=""):
        """The letter with what was typed so far; values with faults are left out.

        Without a salutation its place stays open in a letter that goes one by one.
        """
        words = self.known
        return self.start.words.letter_for(
            self.start.reading(self.start.words),
            subject=words["subject"],
            body=named_as_stored(words["body"]),
            name=words["name"],
            place=words["place"],
            own_words=words.get("own_words", ""),
            own_in=words.get("own_in", ""),
            ask=self.start.ask,
            salutation=salutation,
        )

    def filled_in(self, words, *, salutation="", **who):
        """The suggested letter in another language, with the writer's own words."""
        typed = self.known
        subject, body = self.start.draft_in(words)
        return words.letter_for(
            self.start.reading(words),
            subject=subject,
            body=body,
            own_words=typed.get("own_words", ""),
            own_in=typed.get("own_in", ""),
            ask="" if self.start.is_thanks else words.ask,
            salutation=salutation,
            **who,
        )

    @property
    def in_languages(self):
        """The letter in further languages, to be stored with it (in_languages.py)."""
        return written_in_others(self)

    @cached_property
    def envelope(self):
        """The letter for its writer's own mail program, with a greeting for all."""
        return self.filled(self.start.greeting).envelope

    @property
    def text_to_send(self):
        """The finished letter; where it goes to each, the salutation is still open."""
        return self.filled().envelope.text

    @property
    def typed(self):
        """What its writer gets back when it cannot be sent."""
        return [(gettext("Your letter"), self.envelope.text)]

    @property
    def goes_together(self):
        """Whether letters that are as suggested leave in one mail."""
        return self.suggested.sends_together

    @property
    def is_unchanged(self):
        """Whether this one is as suggested, as far as it is written by now."""
        return not self.is_bound or bool(self.text_digest)

    @cached_property
    def text_digest(self):
        """The digest by which it is joined with others; empty with own words."""
        if not self.is_bound or not self.is_good:
            return ""
        typed = self.cleaned_data
        if typed["own_words"]:
            return ""
        return self.start.words.digest_if_unchanged(
            typed["subject"], typed["body"], is_thanks=self.start.is_thanks
        )

    def refuse_unsigned(self):
        """Put the error at the name when the letter still holds its placeholder."""
        is_bad = not self.is_good
        if not self.filled().is_ready and "name" not in self.errors:
            self.add_error("name", _("Enter your full name."))
            return True
        return is_bad

    def refuse_as_not_sent(self):
        """Say that nothing has left: “Send it for me” was chosen, but not pressed."""
        self.add_error(
            "email",
            _(
                "We have not sent your letter yet. Press “Send my letter”, and we "
                "send it. If you have sent it yourself, choose how, and we count "
                "it."
            ),
        )

    def refuse_as_too_many(self):
        """Say that this writer has sent enough for today; the text stays."""
        self.add_error(
            "email",
            _(
                "You have sent enough letters today. Officials read more when they "
                "do not get too much. Send this one tomorrow, or in another way "
                "below."
            ),
        )

    @property
    def notice(self):
        """The words that a writer agrees to by pressing "Send my letter"."""
        if self.goes_together:
            words = gettext(
                "We will send this letter in your name to %(recipients)s. If you use "
                "your own words, they see your email address, and can reply to you. "
                "They see it, too, if nobody else sends our text. Otherwise, replies "
                "go to the campaign. Officials can also read your letter on a private "
                "page here, and write one answer to everybody. We will email you that "
                "answer. In many places, anybody can ask to see letters to officials, "
                "with the names."
            )
        else:
            words = gettext(
                "We will send this letter in your name to %(recipients)s, with your "
                "email address for their replies. Officials can also read it on a "
                "private page here, and write one answer to everybody. We will email "
                "you that answer. In many places, anybody can ask to see letters to "
                "officials, with the names."
            )
        return words % {"recipients": self.start.addressed_as}

    def consents(self):
        """What was agreed to, as (kind, exact words, version)."""
        return [("letter", self.notice, CONSENT_VERSION)]

    @property
    def is_trapped(self):
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))

    @property
    def has_changed_the_text(self):
        """Whether the page should show subject and message opened."""
        if not self.is_bound:
            return False
        return bool({"subject", "body"} & {*self.errors, *self.changed_data})
