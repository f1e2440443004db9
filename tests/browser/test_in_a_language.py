"""From reading to erasing in one language: no page and no mail leaves it.

She signs in English, too, and is counted once.
"""

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from letters.models import Delivery
from letters.suggested.placeholder_names import named_in
from petitions.models import Petition
from supporters.models import Supporter
from tests.browser.visitor import heading, open_mail, unfold
from tests.factories import (
    ADA,
    LETTER,
    make_letter,
    make_letter_text,
    make_petition,
    make_text,
    sign,
)

# As narrow as the smallest phones, and without a mouse.
SMALL = {
    "viewport": {"width": 320, "height": 640},
    "is_mobile": True,
    "has_touch": True,
}
TITLES = {
    "ar": "أغلقوا سوق الكلاب في بوتشون",
    "ko": "부천시의 개 시장을 닫아 주세요",
}
WAY = """
() => [document.documentElement.lang, document.dir,
  document.scrollingElement.scrollWidth <= innerWidth && innerWidth <= 320]
"""
pytestmark = pytest.mark.parametrize("screen", [SMALL], ids=["320 px"])


class Visit:
    """What Ada does in this language. `said` is what a text of ours is there."""

    def __init__(self, page, language):
        self.page, self.language = page, language
        self.way = "rtl" if language == "ar" else "ltr"

    def said(self, text):
        with override(self.language):
            said = gettext(text)
        assert said != text
        return said

    def go(self, below):
        self.page.goto(f"/{self.language}/{below}")
        self.expect_language()

    def press(self, text, role="button"):
        name = self.said(text)
        is_whole = role == "button"  # a link may go on with "…"
        self.page.get_by_role(role, name=name, exact=is_whole).first.click()

    def fill(self, form, **fields):
        for label, value in fields.items():
            form.locator(f"[name={label}]").fill(value)

    def expect_heading(self, text):
        expect(heading(self.page)).to_have_text(self.said(text))
        self.expect_language()

    def expect_language(self):
        expect(heading(self.page)).to_be_visible()
        assert self.page.evaluate(WAY) == [self.language, self.way, True], self.page.url

    def open(self, mailbox, link):
        """Go on in the tab to which a link of the newest mail leads."""
        html = mailbox.last().get_body(("html",)).get_content()
        assert f'<html lang="{self.language}" dir="{self.way}">' in html
        self.page = open_mail(self.page, mailbox)
        self.press(link, "link")


@pytest.mark.parametrize(
    ("language", "javascript"),
    [
        pytest.param("ar", True, id="ar"),
        pytest.param("ko", False, id="ko, scripts off"),
    ],
)
def test_reading_signing_writing_and_erasing_stay_in_the_language(
    page, mailbox, work, language
):
    petition = make_petition(slug="bucheon", title="Close the market")
    campaign = petition.campaign
    make_text(campaign, language, slug="there", title=TITLES[language])
    body = LETTER.replace("[Your own words]", "[Your own words]\n\n" + TITLES[language])
    letter_text = {"subject": "-", "body": named_in(language, body)}
    make_letter_text(make_letter(campaign), language, **letter_text)
    visit = Visit(page, language)

    sign_there(visit, mailbox, work)
    assert counted() == 1
    work()
    number = len(mailbox.messages)
    sign(petition, language="en").confirm()
    assert counted() == 1
    work()
    del mailbox.messages[number:]  # they are in English, as this act was

    write_there(visit, mailbox, work)
    assert Delivery.objects.filter(outcome="sent").count() == 3
    comment_there(visit)
    assert campaign.comments.get().written_in == language
    erase_there(visit, mailbox, work)
    assert not Supporter.objects.exists()
    assert counted() == 0
    hers = [mail for mail in mailbox.messages if ADA["email"] in mail["To"]]
    assert len(hers) > 3
    for mail in hers:
        assert f'<html lang="{language}"' in mail.get_body(("html",)).get_content()


def counted():
    return Petition.objects.get().standing.count


def sign_there(visit, mailbox, work):
    visit.go("there/")
    expect(heading(visit.page)).to_have_text(TITLES[visit.language])
    region = visit.said("Take part")
    card = visit.page.get_by_role("region", name=region, exact=True)
    visit.fill(card, name="Ada Lovelace", email=ADA["email"], city="London")
    card.locator("[name=country]").select_option("GB")
    visit.press("Sign the petition")
    visit.expect_heading("Now check your email")
    work()
    visit.open(mailbox, "Open the page to confirm")
    visit.expect_heading("Is this your signature?")
    visit.press("Yes, count my signature")
    expect(heading(visit.page)).to_contain_text("Ada Lovelace")
    visit.expect_language()


def write_there(visit, mailbox, work):
    """Write from another device, where nobody knows her, and confirm by the code."""
    visit.page.context.clear_cookies()
    visit.go("there/letter/")
    form = visit.page.locator("form.composer")
    words = TITLES[visit.language]
    visit.fill(form, name="Ada Lovelace", place="London", own_words=words)
    visit.fill(form, email=ADA["email"])
    visit.press("Send my letter")
    visit.expect_heading("Now check your email")
    work()
    code = visit.page.locator("[name=code]")
    code.fill(mailbox.code())
    code.press("Enter")
    visit.expect_heading("What happens to your letter")
    work()


def comment_there(visit):
    visit.go("there/comments/")
    unfold(visit.page, visit.said("Write a comment"))
    form = visit.page.locator(".comment-form")
    visit.fill(form, name="Ada Lovelace", text=TITLES[visit.language])
    visit.press("Post comment")
    visit.expect_heading("Thank you. A person will read your comment.")


def erase_there(visit, mailbox, work):
    visit.page.context.clear_cookies()
    visit.go("mine/")
    visit.page.locator("main [name=email]").fill(ADA["email"])
    visit.press("Email me the link")
    visit.expect_heading("Now check your email")
    work()
    visit.open(mailbox, "Open my page")
    visit.expect_heading("Open your page?")
    visit.press("Open my page")
    visit.expect_heading("Your page")
    visit.press("Erase everything", "link")
    visit.expect_language()
    visit.press("Go to the last question")
    visit.expect_heading("Erase everything for good?")
    visit.press("Yes, erase everything")
    visit.expect_heading("Everything is erased")
