import pytest
from django.db import DatabaseError, transaction

from staff.models import AuditEntry, User


def test_audit_entries_from_before_stay_as_written(upgrade_to):
    upgrade = upgrade_to("staff", "0002_audit_entries_stay_as_written")
    entry = upgrade.model("staff", "AuditEntry").objects.create(
        username="min-ji", kind="change", model="comment", keys=["7"], count=1
    )

    upgrade.migrate()

    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.username, kept.keys) == ("min-ji", ["7"])
    with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(username="somebody else")


def test_entries_from_before_stay_and_say_what_was_refused_from_now_on(upgrade_to):
    upgrade = upgrade_to("staff", "0003_audit_entries_say_what_was_refused")
    entry = upgrade.model("staff", "AuditEntry").objects.create(
        username="min-ji", kind="erased", model="comment", keys=["7"], count=1
    )

    upgrade.migrate()

    refused = AuditEntry.objects.create(username="cy", kind="refused", keys=[], count=0)
    assert refused.get_kind_display() == "tried, and was refused"
    assert AuditEntry.objects.get(pk=entry.pk).get_kind_display() == "erased"


def test_accounts_from_before_stay(upgrade_to):
    upgrade = upgrade_to("staff", "0004_user_gets_summary")
    upgrade.model("staff", "User").objects.create(username="min-ji")

    upgrade.migrate()

    assert User.objects.get().username == "min-ji"


def test_who_wanted_a_weekly_summary_has_an_account_still(upgrade_to):
    upgrade = upgrade_to("staff", "0005_no_weekly_summary")
    users = upgrade.model("staff", "User").objects
    users.create(username="min-ji", gets_summary=True)

    upgrade.migrate()

    User.objects.create(username="cy")  # the column of before fills itself
    assert User.objects.count() == 2
