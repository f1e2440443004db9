""" "This was not me" about acts that wait for a moderator: no mail comes about them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supporters.acts.tasks import tell_owners
from supporters.models import Supporter
from tests.factories import make_petition, make_staff
from tests.supporters.test_links_of_questions import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["signature", "letter", "follow"])
def held(request, client, mailbox, work):
    """One that waits, and says the same as one that its owner was asked about."""
    make_petition()
    KINDS[request.param]()
    work()
    Supporter.objects.update(confirmed_at=timezone.now())
    held = KINDS[request.param](held_for="many")
    client.post(mailbox.path_to("denial"))
    mailbox.clear()
    return held


@pytest.mark.parametrize("decide", ["release", "reject"])
def test_nobody_decides_on_it_until_the_denial_is_undone(
    held, decide, mailbox, work, client
):
    cy = make_staff("cy", is_superuser=True)
    client.force_login(cy)
    desk, row = "/admin/inbox/held/", f"{held._meta.label_lower}-{held.pk}-{held.pk}"
    assert "Nothing is held" in client.get(desk).text

    client.post(desk, {"row": row, "decision": decide, "sure": 1})
    mine = type(held).objects.filter(pk=held.pk)
    assert not getattr(mine, decide)(cy)
    work()

    assert mailbox.messages == []
    held = type(held).objects.get(pk=held.pk)
    held.undo_denial()
    assert "Nothing is held" not in client.get(desk).text
    assert getattr(mine, decide)(cy)


def test_it_is_deleted_in_time_all_the_same(held, settings, time_machine):
    days = settings.KEEP_HELD_DAYS + 1
    time_machine.move_to(timezone.now() + timedelta(days=days))

    assert type(held).objects.outdated().filter(pk=held.pk).exists()


def test_no_end_of_it_is_told(held, mailbox, work, settings, time_machine):
    days = settings.KEEP_HELD_DAYS - 5
    time_machine.move_to(timezone.now() + timedelta(days=days))

    tell_owners(timestamp=0)
    work()

    assert mailbox.messages == []
