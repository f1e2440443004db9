"""An administrator brings a WordPress site here from the desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Campaign, Update
from comments.models import Comment
from outbox.models import OutgoingMail
from staff.models import AuditEntry
from tests.factories import make_campaign, make_staff
from tests.wordpress.wxr import attachment, comment, export, item, uploads
from wordpress.models import WordPressImport, WordPressItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
ADD = "/admin/wordpress/wordpressimport/add/"


@pytest.fixture
def boss(client):
    """A browser of an administrator."""
    client.force_login(make_staff("boss", is_superuser=True))
    return client


def upload(client, *items, raw=None, **files):
    content = export(*items) if raw is None else raw
    files["file"] = SimpleUploadedFile("bucheon.xml", content)
    return client.post(ADD, files, follow=True)


def choose(client, button, goes_to, **becomes):
    """Choose what items become, by their titles, and press a button."""
    of = WordPressImport.objects.get()
    rows = of.items.filter(came_at=None)
    said = {f"becomes-{row.pk}": row.becomes for row in rows}
    for title, choice in becomes.items():
        said[f"becomes-{rows.get(title=title).pk}"] = choice
    address = f"/admin/wordpress/wordpressimport/{of.pk}/change/"
    return client.post(address, {"goes_to": goes_to, button: "1", **said}, follow=True)


def test_upload_dry_run_choices_and_result(boss, work):
    live = make_campaign(slug="live", title="Live")
    answer = upload(
        boss,
        item(1, "Help", post_type="page", comments=[comment(1)]),
        item(2, "News"),
        item(3, "Link", comments=[comment(3)]),
        attachment(4),
        item(5, "", post_type="nav_menu_item"),
    )
    assert "We are reading it." in answer.text
    work()

    page = boss.get(answer.request["PATH_INFO"]).text
    for words in (
        "Nothing is imported yet",
        "Help",
        "old.example",
        "1 × lines of menus",
    ):
        assert words in page
    assert not Update.objects.exists()

    refused = choose(boss, "_bring", "", Help="nothing")
    assert "Choose the campaign that they go to." in refused.text
    saved = choose(boss, "_save", f"ours {live.pk}", Link="nothing")
    assert "We saved what you chose." in saved.text
    assert WordPressItem.objects.get(title="Link").becomes == "nothing"
    begun = choose(boss, "_bring", f"ours {live.pk}", Link="update", Help="nothing")
    assert "0 of 2 posts and pages are done" in begun.text
    work()

    page = boss.get(answer.request["PATH_INFO"]).text
    assert "2 posts and pages are imported." in page
    update = Update.objects.get(title="Link")
    assert update.campaign == live
    assert f"/admin/campaigns/update/{update.pk}/change/" in page
    assert Comment.objects.get().campaign == live
    assert not Campaign.objects.exclude(pk=live.pk).exists()
    assert not OutgoingMail.objects.exists()
    seen = AuditEntry.objects.filter(model="wordpress.wordpressimport")
    assert {"changed", "read"} <= set(seen.values_list("kind", flat=True))


def test_what_was_left_out_can_be_brought_later(boss, work):
    upload(boss, item(1, "Help", post_type="page"), item(2, "News"))
    work()
    choose(boss, "_bring", "item 1", News="nothing", Help="campaign")
    work()
    [campaign] = Campaign.objects.all()

    answer = choose(boss, "_bring", f"ours {campaign.pk}", News="update")
    work()

    assert "We are importing it." in answer.text
    assert Update.objects.get().campaign == campaign
    assert Campaign.objects.count() == 1


def test_a_file_that_is_no_export_gets_a_sentence(boss, work):
    answer = upload(
        boss, raw=b"PK\x03\x04", pictures=SimpleUploadedFile("a.zip", b"no")
    )
    work()

    page = boss.get(answer.request["PATH_INFO"])
    assert "We cannot read the ZIP of the pictures." in page.text
    assert "Upload another file" in page.text
    assert "Choose the file." in boss.post(ADD, {}).text


def test_pictures_of_a_zip_that_are_none_are_named(boss, work):
    file = "2016/11/dogs.jpg"
    packed = uploads(file).replace(b"JFIF", b"XXXX").replace(b"\xff\xd8\xff", b"\0\0\0")
    upload(
        boss,
        attachment(3, file),
        item(1, "Help", '<img class="wp-image-3" src="a.jpg">Text', post_type="page"),
        pictures=SimpleUploadedFile("a.zip", packed),
    )
    work()
    answer = choose(boss, "_bring", "item 1")
    work()

    assert (
        "Pictures that we cannot read: 1" in boss.get(answer.request["PATH_INFO"]).text
    )
    assert "[picture" not in Campaign.objects.get().story


@pytest.mark.parametrize("group", ["Campaigners", "Moderators"])
def test_only_administrators_import(client, group):
    client.force_login(make_staff("cy", group))

    assert client.get(ADD).status_code == 403
    assert "Import from WordPress" not in client.get("/admin/").text


def test_files_and_lists_go_after_some_days_and_what_came_stays(boss, work, settings):
    upload(boss, item(1, "Help", post_type="page", comments=[comment(1)]))
    work()
    choose(boss, "_bring", "item 1")
    work()
    assert list(settings.MEDIA_ROOT.rglob("wordpress/*"))

    WordPressImport.objects.all().forget()
    work()

    assert not list(settings.MEDIA_ROOT.rglob("wordpress/*"))
    assert Campaign.objects.get().comments.count() == 1
    upload(boss, item(1, "Help", post_type="page"))
    work()
    choose(boss, "_bring", "item 1")
    work()
    assert Campaign.objects.count() == 1
