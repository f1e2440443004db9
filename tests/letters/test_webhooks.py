"""What a mail service tells by its webhook, through django-anymail's own views."""

import hashlib
import hmac
import os
import re
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from importlib import import_module, reload

import pytest
from django.conf import settings as site
from django.test import Client
from django.test.utils import override_settings
from django.urls import clear_url_caches
from django.utils import timezone

from letters.models import Recipient
from outbox import webhooks
from outbox.models import OutgoingMail
from staff.models import Alert
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, states

pytestmark = pytest.mark.django_db
KEY = "key-of-mailgun"
TO = "ward1@council.example"
GONE = "550 5.1.1 <ward1@council.example>: User unknown"
NOW = 1795515128
POSTMARK_ID = "883953f4-6105-42a2-a16a-77a8eac79483"


def authorised(secret):
    basic = b64encode(secret.encode()).decode()
    return Client(headers={"authorization": f"Basic {basic}"})


@pytest.fixture(scope="module")
def addresses():
    """The site's addresses with those of the webhooks, for all tests of a file."""
    urls = import_module(site.ROOT_URLCONF)
    known = {"WEBHOOK_SECRET": "name:password", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    with override_settings(ANYMAIL=known):
        reload(urls)
        clear_url_caches()
        yield
    reload(urls)
    clear_url_caches()


@pytest.fixture
def served(addresses):
    """A client that knows the secret of the webhooks."""
    return authorised("name:password")


@pytest.fixture
def delivery(relay, work):
    """One of two deliveries of a letter that our mail service has taken."""
    relay.takes = f"250 2.0.0 Ok {POSTMARK_ID}"
    letter = confirmed(make_letter(recipients=make_recipients(2)))
    work()
    return letter.deliveries.get(recipient__email=TO)


def postmark(delivery, **fields):
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "ID": 42,
        "MessageID": POSTMARK_ID,
        "Details": f"smtp;{GONE}",
        "Email": TO,
        "From": "letters@letters.example",
        "BouncedAt": "2026-11-24T10:12:08Z",
        "MessageStream": "outbound",
        **fields,
    }


def mailgun(delivery, key=KEY, **fields):
    signed = hmac.new(key.encode(), f"{NOW}token".encode(), hashlib.sha256)
    message_id = delivery.sent_as.strip("<>")
    return {
        "signature": {
            "timestamp": str(NOW),
            "token": "token",
            "signature": signed.hexdigest(),
        },
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "timestamp": NOW,
            "recipient": TO,
            "message": {"headers": {"message-id": message_id, "to": TO}},
            "delivery-status": {"code": 550, "message": GONE, "description": ""},
            **fields,
        },
    }


def sendgrid(delivery, **fields):
    about = {
        "event": "bounce",
        "type": "bounce",
        "email": TO,
        "timestamp": NOW,
        "smtp-id": delivery.sent_as,
        "sg_event_id": "sg_event_id",
        "sg_message_id": "sg_message_id",
        "status": "5.1.1",
        "reason": GONE,
        **fields,
    }
    return [about]


def post(client, service, payload):
    address = f"/anymail/{service}/tracking/"
    return client.post(address, payload, content_type="application/json")


FAILED = [("postmark", postmark), ("mailgun", mailgun), ("sendgrid", sendgrid)]
ARRIVED = [
    ("postmark", postmark, {"RecordType": "Delivery", "Recipient": TO}),
    ("mailgun", mailgun, {"event": "delivered"}),
    ("sendgrid", sendgrid, {"event": "delivered", "response": "250 OK"}),
]
# anymail says of some services that it does not try them itself any more.
ignore_doubts = pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning")


@ignore_doubts
@pytest.mark.parametrize(("service", "payload"), FAILED)
def test_a_bounce_is_told_at_its_recipient_alone(served, delivery, service, payload):
    answer = post(served, service, payload(delivery))

    assert answer.status_code == 200
    assert states(delivery.letter) == [
        f"came back later: {GONE}",
        f"handed to our mail service: 250 2.0.0 Ok {POSTMARK_ID}",
    ]
    assert [r.email for r in Recipient.objects.exclude(bounced_at=None)] == [TO]


