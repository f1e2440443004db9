"""The pages of the site and of a campaign, which everybody reads."""

from playwright.sync_api import expect

from campaigns.models import Campaign
from letters.models import (
    SuggestedLetter,
)
from tests.browser.visitor import heading, make_petition_with_letter
from tests.demo import load_demo
from tests.factories import (
    make_petition,
    make_picture,
    make_stance,
    make_update,
)


def home(page):
    load_demo()
    page.goto("/")


def campaign(page):
    load_demo()
    letter = SuggestedLetter.objects.get(campaign__slug="bucheon-mayor-kim")
    mayor, member = letter.recipient_list.recipients.all()[:2]
    make_stance(letter, mayor, "answered", url="https://council.example/minutes")
    make_stance(letter, member)
    page.goto("/bucheon-mayor-kim/")
    expect(page.get_by_role("table", name="What officials say")).to_be_visible()


def ended_campaign(page):
    load_demo()
    page.goto("/bakersfield-sister-city-petition/")


def demo(page):
    load_demo()
    page.goto("/bucheon-mayor-kim/count/")
    yield "the count"
    page.goto("/bucheon-mayor-kim/signatures/newest/")
    yield "newest signers"


def pages_without_a_campaign(page):
    for path in ("/", "/privacy/", "/how-it-works/", "/cookies/", "/accessibility/"):
        page.goto(path)
        yield path
    page.goto("/nowhere/")
    expect(heading(page)).to_have_text("We cannot find this page")
    yield "nothing here"


def updates(page):
    campaign = make_petition().campaign
    for number in range(11):
        make_update(campaign, f"Update {number}")
    page.goto("/campaign-1/updates/")


def update(page):
    text = (
        "<p>She says <strong>yes</strong>, and <a href='https://a.example/'>why</a>.</p>"
        "<blockquote><p>We will end it.</p></blockquote><h2>Next</h2>"
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>"
    )
    made = make_update(make_petition().campaign, text=text, **make_picture())
    page.goto(made.get_absolute_url())


def action_page_with_updates(page):
    campaign = make_petition().campaign
    make_update(campaign, **make_picture())
    for number in range(3):
        make_update(campaign, f"Update {number}")
    page.goto("/campaign-1/")


def draft(page):
    petition = make_petition_with_letter()
    petition.campaign.published_at = None
    petition.campaign.make_draft_link()
    Campaign.objects.update(published_at=None)
    page.goto(petition.campaign.draft_url)
    expect(page.get_by_text("Only people with this link")).to_be_visible()


ALL = [
    updates,
    update,
    action_page_with_updates,
    home,
    campaign,
    ended_campaign,
    demo,
    pages_without_a_campaign,
    draft,
]
