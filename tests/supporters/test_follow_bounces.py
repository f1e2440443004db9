"""What comes back of mails to followers: it stops by itself, and says why."""

import io
from datetime import timedelta
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone

from outbox.models import OutgoingMail, Suppression
from supporters.models import Follow, Mailing, Supporter
from tests.factories import make_campaign, make_follow, make_update
from tests.letters.reports import COMPLAINT, receive, report
from tests.letters.test_webhooks import addresses, served  # noqa: F401

pytestmark = pytest.mark.django_db
ADA = "ada@mail.example"
_number = count(1)


@pytest.fixture
def sent(relay, work, settings):
    """A mail with an update that has left; Ada follows twice and reads replies, too."""
    settings.MAILS_A_MINUTE = 10**6
    campaign = make_campaign()
    make_follow(campaign, ADA)
    make_follow(None, ADA)
    relay.takes = "250 2.0.0 Ok 883953f4-6105"
    OutgoingMail.objects.all().delete()  # the questions of today, which would stay
    Mailing.objects.send(make_update(campaign), by=None)
    work()
    return OutgoingMail.objects.get(purpose="update")


def pipe(raw, *arguments):
    """What the command says; each time it is another message."""
    raw = b"Date: %d\n" % next(_number) + raw
    said = io.StringIO()
    stream = io.BytesIO(raw)
    call_command("receive_mail", *arguments, stdin=stream, stdout=said)
    return said.getvalue()


def stopped():
    follows = Follow.objects.exclude(stopped_at=None)
    return [(f.stopped_for, f.stopped_words) for f in follows]


def test_the_envelope_names_the_mail(sent, relay):
    sender, recipient, _content, message = relay.taken[-1]

    assert message["Subject"] == "The Mayor answers"
    assert (sender, recipient) == (sent.bounce_address, ADA)
    assert receive(report("nobody@x.example"), sender.upper()) == sent


def test_an_address_that_is_no_good_gets_no_more_mail(client, sent):
    said = pipe(report(sent.bounce_address), sent.bounce_address)

    assert said == "report\n"
    words = "550 5.1.1 User unknown"
    assert stopped() == [("bounced", words)] * 2
    assert Supporter.objects.get().refuses("comment_news")
    assert numbers(sent)["bounced"] == 1
    key = Follow.objects.first().key
    page = client.get(f"/follows/{key}/cancellation/").text
    assert "emails to your address came back" in page


def test_a_full_mailbox_is_told_and_stops_nothing(sent):
    pipe(report(sent.bounce_address, status="5.2.2", words="552 5.2.2 full"))

    assert stopped() == []
    assert numbers(sent)["bounced"] == 1


def test_a_delay_is_no_bounce(sent):
    pipe(report(sent.bounce_address, action="delayed", status="4.4.1", words="450"))

    assert stopped() == []
    assert numbers(sent)["bounced"] == 0


def test_a_complaint_stops_all_mail(client, sent):
    raw = COMPLAINT.format(address=sent.bounce_address).encode()

    pipe(raw)
    pipe(raw)

    assert stopped() == [("complained", "")] * 2
    assert Supporter.objects.get().refuses("comment_news")
    assert numbers(sent)["complained"] == 1


def test_a_complaint_about_a_mail_of_long_ago_stops_nothing(sent, settings):
    settings.REPORTS_COUNT_DAYS = 5
    left = timezone.now() - timedelta(days=5, minutes=1)
    OutgoingMail.objects.update(settled_at=left)

    pipe(COMPLAINT.format(address=sent.bounce_address).encode())

    assert stopped() == []


def mailed(sent, days_ago, *, to=None, came_back=False):
    """The mail with another update, which left so many days before this one."""
    to = to or Supporter.objects.get(email=ADA)
    at = sent.settled_at - timedelta(days=days_ago)
    OutgoingMail.objects.queue("update", to.pk, to.email, due_at=at)
    mail = OutgoingMail.objects.open().get(purpose="update")
    mailing = Mailing.objects.send(make_update(campaign_of(sent)), by=None)
    mailing.items.create(
        supporter=to, due_at=at, settled_at=at, outcome="sent", mail=mail
    )
    ended = {"settled_at": at, "outcome": "sent"}
    if came_back:
        ended["bounced_at"] = at
    OutgoingMail.objects.filter(pk=mail.pk).update(**ended)
    return mail


def campaign_of(mail):
    return mail.updates.get().mailing.update.campaign


def numbers(mail):
    return mail.updates.get().mailing.numbers()


UNWANTED = "550 5.7.1 Delivery not authorized, message refused"


def refuse(sent, words=UNWANTED):
    pipe(report(sent.bounce_address, status=words.split()[1], words=words))


