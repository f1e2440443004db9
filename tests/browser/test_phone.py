"""The action page on a phone: what stands where, and what opens on request."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import Campaign
from letters.models import SuggestedLetter
from tests.browser.visitor import (
    card,
    make_petition_with_letter,
    on_a_phone,
    unfold,
    with_and_without_javascript,
    without_javascript,
)
from tests.demo import load_demo
from tests.factories import (
    make_campaign,
    make_comment,
    make_picture,
    make_stance,
    make_update,
)

FIRST_SCREEN = 844  # the phone's height
OWN_WORDS = "I walk past that market every day."


@pytest.fixture
def demo(live_server):
    load_demo()


def letter(page):
    return page.get_by_role("region", name="Call for Action: send the letter")


def top(locator):
    """Where something begins, in pixels from the top of the page."""
    return locator.evaluate("it => it.getBoundingClientRect().top + scrollY")


def end(locator):
    return locator.evaluate("it => it.getBoundingClientRect().bottom + scrollY")


@on_a_phone
def test_the_first_screen_shows_the_ask_the_progress_and_where_to_sign(page, demo):
    page.goto("/bucheon-mayor-kim/")

    form = card(page)
    assert end(page.get_by_role("progressbar")) < FIRST_SCREEN
    assert end(form.locator(".ask")) < FIRST_SCREEN
    assert top(form.get_by_label("Full name")) <= 560
    assert end(form.get_by_label("Full name")) < FIRST_SCREEN


@on_a_phone
@with_and_without_javascript
def test_the_whole_page_is_short_enough_to_be_read(page, demo):
    """With what a full campaign has: pictures, updates, and an event that is over."""
    campaign = Campaign.objects.get(slug="bucheon-mayor-kim")
    today = timezone.localdate()
    Campaign.objects.filter(pk=campaign.pk).update(
        story=f"<p>[picture 1]</p>{campaign.story}<p>[picture 2]</p>",
        event_starts=today - timedelta(days=4),
        event_ends=today - timedelta(days=2),
        **make_picture(),
    )
    for number, url in ((1, ""), (2, "https://video.example/1")):
        campaign.story_pictures.create(
            number=number, video_url=url, caption="A market.", **make_picture()
        )
    for _number in range(3):
        make_update(campaign, text="<p>We met them. </p>" * 15, **make_picture())
    page.goto("/bucheon-mayor-kim/")

    assert page.evaluate("document.documentElement.scrollHeight") < 8_000


@on_a_phone
@without_javascript
def test_who_answered_opens_on_request(page, demo):
    letter = SuggestedLetter.objects.get(campaign__slug="bucheon-mayor-kim")
    make_stance(letter, letter.recipient_list.recipients.first(), "supports")
    page.goto("/bucheon-mayor-kim/")
    answers = page.get_by_role("table", name="What officials say")
    expect(answers).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") < 8_000

    page.get_by_text("Show all 8 officials").click()

    expect(answers.get_by_role("row", name="Mayor of Bakersfield")).to_contain_text(
        "Supports it"
    )


@on_a_phone
@without_javascript
def test_older_updates_are_their_day_and_title(page, live_server):
    campaign = make_campaign()
    for title in ("Older news", "Newest news"):
        make_update(campaign, title, text=f"<p>Text of {title}.</p>", **make_picture())
    page.goto("/campaign-1/")

    expect(page.get_by_text("Text of Newest news.")).to_be_visible()
    expect(page.get_by_text("Text of Older news.")).to_be_hidden()
    expect(page.locator(".timeline").get_by_role("img")).to_have_count(1)
    page.get_by_role("link", name="Older news").click()

    expect(page.get_by_text("Text of Older news.")).to_be_visible()


@on_a_phone
@without_javascript
def test_the_composer_opens_in_place_without_scripts(page):
    make_petition_with_letter()
    page.goto("/campaign-1/")
    expect(letter(page).get_by_label("Full name")).to_be_hidden()

    card(page).get_by_role("link", name="Open my letter").click()
    summary = letter(page).get_by_text("Open my letter")
    expect(summary).to_be_in_viewport()
    summary.press("Enter")

    expect(letter(page).get_by_label("Full name")).to_be_visible()
    expect(page).to_have_url("/campaign-1/#letter")


@on_a_phone
def test_every_link_to_the_letter_opens_it(page):
    make_petition_with_letter()
    name = letter(page).get_by_label("Full name")
    page.goto("/campaign-1/#letter")
    expect(name).to_be_visible()

    letter(page).get_by_text("Open my letter").click()
    expect(name).to_be_hidden()
    card(page).get_by_role("link", name="Open my letter").click()
    expect(name).to_be_visible()

    page.goto("/campaign-1/")
    expect(name).to_be_hidden()
    page.evaluate("location.hash = 'letter'")
    expect(name).to_be_visible()


@on_a_phone
def test_a_letter_that_was_begun_is_open_when_its_writer_comes_back(page):
    make_petition_with_letter()
    page.goto("/campaign-1/")
    unfold(page, "Open my letter")
    letter(page).get_by_label("Why does this matter to you?").fill(OWN_WORDS)
    letter(page).get_by_role("button", name="Send my letter").click()
    expect(page).to_have_url("/campaign-1/letter/")
    expect(page.get_by_label("Why does this matter to you?")).to_have_value(OWN_WORDS)
    expect(page.get_by_role("alert")).to_contain_text("Enter your full name.")

    page.go_back()

    own_words = letter(page).get_by_label("Why does this matter to you?")
    expect(own_words).to_be_visible()
    expect(own_words).to_have_value(OWN_WORDS)


@on_a_phone
def test_a_reply_opens_the_form_of_comments_and_goes_back_with_it(page):
    comment = make_comment(make_petition_with_letter().campaign, "When?", name="Bo")
    page.goto("/campaign-1/")

    page.get_by_role("link", name="Reply to Bo").click()
    inside = page.locator(f"li:has(#comment-{comment.pk})")
    expect(inside.get_by_label("Name")).to_be_focused()
    page.get_by_role("button", name="Write a comment of your own instead").click()

    expect(page.locator("#reply").get_by_label("Name")).to_be_focused()


WATCH = """
window.moved = 0
const note = ({ value }) => { moved += value }
new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({ type: "layout-shift", buffered: true })
"""


@pytest.mark.parametrize(("width", "path"), [(320, ""), (384, "comments/")])
def test_nothing_moves_when_our_font_comes_late(page, demo, width, path):
    held = []

    def hold(request):
        held.append(request)

    page.set_viewport_size({"width": width, "height": FIRST_SCREEN})
    page.add_init_script(WATCH)
    page.route("**/*.woff2", hold)
    page.goto(f"/bucheon-mayor-kim/{path}", wait_until="commit")
    expect(page.get_by_role("contentinfo")).to_be_visible()
    page.evaluate("new Promise(requestAnimationFrame)")

    for request in held:
        request.continue_()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    assert held
    assert page.evaluate("moved") == 0
