"""Every page and state that a visitor can see.

A function opens one, or goes through several and stops at each with its name.
"""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import Campaign
from comments.mails import CommentQuestion
from letters.models import (
    AddressCorrection,
    OfficialAnswer,
    OfficialVisit,
    Recipient,
    SuggestedLetter,
)
from outbox.models import OutgoingMail
from petitions.models import TallyEntry
from staff.models import Invitation
from supporters.acts.stopping import stop_url
from supporters.models import (
    Confirmation,
    Mailing,
    Notice,
    UpdateForFollower,
    Visit,
)
from tests.browser.visitor import code_field, heading, make_petition_with_letter
from tests.demo import load_demo
from tests.factories import follow as make_wish
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_ended_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_picture,
    make_recipients,
    make_staff,
    make_stance,
    make_update,
    sign,
    write_comment,
)
from tests.factories import sign as make_signature
from tests.letters.makers import make_many, make_one_of_each
from tests.letters.makers import write as write_letter


def page_of(signature, name):
    token = {
        "confirmation": signature.confirmation.link_key,
        "withdrawal": signature.withdrawal_key,
    }[name]
    slug = signature.petition.campaign.slug
    return f"/{slug}/signatures/{token}/{name}/"


def empty_home(page):
    page.goto("/")


def home(page):
    load_demo()
    page.goto("/")


def campaign(page):
    load_demo()
    letter = SuggestedLetter.objects.get(campaign__slug="bucheon-mayor-kim")
    mayor, member = letter.recipient_list.recipients.all()[:2]
    make_stance(letter, mayor, "answered", url="https://council.example/minutes")
    make_stance(letter, member)
    page.goto("/bucheon-mayor-kim/")
    expect(page.get_by_role("table", name="Who answered")).to_be_visible()


def ended_campaign(page):
    load_demo()
    page.goto("/bakersfield-sister-city-petition/")


def privacy(page):
    page.goto("/privacy/")


def how_it_works(page):
    page.goto("/how-it-works/")


def cookies(page):
    page.goto("/cookies/")


def accessibility(page):
    page.goto("/accessibility/")


def nothing_here(page):
    page.goto("/nowhere/")


def sign_form(page):
    make_petition_with_letter()
    page.goto("/campaign-1/signatures/")


def sign_errors(page):
    sign_form(page)
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("alert")).to_be_visible()


def sign_name_to_show(page):
    sign_form(page)
    page.get_by_label("Full name").fill("Dr. Weber")
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_label("Country", exact=True).select_option("DE")
    page.get_by_label("Show my name").select_option("first")
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name to show")


def inbox(page):
    page.goto(make_signature(make_petition()).inbox_url)


def inbox_after_resending(page):
    page.goto(f"{make_signature(make_petition()).inbox_url}?again=1")


def inbox_of_a_refused_address(page):
    signature = make_signature(make_petition())
    OutgoingMail.objects.update(outcome="refused", settled_at=timezone.now())
    Confirmation.objects.update(issue=OutgoingMail.objects.get().pk)
    page.goto(signature.inbox_url)


def inbox_with_a_wrong_code(page):
    inbox(page)
    code_field(page).fill("12")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_be_visible()


def held(page):
    page.goto(make_signature(make_petition(), held_for="flood").inbox_url)


def confirmation(page):
    page.goto(page_of(make_signature(make_petition()), "confirmation"))


def expired(page):
    signature = make_signature(make_petition())
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    signature.confirmation.refresh_from_db()
    page.goto(page_of(signature, "confirmation"))


def used(page):
    [signature] = make_counted(make_petition())
    page.goto(page_of(signature, "confirmation"))


def denial(page):
    page.goto(make_signature(make_petition()).confirmation.denial_url)


def denied(page):
    denial(page)
    page.get_by_role("button", name="This was not me").click()
    expect(page.get_by_role("button", name="Undo, it was me")).to_be_visible()


def follow_used(page):
    wish = make_follow(make_campaign(), frequency="weekly")
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")


