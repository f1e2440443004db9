from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import Campaign
from letters.models import Delivery
from petitions.models import Signature, TallyEntry
from tests.browser.test_accessible import faults_of
from tests.browser.visitor import heading, open_mail
from tests.factories import make_counted, make_petition, make_staff, sign
from tests.letters.makers import make_one_of_each
from tests.letters.makers import write as write_letter
from tests.staff.test_lists import make_row


def open_list(page, section, name=""):
    """By the menu: a section, and a page of it."""
    menu = page.get_by_role("navigation", name="Staff site")
    menu.get_by_role("link", name=section, exact=True).click()
    if name:
        part = page.get_by_role("navigation", name=section, exact=True)
        part.get_by_role("link", name=name, exact=True).click()


def test_the_menu_of_a_phone_opens_by_a_tap_or_a_key(page, signed_in):
    sign(make_petition(), held_for="flood")
    signed_in(make_staff("root", is_superuser=True))
    page.goto("/admin/")
    assert faults_of(page) == []

    page.set_viewport_size({"width": 390, "height": 844})
    menu = page.get_by_role("navigation", name="Staff site")
    menu.get_by_text("Menu", exact=True).click()
    menu.locator("summary", has_text="Inbox").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Fraud desk")).to_be_visible()
    menu.get_by_role("link", name="Inbox").click()

    expect(page.get_by_role("link", name="Held items (1)")).to_be_visible()


def test_a_campaigner_rewrites_the_summary_and_the_story(page, staff):
    make_petition(title="Bucheon", story="<p>Old story.</p>")
    staff("bo", "Campaigners")
    open_list(page, "Campaigns")
    page.get_by_role("link", name="Bucheon").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    story = page.locator("#story [contenteditable=true]")
    expect(story).to_have_text("Old story.")

    page.get_by_label("The ask in one sentence").fill("Ask the Mayor to act.")
    story.press("Control+A")
    page.keyboard.type("A new one.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    campaign = Campaign.objects.get()
    assert campaign.summary == "Ask the Mayor to act."
    assert campaign.story == "<p>A new one.</p>"
    page.goto("/campaign-1/")
    expect(page.get_by_text("Ask the Mayor to act.")).to_be_visible()
    expect(page.locator("#story p").first).to_have_text("A new one.")


def test_a_moderator_releases_a_held_signature_and_its_owner_confirms(
    page, staff, mailbox, work
):
    petition = make_petition()
    sign(petition, held_for="flood")
    sign(petition, name="Grace Hopper", email="grace@mail.example")
    work()
    mailbox.clear()
    staff("cy", "Moderators")
    open_list(page, "Inbox", "Signatures")
    page.get_by_role("link", name="Held", exact=True).click()
    expect(page.get_by_role("row", name="Grace Hopper")).to_have_count(0)

    page.get_by_role("row", name="Ada Lovelace").get_by_role("checkbox").check()
    page.get_by_role("combobox", name="Action").select_option(
        "Release: ask for confirmation …"
    )
    page.get_by_role("button", name="Run").click()
    expect(
        page.get_by_text(
            "We release 1 held item, and email its owner to ask for confirmation."
        )
    ).to_be_visible()
    page.get_by_role("button", name="Release (1)").click()

    expect(
        page.get_by_text("1 released. Its owner is asked to confirm.")
    ).to_be_visible()
    work()
    assert [message["To"] for message in mailbox.messages] == ["ada@mail.example"]
    mail = open_mail(page, mailbox)
    mail.get_by_role("link", name="Open the page to confirm").click()
    mail.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(mail)).to_contain_text("Thank you, Ada Lovelace.")
    signature = Signature.objects.get(name="Ada Lovelace")
    assert (signature.counted, signature.decided_by.username) == (True, "cy")


