"""A letter is asked about like a signature: after a change, the old mail says so."""

import pytest

from letters.models import Letter
from tests.factories import make_letter

pytestmark = pytest.mark.django_db


def test_the_old_link_of_a_letter_says_that_the_address_was_changed(
    client, mailbox, work
):
    suggested = make_letter()
    typed = {
        "name": "Ada Lovelace",
        "subject": suggested.subject,
        "body": suggested.body,
        "email": "ada@mail.example",
        "send": "",
    }
    inbox = client.post("/campaign-1/letter/", typed).url
    work()
    old_link = mailbox.path_to("confirmation")

    client.post(f"{inbox}mail/", {"email": "ada@new.example"})
    work()

    for old in (client.get(old_link), client.post(old_link)):
        assert old.status_code == 410
        assert "The email address was changed" in old.text
        assert "new.example" not in old.text
        assert "Ada Lovelace" not in old.text
    assert Letter.objects.get().confirmed_at is None
    assert client.post(mailbox.path_to("confirmation")).status_code == 302
    assert Letter.objects.get().confirmed_at
