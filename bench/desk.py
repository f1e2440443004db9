"""What the pages of staff cost with 1,000,000 signatures and 500 campaigns.

`bin/python bench/desk.py` fills a database and opens each page of the staff site's menu
and those of what is largest, and from there all that links lead to: lists, each choice
of their filters, forms of rows, files. Of addresses that differ in a number only, it
opens the first one. It counts the processor time of the process that does it and of its
PostgreSQL backend, and the bytes of each page. It fails when a page costs more than
MOST_MILLISECONDS, or holds more than MOST_BYTES.
"""

import os
import sys
from statistics import median

from library import desk_pages, figures, large_site, pairs, program, servers
from library.desk_pages import kind_of, links_of

SIGNATURES = 1_000_000
MOST_MILLISECONDS, MOST_BYTES = 500, 300_000
TIMES = 3  # for a page that costs more than half of what it may


def main():
    options = program.options(__doc__, many=(SIGNATURES, "signatures"))
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("desk")}
        program.apart(large_site.fill, options.many, **database)
        print(f"{options.many:,} signatures are there.", flush=True)
        costs = program.apart(look_at_all, STAFF_MFA="offered", **database)
    most, largest = (max(each) for each in zip(*costs.values(), strict=True))
    figure = f"{len(costs)} pages, {most:.0f} ms and {largest / 1000:.0f} KB at most"
    aim = f"{MOST_MILLISECONDS} ms, {MOST_BYTES // 1000} KB"
    found, too_much = [("all pages", aim, figure, "")], []
    for page, (milliseconds, size) in sorted(
        costs.items(), key=lambda each: -each[1][0]
    ):
        print(f"{milliseconds:8.1f} ms {size / 1000:7.1f} KB  {page}")
        if milliseconds > MOST_MILLISECONDS or size > MOST_BYTES:
            too_much.append(page)
        if len(found) < 6:
            figure = f"{milliseconds:.0f} ms, {size / 1000:.0f} KB"
            found.append((page, f"{MOST_MILLISECONDS} ms", figure, ""))
    figures.publish("desk", found, options)
    if too_much:
        sys.exit(f"Too much: {', '.join(too_much)}")


def look_at_all():
    """Milliseconds and bytes of each page, by its address."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()
    return costs_of(desk_pages.addresses())


def costs_of(pages):
    """Open these pages, and what they lead to."""

    def open_once(page):
        with pairs.Meter() as meter:
            answer, content = desk_pages.open_page(page)
        return meter.milliseconds, answer, content

    costs, known = {}, set()
    for page in pages:  # grows meanwhile
        if (kind := kind_of(page)) in known:
            continue
        known.add(kind)
        taken, answer, content = open_once(page)
        assert answer.status_code < 500, f"{page}: {answer.status_code}"
        if answer.status_code != 200:  # such as a picture that is not made yet
            continue
        if taken > MOST_MILLISECONDS / 2:
            taken = median(open_once(page)[0] for _time in range(TIMES))
        costs[page] = taken, len(content)
        # What is filtered leads to the same again, filtered twice.
        if answer["Content-Type"].startswith("text/html") and "?" not in page:
            pages += links_of(page, content.decode())
    return costs


if __name__ == "__main__":
    program.run(main)
