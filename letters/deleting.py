"""What is deleted with a campaign or letter, and the letters that forbid it."""

from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign
from letters.recipients.lists import RecipientList
from letters.sending.deliveries import Delivery
from letters.suggested.models import SuggestedLetter
from letters.writing.models import Letter
from versions.deletion import Dependents


def dependents(row):
    """What is deleted with it.

    A campaign takes sent letters along; a suggested letter does not.
    """
    if isinstance(row, Campaign):
        return _of_campaign(row)
    found = Dependents()
    if isinstance(row, SuggestedLetter):
        if number := Letter.objects.filter(suggested_letter=row).count():
            found.stays.append(_written(number))
        elif number := row.texts.count():
            said = ngettext(
                "It has %d translation. Delete that first.",
                "It has %d translations. Delete them first.",
                number,
            )
            found.stays.append(said % number)
    elif isinstance(row, RecipientList):
        found.stays += [
            gettext("The letter “%(letter)s” of “%(campaign)s” goes to this list.")
            % {"letter": letter, "campaign": letter.campaign}
            for letter in row.letters.select_related("campaign")
        ]
    return found


def _of_campaign(campaign):
    found = Dependents()
    suggested = SuggestedLetter.objects.filter(campaign=campaign.pk).first()
    if suggested is None:
        return found
    found.goes.append(gettext("its letter: “%s”") % suggested)
    letters = Letter.objects.filter(suggested_letter=suggested)
    waiting = Delivery.objects.open().filter(letter__in=letters).values("letter")
    if number := waiting.distinct().count():
        found.stays.append(
            ngettext(
                "%d letter is still on its way. Wait until it has arrived.",
                "%d letters are still on their way. Wait until they have arrived.",
                number,
            )
            % number
        )
    if number := letters.count() + suggested.reported.count():
        found.goes.append(_written(number))
    return found


def _written(number):
    return (
        ngettext(
            "%d letter that somebody wrote",
            "%d letters that people wrote",
            number,
        )
        % number
    )
