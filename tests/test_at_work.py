"""The tests refuse a lock that a page or a job takes without a transaction."""

import pytest
from django.db.transaction import TransactionManagementError, atomic

from supporters.models import Supporter
from tests.at_work import at_work

pytestmark = pytest.mark.django_db


def test_a_lock_needs_a_transaction_of_the_site():
    locked = Supporter.objects.select_for_update()

    with at_work(), pytest.raises(TransactionManagementError):
        list(locked)
    with at_work(), atomic():
        assert list(locked) == []
    assert list(locked) == []  # the test's own step
