from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext, override

from letters.recipients.stances import Stance, Stances
from pages.languages import listed

# More officials are only counted.
MOST_NAMES = 4


class Start:
    """What a writer starts from: to whom it goes, a subject and a text.

    For a campaign that has ended, the letter is the first one, and for all of them.
    The meetings to come are read with it.
    """

    def __init__(self, suggested, *, is_thanks=False):
        self.suggested = suggested
        self.is_thanks = is_thanks
        self.recipients = list(suggested.recipient_list.recipients.all())
        self.stances = Stance.objects.of(suggested)
        # Those that have not begun, the next one first.
        to_come = suggested.meetings.filter(starts_at__gt=timezone.now())
        self.meetings = list(to_come)
        self.in_office = [r for r in self.recipients if not r.left_office_on]
        counting = self.stances if suggested.campaign.is_open else Stances()
        self.agreeing = counting.to_thank(self.in_office)
        asked = counting.to_write_to(self.in_office)
        self.meant = self.agreeing if is_thanks else asked
        self.is_for_nobody = bool(self.in_office) and not self.meant
        self.language = get_language()
        self._choose_words()
        self.draft = self.draft_in(self.words)

    def _choose_words(self):
        """Choose the words of its languages.

        `words` are those that the writer changes: in their own language if an official
        reads it, else in that of most officials. `others` are those in which it leaves
        as well. `own` are those in the writer's language, to be read beside what
        leaves, or None.
        """
        leaving = [self._words_for(r).language for r in self.reachable or self.meant]
        mine = self.suggested.words_in(self.language, is_thanks=self.is_thanks)
        most = max(leaving, key=leaving.count, default=mine.language)
        main = mine.language if mine.language in leaving else most
        self.words = self._words_in(main)
        further = dict.fromkeys(language for language in leaving if language != main)
        self.others = [self._words_in(language) for language in further]
        is_own = mine.language == self.language and mine.language not in leaving
        self.own = mine if leaving and is_own else None

    def _words_for(self, recipient):
        return self._words_in(recipient.language)

    def _words_in(self, language):
        return self.suggested.words_in(language, is_thanks=self.is_thanks)

    def draft_in(self, words):
        """Subject and text in the language of these words."""
        return words.draft(is_thanks=self.is_thanks)

    def reading(self, words):
        """The officials to whom the letter goes in the language of these words."""
        return [r for r in self.reachable if self._words_for(r) is words]

    @property
    def languages_of_own_words(self):
        """In which its writer may write: their own language, and those it leaves in.

        Empty where the letter is in their language alone.
        """
        leaving = [words.language for words in (self.words, *self.others)]
        if leaving == [self.language]:
            return []
        return list(dict.fromkeys([self.language, *leaving]))

    @property
    def asks_somebody(self):
        """Whether the letter is still to be offered: not all of them agree."""
        return not self.is_for_nobody

    @cached_property
    def reachable(self):
        """The recipients to whom the letter goes."""
        return [r for r in self.meant if r.is_reachable]

    @property
    def unreachable(self):
        """The recipients whose address does not work."""
        return [r for r in self.meant if not r.is_reachable]

    @property
    def goes_to_all(self):
        """Whether it goes to everybody on the list who is in office."""
        return len(self.reachable) == len(self.in_office)

    @property
    def ask(self):
        """The locked ask; officials who are thanked are asked for nothing."""
        return "" if self.is_thanks else self.words.ask

    @property
    def addressed_as(self):
        """To whom the letter goes, in a few words.

        They are the list’s words where it goes to all of the list.
        """
        if self.is_thanks:
            return self.names_of_agreeing
        if self.reachable and not self.goes_to_all:
            return named_briefly([r.known_as for r in self.reachable])
        here = self._words_in(self.language)
        return here.addressed_as or self.suggested.addressed_as

    @property
    def greeting(self):
        """How to greet all of them, if a letter meant for each goes to everyone."""
        return self.greeting_in(self.words)

    def greeting_in(self, words):
        if not self.is_thanks:
            return words.greeting
        with override(words.language):
            return words.greeting_for(self.names_of_agreeing)

    @property
    def names_of_agreeing(self):
        return named_briefly([r.known_as for r in self.agreeing])


def named_briefly(names):
    """Officials by the names that we know, or their number: “Ana Silva and Bo Lee”."""
    if len(names) > MOST_NAMES:
        number = len(names)
        words = ngettext("%(number)d official", "%(number)d officials", number)
        return words % {"number": number}
    return listed(names)
