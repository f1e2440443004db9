"""No letter looks like spam to a spam filter, however long it has waited."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import OutgoingMail
from tests import spam
from tests.factories import make_campaign, make_letter, make_recipients
from tests.letters.makers import confirmed, unchanged, wednesday_after

pytestmark = [
    pytest.mark.release,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not spam.SPAMASSASSIN, reason="there is no SpamAssassin on this machine"
    ),
]
BODY = """\
Dear Mayor Hall and members of the City Council:

Thank you for looking into the mistreatment of animals in our sister city. The mayor of
that city visits you this month, and I ask that you urge him to end the illegal trade.

Pressure on this issue is needed from abroad, too, so I kindly ask you to stay in touch.

{}"""
FOR_EACH = BODY.replace(BODY.partition("\n")[0], "[Salutation]")


def written(suggested, body=BODY):
    who = "Ada Lovelace, London"
    return confirmed(
        suggested, subject="Please urge them to help", text=body.format(who)
    )


@pytest.mark.parametrize("hours", [0, 4, 24, 120])
def test_no_letter_looks_like_spam_however_long_it_has_waited(
    relay, work, time_machine, settings, hours
):
    settings.MAILS_A_MINUTE = 10**6
    time_machine.move_to(wednesday_after(timezone.now()), tick=False)
    campaign = make_campaign(closes_at=None)
    suggested = make_letter(
        campaign,
        body=BODY.format("[Your Name & City/Country]"),
        recipients=make_recipients(8),
    )
    each = make_letter(
        body=FOR_EACH.format("[Your Name & City/Country]"),
        recipients=make_recipients(2, "Parks"),
    )
    for waits in (suggested, each):
        waits.pause()
    written(suggested)
    written(each, FOR_EACH)
    for name in ("Bo Lee", "Cy Young"):
        unchanged(suggested, name)
    time_machine.move_to(timezone.now() + timedelta(hours=hours), tick=False)
    for waits in (suggested, each):
        waits.resume()
    work()
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    letters = {
        f"{number}: {mail['Subject']} to {to}": mail
        for number, (_sender, to, _content, mail) in enumerate(relay.taken)
        if to.endswith("council.example")
    }
    assert len(letters) == 8 + 2 + 8
    assert spam.suspects(letters) == {}
