"""Which confirmation mails lead to a confirmation, and an alert when fewer do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions.models import Signature
from petitions.signing import mail_health
from staff.models import Alert
from supporters.models import Confirmation
from tests.factories import make_petition, make_staff, sign
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/petitions/petition/confirmations/"


@pytest.fixture
def now():
    return timezone.now().replace(minute=20)


def asked(petition, number, domain, at, confirming):
    """So many who sign at a moment; the first of them confirm ten minutes later.

    Without being counted, which is another matter.
    """
    before = Signature.objects.count()
    made = [
        sign(petition, email=f"p{before + n}@{domain}", name=f"P {n}")
        for n in range(number)
    ]
    keys = [signature.pk for signature in made]
    mails = [signature.confirmation_id for signature in made]
    Confirmation.objects.filter(pk__in=mails).update(sent_at=at)
    Signature.objects.filter(pk__in=keys).update(created_at=at)
    confirmed = [signature.pk for signature in made[:confirming]]
    Signature.objects.filter(pk__in=confirmed).update(
        confirmed_at=at + timedelta(minutes=10)
    )


def test_an_alert_comes_when_a_provider_drops_and_ends_when_it_is_back(client, now):
    petition = make_petition()
    hours = timedelta(hours=1)
    for domain in ("gmail.com", "naver.com"):
        asked(petition, 100, domain, now - timedelta(days=2), confirming=60)
    asked(petition, 35, "gmail.com", now - 3 * hours, confirming=5)
    asked(petition, 35, "naver.com", now - 3 * hours, confirming=20)

    [alert] = mail_health.watch(now)

    assert (alert.kind, alert.about) == ("confirmations", "gmail.com")
    assert (
        "gmail.com. Of 35 people we emailed in the last hours, 5 confirmed within "
        "an hour (14%, usually 60%)" in alert.words
    )
    assert mail_health.watch(now) == []
    # It lasts: a day later it is still the same alert.
    Alert.objects.update(at=now - timedelta(days=2))
    assert mail_health.watch(now) == []
    client.force_login(make_staff("bo", "Campaigners"))
    page = client.get(alert.page)
    assert "has dropped" in page.text
    assert "gmail.com, by the hour" in page.text

    asked(petition, 100, "gmail.com", now - 2 * hours, confirming=60)
    assert mail_health.watch(now) == []

    alert.refresh_from_db()
    assert (alert.closed_at is not None, alert.closed_by) == (True, None)


def test_a_person_closes_it_and_when_all_drop_it_is_one_alert(client, now):
    petition = make_petition()
    for domain in ("gmail.com", "naver.com"):
        asked(petition, 100, domain, now - timedelta(days=2), confirming=60)
        asked(petition, 35, domain, now - timedelta(hours=3), confirming=0)

    [alert] = mail_health.watch(now)
    assert alert.about == mail_health.ALL
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    close = {"decision": f"close:{alert.pk}"}
    done = client.post("/admin/inbox/alerts/", close, follow=True)
    client.post("/admin/inbox/alerts/", {**fields_of(done), "decision": "undo"})
    assert Alert.objects.get().closed_at is None
    client.post("/admin/inbox/alerts/", close)

    alert.refresh_from_db()
    assert alert.closed_by == bo


def test_few_mails_are_no_alert(now):
    petition = make_petition()
    asked(petition, 100, "gmail.com", now - timedelta(days=2), confirming=60)
    asked(petition, 29, "gmail.com", now - timedelta(hours=3), confirming=0)

    assert mail_health.watch(now) == []


def test_the_page_counts_by_provider_and_names_nobodys_own_domain(client):
    client.force_login(make_staff("bo", "Campaigners"))
    petition = make_petition()
    at = timezone.now() - timedelta(hours=5)
    asked(petition, 4, "gmail.com", at, confirming=3)
    asked(petition, 2, "ada-lovelace.example", at, confirming=1)
    sign(petition, email="held@gmail.com", held_for="flood")
    client.get(PAGE)

    with CaptureQueriesContext(connection) as few:
        page = client.get(PAGE)

    assert "ada-lovelace.example" not in page.text
    assert [
        (p.key, p.now.asked, p.now.sent, p.now.confirmed, p.now.share)
        for p in page.context["health"].providers
    ] == [
        ("all", 6, 6, 4, 67),
        ("gmail.com", 4, 4, 3, 75),
        ("others", 2, 2, 1, 50),
    ]
    for domain in ("naver.com", "gmx.de", "web.de"):
        asked(petition, 3, domain, at - timedelta(hours=3), confirming=1)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE, {"provider": "web.de"})
    assert "web.de, by the hour" in page.text
    assert len(many) == len(few)
    unknown = client.get(PAGE, {"provider": "ada-lovelace.example"})
    assert "All together, by the hour" in unknown.text
