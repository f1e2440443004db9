"""The lines that we add below a letter, for the preview of who writes it."""

from django.utils import translation
from django.utils.functional import cached_property

from letters.sending.addressees import named
from letters.sending.message import cosigned_footer, footer_of
from letters.suggested.models import SuggestedLetter

# A footer is made with this mark as the name, and then divided at it.
_NAME = "\0"


class Footers:
    """The lines below a letter that goes alone, and below one that goes with others.

    They are those that the first recipient gets. `alone_for` and `cosigned_for` name
    that recipient if the lines say who else gets the letter; if not, they are empty.
    """

    def __init__(self, start):
        self.start = start
        self.mode = start.suggested.mode
        self.language = start.words.language

    @cached_property
    def alone(self):
        """The lines before and after the writer's name."""
        others = self._others if self.alone_for else ""
        return footer_of(_NAME, self.language, others=others).split(_NAME)

    @property
    def alone_for(self):
        return self._first if self.mode == SuggestedLetter.Mode.ALIKE else ""

    @property
    def cosigned(self):
        with translation.override(self.language):
            return cosigned_footer(others=self._others if self.cosigned_for else "")

    @property
    def cosigned_for(self):
        return "" if self.mode == SuggestedLetter.Mode.EACH else self._first

    @property
    def _first(self):
        """The first recipient, if there are others."""
        return self.start.reading(self.start.words)[0].label if self._others else ""

    @cached_property
    def _others(self):
        """Who else gets the letter, as the first recipient reads it."""
        first = self.start.reading(self.start.words)[:1]
        others = [r.label for r in self.start.reachable if r not in first]
        with translation.override(self.language):
            return named(others)
