"""Finds people on paper who look like somebody counted, or like another line."""

from collections import Counter

from paper.lines import Match, PaperLine
from safeguards.mailbox import Mailbox
from supporters.people.names import folded

SOME = 2000


class Likenesses:
    """Some lines of a batch, to be compared with people who are counted already."""

    def __init__(self, lines):
        self.lines = list(lines)
        self.marked = []
        self._open = {line.pk for line in self.lines}
        self._by_email, self._by_name = {}, {}
        for line in self.lines:
            if line.email:
                self._by_email.setdefault(Mailbox(line.email).seat, []).append(line)
            self._by_name.setdefault(folded(line.name), []).append(line)

    def compare(self, name, city, country, email, postcode="", *, after=0, **known):
        """Mark lines that are this person by their address, or may be by their name.

        Only those below the line numbered `after`.
        """
        for line in self._by_email.get(email, ()) if email else ():
            if line.number > after:
                self._mark(line, Match.SAME, known)
        for line in self._by_name.get(folded(name), ()):
            if line.number > after and _may_be_in(line, city, country, postcode):
                self._mark(line, Match.OPEN, known)

    def compare_with_signatures(self, signatures):
        """Compare these lines with signatures, which are read as a stream."""
        columns = "pk", "name", "city", "country", "canonical_email"
        read = signatures.values_list(*columns).iterator(chunk_size=SOME)
        for pk, *person in read:
            self.compare(*person, signature_id=pk)

    def compare_with_lines(self, lines, but=()):
        """Compare them with other lines, except those whose keys are in `but`."""
        for line in lines.iterator(chunk_size=SOME):
            if line.pk not in but:
                self.compare(*line.person, line.postcode, twin_id=line.pk)

    def compare_with_each_other(self):
        """Compare these lines: the first line of a person counts."""
        for first in self.lines:
            if first.pk in self._open:
                where = {"postcode": first.postcode, "after": first.number}
                self.compare(*first.person, **where, twin_id=first.pk)

    def store(self, batches):
        """Store what was found, and take off the count who counts by an address, too.

        `batches` are those of the lines.
        """
        doubles = {batch.pk: Counter() for batch in batches}
        for line in self.marked:
            if line.counted and line.match == Match.SAME:
                line.counted = False
                doubles[line.batch_id][line.country.code] += 1
        columns = ["match", "signature", "twin", "counted"]
        PaperLine.objects.bulk_update(self.marked, columns, batch_size=SOME)
        for batch in batches:
            if doubles[batch.pk]:
                batch.step(doubles[batch.pk], -1)

    def _mark(self, line, match, known):
        """Note the first likeness; one by address replaces one by name."""
        is_new = line.pk in self._open
        if not is_new and not (match == Match.SAME and line.match == Match.OPEN):
            return
        line.match = match
        line.signature_id = known.get("signature_id")
        line.twin_id = known.get("twin_id")
        if is_new:
            self._open.discard(line.pk)
            self.marked.append(line)


def compare_in_portions(lines, signatures, batches, portion):
    """Compare many lines of these batches with signatures that are new."""
    lines, last = lines.order_by("pk"), 0
    while signatures.exists() and (some := list(lines.filter(pk__gt=last)[:portion])):
        found = Likenesses(some)
        found.compare_with_signatures(signatures)
        found.store(batches)
        last = some[-1].pk


def _may_be_in(line, city, country, postcode):
    """Whether both can be one person, by what is known of their places."""
    if line.country.code != country:
        return False
    if line.city and city:
        return folded(line.city) == folded(city)
    if line.postcode and postcode:
        return folded(line.postcode) == folded(postcode)
    return True
