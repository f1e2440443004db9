import pytest

from supporters.follow import tasks
from supporters.models import Mailing
from tests.supporters.questions import no_questions


@pytest.fixture
def post(work):
    """Send an update and let what is due leave, as the worker does each minute."""

    def post(*updates):
        no_questions()
        mailings = [Mailing.objects.send(update, by=None) for update in updates]
        work()
        tasks.sweep_mailings.func(timestamp=0)
        work()
        return mailings[0] if mailings else None

    return post
