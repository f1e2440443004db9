"""Letters that wait for a person because of how they are, not of what they say.

Officials who get one line from hundreds, or hundreds of copies of a text that is not
the campaign's, stop reading. A letter that is as suggested never waits for this: the
campaign has chosen its words, and those letters leave together.
"""

import re
from datetime import timedelta
from itertools import islice
from unicodedata import east_asian_width

from django.db.models import Count, Q
from django.utils import timezone

from letters.suggested import placeholders
from letters.writing.models import Letter

# Letters and digits, without the signature: about five words. A sign of Korean,
# Japanese or Chinese is a syllable or a word, and counts twice.
SHORTEST = 25
# Mailboxes from which the same words came within a day.
MANY = 5
# A first line like "Dear Mayor:" or "Sehr geehrte Frau Kim,".
_GREETING = re.compile(r"\A\s*[^\n]{1,200}[:,：，،]\s*\n")


def is_very_short(text, *, name, place):
    """Whether a finished letter says next to nothing besides who signed it, at its end.

    A salutation says nothing, either, be it typed or only its place.
    """
    words = placeholders.put(text, placeholders.SALUTATION, "").rstrip()
    words = words.removesuffix(placeholders.signature(name, place)).rstrip()
    words = _GREETING.sub("", words)
    # Each weighs one at least, so nobody has to look at more.
    signs = islice(filter(str.isalnum, words), SHORTEST)
    return sum(2 if east_asian_width(s) in "WF" else 1 for s in signs) < SHORTEST


def hold_if_copied(letter):
    """Hold a letter whose words came from many others today; whether it is held now.

    Not if its writer has confirmed the address before or has a mail that asks for it,
    or if a moderator has released one of these. The worker asks this, so that no page
    tells what others have written.
    """
    asked = letter.confirmation
    known = asked.supporter.confirmed_at or letter.released_at
    if letter.text_digest or letter.confirmed_at or known or asked.was_issued:
        return False
    same = Letter.objects.filter(
        suggested_letter=letter.suggested_letter_id,
        words=letter.words,
        text_digest="",
        created_at__gt=timezone.now() - timedelta(days=1),
    ).exclude(pk=letter.pk)
    found = same.aggregate(
        mailboxes=Count("confirmation__supporter__mailbox", distinct=True),
        released=Count("pk", filter=Q(released_at__isnull=False)),
    )
    if found["mailboxes"] < MANY or found["released"]:
        return False
    mine = Letter.objects.pending().filter(pk=letter.pk)
    return bool(mine.update(held_at=timezone.now(), held_for="copies"))
