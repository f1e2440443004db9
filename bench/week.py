"""A week of letters, simulated: does any official get more mail than they chose?

`bin/python bench/week.py` lets 10,000 letters, one in ten with words of its own, come
in over a week, at random moments, each to four officials who chose "each letter", "one
mail a day", "one mail a week" and "nothing for now". The worker's own steps are done at
every moment at which something is due, until nothing waits but what nobody wants. The
relay breaks off now and then, and each noon somebody sends again what may have arrived.
All of them want at most 60 an hour, Monday to Friday from 9 to 17 by their own clocks,
and it is the week in which these go forward. With --write the figures go into README.
"""

import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

import time_machine
from library import figures, program, servers

from tests.letters.unruly import UnrulyServer

ZONE = ZoneInfo("America/Los_Angeles")
BEGINS = datetime(2030, 3, 6, tzinfo=ZONE)  # clocks go forward on the 10th
AN_HOUR = 60
RHYTHMS = ("each", "daily", "weekly", "paused")
MISHAPS = ("450 4.2.1 try again later", "drop after")
# In a hundred.
WITH_OWN_WORDS = 10
WITH_MISHAP = 4


class Relay(UnrulyServer):
    """Takes mails, or not, by chance, and keeps when it took which."""

    def __init__(self, chance):
        self.mails = []  # (address, moment, whether it holds several letters, bytes)
        super().__init__()
        self.plan = self
        self._chance = chance

    def get(self, recipient, _default):
        if not recipient or self._chance.uniform(0, 100) > WITH_MISHAP:
            return []
        return [("end", self._chance.choice(MISHAPS))]

    def take(self, sender, recipient, content):
        now = datetime.now(ZONE)
        # Our own Message-ID is that of a mail with several letters.
        has_several = b"<mail." in content
        self.mails.append((recipient, now, has_several, len(content)))
        return "250 2.0.0 queued"


class Week:
    """`chance` says when letters come and which have words of their own."""

    def __init__(self, chance):
        from tests.factories import make_campaign, make_letter, make_recipients

        self.chance = chance
        office = make_recipients(len(RHYTHMS))
        office.timezone = ZONE.key
        office.save()
        self.officials = list(office.recipients.order_by("pk"))
        for recipient, rhythm in zip(self.officials, RHYTHMS, strict=True):
            recipient.rhythm = rhythm
            recipient.save()
        campaign = make_campaign(closes_at=None)
        self.suggested = make_letter(campaign, recipients=office, in_office_hours=True)
        self.presses = 0

    def run(self, letters):
        """All that happens, in its order, until nothing is due any more."""
        from letters.models import Delivery

        week = timedelta(days=7).total_seconds()
        moments = (self.chance.uniform(0, week) for _number in range(letters))
        events = [(BEGINS + timedelta(seconds=s), self.write) for s in moments]
        noons = (BEGINS + timedelta(days=day, hours=12) for day in range(21))
        events += [(noon, self.send_again) for noon in noons]
        for number, (moment, happens) in enumerate(sorted(events, key=itemgetter(0))):
            self.work_until(moment)
            with time_machine.travel(moment, tick=False):
                happens(number)
        self.work_until(BEGINS + timedelta(days=60))
        return Delivery.objects

    def write(self, number):
        """One letter by one writer, confirmed; the worker puts it into mails."""
        from django.utils import timezone

        from letters.models import Delivery, Letter
        from letters.suggested import placeholders
        from outbox.dispatcher import work_through
        from supporters.models import Confirmation, Supporter

        own = self.chance.uniform(0, 100) < WITH_OWN_WORDS
        name, text = f"Writer {number}", self.suggested.body
        unsigned = placeholders.unsigned(text)
        filled = placeholders.fill(
            text,
            name=name,
            place="Los Angeles",
            own_words=f"I have {number} reasons." if own else "",
        )
        confirmation = Confirmation.objects.create(
            supporter=Supporter.objects.with_address(f"writer{number}@mail.example"),
            campaign=self.suggested.campaign,
            kind="letter",
            language="en",
        )
        now = timezone.now()
        letter = Letter.objects.create(
            suggested_letter=self.suggested,
            confirmation=confirmation,
            name=name,
            place="Los Angeles",
            subject=self.suggested.subject,
            text=placeholders.as_text(filled),
            text_digest="" if own else placeholders.digest(unsigned),
            confirmed_at=now,
        )
        Delivery.objects.bulk_create(
            Delivery(
                letter=letter,
                recipient=recipient,
                same_as=letter.text_digest,
                due_at=now,
                said=self.chance.randbytes(16),
            )
            for recipient in self.officials
        )
        work_through()

    def send_again(self, _number):
        """A person presses "Send again" for all that may have arrived."""
        from letters.models import Delivery
        from outbox.models import Outcome

        for delivery in Delivery.objects.filter(outcome=Outcome.IN_DOUBT):
            self.presses += delivery.retry()

    def work_until(self, moment):
        """What a worker does until then, each at its own moment."""
        from outbox.dispatcher import work_through

        now = None
        while (due_at := self.next_due()) and due_at <= moment:
            now = max(now or due_at, due_at, BEGINS)
            with time_machine.travel(now, tick=False):
                work_through()

    def next_due(self):
        """When the next mail is tried, or a delivery is put into one."""
        from django.db.models import Min

        from letters.models import Delivery
        from outbox.models import OutgoingMail

        waiting = Delivery.objects.open().filter(mail=None)
        wanted = waiting.exclude(recipient__rhythm="paused")
        found = [
            rows.aggregate(at=Min("due_at"))["at"]
            for rows in (wanted, OutgoingMail.objects.open())
        ]
        return min((at for at in found if at), default=None)


