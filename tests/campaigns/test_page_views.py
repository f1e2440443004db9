"""How often a campaign's pages are read: counted without a trace of who reads them."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from campaigns import page_views
from campaigns.models import Campaign, PageViews
from tests.factories import make_campaign, make_letter, make_petition
from tests.pages.test_page_cache_in_wsgi import read

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CUBOT = "Mozilla/5.0 (Linux; Android 11; CUBOT KING) AppleWebKit/537.36 Chrome/99"
PROGRAMS = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23.20.0",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0",
]


@pytest.fixture(autouse=True)
def nothing_before():
    """No number is counted, and no timer of an earlier test runs on."""
    forget()
    yield
    forget()


def forget():
    page_views._numbers.clear()
    while page_views._timers:
        page_views._timers.pop().cancel()


def stored():
    page_views.store()
    return {(v.campaign.slug, v.page): v.number for v in PageViews.objects.all()}


@pytest.mark.django_db
def test_each_reading_counts_from_the_cache_or_not_and_nothing_else_does(stranger):
    petition = make_petition()
    make_letter(petition.campaign)
    browser = {"user-agent": FIREFOX}

    def get(path, **more):
        headers = browser | {name.replace("_", "-"): v for name, v in more.items()}
        return stranger.get(path, headers=headers)

    etag = get("/campaign-1/")["ETag"]
    assert get("/campaign-1/?s=wa").status_code == 200
    assert get("/campaign-1/", if_none_match=etag).status_code == 304
    get("/campaign-1/", user_agent=CUBOT)
    for page in ("signatures", "count", "updates", "comments"):
        get(f"/campaign-1/{page}/")
        get(f"/campaign-1/{page}/")
    get("/campaign-1/letter/")

    for name in PROGRAMS:
        get("/campaign-1/", user_agent=name)
    get("/campaign-1/", sec_purpose="prefetch;prerender")
    stranger.head("/campaign-1/", headers=browser)
    stranger.post("/campaign-1/signatures/", headers=browser)
    for path in ("/", "/privacy/", "/nowhere/", "/campaign-1/nowhere/"):
        get(path)
    get("/campaign-1/count.json")

    assert stored() == {
        ("campaign-1", "campaign"): 4,
        ("campaign-1", "sign"): 2,
        ("campaign-1", "count"): 2,
        ("campaign-1", "updates"): 2,
        ("campaign-1", "comments"): 2,
        ("campaign-1", "letter"): 1,
    }


@pytest.mark.django_db(transaction=True)
def test_what_is_answered_at_the_door_counts_too(django_assert_num_queries):
    make_campaign()
    read("/campaign-1/", HTTP_USER_AGENT=FIREFOX)

    with django_assert_num_queries(0):
        read("/campaign-1/", HTTP_USER_AGENT=FIREFOX)
        read("/campaign-1/", HTTP_USER_AGENT="curl/8.5.0")

    with django_assert_num_queries(1):
        page_views.store()
    assert PageViews.objects.get().number == 2


@pytest.mark.django_db
def test_days_begin_at_midnight_and_numbers_add_up(stranger, time_machine):
    make_campaign(opens_at=datetime(2026, 1, 1, tzinfo=UTC))
    moments = ("2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z", "2026-03-02T23:59:59Z")

    for moment in moments:
        time_machine.move_to(moment, tick=False)
        stranger.get("/campaign-1/", headers={"user-agent": FIREFOX})
    page_views.store()
    stranger.get("/campaign-1/", headers={"user-agent": FIREFOX})
    page_views.store()
    page_views.store()

    days = dict(PageViews.objects.values_list("day", "number"))
    assert days == {date(2026, 3, 1): 1, date(2026, 3, 2): 3}


@pytest.mark.django_db
def test_what_cannot_be_stored_is_kept_and_a_campaign_that_is_gone_is_passed_over(
    stranger, caplog
):
    first, second = make_campaign(), make_campaign()
    for campaign in (first, second):
        stranger.get(f"/{campaign.slug}/", headers={"user-agent": FIREFOX})

    with transaction.atomic():
        transaction.set_rollback(True)  # as after a fault: nothing can be stored
        page_views.store()

    assert "Page views wait to be stored" in caplog.text
    Campaign.objects.filter(pk=first.pk).delete()
    assert stored() == {("campaign-2", "campaign"): 1}


@pytest.mark.django_db(transaction=True)
def test_it_is_stored_by_itself_after_some_seconds(stranger, monkeypatch):
    make_campaign()
    monkeypatch.setattr(page_views, "SECONDS", 0.01)

    stranger.get("/campaign-1/", headers={"user-agent": FIREFOX})
    for thread in threading.enumerate():
        if getattr(thread, "interval", None) == 0.01:
            thread.join(300)

    assert PageViews.objects.get().number == 1
