"""By which link somebody came: read when they sign, counted, and nobody is named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Now

from petitions.models import Petition, ReferralDayCount, Signature, TallyEntry
from petitions.referrals.figures import by_referral
from reporting.figures import Period
from supporters.models import Supporter
from tests.factories import (
    ADA,
    make_campaign,
    make_counted,
    make_ended_campaign,
    make_petition,
    make_staff,
    sign,
)
from tests.petitions.test_invalidating import many_counted

pytestmark = pytest.mark.django_db
FORM = "/campaign-1/signatures/"


@pytest.fixture
def send(client, settings):
    """Send the form from this page, as a browser does; the code that is kept."""

    def send(page, origin=None, **typed):
        referer = (origin or settings.SITE_URL) + page
        answer = client.post(FORM, {**ADA, **typed}, headers={"Referer": referer})
        assert answer.status_code == 302
        return Signature.objects.latest("pk").referral_code

    return send


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/campaign-1/?s=wa", "wa"),
        ("/campaign-1/signatures/?fbclid=1&s=k3f9x2mwqr&s=x", "k3f9x2mwqr"),
        ("/campaign-1/?s=WA#sign", "wa"),
        ("/campaign-1/", None),
        ("/campaign-1/?s=", None),
        ("/campaign-1/?s=elevenchars", None),
        ("/campaign-1/?s=%D9%A3", None),
        ("/campaign-1/?s=%3Cb%3E", None),
        ("/campaign-1/?s=%00", None),
        ("/campaign-1/?" + "a=1&" * 60 + "s=wa", None),
    ],
)
def test_the_code_is_read_from_the_address_of_the_forms_page(send, address, code):
    make_petition()

    assert send(address) == code


def test_another_sites_address_says_nothing(client):
    make_petition()
    headers = {"Sec-Fetch-Site": "same-origin"}

    for referer in ("https://elsewhere.example/campaign-1/?s=wa", "http://[", ""):
        client.post(FORM, ADA, headers={**headers, "Referer": referer})

    assert set(Signature.objects.values_list("referral_code", flat=True)) == {None}


def test_a_form_that_comes_back_keeps_the_code(client, send, settings):
    make_petition()
    headers = {"Referer": f"{settings.SITE_URL}/campaign-1/?s=wa"}

    page = client.post(FORM, {**ADA, "name": ""}, headers=headers)

    assert page.status_code == 422
    assert '<input type="hidden" name="s" value="wa">' in page.text
    assert send(FORM, s="wa") == "wa"
    assert send(FORM, s='"><b>') is None
    assert 'name="s"' not in client.get(f"{FORM}?s=wa").text


def test_who_came_by_a_supporters_link_is_counted_for_them(client, mailbox, work):
    petition = make_petition()
    [ada] = make_counted(petition, email=ADA["email"])
    sign(petition, email="pending@mail.example", referral_code=ada.share_code)
    [bo] = make_counted(
        petition, name="Bo Li", email="bo@mail.example", referral_code=ada.share_code
    )
    make_counted(make_petition(), email="cy@mail.example", referral_code=ada.share_code)
    again = sign(petition, city="Paris", hears_outcome=True)
    work()

    thanks = client.post(mailbox.path_to("confirmation"), follow=True).text

    again.refresh_from_db()
    assert not again.counted  # and the link stays the one that was shared
    assert f'/campaign-1/?s={ada.share_code}"' in thanks
    assert "1 person has signed through your link." in thanks
    assert "Bo Li" not in thanks
    assert ada.share_code != bo.share_code
    bo.withdraw()
    assert Signature.objects.get(pk=ada.pk).referral.brought == 0


def test_my_data_says_how_i_came_and_what_my_link_brought():
    petition = make_petition()
    petition.referral_links.create(code="stand", name="The stand")
    [ada] = make_counted(petition, email=ADA["email"], referral_code="stand")
    make_counted(
        petition, name="Bo", email="bo@mail.example", referral_code=ada.share_code
    )

    [mine, others] = [
        Supporter.objects.get(email=email).export()["Your signatures"][0]
        for email in (ADA["email"], "bo@mail.example")
    ]

    assert mine["came by"] == "The stand"
    assert mine["own link"].endswith(f"/campaign-1/?s={ada.share_code}")
    assert mine["people counted through it"] == 1
    assert others["came by"] == "the link of another supporter"


@pytest.mark.parametrize("make", [make_campaign, make_ended_campaign])
def test_an_erased_supporters_link_belongs_to_nobody(make):
    petition = make_petition()
    [ada] = make_counted(petition, email=ADA["email"])
    [bo] = make_counted(petition, email="bo@mail.example", referral_code=ada.share_code)
    petition.campaign.closes_at = make().closes_at
    petition.campaign.save()

    Supporter.objects.get(email=ADA["email"]).erase()

    assert not Signature.objects.filter(share_code=ada.share_code).exists()
    bo.refresh_from_db()
    assert bo.referral.came_by == "the link of another supporter"


def brought(petition):
    """By link, how many signed in the last week and how many are counted."""
    TallyEntry.roll_up()
    rows = by_referral(petition, Period.of("7"))
    return {str(name): (signed, counted) for name, (counted, signed) in rows}


def test_the_desk_sees_what_each_link_has_brought(client):
    petition = make_petition()
    petition.referral_links.create(code="news3", name="=Newsletter of March")
    petition.referral_links.create(code="stand", name="Stand")
    make_counted(petition, 3, referral_code="news3")
    make_counted(petition, email="wa@mail.example", referral_code="wa")
    sign(petition, email="w2@mail.example", referral_code="wa")
    make_counted(petition, email="own@mail.example", referral_code="k3f9x2mwqr")
    for number in range(5):
        sign(petition, email=f"o{number}@mail.example", referral_code=f"junk{number}")
    client.force_login(make_staff(group="Campaigners"))
    path = f"/admin/campaigns/campaign/{petition.campaign_id}/figures/"

    page = client.get(path, {"days": "7"})

    assert brought(petition) == {
        "=Newsletter of March": (3, 3),
        "WhatsApp": (2, 1),
        "Supporters’ own links": (1, 1),
        "Other words at the end of the link": (5, 0),
        "Stand": (0, 0),
    }
    assert page.text.index("Newsletter") < page.text.index("WhatsApp")

    file = b"".join(client.get(path, {"csv": "links"})).decode()
    assert "'=Newsletter of March,3,3" in file
    client.force_login(make_staff("eve"))
    assert client.get(path).status_code == 403


def test_bo_makes_a_link_with_a_drawing_for_a_poster(client):
    petition = make_petition()
    client.force_login(make_staff(group="Campaigners"))
    form = {"petition": petition.pk, "name": "Stand", "code": "stand"}
    add = "/admin/petitions/referrallink/add/"

    for taken in ("wa", "Stand", "a-b", "s", "elevenchars"):
        page = client.post(add, {**form, "code": taken})
        assert page.status_code == 200
        assert f'value="{taken}"' in page.text
    client.post(add, form)
    twice = client.post(add, form)

    assert "This petition has a link with this word." in twice.text
    link = petition.referral_links.get()
    page = client.get(f"/admin/petitions/referrallink/{link.pk}/change/")
    assert "/campaign-1/?s=stand" in page.text
    drawing = client.get(f"/admin/petitions/referrallink/{link.pk}/qr.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawing.content


def test_what_a_link_has_brought_is_added_up_and_each_person_counts_once():
    petition = make_petition()
    petition.referral_links.create(code="stand", name="Stand")
    [ada, _bo] = make_counted(petition, 2, referral_code="stand")
    make_counted(petition, email="own@mail.example", referral_code="k3f9x2mwqr")
    for number in range(3):
        sign(petition, email=f"o{number}@mail.example", referral_code=f"junk{number}")

    def rows():
        petition.refresh_from_db()
        return brought(petition)

    expected = {
        "Stand": (2, 2),
        "Supporters’ own links": (1, 1),
        "Other words at the end of the link": (3, 0),
    }
    assert rows() == expected

    Signature.objects.update(created_at=Now() - timedelta(minutes=2))
    for _again in range(2):
        TallyEntry.roll_up()
        ReferralDayCount.note_signed()
        assert rows() == expected
    kept = set(petition.referral_days.values_list("code", flat=True))
    assert kept == {"stand", "*", "?"}

    ada.withdraw()
    Signature.objects.filter(confirmed_at=None).delete()
    for _again in range(2):
        assert rows() == expected | {"Stand": (2, 1)}
        TallyEntry.roll_up()

    petition.referral_links.all().delete()
    assert rows()["Other words at the end of the link"] == (5, 1)


def test_what_came_since_is_noted_without_reading_what_came_before():
    petition, quiet = make_petition(), make_petition(slug="quiet")
    many_counted(petition, 5000)
    make_counted(quiet, 2)
    Signature.objects.update(created_at=Now() - timedelta(hours=1))
    ReferralDayCount.note_signed()
    Petition.objects.update(signed_noted_until=Now() - timedelta(minutes=9))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE petitions_petition, petitions_signature")
    noted = ReferralDayCount.objects.aggregate(Sum("signed"))["signed__sum"]

    assert noted == 5002
    assert touched(ReferralDayCount.note_signed) == (2, 0)  # the newest of each

    for number in range(3):
        new = sign(petition, email=f"new{number}@mail.example")
        Signature.objects.filter(pk=new.pk).update(
            created_at=Now() - timedelta(minutes=2)
        )
    read, written = touched(ReferralDayCount.note_signed)

    assert read < 20
    assert written == 1
    assert ReferralDayCount.objects.aggregate(Sum("signed"))["signed__sum"] == 5005


def touched(do):
    """How many signatures it reads, and how many petitions it writes."""
    before = _touched_so_far()
    do()
    return tuple(b - a for a, b in zip(before, _touched_so_far(), strict=True))


def _touched_so_far():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sum(seq_tup_read + idx_tup_fetch)
                    FILTER (WHERE relname = 'petitions_signature'),
                sum(n_tup_upd) FILTER (WHERE relname = 'petitions_petition')
            FROM pg_stat_xact_user_tables
            """
        )
        return cursor.fetchone()
