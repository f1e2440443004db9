"""The letter in each language changes while it is written, and leaves by each way."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.factories import make_petition
from tests.letters.bilingual import THREE_LANGUAGES, make_bilingual


@pytest.fixture
def suggested(settings):
    settings.LANGUAGES = THREE_LANGUAGES
    letter = make_bilingual()
    make_petition(letter.campaign)
    return letter


def test_each_letter_follows_what_is_typed(page, suggested):
    page.goto("/bucheon/letter/")
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("Why does this matter").fill("I love dogs.")
    page.get_by_text("The letter in Korean, for those who read it").click()
    korean = page.locator(".further")

    expect(korean.locator(".sheet-body")).to_contain_text("영어로 덧붙였습니다.")
    expect(korean.locator(".sheet-body")).to_contain_text("I love dogs.")
    expect(korean.locator(".sheet-body")).to_contain_text("Ada Lovelace")
    page.get_by_label("These words are in").select_option("ko")
    expect(korean.locator(".sheet-body")).not_to_contain_text("영어로 덧붙였습니다.")
    address = urlsplit(korean.get_by_role("link", name="Gmail").get_attribute("href"))
    sent = parse_qs(address.query)
    assert sent["to"] == ["ward3@council.example"]
    assert sent["su"] == ["도와주십시오"]
    assert "I love dogs." in sent["body"][0]
    address = page.locator(".composer-send [data-link=gmail]").get_attribute("href")
    assert "ward3" not in address


def test_the_letter_in_the_readers_language_follows_what_is_typed(page, suggested):
    suggested.recipient_list.recipients.update(language="")
    page.goto("/ko/sijang/letter/")
    beside = page.locator("#letter-beside .sheet-body")

    page.locator("#letter-name").fill("Ada")
    expect(beside.locator("p").last).to_have_text("Ada")
    page.locator(".edit-all summary").click()
    body = page.locator("#letter-body")
    body.fill(body.input_value().replace("Please help.", "Please help them now."))
    expect(page.locator("#sheet")).to_contain_text("Please help them now.")
    expect(beside).to_contain_text("도와주십시오.")
