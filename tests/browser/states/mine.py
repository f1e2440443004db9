"""My page, and what it leads to."""

from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import OutgoingMail
from petitions.models import TallyEntry
from supporters.models import (
    Mailing,
    UpdateForFollower,
    Visit,
)
from tests.browser.visitor import code_field, heading
from tests.factories import (
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_update,
    write_comment,
)
from tests.letters.makers import write as write_letter


def mine(page):
    page.goto("/mine/")


def mine_inbox(page):
    mine(page)
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_role("button", name="Email me the link").click()
    expect(heading(page)).to_have_text("Now check your email")


def open_by_the_code(page):
    """As if its mail had come."""
    Visit.objects.update(issue=1)
    code_field(page).fill(Visit.objects.get().code)
    page.get_by_role("button", name="Open my page").click()
    expect(heading(page)).to_have_text("Your page")


def my_page(page):
    campaign = make_petition().campaign
    words = [("signature", "I ask the council to help.", "1")]
    make_counted(campaign.petition, 12, email="ada@mail.example", consents=words)
    write_letter(make_letter(campaign)).confirm()
    write_comment(campaign, "y" * 300, wants_news=True)
    follows = make_follow(campaign), make_follow(None)
    follows[1].stop()
    mailing = Mailing.objects.create(update=make_update(campaign))
    ada, now = follows[0].supporter, timezone.now()
    UpdateForFollower.objects.create(mailing=mailing, supporter=ada, due_at=now)
    OutgoingMail.objects.queue("follow_question", follows[0].pk, ada.email)
    OutgoingMail.objects.update(outcome="sent", settled_at=now, text="confirm_follow")
    mine_inbox(page)
    open_by_the_code(page)


def my_page_and_what_it_leads_to(page):
    my_page(page)
    TallyEntry.roll_up()
    page.reload()
    mine = page.url
    yield "my page"
    for link, title in (
        ("Change", "Change your signature"),
        ("Delete (Please help)", "Delete your letter?"),
        ("Delete (y", "Delete your comment?"),
        ("I no longer agree", "Remove your name?"),
        ("Read it all", "Everything we store about you"),
    ):
        page.goto(mine)
        page.get_by_role("link", name=link).first.click()
        expect(heading(page)).to_have_text(title)
        yield title
    page.goto(mine)
    page.get_by_role("link", name="See all (Your signatures)").click()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    yield "a section"
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Your signature in the count").click()
    expect(heading(page)).to_have_text("Your signature in the count")
    yield "Your signature in the count"
    page.goto(mine)
    page.get_by_role("link", name="Remove my name").first.click()
    page.get_by_role("button", name="Yes, remove my name").click()
    expect(page.get_by_role("status")).to_contain_text("off the petition")
    yield "a name taken back"
    page.goto(mine)
    page.get_by_role("link", name="Erase everything").click()
    for title, button in (
        ("Erase everything about you?", "Go to the last question"),
        ("Erase everything for good?", "Yes, erase everything"),
    ):
        expect(heading(page)).to_have_text(title)
        yield title
        page.get_by_role("button", name=button).click()
    expect(heading(page)).to_have_text("Everything is erased")
    yield "erased"


def my_page_without_any_act(page):
    page.goto("/mine/abc/")
    yield "closed"
    mine(page)
    yield "form"
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Email me the link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "errors"
    mine_inbox(page)
    yield "inbox"
    open_by_the_code(page)
    yield "my page"
    page.get_by_role("button", name="Forget me on all devices").click()
    expect(heading(page)).to_have_text("We have forgotten you on all devices")
    yield "forgotten"


ALL = [my_page_and_what_it_leads_to, my_page_without_any_act]
