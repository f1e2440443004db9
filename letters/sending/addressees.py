"""The officials to whom a letter goes; a writer's same words go once (decision 21).

Whoever confirms a letter twice, or the same one again tomorrow, has written once. Of
such deliveries, one holds the place of its words: `Delivery.said`, which is unique in
the database. It keeps the place whatever becomes of it, until a later letter takes it
over. A later letter can do that only if the delivery has failed, was stopped, or left
long ago.
"""

from datetime import timedelta

from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext, override

from database.keyed_hashes import keyed_hash
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending.deliveries import ONCE_DAYS, Delivery, WhyStopped
from letters.suggested.start import named_briefly
from outbox.models import Outcome
from safeguards.mailbox import Mailbox
from safeguards.same_words import digest
from supporters.people.names import folded

# More officials than this are not named, but counted.
MOST_NAMES = 20


def named(labels):
    """Officials by their labels, which contain commas; or their number, if many."""
    if len(labels) > MOST_NAMES:
        number = len(labels)
        words = ngettext("%(number)d official", "%(number)d officials", number)
        return words % {"number": number}
    return "; ".join(labels)


class Addressees:
    """Those to whom one letter goes. As a string, it says who, in a few words."""

    def __init__(self, letter):
        self.letter = letter
        self.suggested = letter.suggested_letter

    def __str__(self):
        return self._in_words

    def new_deliveries(self):
        """One delivery for each official, to be stored by the caller.

        An official who has agreed since the letter was written, or has these words by
        another letter of its writer, gets a delivery that is stopped from the start. It
        shows the writer why the letter did not go there: nobody who agrees is asked.
        """
        deliveries = self._deliveries()
        if going := [d for d in deliveries if not d.stopped_for]:
            _stop_repeats(self.letter, going)
        return deliveries

    def _deliveries(self):
        recipients = self.suggested.recipient_list.recipients.all()
        stances = Stance.objects.of(self.suggested)
        reachable = [r for r in recipients if not r.left_office_on and r.is_reachable]
        if self.letter.is_thanks:
            meant, overtaken = stances.to_thank(reachable), []
        else:
            meant = stances.to_write_to(reachable)
            since = self.letter.created_at
            overtaken = [r for r in reachable if stances.agreed_since(r, since)]
        asked, late = ({r.pk for r in found} for found in (meant, overtaken))
        now = timezone.now()
        stopped = {
            "stopped_for": WhyStopped.OVERTAKEN,
            "outcome": Outcome.STOPPED,
            "settled_at": now,
        }
        languages = self.letter.languages
        return [
            Delivery(
                letter=self.letter,
                recipient=recipient,
                label=recipient.label,
                language=(language := languages.of(recipient)),
                same_as=languages.same_as_in(language),
                greeting=recipient.greeting_in(language),
                **(stopped if recipient.pk in late else {}),
            )
            for recipient in reachable
            if recipient.pk in asked | late
        ]

    def sent_before(self):
        """The letter by which its writer told all of these officials the same, or None.

        It changes nothing, so that it can be asked before the owner says yes. Two
        people behind the tags of one mailbox do not learn of each other.
        """
        going = [d for d in self._deliveries() if not d.stopped_for]
        said = set(_what_is_said(self.letter, going))
        same = Delivery.objects.filter(_goes_or_went(timezone.now()), said__in=said)
        found = list(same.select_related("letter__confirmation__supporter"))
        if not said or len(found) < len(said):
            return None
        seat = Mailbox(self.letter.confirmation.email).seat
        newest = max((d.letter for d in found), key=lambda letter: letter.pk)
        asked = newest.confirmation
        return newest if asked and Mailbox(asked.email).seat == seat else None

    def named_in(self, language):
        """Whom the letter in this language greets, if it greets all of them.

        A letter greets the whole list, also where somebody on it agrees already.
        """
        with override(language):
            if self.letter.is_thanks:
                return named_briefly(self._going[0])
            return self._of_the_list(language)

    @cached_property
    def _in_words(self):
        names, is_all = self._going
        if is_all or not names:
            return self._of_the_list(get_language())
        return named_briefly(names)

    def _of_the_list(self, language):
        words = self.suggested.words_in(language)
        return words.addressed_as or self.suggested.addressed_as

    @cached_property
    def _going(self):
        """The names of those to whom it goes, and whether they are all of the list.

        Its deliveries say it, without those that were stopped because their officials
        agree or have these words; with them if all were. Before its writer confirms,
        there are none.
        """
        letter = self.letter
        if letter.confirmation and not letter.confirmation.used_at:
            going, in_office = self._to_come()
            names = [recipient.known_as for recipient in going]
            return names, not letter.is_thanks and len(going) == len(in_office)
        stopped = Q(stopped_for__in=[WhyStopped.OVERTAKEN, WhyStopped.REPEAT])
        rows = letter.deliveries.order_by("pk")
        got = rows.exclude(stopped).order_by().values("recipient")
        of_list = Recipient.objects.filter(list=self.suggested.recipient_list_id)
        others = Exists(of_list.in_office().exclude(pk__in=got))
        found = list(rows.values_list("recipient__name", "label", stopped, others))
        going = [row for row in found if not row[2]]
        is_part = letter.is_thanks or letter.follow_of_id or any(f[3] for f in going)
        names = [name or label for name, label, *_rest in going or found]
        return names, not is_part

    def _to_come(self):
        recipients = self.suggested.recipient_list.recipients.all()
        stances = Stance.objects.of(self.suggested)
        in_office = [r for r in recipients if not r.left_office_on]
        reachable = [r for r in in_office if r.is_reachable]
        chosen = stances.to_thank if self.letter.is_thanks else stances.to_write_to
        return chosen(reachable), in_office


