from outbox.models import OutgoingMail
from outbox.outgoing_mail import addressed_to


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
