"""Every moderator can use the desk, the list and what they lead to."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.rules import RuleFinding
from tests.browser.desk import DESK, LIST
from tests.browser.test_accessible import faults_of, stops
from tests.browser.visitor import heading
from tests.comments.desk import INBOX
from tests.factories import make_campaign, make_comment, make_staff, write_comment


def full_desk(page):
    """A desk with everything that it can show."""
    di = make_staff("di", "Moderators")
    campaign = make_campaign()
    parent = make_comment(campaign, "When?", name="Bo")
    write_comment(campaign, "Earlier.").moderated_by(di).show()
    comment = write_comment(
        campaign,
        f"https://example.com/{'long' * 60} and a {'w' * 200}",
        parent=parent,
        findings=[RuleFinding("word", "pills")],
        network_hash="f" * 32,
    )
    comment.moderated_by(di).note("A note of Di.")
    write_comment(campaign, name="W" * 120)
    write_comment(campaign, name="").moderated_by(di).claim()
    page.goto(f"{DESK}{comment.pk}/")
    expect(page.get_by_text("Reserved for you.")).to_be_visible()


def reported(page):
    comment = make_comment(make_campaign())
    comment.report(reason="hate", words="It is mean.", network_hash="a")
    page.goto(DESK)


def appeal(page):
    di = make_staff("di", "Moderators")
    comment = write_comment(make_campaign())
    comment.moderated_by(di).hide("hate", "Line two.")
    comment.by_writer.appeal("No.")
    page.goto(DESK)


def refused(page):
    di = make_staff("di", "Moderators")
    comment = write_comment(make_campaign())
    page.goto(DESK)
    expect(page.get_by_text("Reserved for you.")).to_be_visible()
    Comment.objects.update(claimed_by=None, version=9)
    comment.moderated_by(di).note("x")
    page.keyboard.press("h")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("We changed nothing.")


def done(page):
    campaign = make_campaign()
    write_comment(campaign)
    write_comment(campaign)
    page.goto(DESK)
    page.keyboard.press("a")
    expect(page.locator(".desk-done")).to_be_visible()


def from_the_full_desk_to_the_inbox(page):
    full_desk(page)
    yield "desk"
    page.keyboard.press("h")
    expect(page.get_by_label("It is about something else.")).to_be_visible()
    yield "hiding"
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_role("textbox").and_(page.locator(":focus"))).to_be_visible()
    yield "answering"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "help"
    page.goto(INBOX)
    page.keyboard.press("j")
    expect(page.locator(".desk-lines kbd:visible").first).to_be_visible()
    yield "inbox by keyboard"
    page.goto(LIST)
    yield "list"
    page.get_by_role("checkbox").first.check()
    page.get_by_role("combobox", name="Action").select_option("Hide …")
    page.get_by_role("button", name="Run").click()
    expect(heading(page)).to_have_text("Hide comments")
    yield "preview"
    page.get_by_label("It is about something else.").check()
    page.get_by_role("button", name="Hide (").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    yield "undo offered"


def from_the_empty_desk_to_a_redaction(page):
    page.goto(DESK)
    yield "nothing to do"
    comment = write_comment(make_campaign(), "Call 555-0100.")
    page.goto("/admin/")
    yield "what is to do"
    page.goto(f"{DESK}{comment.pk}/")
    page.get_by_text("Remove a passage").click()
    page.get_by_label("The passage").fill("555-0100")
    page.get_by_role("button", name="See the text without it").click()
    expect(heading(page)).to_have_text("Remove a passage for good")
    yield "redaction"


STATES = [
    from_the_full_desk_to_the_inbox,
    from_the_empty_desk_to_a_redaction,
    reported,
    appeal,
    refused,
    done,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_moderator_can_use(page, cy, state):
    for name in stops(page, state):
        assert faults_of(page) == [], name
