import pytest
from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import card, heading, on_a_phone, on_both_screens
from tests.demo import load_demo


@pytest.fixture
def demo(live_server):
    load_demo()


@on_both_screens
def test_a_visitor_reads_the_campaign_from_the_home_page_on(page, demo):
    page.goto("/")
    expect(heading(page)).to_have_text("Your letter can change a city.")
    page.get_by_role("region", name="Open now").get_by_role(
        "link", name="Bucheon Mayor Kim is visiting"
    ).click()

    expect(heading(page)).to_contain_text("Bucheon Mayor Kim is visiting Sister City")
    expect(page.get_by_text("2–8 November 2016")).to_be_visible()
    expect(card(page)).to_contain_text("1,284 people have signed")
    expect(card(page)).to_contain_text("Goal: 1,500")
    for title in (
        "Why this visit matters",
        "Background reading",
        "Latest signatures",
        "Call for Action: send the letter",
        "Ask one friend to write too",
        "8 comments",
    ):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    story = page.locator("#story")
    expect(story).to_contain_text("the animals will continue to suffer immensely")
    expect(story).to_contain_text("Bucheon: a new light shines in the darkness.")
    [newest, *_] = Signature.objects.shown()
    signers = page.get_by_role("region", name="Latest signatures")
    signers.scroll_into_view_if_needed()
    is_wide = page.viewport_size["width"] > 640
    expect(signers.get_by_role("listitem")).to_have_count(6 if is_wide else 3)
    expect(signers.get_by_role("listitem").first).to_contain_text(newest.country.name)
    comments = page.get_by_role("region", name="8 comments")
    expect(comments.get_by_role("article")).to_have_count(6)
    reply = comments.locator("ol ol").get_by_role("article")
    expect(reply).to_contain_text("katya masini")
    expect(reply).to_contain_text("Added their name without a message.")
    comments.get_by_role("link", name="Read all 8 comments").click()
    expect(comments.get_by_role("article")).to_have_count(8)


def test_an_ended_campaign_can_be_read_and_offers_no_form(page, demo):
    page.goto("/")
    page.get_by_role("link", name="Petition: companion animals").click()

    expect(page.get_by_text("Answered", exact=True)).to_be_visible()
    result = page.get_by_role("region", name="Result", exact=True)
    expect(result).to_contain_text("312 people signed")
    expect(result).to_contain_text("This petition has ended")
    expect(page.get_by_role("heading", name="The result")).to_be_visible()
    expect(page.get_by_role("button", name="Sign the petition")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign")).to_have_count(0)


def test_on_paper_there_are_the_story_and_the_letter_and_no_form(page, demo):
    page.goto("/bucheon-mayor-kim/")
    expect(card(page)).to_be_visible()
    expect(page.locator(".on-paper")).to_be_hidden()

    page.emulate_media(media="print")

    expect(card(page).locator(".ask")).to_be_visible()
    expect(card(page)).to_contain_text("1,284 people have signed")
    expect(card(page).get_by_role("button", name="Sign")).to_be_hidden()
    expect(page.locator("#follow")).to_be_hidden()
    expect(page.locator(".on-paper")).to_contain_text("/bucheon-mayor-kim/")
    expect(page.locator(".on-paper svg")).to_be_visible()
    expect(page.get_by_label("Full name").first).to_be_hidden()
    expect(page.get_by_label("Full name").last).to_be_hidden()
    expect(heading(page)).to_be_visible()
    expect(page.locator("#story blockquote")).to_be_visible()
    expect(page.locator("#sheet")).to_be_visible()
    expect(page.locator("#sheet")).to_contain_text("Thank you again for your efforts")


def test_on_paper_the_page_of_comments_has_them_and_no_form(page, demo):
    page.goto("/bucheon-mayor-kim/comments/")
    comments = page.get_by_role("list").filter(has_text="Theresa (Kim) hornby").first
    expect(page.get_by_role("button", name="Post comment")).to_be_visible()

    page.emulate_media(media="print")

    expect(heading(page)).to_have_text("8 comments")
    expect(comments).to_be_visible()
    expect(comments.get_by_role("link", name="Reply").first).to_be_hidden()
    expect(page.get_by_role("button", name="Post comment")).to_be_hidden()


def test_on_paper_a_campaign_that_has_ended_invites_nobody(page, demo):
    page.goto("/bakersfield-sister-city-petition/")

    page.emulate_media(media="print")

    expect(page.locator(".on-paper")).to_contain_text("Read it online:")
    expect(page.locator(".on-paper")).not_to_contain_text("Take part")


def test_the_form_is_beside_the_title_on_a_desk(page, demo):
    page.goto("/bucheon-mayor-kim/")

    expect(heading(page)).to_be_in_viewport()
    expect(card(page).get_by_label("Full name")).to_be_in_viewport(ratio=1)
    expect(card(page).get_by_role("button", name="Sign")).to_be_in_viewport(ratio=1)


@on_a_phone
def test_a_bar_leads_to_form_and_letter_and_steps_aside_for_them(page, demo):
    page.goto("/bucheon-mayor-kim/")
    bar = page.get_by_role("navigation", name="Take part")
    expect(bar).to_be_hidden()

    page.get_by_role(
        "heading", name="Why this visit matters"
    ).scroll_into_view_if_needed()
    bar.get_by_role("link", name="Sign").click()
    expect(card(page).get_by_label("Full name")).to_be_in_viewport(ratio=1)
    expect(bar).to_be_hidden()

    page.get_by_role("heading", name="Latest signatures").scroll_into_view_if_needed()
    bar.get_by_role("link", name="Send letter").click()
    expect(page.locator("#letter-title")).to_be_in_viewport(ratio=1)
    expect(bar).to_be_hidden()