@ignore_doubts
@pytest.mark.parametrize(("service", "payload", "fields"), ARRIVED)
def test_what_arrived_is_said_to_be_accepted(
    served, delivery, service, payload, fields
):
    post(served, service, payload(delivery, **fields))

    assert states(delivery.letter)[0] == "accepted by their server"
    assert Recipient.objects.reachable().count() == 2


def test_what_is_only_delayed_changes_nothing(served, delivery):
    before = states(delivery.letter)

    post(served, "mailgun", mailgun(delivery, severity="temporary"))

    assert states(delivery.letter) == before


def test_a_service_that_reports_our_envelope_address_needs_no_message_id(
    served, delivery
):
    sender = {"envelope": {"sender": delivery.mail.bounce_address}, "message": {}}

    post(served, "mailgun", mailgun(delivery, **sender))

    assert states(delivery.letter)[0] == f"came back later: {GONE}"


def test_a_message_id_of_one_letter_to_one_official_names_it(served, relay, work):
    suggested = make_letter(recipients=make_recipients(2))
    letter = confirmed(suggested)
    work()
    delivery = letter.deliveries.get(recipient__email=TO)
    headers = {"headers": {"message-id": delivery.sent_as.strip("<>")}}

    post(served, "mailgun", mailgun(delivery, message=headers))

    assert [s[:9] for s in states(letter)] == ["came back", "handed to"]


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": "ada@mail.example"},
        {"message": {"headers": {"message-id": "letter.99999999999999999999.x@y"}}},
        {"message": {"headers": {"message-id": "confirmation.1@letters.example"}}},
        {"message": {"headers": {}}},
        {"recipient": ""},
    ],
)
def test_an_event_about_another_mail_changes_nothing(served, delivery, fields):
    before = states(delivery.letter)

    answer = post(served, "mailgun", mailgun(delivery, **fields))

    assert answer.status_code == 200
    assert states(delivery.letter) == before


def test_a_complaint_stops_what_goes_there(served, delivery):
    complaint = {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
    post(served, "postmark", postmark(delivery, **complaint))

    [left] = Recipient.objects.reachable()
    assert left != delivery.recipient
    assert Alert.objects.get().words.startswith("Council Member, Ward 1 marked")


@pytest.mark.parametrize("secret", ["name:wrong", ":", "other:password"])
def test_a_wrong_secret_is_refused(served, delivery, secret):
    answer = post(authorised(secret), "postmark", postmark(delivery))

    assert answer.status_code == 400
    assert Recipient.objects.reachable().count() == 2


def test_no_secret_at_all_is_refused(served, delivery, stranger):
    assert post(stranger, "postmark", postmark(delivery)).status_code == 400


@pytest.mark.parametrize("service", ["postmark", "mailgun", "sendgrid"])
@pytest.mark.parametrize(
    "payload", ["[" * 100_000, '{"a":' * 50_000, "{", "", "null", "[1]", "\x00\ud83d"]
)
@ignore_doubts
def test_nothing_is_read_of_who_does_not_know_the_secret(served, service, payload):
    stranger = authorised("name:guess")
    stranger.raise_request_exception = False

    answer = stranger.generic(
        "POST",
        f"/anymail/{service}/tracking/",
        payload.encode(errors="surrogatepass"),
        "application/json",
    )

    assert answer.status_code == 400


SERVICES = [str(each.pattern) for each in webhooks.urlpatterns]
NO_REPORTS = [
    *("", "null", "[]", "[null]", "[[]]", "{}", "1", '"a"', "{", "\x00", "[1]", "NaN"),
    *("[" * 100_000, '{"a":' * 50_000, '{"a":' * 900 + "1" + "}" * 900),
    *('{"event": null}', '{"event-data": 1, "signature": 2}', '{"Message": "{"}'),
    '{"signature": {"token": "é", "timestamp": [], "signature": {}}}',
    '[{"email": 7, "event": [], "timestamp": "x"}]',
    '[{"email": "\\u0000\\ud83d", "event": "bounce", "reason": "\\u0000\\ud83d"}]',
    '{"RecordType": "Bounce", "Email": {"a": 1}, "MessageID": ["b"], "Type": {}}',
    '{"RecordType": "Bounce", "Email": "\\ud83d", "MessageID": "\\u0000"}',
]


@ignore_doubts
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"]
)
def test_what_is_no_report_is_answered_in_words(served, caplog, service, kind):
    served.raise_request_exception = False

    for payload in NO_REPORTS:
        raw = payload.encode(errors="surrogatepass")
        answer = served.generic("POST", f"/anymail/{service}", raw, kind)

        assert answer.status_code in (200, 400, 404), payload[:80]
        if answer.status_code == 400:
            assert re.match(r"This (is no|was not) ", answer.text), payload[:80]
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


