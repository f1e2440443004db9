"""The clocks of the tests themselves; see tests/clock.py."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from supporters.models import Supporter


@pytest.mark.django_db
def test_python_and_the_database_are_at_the_same_moment():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now(), transaction_timestamp(), statement_timestamp(),"
            " clock_timestamp()"
        )
        told = cursor.fetchone()
    row = Supporter.objects.create(email="ada@mail.example")

    for moment in (*told, Supporter.objects.get(pk=row.pk).created_at):
        assert abs(moment - timezone.now()) < timedelta(minutes=1)