def _stop_repeats(letter, deliveries):
    """Of new deliveries that are not stored yet, stop those that repeat another one.

    The others hold the place of their words from now on. Call it while the mailbox of
    the writer is locked: of two letters at once, the second waits for the first.
    """
    now, taken = timezone.now(), set()
    for delivery, said in zip(
        deliveries, _what_is_said(letter, deliveries), strict=True
    ):
        delivery.said = said
    same = Delivery.objects.filter(said__in=[delivery.said for delivery in deliveries])
    if same.exists():
        # The statement itself has the condition, so that one that is sent again at this
        # moment keeps its place.
        same.exclude(_goes_or_went(now)).update(said=None)
        taken = {bytes(said) for said in same.values_list("said", flat=True)}
    for delivery in deliveries:
        if delivery.said in taken:
            delivery.said, delivery.stopped_for = None, WhyStopped.REPEAT
            delivery.outcome, delivery.settled_at = Outcome.STOPPED, now
        else:
            taken.add(delivery.said)


def _what_is_said(letter, deliveries):
    """A hash for each delivery: what its official reads, from whom."""
    languages = {delivery.language for delivery in deliveries}
    spoken = {language: _who_says_what(letter, language) for language in languages}
    return [_hash(spoken[d.language], d.recipient) for d in deliveries]


def _who_says_what(letter, language):
    """Equal for two letters in which one person says the same in a language.

    A person is a name at a mailbox, in any spelling of both: two of a family share
    their mailbox. Here any tag is a spelling, also on a domain of its own: two people
    behind its tags hardly have the same name and write the same.
    """
    who = Mailbox(letter.confirmation.email).key
    name = folded(letter.name) or letter.name
    _subject, text = letter.languages.words_in(language)
    words = text.replace(letter.signature, "")
    return f"{who}\n{name}\n{digest(words) or words}"


def _hash(spoken, recipient):
    """A hash of what is said, and to which official.

    An official is somebody in an office at an address. So the hash is the same on
    another list, and not for the official's successor.
    """
    whom = f"{Mailbox(recipient.email).seat}\n{recipient.label.casefold()}"
    return keyed_hash("letters once", f"{spoken}\n{whom}")[:16]


def _goes_or_went(now):
    """On its way; or left within these days, and not come back."""
    left = Q(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT], bounced_at=None)
    return Q(outcome="") | left & Q(settled_at__gt=now - timedelta(days=ONCE_DAYS))
