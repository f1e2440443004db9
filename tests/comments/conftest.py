from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.utils import timezone

from outbox.models import OutgoingMail
from tests.comments.desk import pressing
from tests.factories import make_campaign, make_staff


@pytest.fixture
def later(work):
    """The minutes for a moderator's second thought are over: do what follows."""

    def later():
        work()
        now = timezone.now()
        soon = now + timedelta(minutes=site_settings.COMMENT_NOTICE_MINUTES)
        OutgoingMail.objects.open().filter(due_at__lte=soon).update(due_at=now)
        work()

    return later


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators")


@pytest.fixture
def di():
    return make_staff("di", "Moderators")


@pytest.fixture
def campaign():
    return make_campaign(title="Bucheon")


@pytest.fixture
def desk(client, cy):
    """A function that presses a button of the desk as Cy, and follows."""
    client.force_login(cy)
    return pressing(client)