@ignore_doubts
def test_a_service_without_its_settings_has_no_address(served, caplog):
    assert post(served, "postal", {}).status_code == 404
    assert post(served, "amazon_ses", {}).status_code == 404
    assert served.post("/anymail/postmark/inbound/", {}).status_code == 404
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


def test_signs_that_no_row_can_hold_are_left_out_of_the_words(served, delivery):
    words = "smtp;550 5.1.1 no\x00body \ud83d here"

    answer = post(served, "postmark", postmark(delivery, Details=words))

    assert answer.status_code == 200
    assert states(delivery.letter)[0] == "came back later: 550 5.1.1 nobody  here"


@ignore_doubts
def test_more_events_than_a_service_sends_are_refused_at_once(
    served, delivery, django_assert_num_queries
):
    events = sendgrid(delivery) * (webhooks.MOST_EVENTS + 1)
    slim = [{"event": e["event"], "email": e["email"]} for e in events]

    with django_assert_num_queries(0):
        answer = post(served, "sendgrid", slim)

    assert (answer.status_code, answer.text[:12]) == (400, "Send at most")


def test_the_same_report_again_changes_nothing_and_a_late_one_neither(
    served, delivery, settings
):
    sender = {"envelope": {"sender": delivery.mail.bounce_address}, "message": {}}
    left = timezone.now() - timedelta(days=settings.REPORTS_COUNT_DAYS, minutes=1)
    before = OutgoingMail.objects.filter(pk=delivery.mail_id)
    settled_at = before.get().settled_at
    before.update(settled_at=left)

    assert post(served, "mailgun", mailgun(delivery, **sender)).status_code == 200
    assert states(delivery.letter)[0].startswith("handed to")

    before.update(settled_at=settled_at)
    for _replayed in range(3):
        assert post(served, "mailgun", mailgun(delivery, **sender)).status_code == 200
    assert states(delivery.letter)[0] == f"came back later: {GONE}"
    assert Recipient.objects.exclude(bounced_at=None).count() == 1
    assert Alert.objects.count() + len(mails_about_bounces()) == 1


def mails_about_bounces():
    return OutgoingMail.objects.filter(purpose="recipient_bounced")


@ignore_doubts
def test_a_signature_of_one_service_opens_no_other(served, delivery):
    for service in ("postmark", "sendgrid", "mailjet", "brevo"):
        answer = post(authorised("a:b"), service, mailgun(delivery))
        assert answer.status_code == 400
    assert post(authorised("a:b"), "mailgun", mailgun(delivery)).status_code == 400
    assert Recipient.objects.reachable().count() == 2


def test_a_body_that_is_too_large_is_not_read(served):
    served.raise_request_exception = False
    raw = b"[" + b" " * 3_000_000 + b"]"

    answer = served.generic("POST", "/anymail/postmark/tracking/", raw, "text/json")

    assert answer.status_code in (400, 413)
    assert "Traceback" not in answer.text


def test_a_wrong_signature_is_refused(served, delivery):
    answer = post(served, "mailgun", mailgun(delivery, key="another"))

    assert answer.status_code == 400
    assert Recipient.objects.reachable().count() == 2


def test_what_a_service_needs_is_read_from_the_environment():
    done = subprocess.run(
        [sys.executable, "-c", "from campaign_site.settings import *; print(ANYMAIL)"],
        cwd=site.ROOT,
        env={
            **os.environ,
            "ANYMAIL_WEBHOOK_SECRET": "a:b",
            "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "c",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert "'WEBHOOK_SECRET': 'a:b'" in done.stdout
    assert "'MAILGUN_WEBHOOK_SIGNING_KEY': 'c'" in done.stdout
