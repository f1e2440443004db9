"""What it costs to make the officials' ZIP, up to 1,000,000 signatures.

`bin/python bench/bundle.py` fills a database for each number of signatures, and makes
the ZIP with everything in it (PDF, list and chain) as the worker does. Three of four
signers show their names, a third of those in Hangul.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import million  # noqa: E402
import servers  # noqa: E402
from marks import write_between  # noqa: E402
from run import the_only_one  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

NUMBERS = (10_000, 200_000, 1_000_000)
MEDIA = servers.VAR / "media"
ENVIRONMENT = {**servers.ENVIRONMENT, "MEDIA_ROOT": str(MEDIA)}
# Instead of the names of bench/million.py.
PEOPLE = """
    UPDATE petitions_signature AS signature SET
        name = person.name, city = person.city, shown_as = person.shown_as,
        shown_name = CASE person.shown_as
            WHEN 'full' THEN person.name
            WHEN 'first' THEN split_part(person.name, ' ', 1)
            WHEN 'initials' THEN left(person.name, 1) || '.'
            ELSE ''
        END
    FROM (
        SELECT id,
            (ARRAY['Maria Silva ','김민수','Grace Hopper ','박서연 ',
                'Jean-Baptiste Grenouille de la Tour ','Иван Петров '])[1 + id % 6]
                || id AS name,
            (ARRAY['Lisbon','부천시','Leeds','서울','Paris','Fresno'])[1 + id % 6]
                AS city,
            (ARRAY['full','first','initials','no'])[1 + (id / 6) % 4] AS shown_as
        FROM petitions_signature
    ) AS person
    WHERE person.id = signature.id
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=NUMBERS[-1], help="signatures")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            report = measure(postgres.url, options.most)
        finally:
            processes.stop()
            postgres.remove()
            for folder in (MEDIA, servers.VAR / "static"):
                shutil.rmtree(folder, ignore_errors=True)
    print(report)
    if options.write:
        write_between("delivery", report)


def measure(url, most):
    lines = [
        figures.machine(million.postgres_version(url)),
        "",
        "| signatures | seconds | CPU s | memory at most, MB | ZIP, MB | PDF files |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for number in [n for n in NUMBERS if n < most] + [most]:
        database = database_of(url, f"n{number}")
        act_in(database, "fill", number)
        print(f"{number:,} signatures are there.", flush=True)
        made = json.loads(act_in(database, "make", number))
        lines.append(
            f"| {number:,} | {made['seconds']:.0f} | {made['cpu']:.0f}"
            f" | {made['memory']:.0f} | {made['size']:.1f} | {made['files']} |"
        )
    return "\n".join(lines)


def database_of(url, name):
    """A new database of the cluster; returns its address."""
    subprocess.run([sys.executable, "-c", million.CREATE, url, name], check=True)
    return urlsplit(url)._replace(path=f"/{name}").geturl()


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
    million.fill(number)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        cursor.execute("VACUUM ANALYZE petitions_signature")


def make(number):
    """Seconds, processor seconds and memory of this process, as JSON."""
    import django

    django.setup()
    from campaigns.models import Campaign
    from petitions.models import Bundle

    petition = Campaign.objects.get(slug="many").petition
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    begun, cpu = time.monotonic(), time.process_time()
    bundle.make()
    print(
        json.dumps(
            {
                "seconds": time.monotonic() - begun,
                "cpu": time.process_time() - cpu,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "size": bundle.size / 1e6,
                "files": pdf_files(bundle.file),
            }
        )
    )


def pdf_files(file):
    from zipfile import ZipFile

    with ZipFile(file) as found:
        return sum(name.endswith(".pdf") for name in found.namelist())


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["fill"]:
            fill(int(sys.argv[2]))
        elif sys.argv[1:2] == ["make"]:
            make(int(sys.argv[2]))
        else:
            main()
    except KeyboardInterrupt:
        sys.exit(130)
