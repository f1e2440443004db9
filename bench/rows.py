"""What stands in the database, before, between and after the runs."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

# Each signature adds one row to each.
TABLES_OF_AN_ACT = (
    "supporters_supporter", "supporters_confirmation", "supporters_consent",
    "petitions_signature", "procrastinate_jobs", "procrastinate_events",
)  # fmt: skip


def open_petition():
    """The petition of the demo's open campaign."""
    from campaigns.models import Campaign

    return Campaign.objects.open().exclude(petition=None).earliest("pk").petition


def add_signatures(number):
    """One more campaign, with this many signatures in the tables that all share."""
    from campaign_site.management.commands.load_demo import make_sample_signatures
    from campaigns.models import Campaign
    from petitions.models import Petition

    opened = timezone.now() - timedelta(days=30)
    campaign = Campaign.objects.create(
        title="Many have signed", slug="many", opens_at=opened, published_at=opened
    )
    petition = Petition.objects.create(campaign=campaign, ask="I ask for nothing.")
    make_sample_signatures(petition, number)
    vacuum()


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
