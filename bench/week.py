"""A week of letters to one office, simulated: does anybody get more than they chose?

`bin/python bench/week.py` lets 10,000 letters to two officials come in over a week, at
random moments, gives each its turn as a worker does, and looks at all the turns. They
choose 60 an hour, Monday to Friday from 8 to 17 by their own clocks, and it is the week
in which these go forward. With --write the figures go into README.md.
"""

import argparse
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import time_machine  # noqa: E402
from marks import write_between  # noqa: E402
from workers import site_without_web  # noqa: E402

from processes import interrupt_on_signals  # noqa: E402

MARK = "week"
ZONE = ZoneInfo("America/Los_Angeles")
BEGINS = datetime(2030, 3, 6, tzinfo=ZONE)  # clocks go forward on the 10th
AN_HOUR = 60
OPENS, CLOSES = clock(8), clock(17)


def make_office(officials):
    from tests.factories import make_recipients

    office = make_recipients(officials)
    office.letters_an_hour, office.timezone = AN_HOUR, ZONE.key
    office.office_opens, office.office_closes = OPENS, CLOSES
    office.save()
    return office


def write(office, letters):
    """Letters with a delivery to each, in the order in which they come."""
    from django.utils import timezone

    from letters.models import Delivery, Letter
    from tests.factories import make_letter

    suggested, now = make_letter(recipients=office), timezone.now()
    fields = {"confirmed_at": now, "anonymised_at": now, "receipt_key": None}
    made = Letter.objects.bulk_create(
        Letter(suggested_letter=suggested, **fields) for _number in range(letters)
    )
    Delivery.objects.bulk_create(
        Delivery(letter=letter, recipient=r, email=r.email, domain=r.domain)
        for letter in made
        for r in office.recipients.all()
    )
    return Delivery.objects.select_related("recipient__list").order_by("pk")


def simulate(letters, officials, seed):
    """The turns of each official, and how long finding them took on average."""
    from letters.models.pace import take_turn

    chance = random.Random(seed)
    week = timedelta(days=7).total_seconds()
    moments = sorted(chance.uniform(0, week) for _number in range(letters))
    deliveries = list(write(make_office(officials), letters))
    began = time.perf_counter()
    for number, delivery in enumerate(deliveries):
        moment = BEGINS + timedelta(seconds=moments[number // officials])
        with time_machine.travel(moment, tick=False):
            take_turn(delivery)
    taken = time.perf_counter() - began
    turns = {}
    for delivery in deliveries:
        turns.setdefault(delivery.recipient_id, []).append(delivery.turn_at)
    return turns, taken / len(deliveries)


def findings(turns):
    """What a table says of each official, and whether anything is wrong."""
    rows, is_wrong = [], False
    for pk, moments in sorted(turns.items()):
        own = sorted(moment.astimezone(ZONE) for moment in moments)
        most = Counter(m.strftime("%Y-%m-%d %H") for m in own).most_common(1)[0][1]
        apart = min((b - a for a, b in pairwise(own)), default=timedelta.max)
        outside = sum(not (OPENS <= m.time() < CLOSES) or m.weekday() > 4 for m in own)
        is_wrong |= bool(outside) or most > AN_HOUR or apart < timedelta(minutes=1)
        rows.append(
            f"| {pk} | {len(own):,} | {most} | {apart.total_seconds():.1f} s | "
            f"{outside} | {own[-1]:%Y-%m-%d} |"
        )
    return rows, is_wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--officials", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    interrupt_on_signals()
    with site_without_web():
        turns, each = simulate(options.letters, options.officials, options.seed)
    rows, is_wrong = findings(turns)
    lines = [
        f"{options.letters:,} letters to {options.officials} officials within a week, "
        f"seed {options.seed}. Each chose {AN_HOUR} an hour, {OPENS:%H:%M} to "
        f"{CLOSES:%H:%M}, Monday to Friday. Finding a turn took {each * 1000:.1f} ms.",
        "",
        "| official | letters | most in an hour | least apart | out of hours | last |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
    ]
    print("\n".join(lines))
    if options.write:
        write_between(MARK, "\n".join(lines))
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
