"""What people were told while something was broken, beside what is stored."""

import itertools
import math
import sys
from collections import Counter
from dataclasses import dataclass

from library import figures
from library.people import of_kind

# Who has signed or written gets questions.
ASKED = ("ada-", "bo-")


@dataclass
class Phase:
    """From one moment to another, with what was broken meanwhile."""

    name: str
    begin: float
    end: float = 0
    mended: float = 0

    def cells(self, acts):
        mine = [act for act in acts if self.begin <= act.due < self.end]
        (signs, unsigned), (reads, unread) = (
            of_kind(mine, kind) for kind in ("sign", "read")
        )
        answers = Counter(act.status for act in mine)
        return (
            self.name,
            f"{self.end - self.begin:.0f}",
            f"{len(signs):,} of {len(signs) + unsigned:,}",
            f"{len(reads):,} of {len(reads) + unread:,}",
            *(answers[status] for status in (503, 502, 500, 0)),
            *(
                f"{figures.milliseconds([act.seconds for act in acts], 99):,.0f}"
                for acts in (signs, reads)
            ),
            f"{self.seconds_away(acts):.1f} s" if self.mended else "",
        )

    def seconds_away(self, acts):
        """From the repair to the first signature that is acknowledged."""
        signed = (act.due + act.seconds for act in of_kind(acts, "sign")[0])
        later = (moment for moment in signed if moment > self.mended)
        return min(later, default=math.inf) - self.mended if self.mended else 0


HEADS = (
    "what is broken", "seconds", "signatures acknowledged", "pages read",
    "503", "502", "500", "no answer", "signing p99 ms", "reading p99 ms",
    "signing again after",
)  # fmt: skip


@dataclass
class Stage(Phase):
    """One after which the next begins only when all is well again."""

    broken: str = ""  # the machine or the program
    has_primary: bool = True

    def cells(self, acts, late):
        """`late`: how late its jobs began."""
        mine = [act for act in acts if self.begin <= act.due < self.end]
        answers = Counter(act.status for act in mine)
        parts = {kind: of_kind(mine, kind) for kind in ("sign", "read")}
        return (
            self.name,
            f"{self.end - self.begin:.0f}",
            *(f"{len(a):,} of {len(a) + n:,}" for a, n in parts.values()),
            *(answers[status] for status in (503, 0)),
            *(f"{self.longest_gap(acts, kind):.1f} s" for kind in parts),
            len(late),
            f"{max(late, default=0):.2f} s",
        )

    def longest_gap(self, acts, kind):
        """The longest time in which nobody's act of that kind succeeded.

        One that reaches into other stages counts whole where its middle is, and in
        each other one for its part there.
        """
        good = [act.due + act.seconds for act in of_kind(acts, kind)[0]]
        ends = [min(act.due for act in acts), max([self.end, *good])]
        moments = sorted([*good, *ends])
        return max(self._part(*gap) for gap in itertools.pairwise(moments))

    def _part(self, before, after):
        if self.begin <= (before + after) / 2 < self.end:
            return after - before
        return min(after, self.end) - max(before, self.begin)


class Comparison:
    """What people were told, beside what is in the database and in their mailboxes."""

    def __init__(self, tally, acts, sink):
        self.tally = tally
        self.acts = acts
        self.sink = sink
        self.faults = []

    def run(self):
        """Lines that say what was compared; ends the bench when something is wrong."""
        from petitions.models import Signature

        signs = [act for act in self.acts if act.kind == "sign"]
        signers = {act.email for act in signs}
        confirms = [
            act for act in self.acts if act.kind == "confirm" and act.email in signers
        ]
        told = Counter(act.email for act in signs if act.is_acknowledged)
        unknown = Counter(act.email for act in signs if act.is_unknown)
        yes = {act.email for act in confirms if act.is_acknowledged}
        pressed = {act.email for act in confirms}
        stored, counted = Counter(), Counter()
        for email, counts in Signature.objects.filter(
            confirmation__supporter__email__startswith="ada-"
        ).values_list("confirmation__supporter__email", "counted"):
            stored[email] += 1
            counted[email] += counts

        for email in told.keys() | stored.keys() | unknown.keys():
            least, most = told[email], told[email] + unknown[email]
            if not least <= stored[email] <= most:
                self.fault(f"{email}: {stored[email]} rows, not {least} to {most}")
            if told[email] and not self.sink.mails[email]:
                self.fault(f"{email}: no mail")
        for email in yes:
            if counted[email] != 1:
                self.fault(f"{email}: confirmed, and counted {counted[email]} times")
        for email, number in counted.items():
            if number > 1 or (number and email not in pressed):
                self.fault(f"{email}: counted {number} times")
        letters, twice = self.letters(), self.came_twice()
        ours = sum(counted.values())
        if self.tally != ours:
            self.fault(f"the tally says {self.tally}, and {ours} rows are counted")
        fives = sum(act.status == 500 for act in self.acts)
        if fives:
            self.fault(f"{fives} answers were a 500")
        if self.faults:
            sys.exit("\n".join(["WRONG:", *self.faults[:40]]))
        return [
            f"{len(signs):,} times somebody signed: {sum(told.values()):,} were"
            f" acknowledged, {sum(unknown.values()):,} got no answer or one that said"
            f" that nobody knows. {sum(stored.values()):,} rows are stored.",
            f"{len(pressed):,} confirmed, {len(yes):,} were acknowledged,"
            f" {ours:,} are counted, and the tally says {self.tally:,}.",
            f"Everybody who was acknowledged got a mail. {len(twice):,} questions came"
            f" twice, and no other mail. The mail server refused"
            f" {self.sink.refused:,} times.",
            *letters,
            "Nothing acknowledged is lost, nothing is counted twice, nobody saw a 500.",
        ]

    def came_twice(self):
        """When it came, of each mail that came again, by the address.

        Only a question to somebody who has signed or written may (decision 39).
        """
        twice = {
            address: moments
            for (address, _mail), moments in self.sink.came_at.items()
            if len(moments) > 1
        }
        for address in twice:
            if not address.startswith(ASKED):
                self.fault(f"{address}: the same mail twice")
        return twice

    def letters(self):
        """The same for those who wrote one."""
        from letters.models import Letter

        writing = [act for act in self.acts if act.kind == "write"]
        if not writing:
            return []
        stored = Counter(
            Letter.objects.filter(
                confirmation__supporter__email__startswith="bo-"
            ).values_list("confirmation__supporter__email", flat=True)
        )
        told = {act.email for act in writing if act.is_acknowledged}
        known = told | {act.email for act in writing if act.is_unknown}
        for email in told | stored.keys():
            if stored[email] != 1 or email not in known:
                self.fault(f"{email}: {stored[email]} letters")
        return [
            f"{len(writing):,} wrote a letter, {len(told):,} were acknowledged,"
            f" {sum(stored.values()):,} are stored."
        ]

    def fault(self, words):
        self.faults.append(words)
