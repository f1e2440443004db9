"""Equal posts are one mail, one line of my page and of a list, one in the figures."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from letters.figures import written
from letters.models import Letter
from petitions.counting.models import ReferralDayCount
from petitions.models import Signature
from petitions.referrals.figures import by_referral
from petitions.signing.mail_health import counted_since
from reporting.figures import Period
from supporters.models import Consent, Follow
from tests.factories import ADA, make_letter, make_petition, make_staff
from tests.letters.test_sending import HERE as WRITE
from tests.letters.test_sending import form

pytestmark = pytest.mark.django_db
SIGN, FOLLOW = "/campaign-1/signatures/", "/campaign-1/follows/"
SPELLED = ("ada", "ada+1", "a.da", "ada", "ada")


def listed(client, label):
    path = f"/admin/{label.replace('.', '/')}/"
    return list(client.get(path).context["cl"].result_list)


def test_twenty_equal_posts_are_one_in_the_figures_and_on_the_list(
    client, mailbox, work
):
    petition = make_petition()
    for _again in range(20):
        client.post(SIGN, ADA)
    client.post(SIGN, ADA | {"name": "Bo B."})
    work()
    client.post(mailbox.path_to("confirmation"))

    def signed():
        petition.refresh_from_db()
        rows = by_referral(petition, Period.of("7"))
        return sum(signed for _name, (_counted, signed) in rows)

    assert signed() == 2
    Signature.objects.update(created_at=Now() - timedelta(minutes=2))
    ReferralDayCount.note_signed()
    assert signed() == 2
    assert petition.referral_days.get().signed == 2
    yesterday = timezone.now() - timedelta(days=1)
    assert sum(numbers[2] for numbers in counted_since(yesterday)) == 2
    client.force_login(make_staff("bo", is_superuser=True))
    assert len(listed(client, "petitions.signature")) == 2


def test_twenty_equal_letters_are_one_in_the_figures(client):
    suggested = make_letter()
    for _again in range(20):
        client.post(WRITE, form(suggested))
    client.post(WRITE, form(suggested, name="Bo B."))

    shown = written(suggested.campaign, Period.of("7"))

    assert Letter.objects.count() == 21
    assert sum(shown.series["Written"].values()) == 2


def test_equal_requests_to_follow_are_one_line_of_my_page_and_of_the_list(
    client, mailbox, work
):
    make_petition()
    for spelling in SPELLED:
        typed = {"email": f"{spelling}@gmail.com", "frequency": "weekly"}
        client.post(FOLLOW, typed)
    work()
    client.post(mailbox.path_to("confirmation"))

    page = client.post("/mine/", {"email": "ada@gmail.com"}).url

    assert Consent.objects.count() == Follow.objects.count() == 5
    shown = client.get(f"{page}all/consents/").text
    assert shown.count("I no longer agree") == 1
    client.force_login(make_staff("bo", is_superuser=True))
    [row] = listed(client, "supporters.follow")
    assert row.is_active


def test_what_waits_for_a_moderator_is_on_the_list_however_often_it_was_said(
    client, settings
):
    make_petition()
    settings.LIMIT_ACTS_BEFORE_HELD = 0
    for _again in range(3):
        client.post(SIGN, ADA)

    client.force_login(make_staff("bo", is_superuser=True))

    assert len(listed(client, "petitions.signature")) == 3
