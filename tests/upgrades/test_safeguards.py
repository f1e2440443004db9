from datetime import UTC, datetime

from django.db import connection

from safeguards.models import Block, Hits


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


def test_the_words_for_names_come_beside_the_block_list_of_before(upgrade_to):
    upgrade = upgrade_to("safeguards", "0003_words_that_wait_in_names")
    upgrade.model("safeguards", "Block").objects.create(kind="word", value="casino")

    upgrade.migrate()

    in_names = Block.objects.filter(kind="word in names").values_list(
        "value", flat=True
    )
    assert {"die …", "asesino", "死ね"} <= {*in_names}
    assert Block.objects.filter(kind="word").get().value == "casino"


def test_a_given_name_does_not_wait_unless_staff_have_added_it(upgrade_to):
    upgrade = upgrade_to("safeguards", "0004_nazi_is_a_name")
    blocks = upgrade.model("safeguards", "Block").objects
    for word in ("nazi", "nazis"):
        blocks.create(kind="word in names", value=word)

    upgrade.migrate()

    now = Block.objects.filter(kind="word in names").values_list("value", flat=True)
    assert "nazis" in now
    assert "nazi" not in now
