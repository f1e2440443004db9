from database.prepared import Given, PreparedQuery
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance, Stances

_RECIPIENTS = PreparedQuery(
    lambda: Recipient.objects.filter(list=Given("list")).order_by("order", "pk")
)


class Start:
    """What a writer starts from: to whom it goes, a subject and a text.

    Of an action that has ended, the letter is the first one, and for all of them.
    """

    def __init__(self, suggested, *, is_thanks=False):
        self.recipients = _RECIPIENTS.rows(list=suggested.recipient_list_id)
        self.stances = Stance.objects.of(suggested)
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
