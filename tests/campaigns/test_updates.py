"""Updates: written by campaigners, read on pages and in feeds."""

import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from campaigns import tasks
from campaigns.models import Update
from campaigns.pictures import picture_files
from campaigns.text import as_text
from tests.factories import make_campaign, make_staff, make_update
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db
UPDATES = "/admin/campaigns/update/"
ATOM = "{http://www.w3.org/2005/Atom}"
CAMERA = "TheCamera"


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@letters.example")
    client.force_login(bo)
    return bo


def photo(kind="JPEG", size=(2400, 1200), **saved):
    """A picture as a camera makes it, with its name in it."""
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    content = io.BytesIO()
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    picture = Image.new(mode, size, "teal")
    if kind != "GIF":
        saved["exif"] = exif
    picture.save(content, kind, **saved)
    return SimpleUploadedFile(f"../../evil.{kind.lower()}.php", content.getvalue())


def write(client, campaign, path=f"{UPDATES}add/", **fields):
    now = timezone.now()
    data = {
        "title": "The Mayor answers",
        "campaign": campaign.pk,
        "text": "<p>She says <strong>yes</strong>.</p>",
        "picture_x": 50,
        "picture_y": 50,
        "publish_at": f"{now:%Y-%m-%dT%H:%M:%S}",
    }
    return client.post(path, {**data, **fields})


def look(client, path="/campaign-1/"):
    cache.clear()
    return client.get(path).text


def test_an_update_is_written_and_stands_on_every_page(client, bo):
    campaign = make_campaign()

    assert write(client, campaign).status_code == 302

    update = Update.objects.get()
    assert (update.author, update.is_published) == (bo, True)
    path = f"/campaign-1/updates/{update.pk}/"
    for page in ("/campaign-1/", "/campaign-1/updates/"):
        assert f'<a href="{path}">The Mayor answers</a>' in look(client, page)
    page = look(client, path)
    assert "<h1>The Mayor answers</h1>" in page
    assert "She says <strong>yes</strong>." in page
    assert f"http://testserver{path}" in look(client, "/sitemap.xml")


def test_what_is_no_text_of_ours_is_cleaned_away(client, bo):
    write(client, make_campaign(), text='<p onclick="x()">Yes<script>y()</script></p>')

    assert Update.objects.get().text == "<p>Yes</p>"


def test_a_draft_and_what_is_scheduled_are_seen_by_nobody(client):
    campaign = make_campaign()
    tomorrow = timezone.now() + timedelta(days=1)
    for when in (None, tomorrow):
        make_update(campaign, "Secret", publish_at=when, published_at=None)

    for update in Update.objects.all():
        assert client.get(update.get_absolute_url()).status_code == 404
    for path in ("", "updates/", "updates/feed/"):
        assert "Secret" not in look(client, f"/campaign-1/{path}")
    assert "/updates/" not in look(client, "/sitemap.xml")


def test_the_form_of_an_update_leads_to_its_page_once(client, bo):
    """To the page that visitors see; to the preview as long as they see none."""
    campaign = make_campaign()
    shown = make_update(campaign)
    draft = Update.objects.create(campaign=campaign, title="Soon", text="<p>Soon.</p>")
    links = {shown: shown.get_absolute_url(), draft: f"{UPDATES}{draft.pk}/preview/"}

    for update, link in links.items():
        page = client.get(f"{UPDATES}{update.pk}/change/").text

        assert page.count("See the page") == 1
        assert f'<a href="{link}" class="viewsitelink">See the page</a>' in page
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("text", ["", "<p></p>", "<p> &nbsp; </p><p><br></p>"])
def test_an_update_that_says_nothing_is_refused_and_its_title_is_kept(client, bo, text):
    update = make_update(make_campaign(), title="Before")
    page = fill_in(client, change_page(UPDATES, update), title="Now", text=text)

    assert page.status_code == 200
    assert page.text.count("Enter the text.") == 1
    assert 'value="Now"' in page.text
    update.refresh_from_db()
    assert update.title == "Before"


