"""From nothing to published, and then somebody signs."""

import io

from PIL import Image
from playwright.sync_api import expect

from campaigns.models import Campaign
from tests.browser.visitor import heading, open_mail, sign

CSV = """Name,Office,E-mail
Ann Lee,Mayor,mayor@council.example
,Council Member,member@council.example
,Clerk,clerk@council.example
"""


def a_picture():
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(content, "PNG")
    return content.getvalue()


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
    expect(page.get_by_text("A draft: 3 things are missing")).to_be_visible()

    # The list leads to what is missing.
    missing = page.get_by_role("region", name="A draft")
    missing.get_by_role("link", name="The ask in one sentence").click()
    expect(page.locator("#id_summary")).to_be_in_viewport()
    page.locator("#id_summary").fill("Ask the council to protect them.")
    page.locator("#story [contenteditable=true]").click()
    page.keyboard.type("They live behind the school.")
    page.locator("#id_new_picture").set_input_files(
        {"name": "fox.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    picture = page.get_by_role("region", name="Picture", exact=True)
    picture.get_by_label("What the picture shows").fill("A fox at the edge of a wood")
    page.get_by_label("The sentence that people sign").fill("I ask for a safe place.")
    page.get_by_label("Subject", exact=True).fill("A safe place for foxes")
    page.locator("#id_letter-body").fill(
        "Dear all:\n\nPlease help.\n\n[Your Name & City/Country]"
    )
    page.get_by_label("How the letter names them all").fill("the Mayor and the Council")
    page.get_by_label("CSV file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    )
    page.get_by_role("button", name="Save and check the rows").click()
    expect(page.get_by_text("3 rows are waiting")).to_be_visible()
    page.get_by_role("button", name="Add 3 recipients").click()
    expect(page.get_by_text("3 people are on the list")).to_be_visible()
    expect(page.get_by_text("Ready to be published")).to_be_visible()

    page.get_by_role("button", name="Save and make a draft link").click()
    shown = page.context.new_page()
    shown.goto(page.get_by_label("Draft link").input_value())
    expect(heading(shown)).to_have_text("Save the foxes")
    expect(shown.get_by_role("button", name="Sign the petition")).to_be_disabled()

    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Published. Everybody can see it now.")).to_be_visible()

    page.context.clear_cookies()
    work()
    page.goto("/save-the-foxes/")
    expect(page.get_by_role("img", name="A fox at the edge of a wood")).to_be_visible()
    sign(page, "/save-the-foxes/")
    work()
    mail = open_mail(page, mailbox)
    mail.get_by_role("link", name="Confirm my name").click()
    mail.get_by_role("button", name="Yes, count my name").click()
    expect(heading(mail)).to_contain_text("Thank you, Ada Lovelace.")
    campaign = Campaign.objects.get()
    assert campaign.petition.signatures.get().counted
    assert campaign.letter.recipient_list.recipients.count() == 3