def thanks(page):
    petition = make_petition_with_letter()
    TallyEntry.objects.create(petition=petition, country="PT", delta=60)
    page.goto(page_of(make_signature(petition), "confirmation"))
    page.get_by_role("button", name="Yes, count my name").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")


def known_browser(page):
    """The action page where an address was confirmed: one button, filled in forms."""
    thanks(page)
    others = make_recipients(name="Second council")
    make_letter(make_petition().campaign, recipients=others)
    page.goto("/campaign-2/")
    expect(page.get_by_role("button", name="Sign as Ada L.")).to_be_visible()


def sign_form_of_known_browser(page):
    thanks(page)
    make_petition()
    page.goto("/campaign-2/signatures/")


def counted_already(page):
    thanks(page)
    page.goto("/campaign-1/signatures/")
    expect(page.get_by_text("Ada L., you signed on")).to_be_visible()


def next_petition_by_a_forwarded_link(page):
    signature = make_signature(make_petition())
    signature.confirm()
    follow = make_follow(signature.campaign, signature.confirmation.email)
    make_update(follow.campaign, follow_up=make_petition().campaign)
    page.goto(f"/campaign-2/signatures/next/{follow.key}/")


def inbox_with_webmail(page):
    page.goto(make_signature(make_petition(), email="ada@gmail.com").inbox_url)


def withdrawal(page):
    [signature] = make_counted(make_petition())
    page.goto(page_of(signature, "withdrawal"))


def withdrawn(page):
    withdrawal(page)
    page.get_by_role("button", name="Yes, take my name back").click()
    expect(heading(page)).to_have_text("Your name is off the petition")


def nothing_to_withdraw(page):
    make_petition()
    page.goto("/campaign-1/signatures/abc/withdrawal/")


def petition_closed(page):
    make_petition(make_ended_campaign())
    page.goto("/campaign-1/signatures/")


def letter(page):
    make_letter()
    page.goto("/campaign-1/letter/")


def letter_prefilled(page):
    thanks(page)
    page.get_by_role("link", name="Open my letter").click()
    page.get_by_text("Change the subject or the message").click()
    page.get_by_label("From Gmail, Outlook or Yahoo").check()
    expect(page.get_by_role("link", name="Gmail")).to_be_visible()


