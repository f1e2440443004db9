import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from paper.models import PaperBatch, PaperLine
from petitions.models import Petition
from tests.factories import make_campaign, make_paper, make_petition, make_staff


@pytest.fixture(autouse=True)
def kinds():
    """Django remembers the kinds of rows; those of this test are gone after it."""
    yield
    ContentType.objects.clear_cache()


def test_a_line_from_before_that_is_to_be_decided_is_found_on_the_desk(upgrade_to):
    upgrade = upgrade_to("petitions", "0003_paper_lines_to_decide")
    campaign, cy = make_campaign(), make_staff("cy")
    petition = Petition.objects.create(campaign=campaign, ask="Help.")
    batch = PaperBatch.objects.create(petition=petition, place="Here", country="GB")
    now = batch.created_at
    PaperBatch.objects.update(finished_at=now, compared_at=now, counted_at=now)
    upgrade.model("petitions", "PaperLine").objects.create(
        batch_id=batch.pk, number=1, name="Ada", country="GB", match="open"
    )

    connection.check_constraints()
    upgrade.migrate()

    assert PaperLine.objects.get().match == "open"
    assert list(PaperBatch.objects.to_count(cy)) == [batch]


def test_a_batch_from_before_counts_still_with_what_was_noted_and_may_be_done(
    upgrade_to,
):
    upgrade = upgrade_to("petitions", "0006_names_on_paper_are_a_room_of_their_own")
    batch = make_paper(petition := make_petition(), "Paula", "Peter")
    batch.count(by=(cy := make_staff("cy")))
    ContentType.objects.filter(app_label="paper").delete()
    kind, _made = ContentType.objects.get_or_create(
        app_label="petitions", model="paperbatch"
    )
    right, _made = Permission.objects.get_or_create(
        content_type=kind, codename="add_paperbatch", defaults={"name": "x"}
    )
    note = LogEntry.objects.create(
        user_id=cy.pk, content_type=kind, object_id=batch.pk, action_flag=ADDITION
    )

    upgrade.migrate()

    assert PaperBatch.objects.get().lines.filter(counted=True).count() == 2
    assert Petition.objects.get(pk=petition.pk).standing.on_paper == 2
    ContentType.objects.clear_cache()
    assert Permission.objects.get(pk=right.pk).content_type.model_class() is PaperBatch
    assert LogEntry.objects.get(pk=note.pk).get_edited_object() == batch
