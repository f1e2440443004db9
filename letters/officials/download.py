"""The letters of one campaign to an official as one text file, to keep or to print."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters.officials.reading import OfficialsLetters

RULE = "=" * 60
A_BATCH = 500


def lines(found: OfficialsLetters):
    """The lines of the file: what its page shows, the letters with own words first.

    Of letters with the same words it has the text once, and everybody who sent it.
    However many there are, a batch at a time is read.
    """
    zone, campaign = found.recipient.list.zone, found.suggested.campaign
    here = found.numbers["here"]
    yield _("To %(who)s.") % {"who": found.recipient.label}
    yield campaign.full_title
    yield ngettext(
        "%(number)d letter, as of %(day)s", "%(number)d letters, as of %(day)s", here
    ) % {
        "number": here,
        "day": date_format(timezone.localdate(timezone=zone)),
    }
    yield _(
        "People type their name and place themselves. We do not check that they "
        "are right."
    )
    for delivery in found.own().iterator(A_BATCH):
        yield from ("", RULE, "", _writer(delivery, zone))
        yield _("Subject: %s") % delivery.subject
        yield from ("", delivery.letter.text_to(delivery))
    for same in found.texts():
        yield from ("", RULE, "")
        words = ngettext(
            "%(number)d person sent this text:",
            "%(number)d people sent this text:",
            same.people,
        )
        yield words % {"number": same.people}
        yield from ("", same.text, "")
        for delivery in found.writers(same.words).iterator(A_BATCH):
            yield _writer(delivery, zone)


def _writer(delivery, zone):
    letter = delivery.letter
    day = date_format(timezone.localdate(letter.confirmed_at, zone))
    return ", ".join(filter(None, [letter.name, letter.place, day]))