def test_refusals_of_three_days_in_a_row_stop_a_follow(sent):
    mailed(sent, days_ago=9, came_back=True)
    mailed(sent, days_ago=3, came_back=True)

    refuse(sent)

    assert stopped() == [("bounced", UNWANTED)] * 2
    assert Supporter.objects.get().refuses("comment_news")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([(3, True)], UNWANTED),  # two days
        ([(0.001, True), (0.002, True)], UNWANTED),  # one day
        ([(9, True), (6, True), (3, False)], UNWANTED),  # one stayed
        ([(9, True), (3, True)], "550 5.7.26 not authenticated"),  # our fault
        ([(9, True), (3, True)], "552 5.2.2 mailbox full"),
    ],
)
def test_fewer_refusals_or_a_mail_that_stayed_between_them_stop_nothing(
    sent, before, words
):
    sent.settled_at = sent.settled_at.replace(hour=12)  # minutes earlier is today
    sent.save()
    for days_ago, came_back in before:
        mailed(sent, days_ago, came_back=came_back)

    refuse(sent, words)

    assert stopped() == []


def test_who_is_refused_like_all_of_their_mail_domain_is_not_stopped(sent):
    other = make_follow(campaign_of(sent), "cy@mail.example").supporter
    for days_ago in (9, 3):
        mailed(sent, days_ago, came_back=True)
        blocked = mailed(sent, days_ago, to=other, came_back=True)
    mailed(sent, 0, to=other)

    refuse(sent)

    assert stopped() == []

    OutgoingMail.objects.filter(pk=blocked.pk).update(bounced_at=None)
    refuse(sent)

    assert [why for why, _words in stopped()] == ["bounced"] * 2


def test_a_refusal_at_once_counts_like_one_that_comes_later(sent, relay, work):
    for days_ago in (9, 3):
        mailed(sent, days_ago, came_back=True)
    OutgoingMail.objects.filter(pk=sent.pk).update(bounced_at=sent.settled_at)
    relay.plan[ADA] = [("rcpt", UNWANTED)]
    Mailing.objects.send(make_update(campaign_of(sent), "Again"), by=None)

    work()

    assert [why for why, _words in stopped()] == ["bounced"] * 2


def test_a_complaint_that_comes_to_another_mailbox_is_understood(sent):
    raw = COMPLAINT.format(address=sent.bounce_address).encode()
    raw = raw.replace(b"To: <bounces", b"To: <abuse", 1)

    pipe(raw, "abuse@letters.example")

    assert stopped() == [("complained", "")] * 2


def test_a_comment_mail_that_comes_back_stops_all_as_well(sent):
    OutgoingMail.objects.queue("replies_to_comment", 1, sent.email)
    mails = OutgoingMail.objects.filter(purpose="replies_to_comment")
    mails.update(outcome="sent", settled_at=timezone.now())
    mail = mails.get()

    said = pipe(report(mail.bounce_address))

    assert said == "report\n"
    assert [why for why, _words in stopped()] == ["bounced"] * 2
    assert Supporter.objects.get().refuses("comment_news")


def test_a_made_up_address_stops_nothing(sent):
    made_up = f"bounces+m{sent.pk}-000000000000@letters.example"

    assert pipe(report(made_up)) == "automatic\n"

    assert stopped() == []


def test_who_is_refused_at_once_gets_no_more_either(relay, work, settings):
    settings.MAILS_A_MINUTE = 10**6
    campaign = make_campaign()
    make_follow(campaign, ADA)
    relay.plan[ADA] = [("rcpt", "550 5.1.1 no such user")]
    Mailing.objects.send(make_update(campaign), by=None)

    work()

    assert stopped() == [("bounced", "550 5.1.1 no such user")]


def test_who_confirms_anew_after_a_bounce_gets_mail_again(sent, relay, work):
    pipe(report(sent.bounce_address))

    assert Suppression.objects.exists()
    make_follow(campaign_of(sent), ADA)

    assert Follow.objects.active().count() == 1
    relay.taken.clear()
    Mailing.objects.send(make_update(campaign_of(sent), "Again"), by=None)
    work()
    subjects = [message["Subject"] for *_rest, message in relay.taken]
    assert subjects.count("Again") == 1


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (
            {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "TypeCode": 1,
                "ID": 42,
                "Details": "smtp;550 5.1.1 User unknown",
                "BouncedAt": "2026-11-24T10:12:08Z",
            },
            "bounced",
        ),
        (
            {
                "RecordType": "SpamComplaint",
                "Type": "SpamComplaint",
                "TypeCode": 100001,
                "ID": 42,
                "Details": "",
                "BouncedAt": "2026-11-24T10:12:08Z",
            },
            "complained",
        ),
    ],
)
@pytest.mark.parametrize("named_by", ["number", "message-id", "envelope"])
def test_a_mail_service_tells_it_by_its_webhook(served, sent, event, why, named_by):  # noqa: F811
    names = {
        "number": {"MessageID": "883953f4-6105", "From": "hello@letters.example"},
        "message-id": {"MessageID": sent.message_id, "From": "hello@letters.example"},
        "envelope": {"MessageID": "unknown", "From": sent.bounce_address},
    }
    data = {**event, **names[named_by], "Email": ADA, "MessageStream": "outbound"}

    answer = served.post(
        "/anymail/postmark/tracking/", data, content_type="application/json"
    )

    assert answer.status_code == 200
    assert [reason for reason, _words in stopped()] == [why] * 2
