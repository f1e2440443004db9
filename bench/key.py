"""What a program of the group costs that reads 100,000 signatures with a key.

`bin/python bench/key.py` fills a database, notes what may be known, and reads all of it
page by page, as a program does. It fails unless each signature comes once, a page asks
the database as often for the last as for the first, and memory stays flat. Then a night
forgets the networks of all signatures: nothing of that may come as news.
"""

import sys
import time
from datetime import timedelta
from statistics import median

from library import figures, program, rows, servers
from library.pairs import Meter

MANY = 100_000
MOST_MILLISECONDS, MOST_GROWTH = 100, 8
WARM = 300  # so many pages fill what a process keeps


def main():
    options = program.options(__doc__, many=(MANY, "signatures"))
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("key")}
        program.apart(fill, options.many, **database)
        print(f"{options.many:,} signatures are there.", flush=True)
        noted, again, after_night = program.apart(note, **database)
        told = program.apart(read_all, **database)
    aim = f"{MOST_MILLISECONDS} ms, {MOST_GROWTH} MB"
    figure = (
        f"{told['rows']:,} rows, {told['pages']:,} pages, {told['seconds']:.0f} s; "
        f"a page {told['cpu']:.1f} ms of CPU, after {told['p50']:.0f} / "
        f"{told['p95']:.0f} / {told['most']:.0f} ms (p50, p95, longest); "
        f"{told['statements']} statements each; "
        f"{told['memory']:.0f} MB at most, +{told['growth']:.1f} after {WARM} pages"
    )
    figures.publish(
        "key",
        [
            (f"{options.many:,} signatures, page by page", aim, figure, ""),
            (
                f"noting {options.many:,}",
                "",
                f"first {noted:.1f} s; nothing new {again:.1f} s; after a night that "
                f"changed all rows {after_night:.1f} s, 0 of them listed again",
                "",
            ),
        ],
        options,
    )
    if told["cpu"] > MOST_MILLISECONDS or told["growth"] > MOST_GROWTH:
        sys.exit("It costs too much.")
    if told["rows"] != told["known"]:
        sys.exit(f"{told['known']:,} signatures may be known.")


def fill(number):
    servers.site()
    rows.copy_signatures(number)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_signature SET network_hash = 'abc'")
    rows.vacuum()


def note():
    """Seconds of noting all, of noting nothing, and of noting after a night."""
    import django

    django.setup()
    from django.utils import timezone

    from api.keys import AccessKey
    from api.models import HandedOut
    from database import retention
    from petitions.models import Signature
    from staff.models import User

    root, _new = User.objects.get_or_create(username="root", is_superuser=True)
    key = AccessKey(name="bench", made_by=root, ends_on=timezone.localdate())
    key.give_text()
    key.save()
    spent = [seconds(HandedOut.objects.note_all)]
    spent.append(seconds(HandedOut.objects.note_all))
    last = HandedOut.objects.latest("pk").pk
    Signature.objects.update(created_at=timezone.now() - timedelta(days=400))
    [rule] = [one for one in retention.rules() if one.name == "networks of signatures"]
    rule.forget()
    rows.vacuum()
    spent.append(seconds(HandedOut.objects.note_all))
    if HandedOut.objects.filter(pk__gt=last).exists():
        sys.exit("What a night has changed came as news.")
    return spent


def seconds(do):
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


def read_all():
    """Follow `next` from the first page on."""
    import django
    from django.conf import settings

    django.setup()
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from api.keys import AccessKey
    from api.models import HandedOut

    key = AccessKey.objects.get()
    text = key.give_text()
    key.save()
    settings.LIMIT_POSTS_A_MINUTE = 10**6
    client = Client(
        SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {text}"}
    )
    times, costs, statements = [], [], []
    path, begun = "/api/campaigns/many/signatures/", time.monotonic()
    read = after_some = 0
    while path:
        with CaptureQueriesContext(connection) as asked, Meter() as meter:
            begun_page = time.monotonic()
            answer = client.get(path)
            times.append(time.monotonic() - begun_page)
        costs.append(meter.milliseconds)
        found = answer.json()
        read += len(found["_embedded"]["osdi:signatures"])
        statements.append(len(asked))
        reset_queries()
        if len(times) in (10, WARM):
            after_some = figures.most_memory()
        ahead = found["_links"].get("next", {}).get("href", "")
        path = ahead.partition("/api/")[2] and "/api/" + ahead.partition("/api/")[2]
    # What is known for some seconds is asked again, so that not each page is the same.
    half = len(statements) // 2
    first, last = max(statements[1:half]), max(statements[half:])
    if last > first:
        sys.exit(
            f"The last pages ask the database {last} times, and the first {first}."
        )
    return {
        "rows": read,
        "known": HandedOut.objects.filter(petition__campaign__slug="many").count(),
        "pages": len(times),
        "seconds": time.monotonic() - begun,
        "cpu": median(costs),
        "p50": figures.milliseconds(times, 50),
        "p95": figures.milliseconds(times, 95),
        "most": figures.milliseconds(times, 100),
        "statements": f"{min(statements)}–{last}",
        "memory": figures.most_memory(),
        "growth": figures.most_memory() - after_some,
    }


if __name__ == "__main__":
    program.run(main)
