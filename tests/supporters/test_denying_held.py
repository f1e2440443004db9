""" "This was not me" about acts that wait for a moderator: no mail comes about them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supporters.acts.tasks import tell_owners
from supporters.models import Supporter
from tests.factories import make_petition, make_staff
from tests.supporters.test_links_of_questions import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.some]


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
def test_no_decision_about_it_is_told(held, decide, mailbox, work):
    assert getattr(held, decide)(make_staff("cy"))
    work()

    assert mailbox.messages == []


def test_no_end_of_it_is_told(held, mailbox, work, settings, time_machine):
    days = settings.KEEP_HELD_DAYS - 5
    time_machine.move_to(timezone.now() + timedelta(days=days))

    tell_owners(timestamp=0)
    work()

    assert mailbox.messages == []