def letter_with_errors(page):
    letter(page)
    page.get_by_text("Change the subject or the message").click()
    page.get_by_label("Subject").fill("")
    page.get_by_label("Message").fill("")
    page.get_by_label("As a file for my email program").check()
    page.get_by_role("button", name="Download the letter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def letter_without_a_name(page):
    letter(page)
    page.get_by_label("From my email app").check()
    page.get_by_role("link", name="Open my email app").click()
    expect(page.get_by_label("Full name")).to_be_focused()


def letter_sent(page):
    letter(page)
    page.get_by_label("From my email app").check()
    page.get_by_role("button", name="Yes, count my letter").click()
    expect(heading(page)).to_have_text("Thank you for your letter")


def letter_closed(page):
    make_letter(make_ended_campaign())
    page.goto("/campaign-1/letter/")


def letter_not_sendable(page):
    letter(page)
    page.get_by_label("Full name").fill("Mayor@council.example")
    page.get_by_label("Why does this matter").fill("Call me: 555-123-4567")
    page.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("seems to contain: a phone number")


def letter_for_each(page):
    recipients = make_recipients(3)
    recipients.recipients.filter(order=2).update(bounced_at=timezone.now())
    suggested = make_letter(
        recipients=recipients,
        mode="each",
        ask="Close the farms.",
        body="[Salutation]\n\n[The ask]\n\n[Your Name & City/Country]",
        thanks_subject="Thank you",
        thanks_body="[Salutation]\n\nThank you.\n\n[Your Name & City/Country]",
    )
    make_stance(suggested, recipients.recipients.get(order=3))
    page.goto("/campaign-1/letter/")
    expect(page.get_by_label("Preview of the letter to")).to_be_visible()
    expect(page.get_by_role("link", name="Thank them")).to_be_visible()


def letter_inbox(page):
    page.goto(write_letter().inbox_url)


def letter_confirmation(page):
    written = write_letter()
    token = written.confirmation.link_key
    page.goto(f"/{written.campaign.slug}/letters/{token}/confirmation/")
    expect(heading(page)).to_have_text("Is this your letter?")


def letter_too_many(page):
    suggested = make_letter()
    for number in range(3):
        write_letter(suggested, text=f"Please help {number}.").confirm()
    token = write_letter(suggested).confirmation.link_key
    page.goto(f"/{suggested.campaign.slug}/letters/{token}/confirmation/")
    page.get_by_role("button", name="Yes, send my letter").click()
    expect(heading(page)).to_have_text("You have written enough today")


def receipt(page):
    page.goto(make_one_of_each().done_url)
    page.get_by_text("Did they answer?").first.click()
    expect(page.locator(".delivery-state")).to_have_count(10)


def receipt_with_errors(page):
    receipt(page)
    page.get_by_role("button", name="Tell the campaign").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def receipt_without_text(page):
    written = make_one_of_each()
    type(written).objects.all().remove_text()
    page.goto(written.done_url)
    expect(page.get_by_role("main")).to_contain_text("We deleted its text")


def receipt_with_follow_up(page):
    written = make_one_of_each()
    sent = written.deliveries.filter(outcome="sent")
    sent.update(settled_at="2026-01-01T00:00Z")
    page.goto(written.done_url)
    expect(page.locator(".follow-up .button")).to_be_visible()


def official_link(page):
    make_letter()
    page.goto(f"/officials/{Recipient.objects.first().page_key}/")


def official_link_asked(page):
    official_link(page)
    page.get_by_role("button", name="Email me a link").click()
    expect(heading(page)).to_have_text("Now check your email")


def official_opening(page, number=30):
    """Of a page with all kinds of letters, from a mail that has come."""
    suggested = make_letter(recipients=make_recipients(1))
    type(suggested.recipient_list).objects.update(place="Porto")
    make_many(suggested, number)
    write_letter(suggested, name="محمد علي", text="x" * 300).confirm()
    official = suggested.recipient_list.recipients.get()
    OfficialVisit.objects.create(
        recipient=official, email=official.email, mail_key="mailed"
    )
    page.goto("/officials/opening/mailed/")


def official_page(page, number=30):
    official_opening(page, number)
    page.get_by_role("button", name="Open my letters").click()
    expect(heading(page)).to_have_text("Your letters")


def official_page_with_errors(page):
    official_page(page)
    page.get_by_role("button", name="Email the new address").click()
    expect(page.get_by_role("alert")).to_be_visible()


def official_letters(page, number=1000):
    official_page(page, number)
    page.get_by_role("link", name="Read and answer").click()
    expect(page.get_by_label("Your answer")).to_be_attached()
    page.get_by_text("As a table").click()
    page.get_by_text("Read it").first.click()
    page.get_by_text("The whole letter").first.click()


def official_letters_answered(page):
    official_letters(page, 30)  # of more than one day, at whatever hour
    page.get_by_label("Your answer").fill("y" * 300)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("status")).to_contain_text("is waiting for a campaigner")


def official_writers(page):
    official_letters(page, 200)
    page.get_by_role("link", name="Who they are").first.click()
    expect(heading(page)).to_contain_text("Who sent the same text")


def official_page_closed(page):
    page.goto("/officials/page/abc/")


def official_left(page):
    make_letter()
    Recipient.objects.update(left_office_on="2026-01-01")
    page.goto(f"/officials/{Recipient.objects.first().page_key}/")


def new_address(page):
    make_letter()
    official = Recipient.objects.first()
    AddressCorrection.objects.create(
        recipient=official,
        old_email=official.email,
        email=f"{'x' * 60}@council.example",
        mail_key="mailed",
    )
    page.goto("/officials/address/mailed/")
    expect(heading(page)).to_have_text("Is this your address?")


