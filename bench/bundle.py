"""What it costs to make the officials' ZIP, up to 1,000,000 signatures.

`bin/python bench/bundle.py` fills a database for each number of signatures, and makes
the ZIP with everything in it (PDF, list and chain) as the worker does. Three of four
signers show their names, a third of those in Hangul.
"""

import time
from zipfile import ZipFile

from library import figures, program, rows, servers

NUMBERS = (10_000, 200_000, 1_000_000)
# Instead of the names of rows.copy_signatures().
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
    options = program.options(__doc__, most=(NUMBERS[-1], "signatures"))
    found = []
    with servers.running() as started:
        for number in [n for n in NUMBERS if n < options.most] + [options.most]:
            database = {"DATABASE_URL": started.new_database(f"n{number}")}
            program.apart(fill, number, **database)
            print(f"{number:,} signatures are there.", flush=True)
            figure = program.apart(make, **database)
            found.append((f"ZIP of {number:,} signatures", "flat memory", figure, ""))
    figures.publish("bundle", found, options)


def fill(number):
    """A database with a petition that so many people of many names have signed."""
    from django.db import connection

    servers.site()
    rows.copy_signatures(number)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        cursor.execute("VACUUM ANALYZE petitions_signature")


def make():
    """Make the ZIP; what it took, in words."""
    import django

    django.setup()
    from campaigns.models import Campaign
    from petitions.models import Bundle

    petition = Campaign.objects.get(slug="many").petition
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    begun, cpu = time.monotonic(), time.process_time()
    bundle.make()
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    with bundle.open() as file, ZipFile(file) as made:
        files = sum(name.endswith(".pdf") for name in made.namelist())
    return (
        f"{seconds:.0f} s, {cpu:.0f} s of CPU, {figures.most_memory():.0f} MB at most;"
        f" {bundle.size / 1e6:.1f} MB with {files} PDF"
    )


if __name__ == "__main__":
    program.run(main)
