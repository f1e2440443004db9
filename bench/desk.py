"""What the pages of staff cost with 1,000,000 signatures and 500 campaigns.

`bin/python bench/desk.py` fills a database and opens each page of the staff site's menu
and those of the largest campaign. It counts the processor time of the process that does
it and of its PostgreSQL backend, and the bytes of each page. It fails when a page costs
more than MOST_MILLISECONDS, or holds more than MOST_BYTES.
"""

import os
import sys
from datetime import timedelta
from statistics import median

from library import figures, program, rows, servers
from million import cpu_milliseconds, signed_in

SIGNATURES, CAMPAIGNS, COMMENTS = 1_000_000, 500, 5_000
MOST_MILLISECONDS, MOST_BYTES = 500, 300_000
TIMES = 3
# A search for part of a name, for an address, and for what nobody is called.
SEARCHES = ("petitions/signature/", "supporters/consent/", "comments/comment/")
WORDS = ("Person 77777", "p500@many.example", "nobodylikethis")


def main():
    options = program.options(__doc__, many=(SIGNATURES, "signatures"))
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("desk")}
        program.apart(fill, options.many, **database)
        print(f"{options.many:,} signatures are there.", flush=True)
        costs = program.apart(look_at_all, STAFF_MFA="offered", **database)
    found, too_much = [], []
    for page, (milliseconds, size) in sorted(
        costs.items(), key=lambda each: -each[1][0]
    ):
        print(f"{milliseconds:8.1f} ms {size / 1000:7.1f} KB  {page}")
        if milliseconds > MOST_MILLISECONDS or size > MOST_BYTES:
            too_much.append(page)
        if len(found) < 5:
            figure = f"{milliseconds:.0f} ms, {size / 1000:.0f} KB"
            found.append((page, f"{MOST_MILLISECONDS} ms", figure, ""))
    figures.publish("desk", found, options)
    if too_much:
        sys.exit(f"Too much: {', '.join(too_much)}")


def fill(number):
    servers.site()
    fill_tables(number)


def fill_tables(number):
    """One campaign with so many signatures, and the others with one each."""
    from django.db import connection
    from django.utils import timezone

    from campaigns.models import Campaign, PageViews
    from comments.models import Comment
    from petitions.models import DayCount, Petition
    from petitions.signing import mail_health

    petition = rows.copy_signatures(number)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE petitions_signature SET created_at = confirmed_at"
            " WHERE petition_id = %s",
            [petition.pk],
        )
        cursor.execute(
            "INSERT INTO petitions_countrydaycount"
            " (petition_id, day, country, added, removed)"
            " SELECT petition_id, created_at::date, country, count(*), 0"
            " FROM petitions_signature WHERE counted GROUP BY 1, 2, 3"
            " ON CONFLICT DO NOTHING"
        )
    DayCount.note_signed()
    mail_health.note()
    others = Campaign.objects.bulk_create(
        Campaign(
            title=f"Campaign {n} of a group with a rather long title",
            slug=f"campaign-{n}",
            published_at=timezone.now(),
        )
        for n in range(CAMPAIGNS)
    )
    Petition.objects.bulk_create(
        Petition(campaign=campaign, ask="I ask for nothing.") for campaign in others
    )
    PageViews.objects.bulk_create(
        PageViews(
            campaign=petition.campaign,
            page="campaign",
            day=timezone.localdate() - timedelta(days=days),
            number=1000,
        )
        for days in range(60)
    )
    Comment.objects.bulk_create(
        Comment(
            campaign=petition.campaign,
            text=f"Please stop, {n}.",
            name=f"Writer {n}",
            queued_at=timezone.now(),
        )
        for n in range(COMMENTS)
    )
    rows.vacuum()


def look_at_all():
    """Milliseconds and bytes of each page, by its address."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()
    return costs_of(addresses())


def addresses():
    from campaign_site.menu import SECTIONS
    from petitions.models import Petition

    petition = Petition.objects.get(campaign__slug="many")
    pages = [entry.address for section in SECTIONS for entry in section.entries]
    pages += [
        f"/admin/editor/campaigns/{petition.campaign_id}/home/",
        f"/admin/editor/campaigns/{petition.campaign_id}/home/?days=7",
        f"/admin/campaigns/campaign/{petition.campaign_id}/figures/",
        f"/admin/campaigns/campaign/{petition.campaign_id}/figures/?days=all",
        f"/admin/petitions/petition/{petition.pk}/referrals/",
        f"/admin/petitions/signature/?petition__id__exact={petition.pk}",
    ]
    pages += [f"/admin/{path}?q={words}" for path in SEARCHES for words in WORDS]
    return pages


def costs_of(pages):
    from django.db import connection

    staff = signed_in()
    with connection.cursor() as cursor:
        # In one backend, whose time can be read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    backend = rows.scalar("SELECT pg_backend_pid()")
    costs = {}
    for page in pages:
        taken = []
        for _time in range(TIMES):
            before = cpu_milliseconds(backend)
            answer = staff.get(page, follow=True)
            taken.append(cpu_milliseconds(backend) - before)
            assert answer.status_code == 200, f"{page}: {answer.status_code}"
        costs[page] = median(taken), len(answer.content)
    return costs


if __name__ == "__main__":
    program.run(main)
