from datetime import UTC, datetime

from django.db import connection

from safeguards.models import Hits


def test_what_was_counted_before_still_counts(upgrade_to):
    upgrade = upgrade_to("safeguards", "0002_counters_unlogged")
    upgrade.model("safeguards", "Hits").objects.create(
        key=b"0123456789abcdef", count=3, ends_at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert persistence() == "p"

    upgrade.migrate()

    assert Hits.objects.get(key=b"0123456789abcdef").count == 3
    assert persistence() == "u"


def persistence():
    """PostgreSQL's letter for it: p(ermanent) or u(nlogged)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = 'safeguards_hits'"
        )
        return cursor.fetchone()[0]
