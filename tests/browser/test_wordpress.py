"""An administrator moves a WordPress site here: dry run, choices, progress, result."""

from playwright.sync_api import expect

from campaigns.models import Update
from comments.models import Comment
from tests.browser.test_staff import open_list
from tests.browser.visitor import without_javascript
from tests.factories import make_campaign, make_staff
from tests.wordpress.wxr import comment, export, item


@without_javascript
def test_an_administrator_brings_a_site(page, signed_in, work, media):
    make_campaign(title="Save the foxes")
    signed_in(make_staff("root", is_superuser=True))
    page.goto("/admin/")
    open_list(page, "Settings", "All lists")
    page.get_by_role("link", name="Import from WordPress").click()
    page.get_by_role("link", name="Add import from WordPress").first.click()
    content = export(
        item(1, "News", comments=[comment(1)]), item(2, "More news"), item(3, "Old")
    )
    page.get_by_label("Export").set_input_files(
        {"name": "bucheon.xml", "mimeType": "text/xml", "buffer": content}
    )
    page.get_by_role("button", name="Upload and read it").click()
    expect(page.get_by_text("We are reading it.").first).to_be_visible()
    work()

    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Nothing is imported yet.")).to_be_visible()
    for title, choice in (("News", "an update"), ("Old", "nothing")):
        field = page.get_by_label(f"What “{title}” becomes", exact=True)
        field.select_option(label=choice)
    goes_to = page.get_by_label("Campaign for the updates")
    goes_to.select_option(label="Save the foxes")
    page.get_by_role("button", name="Import what I have chosen").click()
    expect(page.get_by_text("0 of 2 posts and pages are done")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()

    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("2 posts and pages are imported.")).to_be_visible()
    page.get_by_role("link", name="an update").first.click()
    expect(page.locator("#id_title")).to_have_value("News")
    assert set(Update.objects.values_list("title", flat=True)) == {"News", "More news"}
    assert Comment.objects.count() == 1
