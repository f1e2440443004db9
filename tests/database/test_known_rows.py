"""Rows that a process remembers: nobody shares them, and the database decides."""

import pytest
from django.db import connection, transaction

from campaigns.models import Campaign
from database import known
from database.known import AS_KNOWN, KnownRows
from database.prepared import Given, rows_of
from letters.models import SuggestedLetter
from petitions.models import Petition
from tests.factories import make_campaign, make_letter, make_petition

pytestmark = pytest.mark.django_db
ON_DISK = pytest.mark.django_db(transaction=True)


@pytest.fixture
def petitions():
    return KnownRows(
        lambda: Petition.objects.filter(campaign__slug=Given("slug")).select_related(
            "campaign"
        )
    )


def is_known(rows, row):
    answers = rows_of(*rows.question(row))
    assert answers in ([], [(AS_KNOWN, None)])
    return bool(answers)


def test_it_reads_what_the_queryset_reads_and_remembers_it(
    petitions, django_assert_num_queries
):
    petition = make_petition()

    read = petitions.read(slug="campaign-1")
    with django_assert_num_queries(0):
        recalled = petitions.recall(slug="campaign-1")
        assert recalled.campaign.title == "Campaign 1"

    assert read == recalled == petition
    assert read.campaign == petition.campaign
    assert petitions.read(slug="nothing") is None
    assert petitions.recall(slug="nothing") is None


def test_what_one_request_does_with_a_row_no_other_sees(petitions):
    make_petition()
    petitions.read(slug="campaign-1")

    one, two = (petitions.recall(slug="campaign-1") for _ in range(2))
    one.ask, one.campaign.title, one.campaign.own = "Mine", "Mine", "Mine"
    one.campaign.life  # noqa: B018, a cached property
    one.campaign = make_campaign()

    for other in (two, petitions.recall(slug="campaign-1")):
        assert other.ask == "I ask the council to help."
        assert other.campaign.title == "Campaign 1"
        assert other.campaign.__dict__.keys().isdisjoint({"own", "life"})
    assert two.campaign is not petitions.recall(slug="campaign-1").campaign


def test_a_row_with_a_value_that_can_change_is_not_shared(petitions, monkeypatch):
    make_petition()

    def with_a_list(*given):
        row = Petition.objects.select_related("campaign").get()
        row.campaign.title = []
        return [row]

    monkeypatch.setattr(petitions, "_instances", with_a_list)
    with pytest.raises(TypeError, match="unhashable"):
        petitions.read(slug="campaign-1")


CHANGES = {
    "its own row": lambda: Petition.objects.update(ask="Something else"),
    "what it is joined to": lambda: Campaign.objects.update(title="Another"),
    "changed and changed back": lambda: [
        Campaign.objects.update(closed_at=None),
        Campaign.objects.update(closed_at=None),
    ],
    "deleted": lambda: Petition.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_says_when_it_is_changed(petitions, change):
    make_petition()
    row = petitions.read(slug="campaign-1")
    assert is_known(petitions, row)

    CHANGES[change]()

    assert not is_known(petitions, row)


def test_a_row_that_is_only_referred_to_or_locked_is_as_known(petitions):
    petition = make_petition()
    row = petitions.read(slug="campaign-1")

    list(Campaign.objects.select_for_update().all())
    petition.bundles.create()

    assert is_known(petitions, row)


def test_what_is_joined_later_is_a_change():
    """No row stood beside it when it was read."""
    campaigns = KnownRows(
        lambda: Campaign.objects.filter(slug=Given("slug")).select_related("letter")
    )
    campaign = make_campaign()
    row = campaigns.read(slug="campaign-1")
    assert is_known(campaigns, row)

    make_letter(campaign)

    assert not is_known(campaigns, row)
    assert is_known(campaigns, campaigns.read(slug="campaign-1"))


def test_each_row_that_it_is_joined_to_counts():
    letters = KnownRows(
        lambda: SuggestedLetter.objects.filter(
            campaign__slug=Given("slug")
        ).select_related("campaign", "recipient_list")
    )
    letter = make_letter(make_campaign())
    row = letters.read(slug="campaign-1")
    assert row.recipient_list == letter.recipient_list
    assert is_known(letters, row)

    type(letter.recipient_list).objects.update(name="Others")

    assert not is_known(letters, row)


def test_what_is_rolled_back_was_never_so(petitions):
    make_petition()
    with transaction.atomic():
        Petition.objects.update(ask="Never asked")
        row = petitions.read(slug="campaign-1")
        assert row.ask == "Never asked"
        transaction.set_rollback(True)

    assert petitions.recall(slug="campaign-1").ask == "Never asked"
    assert not is_known(petitions, row)


@ON_DISK
@pytest.mark.parametrize("command", ["VACUUM FREEZE", "VACUUM FULL"])
def test_a_vacuum_makes_no_row_another(petitions, command):
    """It may move a row, and have it read again."""
    make_petition()
    Petition.objects.update(ask="First")
    first = petitions.read(slug="campaign-1")
    Petition.objects.update(ask="Second")
    second = petitions.read(slug="campaign-1")

    with connection.cursor() as cursor:
        cursor.execute(f"{command} petitions_petition, campaigns_campaign")

    assert not is_known(petitions, first)
    if command == "VACUUM FREEZE":
        assert is_known(petitions, second)
    assert is_known(petitions, petitions.read(slug="campaign-1"))


def test_it_is_read_again_after_some_seconds(petitions, monkeypatch):
    make_petition()
    petitions.read(slug="campaign-1")
    Petition.objects.update(ask="Another")
    assert petitions.recall(slug="campaign-1").ask == "I ask the council to help."

    later = known.time.monotonic() + known.KNOWN_SECONDS
    monkeypatch.setattr(known.time, "monotonic", lambda: later)

    assert petitions.recall(slug="campaign-1").ask == "Another"


def test_it_remembers_no_more_than_so_many(petitions, monkeypatch):
    monkeypatch.setattr(known, "MOST_ROWS", 2)
    for _number in range(3):
        make_petition()
    for number in (1, 2, 3):
        petitions.read(slug=f"campaign-{number}")

    assert len(petitions._kept) <= 2
    assert petitions.recall(slug="campaign-3").campaign.slug == "campaign-3"
