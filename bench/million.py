"""What an act costs under a petition with 1,000,000 signatures, beside one with 1,000.

`bin/python bench/million.py` fills two databases of one PostgreSQL and does the same
in each, in turn: reads the action page and the count's page, signs, confirms, and lists
signatures in the admin. It counts the processor time of the process that does it and of
its PostgreSQL backend.
"""

import os
import time
from pathlib import Path
from statistics import median

from library import figures, program, rows, servers

FEW, MANY = 1_000, 1_000_000
TIMES = 40  # each act, in one run


def main():
    options = program.options(
        __doc__, many=(MANY, "signatures"), runs=(5, "in each database")
    )
    sides = {}
    with servers.running() as started:
        for number in (FEW, options.many):
            sides[number] = {"DATABASE_URL": started.new_database(f"n{number}")}
            program.apart(fill, number, **sides[number])
            print(f"{number:,} signatures are there.", flush=True)
        runs = {number: [] for number in sides}
        for _run in range(options.runs):
            for number, database in sides.items():
                cost = program.apart(act, STAFF_MFA="offered", **database)
                runs[number].append(cost)
    found = []
    for name in runs[FEW][0]:
        few, many = (median(run[name] for run in of) for of in runs.values())
        figure = f"{few:.2f} ms with {FEW:,}, {many:.2f} with {options.many:,}"
        found.append((name, "1.2×", figure, f"{many / few:.2f}×"))
    figures.publish("million", found, options)


def fill(number):
    """A database with a petition that so many have signed."""
    servers.site()
    rows.copy_signatures(number)


def act():
    """The CPU milliseconds of each act, in this process and its backend."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()
    from django.db import connection
    from django.test import Client

    from campaigns.models import Campaign

    petition = Campaign.objects.get(slug="many").petition
    client, staff = Client(SERVER_NAME="127.0.0.1"), signed_in()
    listed = "/admin/petitions/signature/"
    one_petition = f"{listed}?petition__id__exact={petition.pk}"
    people = iter(range(10**9))
    pending = []

    def sign_one():
        email = f"{os.getpid()}-{next(people)}@new.example"
        pending.append(rows.sign(petition, email))

    acts = {
        "the action page": lambda: look(client, "/many/"),
        "the count's page": lambda: look(client, "/many/count/"),
        "signing": sign_one,
        "confirming": lambda: pending.pop().confirm(),
        "the admin's list": lambda: look(staff, listed),
        "the admin's list, one petition": lambda: look(staff, one_petition),
    }
    with connection.cursor() as cursor:
        # In one backend, whose time can be read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    backend = rows.scalar("SELECT pg_backend_pid()")
    costs = {}
    for name, do in acts.items():
        if name != "confirming":  # each of these has to be there before
            do()
        before = cpu_milliseconds(backend)
        for _time in range(TIMES):
            do()
        costs[name] = (cpu_milliseconds(backend) - before) / TIMES
    return costs


def look(client, path):
    assert client.get(path).status_code == 200, f"{path} is not there."


def cpu_milliseconds(backend):
    """Of this process and of one backend, to the nanosecond (schedstat, field 1)."""
    theirs = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return (time.process_time_ns() + int(theirs)) / 1e6


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
    program.run(main)
