"""No letter looks like spam to a spam filter, however long it has waited."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from letters.models import SuggestedLetter
from letters.sending.message import message_for
from letters.suggested.spam_points import points_of
from outbox.dispatcher import collect
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
        mode="each",
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


def test_what_one_message_to_all_costs_is_what_the_filter_finds():
    lists = [
        [f"ward{n}@council.example" for n in range(1, number + 1)]
        for number in (4, 5, 6, 7, 8)
    ]
    lists.append(list(reversed(lists[-1])))
    names = ["ada", "bo", "cy", "di", "ed", "flo", "gus", "hal"]
    lists.append([f"{name}@council.example" for name in names])
    lists.append([f"{name}@{name}.example" for name in reversed(names)])
    lists.append([f"{a}@{b}.example" for a, b in product(["w1", "w2"], ["ci1", "ci2"])])
    lists.append([f"ward{n}@city{n % 2}.example" for n in (3, 1, 2, 5, 4, 6)])
    mails = []
    for number, addresses in enumerate(lists):
        recipients = make_recipients(0, f"List {number}")
        for order, address in enumerate(addresses):
            recipients.recipients.create(
                office=f"Office {order}", email=address, order=order
            )
        suggested = make_letter(
            recipients=recipients, mode=SuggestedLetter.Mode.TOGETHER
        )
        letter = written(suggested, f"{number} {BODY}")  # no repeat of the others
        collect()
        mails.append(spam.as_received(message_for(letter.deliveries.first())))
        assert suggested.spam_points == points_of(addresses)

    found = [points for points, _rules in spam.points(mails)]

    assert found == [points_of(addresses) for addresses in lists]
    assert {0.0, 1.8, 2.5, 4.3} == set(found)