def most_within(moments, form):
    """The most of these moments that lie in one hour, day or week."""
    return max(Counter(moment.strftime(form) for moment in moments).values(), default=0)


def findings(week, relay):
    """What became of each official's choice, and of whom it was not kept."""
    from letters.recipients.office_hours import CLOSES, OPENS

    found, broken = [], []
    for recipient in week.officials:
        mails = [m for m in relay.mails if m[0] == recipient.email]
        at = [moment for _to, moment, _several, _size in mails]
        shared = [moment for _to, moment, several, _size in mails if several]
        hour, day, week_of = (
            most_within(at, form) for form in ("%Y-%m-%d %H", "%Y-%m-%d", "%G %V")
        )
        shared_a_day = most_within(shared, "%Y-%m-%d")
        outside = sum(not (OPENS <= m.time() < CLOSES) or m.weekday() > 4 for m in at)
        chosen = {
            "each": hour <= AN_HOUR and shared_a_day <= 1,
            "daily": day <= 1,
            "weekly": week_of <= 1,
            "paused": not at,
        }
        if outside or not chosen[recipient.rhythm]:
            broken.append(recipient.get_rhythm_display())
        letters = recipient.deliveries.filter(outcome="sent").count()
        waiting = recipient.deliveries.open().count()
        largest = max((size for *_rest, size in mails), default=0)
        figure = (
            f"{letters:,} letters in {len(mails):,} mails, {waiting:,} wait; at most"
            f" {hour} an hour, {day} a day, {week_of} a week, {shared_a_day} of several"
            f" letters a day; {outside} out of hours; {largest / 1000:,.0f} KB at most"
        )
        name = f"a week of letters, {recipient.get_rhythm_display()}"
        found.append((name, "as chosen", figure, ""))
    return found, broken


def main():
    options = program.options(
        __doc__,
        letters=(10_000, "within a week"),
        seed=(1, "what happens to whom"),
    )
    with servers.running(servers.tables):
        from django.conf import settings
        from django.db import connection

        with connection.cursor() as cursor:  # no measurement of the disk
            cursor.execute("SET synchronous_commit TO off")
        relay = Relay(random.Random(options.seed))
        where = {"host": "127.0.0.1", "port": relay.port}
        settings.MAILERS["default"]["OPTIONS"] = where
        settings.MAILS_A_MINUTE = 1_000_000
        settings.LETTERS_AN_HOUR = AN_HOUR
        week = Week(random.Random(options.seed))
        week.run(options.letters)
        found, broken = findings(week, relay)
        relay.stop()
    print(f"{week.presses:,} letters were sent again by hand.")
    figures.publish("week", found, options)
    if broken:
        sys.exit(f"More than was chosen: {', '.join(broken)}.")


if __name__ == "__main__":
    program.run(main)
