"""A browser that prefers another language of the site is offered it, quietly."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("pt-br", "Português")]


def prefer(page, *languages):
    getter = f"{{ get: () => {[*languages]} }}"
    page.add_init_script(f"Object.defineProperty(navigator, 'languages', {getter})")


@pytest.mark.parametrize(
    ("languages", "path"),
    [(["pt-PT", "en"], "/pt-br/privacy/"), (["fr", "ko-KR"], "/ko/privacy/")],
)
def test_the_language_that_the_browser_prefers_is_offered(page, languages, path):
    prefer(page, *languages)
    page.goto("/privacy/")
    offer = page.locator("language-offer a")

    expect(offer).to_be_visible()
    assert offer.get_attribute("href") == path
    offer.click()
    expect(page.locator("html")).to_have_attribute("lang", path.split("/")[1])
    page.evaluate("new Promise((done) => requestIdleCallback(done))")
    expect(page.locator("language-offer")).to_be_hidden()


def test_an_offer_goes_away_when_it_is_closed(page):
    prefer(page, "ko")
    page.goto("/privacy/")

    page.locator("language-offer button").click()

    expect(page.locator("language-offer")).to_have_count(0)


@pytest.mark.parametrize("languages", [["en-GB", "ko"], ["fr"]])
def test_nothing_is_offered_that_fits_no_better(page, languages):
    prefer(page, *languages)
    page.goto("/privacy/")
    page.evaluate("new Promise((done) => requestIdleCallback(done))")

    expect(page.locator("language-offer")).to_be_hidden()
    expect(page.locator(".languages a")).to_have_count(3)
