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


def asking_to_follow(page):
    campaign = make_petition().campaign
    page.goto("/campaign-1/follows/")
    yield "form"
    page.goto("/follows/")
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "errors"
    page.goto(make_wish().inbox_url)
    expect(heading(page)).to_have_text("Now check your email")
    yield "inbox of all"
    wish = make_wish(campaign)
    page.goto(wish.inbox_url)
    expect(heading(page)).to_have_text("Now check your email")
    yield "inbox"
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")
    yield "confirmation"
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    wish.confirmation.refresh_from_db()
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")
    yield "expired"


def following_and_stopping(page):
    made = make_follow(make_campaign(title="Bucheon"), frequency="weekly")
    page.goto(f"/follows/{made.confirmation.link_key}/confirmation/")
    yield "used"
    page.goto(made.done_url)
    yield "thanks"
    make_follow(None, frequency="weekly")
    page.goto(f"/follows/{made.key}/cancellation/all/")
    yield "stop all"
    page.goto(f"/follows/{made.key}/cancellation/")
    yield "stop"
    page.get_by_role("button", name="Stop them").click()
    expect(heading(page)).to_have_text("You no longer follow this campaign")
    yield "stopped"
    page.goto("/follows/nobody/cancellation/")
    yield "nothing to stop"


ALL = [asking_to_follow, following_and_stopping]
