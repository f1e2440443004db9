"""What stands in the database, before, between and after the runs."""

from datetime import timedelta

from django.conf import settings
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
# What tells the copies of the one signature that is really made apart (copies.py).
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
COUNTED = (
    """
    INSERT INTO petitions_tallyentry (petition_id, country, delta)
    SELECT petition_id, country, count(*) FROM petitions_signature
    WHERE petition_id = %(petition)s AND name LIKE 'Person %%' GROUP BY 1, 2
    """,
    """
    INSERT INTO petitions_link (petition_id, number, delta, commitment, link)
    SELECT petition_id, 10 + row_number() OVER (), 1, commitment, commitment
    FROM petitions_signature
    WHERE petition_id = %(petition)s AND name LIKE 'Person %%'
    """,
)


def open_petition():
    """The petition of the demo's open campaign."""
    from campaigns.models import Campaign

    return Campaign.objects.open().exclude(petition=None).earliest("pk").petition


def add_texts(petition):
    """The texts of its campaign in each further language, in the same words.

    Returns the path of its page in the last one.
    """
    from campaigns.models import CampaignText

    campaign = petition.campaign
    campaign.texts.all().delete()
    said = {name: getattr(campaign, name, "") for name in CampaignText.TOLD}
    for code, _name in settings.LANGUAGES[1:]:
        CampaignText.objects.create(
            campaign=campaign,
            language=code,
            slug=f"bench-{code}",
            published_at=timezone.now(),
            **{**said, "ask": petition.ask},
        )
    return f"/{code}/bench-{code}/"


def add_campaigns(number):
    """So many more that are open, each with texts in each further language.

    Returns a title that stands on the first page of all, and the path of the last.
    """
    from campaigns.models import CampaignText

    campaigns = [new_campaign(f"home-{n}") for n in range(number)]
    for code, _name in settings.LANGUAGES[1:]:
        CampaignText.objects.bulk_create(
            CampaignText(
                campaign=campaign,
                language=code,
                slug=f"{campaign.slug}-{code}",
                title=campaign.title,
                published_at=campaign.published_at,
            )
            for campaign in campaigns
        )
    return campaigns[-1].title, f"/{code}/"


def new_campaign(slug):
    """One that has been open for a month."""
    from campaigns.models import Campaign

    opened = timezone.now() - timedelta(days=30)
    return Campaign.objects.create(
        title=f"Many: {slug}", slug=slug, opens_at=opened, published_at=opened
    )


def new_petition():
    """The petition of one more campaign, called "many"."""
    from petitions.models import Petition

    campaign = new_campaign("many")
    return Petition.objects.create(campaign=campaign, ask="I ask for nothing.")


def add_signatures(number):
    """One more campaign, with this many signatures in the tables that all share."""
    from campaign_site.development.management.commands.load_demo import (
        make_sample_signatures,
    )

    make_sample_signatures(new_petition(), number)
    vacuum()


def sign(petition, email):
    """A signature as the form takes it."""
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


def copy_signatures(number, copies=None):
    """A petition with this many signatures, and two that were really made.

    The others are rows as a real signature leaves them, in each table it touches.
    """
    from library.copies import Copies
    from petitions.models import TallyEntry

    petition = new_petition()
    for person in range(2):
        sign(petition, f"p-{person}@few.example").confirm()
    TallyEntry.roll_up()
    copies = copies or Copies()
    for table, own in COPIED.items():
        copies.add(table, number, own)
    with connection.cursor() as cursor:
        for statement in COUNTED:
            cursor.execute(statement, {"petition": petition.pk})
    vacuum()
    return petition


def add_thread(number):
    """A campaign with this many comments that show; returns its slug."""
    from comments.models import Comment, Thread
    from safeguards.same_words import digest

    campaign = new_campaign(f"thread-{number}")
    text = "Please let the dogs live. They trust us, and we owe them better. " * 3

    def comment(text, n, **others):
        # As posted, from a thousand networks: PostgreSQL plans by what it finds.
        return Comment(
            campaign=campaign,
            name="Ada Lovelace",
            text=text,
            text_digest=digest(text),
            network_hash=f"{n % 1000:032x}",
            mail_key=None,
            created_at=campaign.opens_at,
            state="shown",
            shown_at=campaign.opens_at,
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
    return fetch(statement)[0][0]


def fetch(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
