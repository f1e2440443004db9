"""The letter in a further language, on the page where it is written."""

from letters.suggested.placeholder_names import named_in, names_to_fill_in
from pages.languages import name_in

# A longer list of recipients has a page of its own, and none of it stands here.
MOST_SHOWN = 50


class FurtherLetter:
    """The letter in one more language: as suggested, with its writer's own words.

    Officials of this language get it; if there are none, only its writer reads it. A
    script fills it in while somebody types: `body` and the names of the placeholders
    are as people read them.
    """

    def __init__(self, form, words):
        start = form.start
        self.language = words.language
        self.name = name_in(words.language)
        self.subject, body = start.draft_in(words)
        self.ask = "" if start.is_thanks else words.ask
        self.greeting = start.greeting_in(words)
        self.body = named_in(words.language, body)
        self.placeholders = names_to_fill_in(words.language)
        letter = form.filled_in(
            words,
            salutation=self.greeting,
            name=form.known["name"],
            place=form.known["place"],
        )
        self.is_ready = letter.is_ready
        self.html = letter.html
        self.envelope = letter.envelope
        self.recipients = letter.envelope.recipients
        self.is_cut = len(self.recipients) > MOST_SHOWN

    @property
    def addresses(self):
        """Addresses for the writer's own mail program; none if they are too many."""
        return "" if self.is_cut else ",".join(self.envelope.addresses)
