"""What stands in the database, before, between and after the runs."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

# Each signature adds one row to each.
TABLES_OF_AN_ACT = (
    "supporters_supporter", "supporters_confirmation", "supporters_consent",
    "petitions_signature", "outbox_outgoingmail",
)  # fmt: skip


# Each comment adds one row to each; it asks for no mail, so that no job is queued.
TABLES_OF_A_COMMENT = (
    "supporters_supporter", "supporters_confirmation", "supporters_consent",
    "comments_comment",
)  # fmt: skip
# One reply to every third first comment, as in a lively thread.
REPLIED_TO = 3


def open_petition():
    """The petition of the demo's open campaign."""
    from campaigns.models import Campaign

    return Campaign.objects.open().exclude(petition=None).earliest("pk").petition


def add_signatures(number):
    """One more campaign, with this many signatures in the tables that all share."""
    from campaign_site.development.management.commands.load_demo import (
        make_sample_signatures,
    )
    from campaigns.models import Campaign
    from petitions.models import Petition

    opened = timezone.now() - timedelta(days=30)
    campaign = Campaign.objects.create(
        title="Many have signed", slug="many", opens_at=opened, published_at=opened
    )
    petition = Petition.objects.create(campaign=campaign, ask="I ask for nothing.")
    make_sample_signatures(petition, number)
    vacuum()


def add_thread(number):
    """A campaign with this many comments that show; returns its slug."""
    from campaigns.models import Campaign
    from comments.models import Comment, Thread
    from safeguards.same_words import digest

    opened = timezone.now() - timedelta(days=30)
    campaign = Campaign.objects.create(
        title=f"{number} have commented",
        slug=f"thread-{number}",
        opens_at=opened,
        published_at=opened,
    )
    shown = {"name": "Ada Lovelace", "created_at": opened, "shown_at": opened}
    text = "Please let the dogs live. They trust us, and we owe them better. " * 3

    def comment(text, n, **others):
        # As posted, from a thousand networks: PostgreSQL plans by what it finds.
        return Comment(
            campaign=campaign,
            text=text,
            text_digest=digest(text),
            network_hash=f"{n % 1000:032x}",
            mail_key=None,
            **shown,
            **others,
        )

    firsts = Comment.objects.bulk_create(
        comment(f"{text} {n}", n) for n in range(number - number // (REPLIED_TO + 1))
    )
    answered = firsts[::REPLIED_TO][: number - len(firsts)]
    Comment.objects.bulk_create(
        comment(f"I agree: {text} {n}", n, parent=first, root=first)
        for n, first in enumerate(answered)
    )
    with transaction.atomic():
        Thread.objects.locked(campaign.pk).recount(*[first.pk for first in answered])
    return campaign.slug


def last_page(number):
    """The last page of the thread that add_thread(number) made."""
    from django.conf import settings

    firsts = number - number // (REPLIED_TO + 1)
    return -(-firsts // settings.COMMENTS_A_PAGE)


def vacuum():
    """Clean up now, and not while something is measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def count(tables):
    """The rows of these tables together."""
    return sum(scalar(f"SELECT count(*) FROM {table}") for table in tables)


def statements():
    """Transactions so far, which is what a page's statements are; a second behind."""
    return scalar(
        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    )


def scalar(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