def test_the_first_page_and_the_figures_are_for_everybody(page, staff):
    """Read with a keyboard, drawn in both themes, on a phone and a wide screen."""
    letter = make_one_of_each()
    campaign = letter.campaign
    make_counted(make_petition(campaign), 3)
    before = TallyEntry.objects.earliest("pk")
    TallyEntry.objects.filter(pk=before.pk).update(at=before.at - timedelta(days=1))
    TallyEntry.roll_up()
    write_letter(letter.suggested_letter, email="held@mail.example", held_for="flood")
    Delivery.objects.exclude(settled_at=None).update(settled_at=timezone.now())
    staff("bo", "Campaigners")

    expect(page.get_by_role("link", name="letters of the last 7 days")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("link", name=campaign.title).first.click()
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("link", name="All figures").click()
    added = page.get_by_role("img", name="Signatures: Added to the count")
    expect(added).to_be_visible()
    table = page.get_by_role("region", name="Signatures: table")
    expect(table).to_be_hidden()
    section = page.get_by_role("region", name="Signatures", exact=True)
    section.get_by_text("As a table, day by day").focus()
    page.keyboard.press("Enter")
    expect(table.get_by_role("row", name="Total")).to_contain_text("3")
    assert faults_of(page) == []


def test_the_desk_for_what_is_held_is_for_everybody(page, signed_in):
    sign(make_petition(), held_for="flood", name="W" * 60)
    signed_in(make_staff("root", is_superuser=True))
    page.goto("/admin/")
    open_list(page, "Inbox")
    expect(page.get_by_role("link", name="Held items (1)")).to_be_visible()
    assert faults_of(page) == []

    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("heading", name="Reject held items")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Reject (1)").click()

    expect(page.get_by_text("1 rejected.")).to_be_visible()
    expect(page.get_by_text("Nothing is held.")).to_be_visible()


# Text that stands in three lines or more with fewer than six letters in each.
SQUEEZED = """() => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim()
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 1)
    const lines = new Set(boxes.map(({ top }) => Math.round(top))).size
    if (lines > 2 && text.length / lines < 6) found.push(text)
  }
  return found
}"""


def test_no_list_is_cut(page, signed_in):
    make_row(1)
    signed_in(make_staff("root", is_superuser=True))

    for name in (
        "campaigns/campaign",
        "letters/letter",
        "letters/delivery",
        "outbox/outgoingmail",
        "petitions/petition",
        "petitions/signature",
        "supporters/consent",
    ):
        page.goto(f"/admin/{name}/")
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            cut = page.evaluate(
                "() => { const list = document.querySelector('.results');"
                " return list.scrollWidth - list.clientWidth }"
            )
            assert cut <= 0, (name, width)


def test_on_a_phone_the_filters_are_folded_above_the_rows(page, signed_in):
    make_counted(make_petition(), 2)
    signed_in(make_staff("root", is_superuser=True))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/admin/petitions/signature/")
    pending = page.get_by_role("link", name="Waiting for confirmation")
    fold = page.locator(".filter-fold > summary")
    expect(pending).to_be_visible()
    expect(fold).to_be_hidden()

    page.set_viewport_size({"width": 390, "height": 844})
    expect(pending).to_be_hidden()
    assert fold.bounding_box()["y"] < page.locator("#result_list").bounding_box()["y"]
    page.get_by_text("Select all rows on this page").click()
    expect(page.get_by_text("2 of 2 selected")).to_be_visible()
    fold.press("Enter")
    expect(pending).to_be_visible()
    pending.click()

    expect(fold).to_have_text("Filter: waiting for confirmation")
    expect(pending).to_be_hidden()
    assert faults_of(page) == []


def test_on_a_phone_the_rows_of_a_form_are_whole(page, signed_in):
    petition = make_petition()
    petition.elsewhere.create(place="change.example", number=20)
    signed_in(make_staff("root", is_superuser=True))

    for at, label in ((f"petitions/petition/{petition.pk}", "Seen on"),):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"/admin/{at}/change/")
        rows = page.locator(".inline-related.tabular .form-row:not(.empty-form)")
        expect(rows.get_by_text(label, exact=True)).to_be_visible()
        for field in rows.locator("input:visible").all():
            place = field.bounding_box()
            assert place["x"] + place["width"] <= 390
        assert faults_of(page) == []


def test_no_list_of_choices_is_cut_on_a_phone_or_lacks_its_name(page, signed_in):
    """Choices may be long, and may be in a list that a script has made searchable."""
    make_petition(title="A campaign whose title is longer than a phone is wide, by far")
    root = make_staff("root", is_superuser=True)
    signed_in(root)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"/admin/staff/user/{root.pk}/change/")
    lists = page.locator(".inline-related:not(.empty-form) select:visible")
    assert lists.count() == 2
    for box in lists.all():
        place = box.evaluate(
            "e => [e, e.closest('.form-row')].map(e => e.getBoundingClientRect().right)"
        )
        assert place[0] <= place[1]

    page.goto("/admin/petitions/bundle/add/")
    expect(page.get_by_role("combobox", name="Petition")).to_be_visible()
    assert faults_of(page) == []


def test_no_column_of_the_first_page_is_squeezed(page, signed_in):
    """With all that it can hold: what waits, campaigns, every list; or first steps."""
    signed_in(make_staff("root", is_superuser=True))
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    _look_at_each_width(page)
    make_counted(make_petition(title="A campaign with a rather long title"), 3)
    sign(make_petition(), held_for="flood")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Welcome")).to_be_hidden()
    _look_at_each_width(page)


def _look_at_each_width(page):
    for width in (390, 1024, 1280, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SQUEEZED) == [], width
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, width