def new_address_confirmed(page):
    new_address(page)
    page.get_by_role("button", name="Yes, use this address").click()
    expect(heading(page)).to_have_text("Your address is changed")


def answer_to_all(page):
    suggested = make_letter()
    answer = OfficialAnswer.objects.write(
        suggested, Recipient.objects.first(), f"Dear all:\n\n{'y' * 300}"
    )
    answer.publish(by=None, kind="answered")
    page.goto(answer.get_absolute_url())


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


def comment_preview(page):
    comment_reply(page)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_label("Comment", exact=True).fill("I agree.")
    page.get_by_role("button", name="Preview").click()
    expect(heading(page)).to_have_text("Your comment will look like this")


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
    page.get_by_label("It is not true").check()
    page.get_by_role("button", name="Send the report").click()
    expect(heading(page)).to_have_text("Thank you. A moderator will look at it.")


def notice_and_its_pages(page):
    make_petition()
    page.goto("/notices/?about=/campaign-1/")
    page.get_by_role("button", name="Send the notice").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "what is missing"
    page.get_by_label("It breaks another law").check()
    page.get_by_label("Why is it against the law?").fill("It says too much.")
    page.get_by_label("Your name").fill("Eve Example")
    page.get_by_label("Email address").fill("eve@mail.example")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Send the notice").click()
    expect(heading(page)).to_have_text("We have your notice")
    yield "received"
    Notice.objects.all().decide("kept", by=None, reasons="It is an opinion.")
    page.goto(f"/notices/{Notice.objects.get().mail_key}/")
    expect(heading(page)).to_have_text("We have decided on your notice")
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
    expect(page.get_by_role("main")).to_contain_text("You have asked another")


def comment_removal(page):
    hidden_comment(page)
    page.get_by_role("link", name="Delete this comment").click()
    expect(heading(page)).to_have_text("Delete your comment?")


def comment_subscription(page):
    hidden_comment(page)
    page.get_by_role("link", name="Emails about my comments").click()
    expect(heading(page)).to_have_text("Stop emails about comments?")


def comment_rules(page):
    hidden_comment(page)
    page.goto("/moderation/")
    expect(page.get_by_role("cell", name="1: It attacks")).to_be_visible()


def mine(page):
    page.goto("/mine/")


def mine_errors(page):
    mine(page)
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Email me the link").click()
    expect(page.get_by_role("alert")).to_be_visible()


def mine_inbox(page):
    mine(page)
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_role("button", name="Email me the link").click()
    expect(heading(page)).to_have_text("Now check your email")


def my_page_when_empty(page):
    """Opened by the code, as if its mail had come."""
    mine_inbox(page)
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
    my_page_when_empty(page)


def my_page_and_what_it_leads_to(page):
    my_page(page)
    TallyEntry.fold()
    page.reload()
    mine = page.url
    yield "my page"
    for link, title in (
        ("See it in the count", "Your signature in the count"),
        ("Change", "Change your signature"),
        ("Delete (Please help)", "Delete your letter?"),
        ("Delete (y", "Delete your comment?"),
        ("Take it back", "Take your signature back?"),
        ("Read it all", "All that is stored about you"),
    ):
        page.goto(mine)
        page.get_by_role("link", name=link).first.click()
        expect(heading(page)).to_have_text(title)
        yield title
    page.goto(mine)
    page.get_by_role("link", name="All 12: your signatures").click()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    yield "a section"
    page.goto(mine)
    page.get_by_role("link", name="Take my name back").first.click()
    page.get_by_role("button", name="Yes, take my name back").click()
    expect(page.get_by_role("status")).to_contain_text("off the petition")
    yield "a name taken back"
    page.goto(mine)
    page.get_by_role("link", name="Erase everything").click()
    for title, button in (
        ("Erase everything about you?", "Continue to erase everything"),
        ("Erase everything for good?", "Yes, erase everything"),
    ):
        expect(heading(page)).to_have_text(title)
        yield title
        page.get_by_role("button", name=button).click()
    expect(heading(page)).to_have_text("Everything is erased")
    yield "erased"


