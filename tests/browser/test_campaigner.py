"""From nothing to published, and then somebody signs."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from campaigns.models import Campaign
from tests.browser.visitor import heading, open_mail, sign, without_javascript
from tests.factories import make_staff

SHEET = """Name\tOffice\tE-mail
Ann Lee\tMayor\tmayor@council.example
\tCouncil Member\tmember@council.example
\tClerk\tclerk@council.example
"""


def a_picture():
    content = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(content, "PNG")
    return content.getvalue()


def write_it(page):
    """The texts and pictures of a campaign with a petition and a letter."""
    page.locator("#id_summary").fill("Ask the council to protect them.")
    # The page stands beside the form, and follows it.
    preview = page.frame_locator("live-preview iframe")
    expect(preview.get_by_text("Ask the council to protect them.")).to_be_visible()
    page.locator("#story [contenteditable=true]").click()
    page.keyboard.type("They live behind the school.")
    file = {"name": "fox.png", "mimeType": "image/png", "buffer": a_picture()}
    page.get_by_text("Pictures and videos in the story").click()
    page.get_by_role("button", name="Put [picture 1] into the story").click()
    row = page.get_by_role("group", name="[picture 1]")
    row.get_by_label("Picture", exact=True).set_input_files(file)
    row.get_by_label("What the picture shows").fill("Their den")
    page.locator("#id_new_picture").set_input_files(file)
    look = page.get_by_role("region", name="Look", exact=True)
    look.get_by_label("What the picture shows").fill("A fox at the edge of a wood")
    page.get_by_label("The sentence that people sign").fill("I ask for a safe place.")
    page.get_by_label("Subject", exact=True).fill("A safe place for foxes")
    page.locator("#id_letter-body").fill("Dear all:\n\nPlease help.\n\n")
    page.get_by_role("button", name="[Your Name & City/Country]").click()


@pytest.mark.release
def test_a_campaigner_publishes_a_campaign_and_a_supporter_signs_it(
    page, staff, mailbox, work
):
    staff("bo", "Campaigners")
    page.goto("/admin/campaigns/campaign/")
    page.get_by_role("link", name="New campaign").click()
    page.locator("#id_title").fill("Save the foxes")
    # The window is lost, and nothing with it.
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    page.reload()
    expect(page.locator("#id_title")).to_have_value("Save the foxes")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    expect(page.get_by_text("A draft: 3 things to put right")).to_be_visible()

    # The list leads to what is missing.
    missing = page.get_by_role("region", name="A draft")
    missing.get_by_role("link", name="The ask in one sentence").click()
    expect(page.locator("#id_summary")).to_be_in_viewport()
    write_it(page)
    page.get_by_text("How the letter names them all").first.click()
    page.get_by_label("How the letter names them all").fill("the Mayor and the Council")
    page.locator("#id_letter-lines").fill(SHEET)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("3 people are on the list")).to_be_visible()
    expect(page.get_by_text("Ready to be published")).to_be_visible()

    page.get_by_text("Show the draft to somebody").click()
    page.get_by_role("button", name="Save and make a draft link").click()
    shown = page.context.new_page()
    shown.goto(page.get_by_label("Draft link").input_value())
    expect(heading(shown)).to_have_text("Save the foxes")
    expect(shown.get_by_role("button", name="Sign the petition")).to_be_disabled()

    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Published. Everybody can see it now.")).to_be_in_viewport()
    preview = page.frame_locator("live-preview iframe")
    expect(preview.get_by_role("button", name="Sign the petition")).to_be_visible()

    page.context.clear_cookies()
    work()
    page.goto("/save-the-foxes/")
    expect(page.get_by_role("img", name="A fox at the edge of a wood")).to_be_visible()
    expect(page.get_by_role("img", name="Their den")).to_be_attached()
    sign(page, "/save-the-foxes/")
    work()
    mail = open_mail(page, mailbox)
    mail.get_by_role("link", name="Open the page to confirm").click()
    mail.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(mail)).to_contain_text("Thank you, Ada Lovelace.")
    campaign = Campaign.objects.get()
    assert campaign.petition.signatures.get().counted
    assert campaign.letter.recipient_list.recipients.count() == 3


STORY = (
    "<h2>Their den</h2><p>They live <b>behind the school</b>.</p>"
    "<p>Dogs are let loose there.</p>"
)
WHOLE_LETTER = """Subject: A safe place for foxes

