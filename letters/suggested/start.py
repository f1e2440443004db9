from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from database.prepared import rows_together
from letters.recipients.stances import RECIPIENTS, STANCES, Stances
from letters.suggested.meetings import MEETINGS_TO_COME
from letters.suggested.variants import VARIANTS, Wordings
from pages.languages import listed

# More officials who agree are only counted.
MOST_NAMES = 4


class Start:
    """What a writer starts from: to whom it goes, a subject and a text.

    For a campaign that has ended, the letter is the first one, and for all of them.
    Everything is read at once, with the meetings to come.
    """

    def __init__(self, suggested, *, is_thanks=False):
        self.suggested = suggested
        self.is_thanks = is_thanks
        of_it = {"letter": suggested.pk}
        self.recipients, entries, variants, self.meetings = rows_together(
            (RECIPIENTS, {"list": suggested.recipient_list_id}),
            (STANCES, of_it),
            (VARIANTS, of_it),
            (MEETINGS_TO_COME, {**of_it, "now": timezone.now()}),
        )
        self.stances = Stances(entries)
        suggested.wordings = Wordings(suggested, variants)
        self.in_office = [r for r in self.recipients if not r.left_office_on]
        counting = self.stances if suggested.campaign.is_open else Stances()
        self.agreeing = counting.to_thank(self.in_office)
        if is_thanks:
            self.meant, self.draft = self.agreeing, suggested.thanks()
        else:
            self.meant = counting.to_write_to(self.in_office)
            is_again = counting.are_asked_again(self.meant)
            self.draft = suggested.draft(is_again=is_again)
        self.is_for_nobody = bool(self.in_office) and not self.meant

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
    def ask(self):
        """The locked ask; officials who are thanked are asked for nothing."""
        return "" if self.is_thanks else self.suggested.ask

    @property
    def addressed_as(self):
        """To whom the letter goes, in a few words."""
        if self.is_thanks:
            return self.names_of_agreeing
        return self.suggested.recipient_list.addressed_as

    @property
    def greeting(self):
        """How to greet all of them, if a letter meant for each goes to everyone."""
        return str(self.suggested.greeting_for(self.addressed_as))

    @property
    def names_of_agreeing(self):
        """The names that we know: “Mayor Hall, Ana Silva and Bo Lee”."""
        if len(self.agreeing) > MOST_NAMES:
            return _("%d officials") % len(self.agreeing)
        names = [recipient.name or recipient.label for recipient in self.agreeing]
        return listed(names)
