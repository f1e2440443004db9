"""What an act costs under a petition with 1,000,000 signatures, beside one with 1,000.

`bin/python bench/million.py` fills two databases of one PostgreSQL and does the same
in each, in turn: reads the action page and the count's page, signs, confirms, and lists
signatures in the admin. It counts the processor time of the process that does it and of
its PostgreSQL backend.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import psycopg  # noqa: E402
import servers  # noqa: E402
from marks import write_between  # noqa: E402
from run import the_only_one  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

FEW, MANY = 1_000, 1_000_000
AIM = 1.2
TIMES = 40  # each act, in one run
ENVIRONMENT = {**servers.ENVIRONMENT, "STAFF_MFA": "offered"}
# Copied from the one signature that is really made, with a number instead of what tells
# people apart; keys follow each other, so that rows of one person find each other.
COPIED = {
    "supporters_supporter": {"email": "'p' || n || '@many.example'"},
    "supporters_confirmation": {"supporter_id": "first_of('supporters_supporter') + n"},
    "supporters_consent": {
        "confirmation_id": "first_of('supporters_confirmation') + n"
    },
    "petitions_signature": {
        "confirmation_id": "first_of('supporters_confirmation') + n",
        "name": "'Person ' || n",
        "country": "(ARRAY['US','KR','GB','DE','PT','FR'])[1 + n % 6]",
        "canonical_email": "'p' || n || '@many.example'",
        "withdrawal_key": "'k' || n",
        "commitment": "sha256(('p' || n)::bytea)",
        "confirmed_at": "now() - n * interval '1 second'",
    },
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--many", type=int, default=MANY, help=f"rows ({MANY:,})")
    parser.add_argument("--runs", type=int, default=5, help="in each database (5)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            report = compare(postgres.url, options)
        finally:
            processes.stop()
            postgres.remove()
            shutil.rmtree(servers.VAR / "static", ignore_errors=True)
    print(report)
    if options.write:
        write_between("million", report)


def compare(url, options):
    """Fill both databases, act in them in turn, and return the medians as Markdown."""
    sides = {}
    for name, number in (("few", FEW), ("many", options.many)):
        sides[number] = in_database(url, name, "fill", number)
        print(f"{number:,} signatures are there.", flush=True)
    runs = {number: [] for number in sides}
    for _run in range(options.runs):
        for number, database in sides.items():
            runs[number].append(json.loads(act_in(database, "act", number)))
    few, many = FEW, options.many
    lines = [
        figures.machine(postgres_version(url)),
        "",
        f"| CPU ms | {few:,} | {many:,} | ratio | aim |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for act in runs[few][0]:
        of = {n: [run[act] for run in runs[n]] for n in runs}
        ratio = median(of[many]) / median(of[few])
        lines.append(
            f"| {act} | {median(of[few]):.2f} | {median(of[many]):.2f}"
            f" | {ratio:.2f}× | {AIM}× |"
        )
    return "\n".join(lines)


def in_database(url, name, what, number):
    """A new database of the cluster with this many signatures; returns its address."""
    database = urlsplit(url)._replace(path=f"/{name}").geturl()
    subprocess.run(
        [sys.executable, "-c", CREATE, url, name], check=True, stdout=subprocess.DEVNULL
    )
    act_in(database, what, number)
    return database


def postgres_version(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SHOW server_version").fetchone()[0]


CREATE = (
    "import sys, psycopg; psycopg.connect(sys.argv[1], autocommit=True)"
    '.execute(f"CREATE DATABASE {sys.argv[2]}")'
)


def act_in(database, what, number):
    """Do it in a process of its own, whose Django knows that database."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(number)],
        env=os.environ | ENVIRONMENT | {"DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def fill(number):
    servers.prepare_site(os.environ["DATABASE_URL"])
    from petitions.models import TallyEntry

    petition = new_petition()
    for person in range(2):
        sign(petition, f"p-{person}@few.example").confirm()
    TallyEntry.fold()
    copy(petition, number)


def copy(petition, number):
    """Rows as a real signature leaves them, this many, in each table it touches."""
    from django.db import connection

    first = {}
    with connection.cursor() as cursor:
        for table, own in COPIED.items():
            cursor.execute(f"SELECT max(id) FROM {table}")
            [first[table]] = cursor.fetchone()
            columns = columns_of(cursor, table)
            values = [own.get(name, f"one.{name}") for name in columns]
            made = re.sub(
                r"first_of\('(\w+)'\)",
                lambda found: str(first[found[1]]),
                ", ".join(values),
            )
            cursor.execute(
                f"INSERT INTO {table} (id, {', '.join(columns)})"
                f" SELECT one.id + n, {made} FROM {table} AS one,"
                f" generate_series(1, {number}) AS n WHERE one.id = {first[table]}"
            )
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" (SELECT max(id) FROM {table}))"
            )
        cursor.execute(
            "INSERT INTO petitions_tallyentry (petition_id, country, delta)"
            " SELECT petition_id, country, count(*) FROM petitions_signature"
            " WHERE petition_id = %s AND name LIKE 'Person %%' GROUP BY 1, 2",
            [petition.pk],
        )
        cursor.execute(
            "INSERT INTO petitions_link (petition_id, number, delta, commitment, link)"
            " SELECT petition_id, 10 + row_number() OVER (), 1, commitment, commitment"
            " FROM petitions_signature"
            " WHERE petition_id = %s AND name LIKE 'Person %%'",
            [petition.pk],
        )
        cursor.execute("VACUUM ANALYZE")


