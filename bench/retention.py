"""What it costs to forget the 1,000,000 signers of a campaign that has ended.

`bin/python bench/retention.py` fills a database with that many signers, and lets a
worker do the retention run twice. It fails unless the first stays inside of 256 MB and
leaves neither name nor address, and the second finds nothing.
"""

import sys
import time
from datetime import timedelta

from library import figures, program, rows, servers

MANY, MEGABYTES = 1_000_000, 256


def main():
    options = program.options(__doc__, many=(MANY, "signers"))
    found = []
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("night")}
        program.apart(fill, options.many, **database)
        print(f"{options.many:,} signers are there.", flush=True)
        for name, expected in (("first", options.many), ("second", 0)):
            forgotten, left, seconds, memory = program.apart(spend, **database)
            if forgotten != expected or left:
                sys.exit(f"The {name} night forgot {forgotten:,}, and left {left}.")
            if memory > MEGABYTES:
                sys.exit(f"The {name} night took more than {MEGABYTES} MB.")
            figure = f"{forgotten:,} signers, {seconds:.0f} s, {memory:.0f} MB at most"
            found.append((f"{name} night", f"{MEGABYTES} MB", figure, ""))
    figures.publish("retention", found, options)


def fill(number):
    """Signers of a campaign that ended seven months ago and was handed over then."""
    servers.site()
    rows.copy_signatures(number)
    from django.db import connection
    from django.utils import timezone

    from campaigns.models import Campaign, Milestone

    ended = timezone.now() - timedelta(days=215)
    begun = ended - timedelta(days=30)
    Campaign.objects.filter(slug="many").update(opens_at=begun, closes_at=ended)
    Milestone.objects.create(
        campaign=Campaign.objects.get(slug="many"), kind="delivered", day=ended.date()
    )
    with connection.cursor() as cursor:
        # The two that were really made are left out, so that the numbers are round.
        cursor.execute(
            "UPDATE petitions_signature SET counted = false, withdrawn_at = now()"
            " WHERE name NOT LIKE 'Person %'"
        )


def spend():
    """One night in a worker, as it is started in production: how many signers it
    forgot, what it left over, its seconds, and its memory at most."""
    import django

    django.setup()
    from django.core.management import call_command

    from petitions.models import Signature
    from supporters.models import RetentionRun
    from supporters.personal_data import tasks

    tasks.forget.defer(timestamp=0)
    begun = time.monotonic()
    call_command("worker", "--one-shot")
    seconds, night = time.monotonic() - begun, RetentionRun.objects.latest("started_at")
    known = Signature.objects.filter(name__startswith="Person ").count()
    left = {"signers": known, "rules": night.unfinished}
    is_done = not known and not night.unfinished
    return (
        night.report["signers"], {} if is_done else left, seconds, figures.most_memory()
    )  # fmt: skip


if __name__ == "__main__":
    program.run(main)
