"""What people type may be one word as long as the field: no page grows wider by it."""

import pytest
from playwright.sync_api import expect

from letters.models import Recipient
from petitions.models import Signature
from tests.browser.states.signing import page_of
from tests.browser.visitor import heading
from tests.factories import make_comment, make_letter, make_petition, sign

SMALL = {"viewport": {"width": 320, "height": 640}, "is_mobile": True}
ARABIC = "مريم عبد الرحمن الأحمد"
LONG_EMAIL = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"

pytestmark = pytest.mark.parametrize("screen", [SMALL], ids=["320 px"])


@pytest.fixture
def petition(live_server):
    petition = make_petition(
        title="Rindfleischetikettierungsüberwachung" * 4,
        title_ask="Aufgabenübertragungsgesetz" * 6,
        summary="s" * 300,
        happening="h" * 300,
        story=f"<h2>{'t' * 99}</h2>{'p' * 200}<blockquote>{'q' * 99}</blockquote>",
        ask="a" * 500,
        outcome="o" * 300,
        reading_title="r" * 160,
        call_for_action="c" * 200,
        event_name="e" * 60,
        event_starts="2026-11-02",
    )
    campaign = petition.campaign
    campaign.readings.create(title="r" * 160, url="https://a.example/" + "b" * 150)
    letter = make_letter(campaign, subject="s" * 150)
    letter.recipient_list.recipients.update(office="o" * 120)
    Recipient.objects.create(
        list=letter.recipient_list, name="n" * 120, office="o" * 120, email=LONG_EMAIL
    )
    first = make_comment(campaign, "t" * 500, name="n" * 120)
    reply = make_comment(campaign, f"https://a.example/{'u' * 400}", first, name=ARABIC)
    make_comment(campaign, f"{ARABIC} " * 20, reply)
    return petition


def is_as_wide_as_the_window(page):
    return page.evaluate(
        "document.documentElement.scrollWidth <= 320 && innerWidth <= 320"
    )


def signed(petition, **details):
    return sign(petition, shown_as="full", **details)


@pytest.mark.parametrize("name", ["N" * 120, ARABIC], ids=["long", "right to left"])
def test_a_name_of_any_shape_fits_every_page_from_the_form_to_the_letter(
    page, petition, name
):
    signed(petition, name=name, city="c" * 100, email="other@mail.example").confirm()
    signature = signed(petition, name=name, city="c" * 100, email=LONG_EMAIL)
    for path in ("/", "/campaign-1/", "/campaign-1/signatures/", signature.inbox_url):
        page.goto(path)
        expect(heading(page)).to_be_visible()
        assert is_as_wide_as_the_window(page), path

    page.goto(page_of(signature, "withdrawal"))
    assert is_as_wide_as_the_window(page)
    page.goto(page_of(signature, "confirmation"))
    expect(page.get_by_role("definition").first).to_have_text(name)
    assert is_as_wide_as_the_window(page)
    page.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(page)).to_contain_text(f"Thank you, {name}.")
    assert is_as_wide_as_the_window(page)
    page.get_by_role("link", name="Open my letter").click()
    expect(page.get_by_label("Full name")).to_have_value(name)
    page.get_by_text("Show all 4 email addresses").click()
    page.get_by_text("Change the subject or the message").click()
    assert is_as_wide_as_the_window(page)
    assert Signature.objects.counted().count() == 2