Dear all,

Please give them a safe place.

Yours sincerely,
[Your name]"""
THREE_PEOPLE = """Ann Lee, Mayor, mayor@council.example
Council Member, member@council.example
Bo Ek, Clerk, clerk@council.example"""


def paste(field, words, kind="text/plain"):
    """Put words onto the clipboard, and from there over all that the field holds."""
    field.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    field.click()
    field.evaluate(
        """async (_field, [kind, words]) => {
            const item = { [kind]: new Blob([words], { type: kind }) }
            await navigator.clipboard.write([new ClipboardItem(item)])
        }""",
        [kind, words],
    )
    field.press("ControlOrMeta+a")
    field.press("ControlOrMeta+v")


def test_ready_texts_are_six_pastes_a_picture_and_two_presses(page, signed_in, work):
    """As somebody does whose texts are ready: 20 fields before, one by one."""
    signed_in(make_staff("bo", "Campaigners"))
    pasted, pressed = [], []

    def put(field, words, **kind):
        pasted.append(field)
        paste(field, words, **kind)

    def press(name, role="button"):
        pressed.append(name)
        page.get_by_role(role, name=name).click()

    page.goto("/admin/editor/campaigns/new/")
    press("Letter to a council", "link")
    expect(page.get_by_text("Replace the words in square brackets")).to_be_visible()
    put(page.locator("#id_title"), "Save the foxes")
    put(page.locator("#id_summary"), "Ask the council to help the foxes.")
    put(page.locator("#story [contenteditable=true]"), STORY, kind="text/html")
    file = {"name": "fox.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("#id_new_picture").set_input_files(file)
    picture = page.get_by_role("region", name="Look", exact=True)
    put(picture.get_by_label("What the picture shows"), "A fox in a wood")
    put(page.locator("#id_letter-body"), WHOLE_LETTER)
    put(page.locator("#id_letter-lines"), THREE_PEOPLE)
    # The page beside the form goes where somebody types.
    preview = page.frame_locator("live-preview iframe")
    expect(preview.locator("#letter")).to_be_in_viewport()
    page.locator("#id_letter-subject").focus()
    letter = preview.get_by_role("paragraph").get_by_text("give them a safe place.")
    expect(letter).to_be_in_viewport()
    page.locator("#id_title").focus()
    expect(preview.get_by_role("heading", name="Save the foxes")).to_be_in_viewport()
    press("Publish now")
    expect(page.get_by_text("Published. Everybody can see it now.")).to_be_in_viewport()

    assert (len(pasted), len(pressed)) == (6, 2)
    campaign = Campaign.objects.get()
    assert campaign.petition.ask == "I ask the council to help the foxes."
    assert "<strong>behind the school</strong>" in campaign.story
    assert "<h2>Their den</h2>" in campaign.story
    assert campaign.letter.subject == "A safe place for foxes"
    assert campaign.letter.recipient_list.recipients.count() == 3
    page.goto("/save-the-foxes/")
    expect(page.get_by_text("Dogs are let loose there.")).to_be_attached()


@pytest.mark.parametrize("tolerated", [["500: ", "net::ERR_FAILED"]])
def test_a_preview_says_that_it_loads_and_tries_again(page, signed_in):
    signed_in(make_staff("bo", "Campaigners"))
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route("**/preview/", hold)
    page.goto("/admin/editor/campaigns/new/")

    preview = page.locator("live-preview")
    expect(preview.get_by_text("The preview is loading")).to_be_visible()
    height = preview.bounding_box()["height"]
    waiting.pop().abort()
    expect(preview.get_by_text("The preview did not load.")).to_be_visible()
    expect(preview.get_by_text("The preview is loading")).to_be_hidden()
    page.unroute("**/preview/")
    preview.get_by_role("button", name="Try again").click()

    shown = page.frame_locator("live-preview iframe")
    expect(shown.get_by_role("main")).to_be_visible()
    expect(preview.get_by_text("The preview did not load.")).to_be_hidden()
    assert preview.bounding_box()["height"] == height


@pytest.mark.parametrize("tolerated", [["403: "]])  # to keep it, while signed out
def test_nothing_typed_is_lost_when_the_session_has_ended(page, signed_in):
    bo = make_staff("bo", "Campaigners")
    signed_in(bo)
    page.goto("/admin/editor/campaigns/new/")
    page.context.clear_cookies()

    page.locator("#id_title").fill("Save the foxes")
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("Save the foxes")
    signed_in(bo)  # in another window
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert Campaign.objects.get().title == "Save the foxes"


@without_javascript
def test_without_javascript_a_button_opens_the_page(page, signed_in):
    signed_in(make_staff("bo", "Campaigners"))
    page.goto("/admin/editor/campaigns/new/?template=council")
    page.locator("#id_title").fill("Save the foxes")

    with page.expect_popup() as opened:
        page.get_by_role("button", name="See the page").click()
    expect(heading(opened.value)).to_have_text("Save the foxes")
    # Where the preview would stand, a button opens it.
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the preview").click()

    expect(heading(opened.value)).to_have_text("Save the foxes")
    assert not Campaign.objects.exists()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert Campaign.objects.get().title == "Save the foxes"


def test_a_template_leads_to_what_is_to_be_replaced(page, signed_in):
    signed_in(make_staff("bo", "Campaigners"))
    page.goto("/admin/editor/campaigns/new/")
    page.get_by_role("link", name="Letter to a council").click()
    expect(page.get_by_text("Replace the words in square brackets")).to_be_in_viewport()
    expect(page.locator("#id_title")).to_be_in_viewport()

    # The ask is typed once.
    left = page.locator("words-to-replace[data-field=id_summary]")
    expect(left).to_be_visible()
    page.locator("#id_summary").fill("Ask the council of Hull to help the foxes.")
    page.locator("#id_title").fill("Hull: help the foxes")
    expect(left).to_be_hidden()
    ask = "I ask the council of Hull to help the foxes."
    expect(page.locator("#id_petition-ask")).to_have_value(ask)
    expect(page.locator("#id_asked")).to_have_value(ask.replace("I ask", "Ask"))

    file = {"name": "fox.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("#id_new_picture").set_input_files(file)
    expect(page.get_by_text("fox.png: Kept.")).to_be_visible()
    # A wrong one is taken out before anything is saved.
    page.get_by_label("fox.png: Kept.").uncheck()
    page.locator("#id_new_picture").set_input_files(file)
    expect(page.get_by_label("fox.png: Kept.")).to_be_checked()
    page.get_by_label("fox.png: Kept.").uncheck()
    # "No file chosen" would contradict it.
    expect(page.locator("#id_new_picture")).to_have_css("color", "rgba(0, 0, 0, 0)")

    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    missing = page.get_by_role("region", name="A draft")
    missing.get_by_role("link", name="Story: Replace").click()
    expect(page.locator("#story [contenteditable=true]")).to_be_focused()
    expect(page.locator("label[for=id_story]")).to_be_in_viewport(ratio=1)
    missing.get_by_role("link", name="Letter: Replace").click()
    expect(page.locator("#id_letter-body")).to_be_focused()

    # Links lead also into what is folded, and the menu says where that is.
    here = page.locator("part-marker [aria-current]")
    expect(here).to_contain_text("Letter")
    reading = page.locator("#id_reading-0-title")
    expect(reading).to_be_hidden()
    page.get_by_role("link", name="Background reading").click()
    expect(here).to_have_text("Story")
    expect(reading).to_be_in_viewport()
    page.get_by_role("link", name="Look", exact=True).click()
    expect(here).to_have_text("Look")
    expect(page.locator("#id_new_picture")).to_be_in_viewport()
    page.mouse.wheel(0, 100_000)
    expect(here).to_have_text("Publish")

    # An address from elsewhere leads there, too.
    page.goto("/admin/")
    page.goto(f"/admin/editor/campaigns/{Campaign.objects.get().pk}/#id_story")
    expect(page.locator("#story [contenteditable=true]")).to_be_focused()
    preview = page.frame_locator("live-preview iframe")
    expect(preview.get_by_role("heading", name="Hull: help the foxes")).to_be_visible()
