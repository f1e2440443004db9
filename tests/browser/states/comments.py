"""Comments, notices, and what their writers see."""

from playwright.sync_api import expect

from comments.mails import CommentQuestion
from supporters.models import (
    Report,
)
from tests.browser.visitor import heading
from tests.factories import (
    make_campaign,
    make_comment,
    make_ended_campaign,
    make_petition,
    make_staff,
    write_comment,
)


def comments_page(page, end=""):
    """A thread with every kind of comment, in pages."""
    campaign = make_petition().campaign
    cy = make_staff("cy")
    first = make_comment(campaign, "See https://a.example/\n\nand this.")
    reply = make_comment(campaign, "I agree.", first, name="Bo")
    make_comment(campaign, "So do I.", reply, name="Di")
    first.moderated_by(cy).answer("On Tuesday.")
    first.moderated_by(cy).pin()
    rude = make_comment(campaign, "Rude.")
    make_comment(campaign, "No.", rude)
    rude.moderated_by(cy).hide("threat")
    gone = write_comment(campaign)
    gone.moderated_by(cy).show()
    gone.remove()
    for number in range(40):
        make_comment(campaign, f"Number {number}", first if number % 2 else None)
    page.goto(f"/campaign-1/comments/{end}")
    return first


def comments_newest(page):
    comments_page(page, "newest/page/2/")


def conversation(page):
    first = comments_page(page)
    page.goto(f"/campaign-1/comments/{first.pk}/conversation/page/2/")


def no_comments(page):
    make_petition()
    page.goto("/campaign-1/comments/")


def comment_reply(page):
    comment = make_comment(make_petition().campaign)
    page.goto(f"/campaign-1/comments/{comment.pk}/reply/")


def comment_errors(page):
    comment_reply(page)
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("alert")).to_be_visible()


def comment_inbox(page, **fields):
    comment = write_comment(make_petition().campaign, **fields)
    page.goto(comment.inbox_url)
    return comment


def comment_inbox_with_mail(page):
    comment_inbox(page, wants_news=True)


def comment_change(page):
    comment_inbox(page)
    page.get_by_role("link", name="Change it").click()
    expect(heading(page)).to_have_text("Change your comment")


def comment_deleted(page):
    comment_inbox(page)
    page.get_by_role("link", name="Delete it").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(heading(page)).to_have_text("Your comment is deleted")


def comment_confirmation(page):
    comment = write_comment(make_petition().campaign, wants_replies=True)
    token = comment.confirmation.link_key
    page.goto(f"/campaign-1/comments/{token}/confirmation/")


def comment_report(page):
    comment = make_comment(make_petition().campaign)
    page.goto(f"/campaign-1/comments/{comment.pk}/report/")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_visible()


def comment_reported(page):
    comment_report(page)
    page.get_by_label("It accuses somebody without evidence").check()
    page.get_by_role("button", name="Send the report").click()
    expect(heading(page)).to_have_text("Thank you. A moderator will look at it.")


def notice_and_its_pages(page):
    make_petition()
    page.goto("/notices/?about=/campaign-1/")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "what is missing"
    page.get_by_label("It breaks another law").check()
    page.get_by_label("Why is it against the law?").fill("It says too much.")
    page.get_by_label("Your name").fill("Eve Example")
    page.get_by_label("Email address").fill("eve@mail.example")
    page.get_by_label("I honestly believe").check()
    page.get_by_role("button", name="Send the report").click()
    expect(heading(page)).to_have_text("We have your report")
    yield "received"
    Report.objects.all().decide("kept", by=None, reasons="It is an opinion.")
    page.goto(f"/notices/{Report.objects.get().mail_key}/")
    expect(heading(page)).to_have_text("We have decided on your report")
    yield "decided"


def hidden_comment(page):
    comment = write_comment(make_petition().campaign, wants_news=True)
    page.goto(CommentQuestion().context(comment)["confirmation_url"])
    page.get_by_role("main").get_by_role("button").click()
    expect(heading(page)).to_have_text("Your comment is waiting for a moderator")
    comment.moderated_by(make_staff("cy")).hide("hate", "In the second sentence.")
    page.goto(comment.writer_url)


def hidden_comment_by_a_link(page):
    comment = write_comment(make_petition().campaign)
    comment.confirm()
    comment.moderated_by(make_staff("cy")).hide("hate", "In the second sentence.")
    page.goto(comment.writer_url)
    yield "the link alone"
    page.get_by_role("button", name="Open my comment").click()
    expect(heading(page)).to_have_text("Now check your email")


def hidden_comment_appealed(page):
    hidden_comment(page)
    page.get_by_label("Why should your comment be shown?").fill("It is not.")
    page.get_by_role("button", name="Ask another moderator").click()
    expect(page.get_by_role("main")).to_contain_text("Another moderator will decide")


def comment_removal(page):
    hidden_comment(page)
    page.get_by_role("link", name="Delete this comment").click()
    expect(heading(page)).to_have_text("Delete your comment?")


def comment_rules(page):
    hidden_comment(page)
    page.goto("/moderation/")
    expect(page.get_by_role("cell", name="1: It attacks")).to_be_visible()


def comments_closed_meanwhile(page):
    comment = make_comment(make_campaign())
    page.goto(f"/campaign-1/comments/{comment.pk}/reply/")
    page.get_by_role("textbox", name="Comment", exact=True).fill(
        "Please stop this.\n" * 20
    )
    comment.campaign.close()
    page.get_by_role("button", name="Post comment").click()
    text = page.get_by_role("textbox", name="Comment", exact=True)
    expect(text).to_have_value("Please stop this.\n" * 20)


def comments_closed(page):
    campaign = make_ended_campaign()
    comment = make_comment(campaign)
    page.goto(f"/campaign-1/comments/{comment.pk}/reply/")


ALL = [
    comments_page,
    comments_newest,
    conversation,
    no_comments,
    comment_reply,
    comment_errors,
    comment_inbox,
    comment_inbox_with_mail,
    comment_change,
    comment_deleted,
    comment_confirmation,
    comment_report,
    comment_reported,
    notice_and_its_pages,
    hidden_comment,
    hidden_comment_by_a_link,
    hidden_comment_appealed,
    comment_removal,
    comment_rules,
    comments_closed_meanwhile,
    comments_closed,
]
