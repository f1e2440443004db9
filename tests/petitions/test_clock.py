"""A clock that jumps between signing and confirming."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.counting import verifying
from petitions.models import TallyEntry
from tests.factories import make_petition, sign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [5, -5, 48, -48])
def test_who_signs_before_it_and_confirms_after_it_is_counted_once(
    client, mailbox, work, time_machine, hours
):
    jump = timedelta(hours=hours)
    petition = make_petition()
    signature = sign(petition)
    work()
    button, code = mailbox.path_to("confirmation"), mailbox.code()
    time_machine.move_to(timezone.now() + jump)

    by_code = client.post(f"{signature.inbox_url}code/", {"code": code})
    assert by_code.status_code == 302
    client.post(button)
    time_machine.move_to(timezone.now() - jump)
    client.post(button)

    TallyEntry.roll_up()
    assert petition.standing.count == 1
    assert verifying.drifts() == []
    assert "1 person has signed" in client.get("/campaign-1/signatures/thanks/").text