def test_a_scheduled_update_shows_when_its_time_has_come(client):
    campaign = make_campaign()
    update = make_update(campaign, publish_at=timezone.now(), published_at=None)
    later = make_update(
        campaign,
        "Later",
        publish_at=timezone.now() + timedelta(hours=1),
        published_at=None,
    )

    for _ in range(2):
        tasks.publish_due_updates.func(timestamp=0)

    update.refresh_from_db()
    later.refresh_from_db()
    assert (update.is_published, later.is_published) == (True, False)
    assert "The Mayor answers" in look(client)


def test_a_later_time_takes_it_off_the_page_again(client, bo):
    update = make_update(make_campaign())
    tomorrow = timezone.now() + timedelta(days=1)

    fill_in(
        client, change_page(UPDATES, update), publish_at=f"{tomorrow:%Y-%m-%dT%H:%M}"
    )

    update.refresh_from_db()
    assert (update.is_published, update.is_scheduled) == (False, True)
    assert client.get(update.get_absolute_url()).status_code == 404


def test_an_update_of_a_draft_campaign_is_hidden_with_it(client):
    update = make_update(make_campaign(published_at=None))

    assert client.get(update.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_taken_in_by_its_content_and_nothing_else_of_it(
    client, bo, media, kind
):
    answer = write(
        client, make_campaign(), new_picture=photo(kind), picture_alt="The Mayor"
    )

    assert answer.status_code == 302
    update = Update.objects.get()
    folder = media / "pictures" / update.picture
    files = sorted(path for path in media.rglob("*") if path.is_file())
    assert files == [folder / "1600.jpg", folder / "800.jpg"]
    for file, width in zip(files, (1600, 800), strict=True):
        content = file.read_bytes()
        assert CAMERA.encode() not in content
        with Image.open(io.BytesIO(content)) as kept:
            assert (kept.format, kept.size) == ("JPEG", (width, width // 2))
            assert not kept.getexif()
    page = look(client, update.get_absolute_url())
    assert 'width="1600" height="800"' in page
    address = f"/media/pictures/{update.picture}"
    srcset = f'srcset="{address}/800.jpg 800w, {address}/1600.jpg 1600w"'
    assert srcset in page
    assert srcset in look(client)


def test_a_picture_that_lies_on_its_side_is_set_up(client, bo):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    content = io.BytesIO()
    Image.new("RGB", (400, 100)).save(content, "JPEG", exif=exif)
    file = SimpleUploadedFile("a.jpg", content.getvalue())

    write(client, make_campaign(), new_picture=file, picture_alt="The Mayor")

    update = Update.objects.get()
    assert (update.picture_width, update.picture_height) == (100, 400)


BOMB = io.BytesIO()
Image.new("1", (9000, 9000)).save(BOMB, "PNG")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot read this picture"),
        (b"%PDF-1.7", "cannot read this picture"),
        (photo().read()[:200], "cannot read this picture"),
        (b"\x00" * (picture_files.MOST_BYTES + 1), "at most 10 MB"),
        (BOMB.getvalue(), "at most 50 million pixels"),
    ],
    ids=["SVG", "PDF", "cut", "large", "bomb"],
)
def test_what_is_no_picture_is_refused_in_words(client, bo, media, content, words):
    file = SimpleUploadedFile("a.jpg", content)

    page = write(client, make_campaign(), new_picture=file, picture_alt="The Mayor")

    assert words in page.text
    assert not Update.objects.exists()
    assert list(media.rglob("*.jpg")) == []


def test_a_picture_says_what_it_shows(client, bo, media):
    page = write(client, make_campaign(), new_picture=photo())

    assert "Say what the picture shows." in page.text
    assert list(media.rglob("*.jpg")) == []
    update = make_update()
    with pytest.raises(IntegrityError), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(picture="0" * 32)


def test_a_picture_is_served_to_be_kept_and_nothing_else_is(client, media):
    file = SimpleUploadedFile("a.jpg", photo().read())
    name, width, height = picture_files.take_in(file)
    folder = media / "pictures" / name
    (folder / "secret.txt").write_text("secret")

    served = client.get(f"/media/pictures/{name}/800.jpg")

    assert (width, height) == (1600, 800)
    assert b"".join(served.streaming_content)[:3] == b"\xff\xd8\xff"
    assert served["Content-Type"] == "image/jpeg"
    assert served["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert not served.cookies
    assert "sandbox" in served["Content-Security-Policy"]
    for path in (f"{name}/secret.txt", f"{name}/a.jpg", "800.jpg", "../paper/a.jpg"):
        assert client.get(f"/media/pictures/{path}").status_code == 404
    (folder / "secret.txt").unlink()
    picture_files.forget(name)
    picture_files.forget(name)
    assert not folder.exists()


def test_the_feed_holds_what_is_published_the_newest_first(client):
    campaign = make_campaign()
    now = timezone.now()
    for number in range(3):
        make_update(
            campaign, f"Number {number}", published_at=now - timedelta(days=number)
        )
    make_update(campaign, "Draft", publish_at=None, published_at=None)

    answer = client.get("/campaign-1/updates/feed/")

    feed = ElementTree.fromstring(answer.content)
    titles = [e.find(f"{ATOM}title").text for e in feed.iter(f"{ATOM}entry")]
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert titles == ["Number 0", "Number 1", "Number 2"]
    assert "She says yes." in answer.text


def test_the_action_page_shows_the_newest_and_leads_to_the_rest(client):
    campaign = make_campaign()
    now = timezone.now()
    for number in range(12):
        make_update(
            campaign, f"Number {number}.", published_at=now - timedelta(days=number)
        )

    page = look(client)
    pages = [look(client, f"/campaign-1/updates/{end}") for end in ("", "page/2/")]

    assert [n for n in range(12) if f"Number {n}." in page] == [0, 1, 2]
    assert 'href="/campaign-1/updates/">All updates</a>' in page
    assert [n for n in range(12) if f"Number {n}." in pages[0]] == list(range(10))
    assert [n for n in range(12) if f"Number {n}." in pages[1]] == [10, 11]
    assert client.get("/campaign-1/updates/page/3/").status_code == 404
    assert all(f"Page {n} of 2" in page for n, page in enumerate(pages, 1))
    assert 'href="/campaign-1/updates/page/2/" rel="next"' in pages[0]
    assert 'href="/campaign-1/updates/" rel="prev"' in pages[1]


def test_a_changed_update_shows_changed(client):
    update = make_update(make_campaign())
    assert "The Mayor answers" in look(client)

    Update.objects.filter(pk=update.pk).update(title="She says no")

    assert "She says no" in look(client)
    assert "The Mayor answers" not in look(client)


def test_staff_see_the_page_before_anybody_else(client, bo):
    update = make_update(make_campaign(), publish_at=None, published_at=None)
    path = f"{UPDATES}{update.pk}/preview/"

    page = client.get(path)

    assert "<h1>The Mayor answers</h1>" in page.text
    assert "Not published yet" in page.text
    assert "no-store" in page["Cache-Control"]
    client.logout()
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two<br>lines.</p>", "One.\n\nTwo\nlines."),
        (
            "<ul><li><p>a</p></li><li><p>b</p></li></ul><p>c</p>",
            "- a\n- b\n\nc",
        ),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        (
            '<p>See <a href="https://a.example/">this</a> now.</p>',
            "See this (https://a.example/) now.",
        ),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        ("<blockquote><p>Yes</p></blockquote><h2>So</h2>", "> Yes\n\nSo"),
        ("<p>a &amp; <b>b</b> <i>c</i></p>", "a & b c"),
    ],
)
def test_rich_text_reads_as_plain_text(html, text):
    assert as_text(html) == text


def test_saving_an_update_says_that_nobody_was_emailed(client):
    client.force_login(make_staff("cam", "Campaigners"))
    campaign = make_campaign()
    add = f"/admin/campaigns/update/add/?campaign={campaign.pk}"
    written = {"title": "We won", "text": "<p>She says yes.</p>"}

    draft = client.get(fill_in(client, add, **written)["Location"]).text
    out = fill_in(client, add, **written, publish_at="2026-01-02T03:04")

    assert "We have not emailed it" not in draft
    [update] = Update.objects.published()
    page = client.get(out["Location"]).text
    assert "We have not emailed it. You send it to followers from this page:" in page
    assert f'"/admin/supporters/mailing/update/{update.pk}/">' in page
