"""The real gunicorn, and a database that goes away and comes back."""

import pytest

from petitions.models import Signature
from tests.deploy.visitor import sign
from tests.factories import make_petition

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_works_again_as_soon_as_the_database_is_back(gunicorn, wire):
    make_petition()
    statuses = [sign(gunicorn.port, "ada@mail.example")[0] for _ in range(3)]
    wire.cut()
    statuses += [sign(gunicorn.port, "bo@mail.example")[0] for _ in range(3)]
    wire.mend()
    # As many as it has processes and threads, each of which had a connection.
    statuses += [sign(gunicorn.port, "cy@mail.example")[0] for _ in range(8)]

    assert statuses == [302] * 3 + [503] * 3 + [302] * 8
    assert Signature.objects.count() == 11
