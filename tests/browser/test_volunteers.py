"""A volunteer's journey: from the link in a mail to the page in Korean."""

import pytest
from playwright.sync_api import expect

from campaigns.models import CampaignText
from tests.browser.test_accessible import faults_of
from tests.factories import ask_volunteer, make_campaign, make_petition
from volunteers.models import TranslatedText

pytestmark = pytest.mark.django_db(transaction=True)
STORY = "<p>They sell dogs.</p><p>[picture 1]</p><p>Close it.</p>"


@pytest.fixture
def campaign(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    made = make_campaign(
        slug="bucheon",
        title="Close the market",
        summary="Ask the mayor to close it.",
        story=STORY,
    )
    return make_petition(made, ask="Close the market now.").campaign


def opened(page, live_server, request):
    """The link, in English, so that its buttons are named as in the source."""
    page.goto(f"{live_server.url}/translations/{request.key}/")
    page.get_by_role("button", name="Open the translation").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Translation into")


def field(page, name):
    return page.locator(f"#text-{name}")


def test_from_the_link_to_the_page_in_korean(page, live_server, campaign, context):
    request = ask_volunteer(campaign)
    opened(page, live_server, request)
    field(page, "title").fill("시장을 닫아 주세요")
    field(page, "summary").fill("시장에게 요청해 주세요.")
    field(page, "ask").fill("지금 시장을 닫아 주세요.")
    editor = page.locator("#of-story [contenteditable]")
    original = page.get_by_role("button", name="Insert the original")
    original.click()
    expect(editor.locator("p").first).to_have_text("They sell dogs.")
    expect(original).to_be_hidden()
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("개를 팝니다.")
    expect(page.locator("keep-typed output")).to_have_text("What you typed is kept.")

    # A lost place of the picture is said, and nothing is lost.
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("#of-story .field-error")).to_contain_text(
        "[picture 1] is missing"
    )
    expect(page.locator("#of-story [contenteditable]")).to_contain_text("개를 팝니다.")
    page.locator("#of-story [contenteditable]").click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="[picture 1]").click()
    expect(page.locator("#of-story button[data-words]")).to_be_disabled()
    with context.expect_page() as preview:
        page.get_by_role("button", name="See the page").click()
    expect(preview.value.get_by_role("heading", level=1)).to_contain_text("시장을 닫아")
    preview.value.close()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")

    # A second reader, on their own link, corrects and publishes.
    reader = ask_volunteer(campaign, role="reads", may_publish=True)
    opened(page, live_server, reader)
    field(page, "summary").fill("시장님께 요청해 주세요.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("Published.")
    assert CampaignText.objects.published().get().summary == "시장님께 요청해 주세요."
    page.goto(f"{live_server.url}/ko/bucheon/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("시장을 닫아 주세요")

    # The source changes, and the volunteer sees where.
    campaign.refresh_from_db()
    campaign.summary = "Ask the council to close it."
    campaign.save()
    page.goto(f"{live_server.url}/translations/{request.key}/")
    expect(page.locator("#of-summary del")).to_contain_text("mayor")
    expect(page.locator("#of-summary ins")).to_contain_text("council")
    field(page, "summary").fill("의회에 요청해 주세요.")
    page.locator("#of-summary [type=checkbox]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice")).to_have_text("Saved.")
    expect(page.locator("#of-summary del")).to_have_count(0)


def test_without_scripts_and_on_a_phone(browser, live_server, campaign):
    request = ask_volunteer(campaign)
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    opened(page, live_server, request)
    field(page, "title").fill("시장")
    field(page, "story").fill("<p>개</p><p>[picture 1]</p>")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".notice")).to_have_text("Saved.")
    expect(field(page, "title")).to_have_value("시장")
    assert TranslatedText.objects.count() == 2
    context.close()


def test_the_page_is_accessible_and_fits_a_phone(page, live_server, campaign):
    request = ask_volunteer(campaign)
    page.set_viewport_size({"width": 320, "height": 640})
    opened(page, live_server, request)

    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert wide <= 0
    assert faults_of(page) == []
