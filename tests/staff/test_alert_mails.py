"""Who works here is told of alerts, each once, as long as they work here."""

import pytest
from django.conf import settings

from outbox.dispatcher import work_through
from outbox.models import OutgoingMail
from staff.models import Alert, User
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def sound(about="1"):
    return Alert.objects.sound("a kind", about, "News", "Look at this.", "/admin/")


def told(mailbox):
    return sorted(message["To"] for message in mailbox.messages)


def test_each_campaigner_gets_a_mail_of_their_own(mailbox):
    for name in ("bo", "di"):
        make_staff(name, "Campaigners", email=f"{name}@group.example")
    make_staff("cy", "Moderators", email="cy@group.example")
    sound()
    mailbox.refuse("bo@group.example", "451 4.2.0 Later")

    work_through()
    assert told(mailbox) == ["di@group.example"]
    mailbox.clear()
    OutgoingMail.objects.open().get().due_now()
    work_through()

    assert told(mailbox) == ["bo@group.example"]
    assert "Look at this." in mailbox.text()


def test_without_campaigners_the_contact_is_told_of_each(mailbox):
    sound("1")
    sound("2")

    work_through()

    assert told(mailbox) == [settings.CONTACT_EMAIL] * 2


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "new@b.example"}])
def test_who_has_left_meanwhile_or_has_another_address_is_not_told(mailbox, change):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    sound()
    User.objects.filter(pk=bo.pk).update(**change)

    work_through()

    assert told(mailbox) == []
    assert not OutgoingMail.objects.exists()
