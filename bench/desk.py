"""What the pages of staff cost with 1,000,000 signatures and 500 campaigns.

`bin/python bench/desk.py` fills a database and opens each page of the staff site's menu
and those of what is largest, and from there all that links lead to: lists, each choice
of their filters, forms of rows, files. Of addresses that differ in a number only, it
opens the first one. It counts the processor time of the process that does it and of its
PostgreSQL backend, and the bytes of each page. It fails when a page costs more than
MOST_MILLISECONDS, or holds more than MOST_BYTES.
"""

import os
import re
import sys
from datetime import timedelta
from html import unescape
from statistics import median
from urllib.parse import urljoin, urlsplit

from library import figures, program, rows, servers
from million import cpu_milliseconds, signed_in

SIGNATURES, CAMPAIGNS, COMMENTS = 1_000_000, 500, 5_000
MOST_MILLISECONDS, MOST_BYTES = 500, 300_000
TIMES = 3  # for a page that costs more than half of what it may
# In each list: part of a name, an address, and what nobody is called.
WORDS = ("Person 77777", "p500@many.example", "nobodylikethis")


def main():
    options = program.options(__doc__, many=(SIGNATURES, "signatures"))
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("desk")}
        program.apart(fill, options.many, **database)
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


def fill(number):
    servers.site()
    fill_tables(number)


def fill_tables(number):
    """One campaign with so many signatures, and the others with one each."""
    from django.db import connection
    from django.utils import timezone

    from campaigns.models import Campaign, PageViews
    from comments.models import Comment
    from petitions.models import Petition, ReferralDayCount
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
    ReferralDayCount.note_signed()
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
    rows.add_followers(number // 10)
    rows.queue_letters(number // 100, petition.campaign)
    rows.vacuum()


def look_at_all():
    """Milliseconds and bytes of each page, by its address."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()
    return costs_of(addresses())


def addresses():
    """Where to begin: the largest first, so that they stand for all of their kind."""
    from campaign_site.menu import SECTIONS
    from campaigns.models import Campaign, Update

    campaign = Campaign.objects.get(slug="many")
    petition, letter = campaign.petition, campaign.letter
    update = Update.objects.get(campaign__slug="followed")
    return [
        f"/admin/editor/campaigns/{campaign.pk}/home/",
        f"/admin/editor/campaigns/{campaign.pk}/",
        f"/admin/campaigns/campaign/{campaign.pk}/change/",
        f"/admin/campaigns/campaign/{campaign.pk}/figures/",
        f"/admin/petitions/petition/{petition.pk}/change/",
        f"/admin/petitions/petition/{petition.pk}/referrals/",
        f"/admin/petitions/signature/?petition__id__exact={petition.pk}",
        f"/admin/letters/suggestedletter/{letter.pk}/change/",
        f"/admin/letters/recipientlist/{letter.recipient_list_id}/change/",
        f"/admin/campaigns/update/{update.pk}/change/",
        *(entry.address for section in SECTIONS for entry in section.entries),
    ]


def costs_of(pages):
    """Open these pages, and what they lead to."""
    from django.db import connection

    staff = signed_in()
    with connection.cursor() as cursor:
        # In one backend, whose time can be read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    backend = rows.scalar("SELECT pg_backend_pid()")

    def open_once(page):
        before = cpu_milliseconds(backend)
        answer = staff.get(page, follow=True)
        content = answer.getvalue()
        return cpu_milliseconds(backend) - before, answer, content

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


def kind_of(page):
    """The address without its numbers; what a list is filtered by stays."""
    parts = urlsplit(page)
    return re.sub(r"\d+", "0", parts.path), re.sub(r"=\d+", "=0", parts.query)


def links_of(page, text):
    """The pages of staff that this one leads to; a list with a search is searched."""
    found = [
        urljoin(page, unescape(link)).partition("#")[0]
        for link in re.findall(r'<a [^>]*href="([^"]*)"', text)
    ]
    if 'id="searchbar"' in text:
        found += [f"{urlsplit(page).path}?q={words}" for words in WORDS]
    return [
        link
        for link in found
        if link.startswith("/admin/") and not re.search(r"[?&](o|p|_changelist)", link)
    ]


if __name__ == "__main__":
    program.run(main)