def columns_of(cursor, table):
    """The columns that are written: not the key, and not what is worked out."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def act(number):
    """The CPU milliseconds of each act, in this process and its backend, as JSON."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()
    from django.db import connection
    from django.test import Client

    from campaigns.models import Campaign

    petition = Campaign.objects.get(slug="many").petition
    client, staff = Client(SERVER_NAME="127.0.0.1"), signed_in()
    listed = "/admin/petitions/signature/"
    people = iter(range(10**9))
    pending = []

    def sign_one():
        pending.append(sign(petition, f"{os.getpid()}-{next(people)}@new.example"))

    acts = {
        "the action page": lambda: look(client, "/many/"),
        "the count's page": lambda: look(client, "/many/count/"),
        "signing": sign_one,
        "confirming": lambda: pending.pop().confirm(),
        "the admin's list": lambda: look(staff, listed),
        "the admin's list, one petition": lambda: look(
            staff, f"{listed}?petition__id__exact={petition.pk}"
        ),
    }
    with connection.cursor() as cursor:
        # In one backend, whose time can be read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    costs = {}
    for name, do in acts.items():
        if name != "confirming":  # each of these has to be there before
            do()
        before = cpu_milliseconds(backend)
        for _time in range(TIMES):
            do()
        costs[name] = (cpu_milliseconds(backend) - before) / TIMES
    print(json.dumps(costs))


def look(client, path):
    if client.get(path).status_code != 200:
        sys.exit(f"{path} is not there.")


def cpu_milliseconds(backend):
    """Of this process and of one backend, to the nanosecond (schedstat, field 1)."""
    theirs = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return (time.process_time_ns() + int(theirs)) / 1e6


def new_petition():
    from datetime import timedelta

    from django.utils import timezone

    from campaigns.models import Campaign
    from petitions.models import Petition

    opened = timezone.now() - timedelta(days=30)
    campaign = Campaign.objects.create(
        title="Many have signed", slug="many", opens_at=opened, published_at=opened
    )
    return Petition.objects.create(campaign=campaign, ask="I ask for nothing.")


def sign(petition, email):
    return petition.sign(
        name="Ada Lovelace",
        email=email,
        city="London",
        country="GB",
        shown_as="full",
        consents=[("signature", "I ask for nothing.", "1")],
        language="en",
        page="/many/",
    )


def signed_in():
    from django.test import Client

    from staff.models import User

    staff = Client(SERVER_NAME="127.0.0.1")
    root, _new = User.objects.get_or_create(
        username="root", is_staff=True, is_superuser=True
    )
    staff.force_login(root)
    return staff


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["fill"]:
            fill(int(sys.argv[2]))
        elif sys.argv[1:2] == ["act"]:
            act(int(sys.argv[2]))
        else:
            main()
    except KeyboardInterrupt:
        sys.exit(130)
