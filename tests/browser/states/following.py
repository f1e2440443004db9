"""Following a campaign by email, and stopping it."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from supporters.models import (
    Confirmation,
)
from tests.browser.visitor import heading
from tests.factories import follow as make_wish
from tests.factories import (
    make_campaign,
    make_follow,
    make_petition,
)


def follow_used(page):
    wish = make_follow(make_campaign(), frequency="weekly")
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")


def follow_form(page):
    make_petition()
    page.goto("/campaign-1/follows/")


def follow_errors(page):
    make_petition()
    page.goto("/follows/")
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("alert")).to_be_visible()


def follow_inbox(page):
    page.goto(make_wish(make_campaign()).inbox_url)


def follow_of_all_inbox(page):
    page.goto(make_wish().inbox_url)


def follow_confirmation(page):
    token = make_wish(make_campaign()).confirmation.link_key
    page.goto(f"/follows/{token}/confirmation/")


def follow_expired(page):
    wish = make_wish(make_campaign())
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    wish.confirmation.refresh_from_db()
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")


def follow_thanks(page):
    page.goto(make_follow(make_campaign(), frequency="weekly").done_url)


def follow_stop(page, end=""):
    made = make_follow(make_campaign(title="Bucheon"))
    make_follow(None, frequency="weekly")
    page.goto(f"/follows/{made.key}/cancellation/{end}")


def follow_stop_all(page):
    follow_stop(page, "all/")


def follow_stopped(page):
    follow_stop(page)
    page.get_by_role("button", name="Stop them").click()
    expect(heading(page)).to_have_text("You no longer follow this campaign")


def follow_nothing_to_stop(page):
    page.goto("/follows/nobody/cancellation/")


ALL = [
    follow_form,
    follow_errors,
    follow_inbox,
    follow_of_all_inbox,
    follow_confirmation,
    follow_expired,
    follow_used,
    follow_thanks,
    follow_stop,
    follow_stop_all,
    follow_stopped,
    follow_nothing_to_stop,
]
