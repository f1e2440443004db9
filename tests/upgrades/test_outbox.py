from django.db import connection
from django.utils import timezone

from outbox.claiming import claim
from outbox.models import OutgoingMail
from outbox.outgoing_mail import addressed_to
from outbox.purposes import Lane


def test_a_mail_that_waits_keeps_waiting_and_names_no_network(upgrade_to):
    upgrade = upgrade_to("outbox", "0002_which_network_caused_a_mail")
    columns = addressed_to("ada@mail.example")
    del columns["network"]
    row = upgrade.model("outbox", "OutgoingMail").objects.create(
        purpose="my_page", lane="waited", due_at="2030-01-01T00:00Z", **columns
    )

    upgrade.migrate()

    mail = OutgoingMail.objects.get(pk=row.pk)
    assert (mail.email, mail.network, mail.settled_at) == (
        "ada@mail.example",
        None,
        None,
    )


def test_what_was_noted_of_the_domain_stays_for_the_code_before(upgrade_to):
    upgrade = upgrade_to("outbox", "0003_checks_of_the_domain_are_not_kept")
    now = timezone.now()
    upgrade.model("outbox", "DomainCheck").objects.create(at=now, domain="a.example")
    upgrade.model("outbox", "ArrivedTest").objects.create(at=now)

    upgrade.migrate()

    with connection.cursor() as cursor:
        cursor.execute("SELECT domain FROM outbox_domaincheck")
        assert cursor.fetchall() == [("a.example",)]


def test_a_domain_that_was_slowed_gets_no_updates_until_its_time_is_over(upgrade_to):
    upgrade = upgrade_to("outbox", "0004_no_domain_is_slowed")
    rows = upgrade.model("outbox", "PausedDomain").objects
    rows.create(domain="slow.example", is_slow=True, until="2030-01-01T00:00Z")
    rows.create(domain="held.example")

    upgrade.migrate()

    with connection.cursor() as cursor:
        cursor.execute("SELECT domain, only_bulk FROM outbox_pauseddomain ORDER BY id")
        held = cursor.fetchall()
    assert held == [("slow.example", True), ("held.example", False)]


def test_what_waited_for_a_paused_domain_leaves(upgrade_to):
    upgrade = upgrade_to("outbox", "0005_no_domain_is_paused")
    upgrade.model("outbox", "PausedDomain").objects.create(domain="mail.example")
    row = upgrade.model("outbox", "OutgoingMail").objects.create(
        purpose="my_page",
        lane="waited",
        due_at=timezone.now(),
        **addressed_to("ada@mail.example"),
    )

    upgrade.migrate()

    assert [mail.pk for mail in claim(Lane.WAITED, 1, is_bulk=False)] == [row.pk]
    OutgoingMail.objects.queue("my_page", 1, "bo@mail.example")
