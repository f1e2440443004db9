import pytest
from playwright.sync_api import expect

from tests.browser.visitor import card
from tests.factories import make_campaign, make_petition


@pytest.mark.parametrize(
    ("languages", "first"),
    [
        ('["ko", "de-AT", "en-US", "en"]', ["South Korea", "Austria"]),
        ('["tlh"]', ["Portugal", "Afghanistan"]),
        ('["es-419"]', ["Portugal", "Afghanistan"]),
    ],
)
def test_the_countries_of_the_readers_languages_stand_first(page, languages, first):
    make_petition(make_campaign(timezone="Europe/Lisbon"))
    getter = f"{{ get: () => {languages} }}"
    page.add_init_script(f"Object.defineProperty(navigator, 'languages', {getter})")

    page.goto("/campaign-1/")

    options = card(page).get_by_label("Country", exact=True).locator("option")
    expect(options).to_have_count(250)
    expect(options.nth(1)).to_have_text(first[0])
    assert options.all_inner_texts()[:3] == ["Choose", *first]
    expect(card(page).get_by_label("Country", exact=True)).to_have_value("")
