"""What it costs to forget the 1,000,000 signers of a campaign that has ended.

`bin/python bench/retention.py` fills a database with that many signers, and lets a
worker do the retention run twice. It fails unless the first stays inside of 256 MB and
leaves neither name nor address, and the second finds nothing.
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

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import million  # noqa: E402
import servers  # noqa: E402
from bundle import database_of  # noqa: E402
from marks import write_between  # noqa: E402
from run import the_only_one  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

MANY, MEGABYTES = 1_000_000, 256
RULES = ("signers", "confirmations", "addresses")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--many", type=int, default=MANY, help=f"signers ({MANY:,})")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            report = measure(postgres.url, options.many)
        finally:
            processes.stop()
            postgres.remove()
            shutil.rmtree(servers.VAR / "static", ignore_errors=True)
    print(report)
    if options.write:
        write_between("night", report)


def measure(url, many):
    database = database_of(url, "night")
    act_in(database, "fill", many)
    print(f"{many:,} signers are there.", flush=True)
    lines = [
        figures.machine(million.postgres_version(url)),
        "",
        "| night | " + " | ".join(RULES) + " | seconds | worker’s memory at most, MB |",
        "| --- |" + " ---: |" * (len(RULES) + 2),
    ]
    for name, expected in (("first", many), ("second", 0)):
        night = json.loads(act_in(database, "spend", many).splitlines()[-1])
        numbers = [night["report"][rule] for rule in RULES]
        cells = [f"{number:,}" for number in numbers]
        lines.append(
            f"| {name} | {' | '.join(cells)} | {night['seconds']:.0f}"
            f" | {night['memory']:.0f} |"
        )
        print(lines[-1], flush=True)
        if numbers[0] != expected or night["unfinished"] or night["left"]:
            sys.exit(f"The {name} night did not do its work: {night}")
        if night["memory"] > MEGABYTES:
            sys.exit(f"The {name} night took more than {MEGABYTES} MB.")
    return "\n".join(lines)


def act_in(database, what, number):
    """Do it in a process of its own, whose Django knows that database."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(number)],
        env=os.environ | servers.ENVIRONMENT | {"DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def fill(number):
    """Signers of a campaign that ended seven months ago and was handed over then."""
    million.fill(number)
    from datetime import timedelta

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


def spend(_number):
    """One night in a worker, as it is started in production; its figures as JSON."""
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
    known = Signature.objects.filter(name__startswith="Person ")
    print(
        json.dumps(
            {
                "report": night.report,
                "unfinished": night.unfinished,
                "left": known.count(),
                "seconds": seconds,
                "memory": peak_memory(),
            }
        )
    )


def peak_memory():
    """The most that this process has held, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] in (["fill"], ["spend"]):
        globals()[sys.argv[1]](int(sys.argv[2]))
    else:
        main()
