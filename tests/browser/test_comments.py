"""Comments in a browser: writing, replying, deleting, and what becomes of them."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from comments.models import Comment
from outbox.models import OutgoingMail
from tests.browser.states.comments import comment_rules
from tests.browser.visitor import (
    heading,
    in_two_browsers,
    on_a_phone,
    on_both_screens,
    open_mail,
    unfold,
    with_and_without_javascript,
    without_javascript,
)
from tests.factories import make_campaign, make_comment, make_staff


def thread(page):
    return page.locator("#comments")


def write(page, text, *, news=False, replies=False):
    if page.locator(".comment-form").is_hidden():
        unfold(page, "Write a comment")
    form = page.locator(".comment-form")
    form.get_by_label("Name").fill("Ada Lovelace")
    # A browser that is known is not asked for the address.
    if form.get_by_label("Email address").count():
        form.get_by_label("Email address").fill("ada@mail.example")
    form.get_by_label("Comment", exact=True).fill(text)
    if news:
        form.get_by_label("Email me when my comment is shown").check()
    if replies:
        form.get_by_label("Email me when somebody replies to me").check()


def post(page):
    page.get_by_role("button", name="Post comment").click()


@on_a_phone
def test_on_a_phone_all_numbers_of_a_month_stand_beside_what_they_are(page):
    comment_rules(page)

    table = page.locator(".table-wrap")
    hidden = table.evaluate("it => it.scrollWidth - it.clientWidth")
    waits = page.locator(".numbers td").last.evaluate(
        "it => it.dataset.label + getComputedStyle(it, '::before').content"
    )

    assert hidden == 0
    expect(page.locator(".numbers thead")).to_be_hidden()
    assert waits.startswith("Usual time to decide: ")
    assert not waits.endswith("none")


@on_both_screens
def test_every_reply_shows_what_can_be_done_with_it_on_one_line(page):
    campaign = make_campaign()
    first = make_comment(campaign)
    second = make_comment(campaign, "I agree.", first, name="Bo")
    third = make_comment(campaign, "So do I.", second, name="Di")
    page.goto("/campaign-1/comments/")

    for comment in (first, second, third):
        tools = page.locator(f"#comment-{comment.pk} .comment-tools a")
        reply, report = (tools.nth(n).bounding_box() for n in range(2))
        assert reply["y"] == report["y"]
        assert reply["width"] > reply["height"] / 2
        text = page.locator(f"#comment-{comment.pk} .comment-text").bounding_box()
        assert reply["x"] == text["x"]


@in_two_browsers
def test_a_reader_writes_and_changes_a_comment(page):
    make_campaign()
    page.goto("/campaign-1/")
    write(page, "First words.\n\nSecond paragraph.")
    post(page)
    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    expect(page.get_by_label("Your comment")).to_contain_text("First words.")
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Comment", exact=True).fill("Better words.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Your comment")).to_contain_text("Better words.")
    page.get_by_role("link", name="Back to the comments").click()
    expect(page.get_by_label("Your comment")).to_have_count(0)
    expect(thread(page)).not_to_contain_text("Better words.")


@in_two_browsers
def test_a_reader_replies_to_a_comment(page, javascript):
    comment = make_comment(make_campaign(), "When is the vote?", name="Bo")
    other = make_comment(comment.campaign, "Something else.", name="Cy")
    page.goto("/campaign-1/")

    page.get_by_role("link", name="Reply to Cy").click()
    if javascript:
        expect(page.get_by_role("heading", name="Reply to Cy")).to_be_visible()
        page.get_by_role("link", name="Reply to Bo").click()
        inside = page.locator(f"li:has(#comment-{comment.pk})")
        expect(inside.get_by_label("Name")).to_be_focused()
    else:
        expect(page).to_have_url(re.compile(rf"/{other.pk}/reply/$"))
        page.goto(f"/campaign-1/comments/{comment.pk}/reply/")
    expect(page.get_by_role("heading", name="Reply to Bo")).to_be_visible()
    write(page, "On Tuesday.")
    post(page)

    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    assert Comment.objects.latest("pk").parent == comment


def test_who_changes_their_mind_writes_a_comment_of_their_own(page):
    make_comment(make_campaign(), "When is the vote?", name="Bo")
    page.goto("/campaign-1/")
    page.get_by_role("link", name="Reply to Bo").click()
    write(page, "Words for everybody.")

    page.get_by_role("button", name="Write a comment of your own instead").click()
    expect(page.get_by_role("heading", name="Leave a comment")).to_be_visible()
    post(page)

    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    comment = Comment.objects.latest("pk")
    assert (comment.parent, comment.text) == (None, "Words for everybody.")


@with_and_without_javascript
def test_a_permalink_shows_the_comment_and_marks_it(page, settings):
    settings.COMMENTS_A_PAGE = 3
    campaign = make_campaign()
    comments = [make_comment(campaign, f"Number {n}", name=f"N{n}") for n in range(8)]
    page.goto(comments[5].get_absolute_url())

    wanted = page.locator(f"#comment-{comments[5].pk}")
    expect(wanted).to_be_in_viewport()
    expect(wanted).to_contain_text("Number 5")
    assert wanted.evaluate("(e) => e.matches(':target')")
    page.get_by_role("link", name="Next page").first.click()
    expect(thread(page)).to_contain_text("Number 6")
    page.get_by_role("link", name="Newest first").click()
    expect(thread(page).get_by_role("article").first).to_contain_text("Number 7")


def test_who_is_known_sees_the_next_comment_at_once(page, mailbox, work):
    make_campaign()
    page.goto("/campaign-1/")
    write(page, "My first one.", news=True)
    post(page)
    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    work()
    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="Open the page to confirm").click()
    tab.get_by_role("button", name="Yes, it is mine").click()
    expect(heading(tab)).to_have_text("Your comment is waiting for a moderator")
    Comment.objects.get().moderated_by(make_staff("cy")).show()

    page.goto("/campaign-1/")
    write(page, "My second one.")
    post(page)

    expect(heading(page)).to_have_text("Thank you. Your comment is on the page.")
    page.get_by_role("link", name="See it there").click()
    expect(thread(page)).to_contain_text("My second one.")


@without_javascript
def test_the_writer_of_a_hidden_comment_reads_why_and_sends_it_again(
    page, mailbox, work
):
    make_campaign()
    page.goto("/campaign-1/")
    write(page, "Rude words.")
    post(page)
    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    comment = Comment.objects.get()
    cy = make_staff("cy")
    comment.moderated_by(cy).hide("threat", "The second word.")
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="See the comment").click()
    tab.get_by_role("button", name="Yes, it is mine").click()
    expect(heading(tab)).to_have_text("Your comment is hidden")
    expect(tab.get_by_role("main")).to_contain_text("It threatens or insults somebody.")
    expect(tab.get_by_role("main")).to_contain_text("The second word.")
    tab.get_by_role("link", name="Change it and send it again").click()
    tab.get_by_label("Comment", exact=True).fill("Kind words.")
    tab.get_by_role("button", name="Save").click()
    expect(heading(tab)).to_have_text("Your comment is waiting for a moderator")

    comment.refresh_from_db()
    comment.moderated_by(cy).show()
    tab.reload()
    expect(heading(tab)).to_have_text("Your comment is on the page")
    tab.get_by_role("link", name="Delete this comment").click()
    tab.get_by_role("button", name="Yes, delete it").click()
    expect(heading(tab)).to_have_text("Your comment is deleted")
    page.goto("/campaign-1/comments/")
    expect(thread(page)).to_contain_text("Removed by its writer")
    expect(thread(page)).not_to_contain_text("Kind words.")