def count_page(page):
    load_demo()
    page.goto("/bucheon-mayor-kim/count/")


def newest_signers(page):
    load_demo()
    page.goto("/bucheon-mayor-kim/signatures/newest/")


def my_browsers_forgotten(page):
    my_page_when_empty(page)
    page.get_by_role("button", name="Forget browsers").click()
    expect(heading(page)).to_have_text("We have forgotten your browsers")


def my_page_closed(page):
    page.goto("/mine/abc/")


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


def follow_form(page):
    make_petition()
    page.goto("/campaign-1/follows/")


def follow_errors(page):
    make_petition()
    page.goto("/follows/")
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("alert")).to_be_visible()


def follow_inbox(page):
    page.goto(make_wish(make_campaign()).inbox_url)


def follow_of_all_inbox(page):
    page.goto(make_wish().inbox_url)


def follow_confirmation(page):
    token = make_wish(make_campaign()).confirmation.link_key
    page.goto(f"/follows/{token}/confirmation/")


def follow_expired(page):
    wish = make_wish(make_campaign())
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    wish.confirmation.refresh_from_db()
    page.goto(f"/follows/{wish.confirmation.link_key}/confirmation/")


def follow_thanks(page):
    page.goto(make_follow(make_campaign(), frequency="weekly").done_url)


def follow_stop(page, end=""):
    made = make_follow(make_campaign(title="Bucheon"))
    make_follow(None, frequency="weekly")
    page.goto(f"/follows/{made.key}/cancellation/{end}")


def follow_stop_all(page):
    follow_stop(page, "all/")


def follow_stopped(page):
    follow_stop(page)
    page.get_by_role("button", name="Stop them").click()
    expect(heading(page)).to_have_text("You will get no more of these")


def follow_nothing_to_stop(page):
    page.goto("/follows/nobody/cancellation/")


def thanks_stop(page):
    ada = make_signature(make_petition()).confirmation.supporter
    page.goto(stop_url(ada, "signature_thanks", "en"))
    expect(heading(page)).to_have_text("Stop these emails?")


def thanks_stopped(page):
    thanks_stop(page)
    page.get_by_role("button", name="Stop them").click()
    expect(heading(page)).to_have_text("You will get no more of these")


def updates(page):
    campaign = make_petition().campaign
    for number in range(11):
        make_update(campaign, f"Update {number}")
    page.goto("/campaign-1/updates/")


def update(page):
    text = (
        "<p>She says <strong>yes</strong>, and <a href='https://a.example/'>why</a>.</p>"
        "<blockquote><p>We will end it.</p></blockquote><h2>Next</h2>"
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>"
    )
    made = make_update(make_petition().campaign, text=text, **make_picture())
    page.goto(made.get_absolute_url())


def action_page_with_updates(page):
    campaign = make_petition().campaign
    make_update(campaign, **make_picture())
    for number in range(3):
        make_update(campaign, f"Update {number}")
    page.goto("/campaign-1/")


def signed_in(page, path):
    """A page of the desk, as an administrator sees it."""
    make_staff("root", is_superuser=True, email="root@group.example")
    page.goto("/admin/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("pw")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(heading(page)).to_have_text("To do")
    if path:
        page.goto(path)


def first_steps(page):
    signed_in(page, "")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def home_of_a_campaign(page):
    petition = make_petition(title="Rindfleischetikettierung" * 5)
    make_counted(petition, 3)
    sign(petition, email="held@mail.example", held_for="flood")
    make_update(petition.campaign, "An update with a rather long title" * 3)
    signed_in(page, f"/admin/editor/campaigns/{petition.campaign.pk}/home/")
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    yield "home"
    page.goto("/admin/campaigns/campaign/")
    expect(heading(page)).to_have_text("Campaigns")
    yield "list"
    page.goto("/admin/advanced/")
    expect(heading(page)).to_have_text("All lists")
    yield "all lists"


def guided_form(page):
    signed_in(page, "/admin/editor/campaigns/new/")
    page.get_by_label("Title", exact=True).first.fill("Save the foxes")
    page.locator("#id_recipient-0-email").fill("mayor@")
    page.get_by_label("or its text").fill("office,email\nMayor,wrong")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()


def invitations(page):
    signed_in(page, "/admin/staff/invitation/add/")
    Group.objects.get_or_create(name="Moderators")
    page.reload()
    page.get_by_label("Email address").fill("cy@mail.example")
    page.get_by_label("Moderators").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("is added.")).to_be_visible()


def invitation(page):
    bo = make_staff("bo")
    group, _made = Group.objects.get_or_create(name="Moderators")
    invited = Invitation.objects.create(
        email="cy@x.example", invited_by=bo, mail_key="abc"
    )
    invited.groups.add(group)
    page.goto("/admin/account/invitations/abc/")
    expect(page.get_by_role("button", name="Create my account")).to_be_visible()


def invitation_over(page):
    page.goto("/admin/account/invitations/abc/")


def draft(page):
    petition = make_petition_with_letter()
    petition.campaign.published_at = None
    petition.campaign.make_draft_link()
    Campaign.objects.update(published_at=None)
    page.goto(petition.campaign.draft_url)
    expect(page.get_by_text("Only people with this link")).to_be_visible()


ALL = [
    known_browser,
    sign_form_of_known_browser,
    counted_already,
    next_petition_by_a_forwarded_link,
    inbox_with_webmail,
    follow_form,
    follow_errors,
    follow_inbox,
    follow_of_all_inbox,
    follow_confirmation,
    follow_expired,
    follow_used,
    follow_thanks,
    denial,
    denied,
    follow_stop,
    follow_stop_all,
    follow_stopped,
    follow_nothing_to_stop,
    thanks_stop,
    thanks_stopped,
    updates,
    update,
    action_page_with_updates,
    home,
    empty_home,
    campaign,
    ended_campaign,
    privacy,
    how_it_works,
    cookies,
    accessibility,
    nothing_here,
    sign_form,
    sign_errors,
    sign_name_to_show,
    inbox,
    inbox_after_resending,
    inbox_of_a_refused_address,
    inbox_with_a_wrong_code,
    held,
    confirmation,
    expired,
    used,
    thanks,
    withdrawal,
    withdrawn,
    nothing_to_withdraw,
    petition_closed,
    letter,
    letter_prefilled,
    letter_with_errors,
    letter_without_a_name,
    letter_sent,
    letter_closed,
    letter_not_sendable,
    letter_for_each,
    letter_inbox,
    letter_confirmation,
    letter_too_many,
    receipt_with_errors,
    receipt_without_text,
    official_link,
    official_link_asked,
    official_opening,
    official_page_with_errors,
    official_letters,
    official_letters_answered,
    official_writers,
    official_page_closed,
    official_left,
    new_address,
    new_address_confirmed,
    answer_to_all,
    receipt_with_follow_up,
    comments_page,
    comments_newest,
    conversation,
    no_comments,
    comment_reply,
    comment_errors,
    comment_preview,
    comment_inbox,
    comment_inbox_with_mail,
    comment_change,
    comment_deleted,
    comment_confirmation,
    comment_report,
    comment_reported,
    notice_and_its_pages,
    hidden_comment,
    hidden_comment_appealed,
    comment_removal,
    comment_subscription,
    comment_rules,
    comments_closed_meanwhile,
    comments_closed,
    mine,
    mine_errors,
    mine_inbox,
    my_page_and_what_it_leads_to,
    my_page_when_empty,
    count_page,
    newest_signers,
    my_browsers_forgotten,
    my_page_closed,
    first_steps,
    home_of_a_campaign,
    guided_form,
    invitations,
    invitation,
    invitation_over,
    draft,
]
