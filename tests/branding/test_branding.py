"""The branding: changed on one page, shown on every page and in every mail."""

import io
import re
from email.utils import parseaddr

import brotli
import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding import models
from branding.models import Branding
from database import known
from letters.sending.message import sender_name
from outbox import samples
from tests.factories import make_campaign, make_staff, make_update
from tests.hostile import MARKUP
from tests.staff.forms import fields_of, fill_in
from versions.models import Version

pytestmark = pytest.mark.django_db
PAGE = "/admin/branding/branding/1/change/"
HISTORY = "/admin/branding/branding/1/history/"
VERSIONS = "/admin/branding/branding/1/versions/"
NAME = "جمعية الرفق بالحيوان"


@pytest.fixture
def boss(client):
    """Who may change the branding."""
    client.force_login(make_staff("boss", is_superuser=True))
    return client


@pytest.fixture
def change(boss, django_capture_on_commit_callbacks):
    """Change the branding on its page; this process learns of it."""
    models.learn()

    def change(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            return fill_in(boss, PAGE, **fields)

    return change


def picture(size=(120, 100), kind="PNG"):
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, kind)
    return SimpleUploadedFile("logo.png", content.getvalue())


def errors(answer):
    return answer.context["adminform"].form.errors


def test_a_name_shows_on_pages_in_mails_and_in_feeds(change, client):
    update = make_update(make_campaign())
    assert "Letters for Animals" in client.get("/").text

    answer = change(name=NAME, contact_email="new@site.example")

    assert answer.status_code == 302
    page = client.get("/").text
    assert "Letters for Animals" not in page.replace("Letters for Animals, 1 Ex", "")
    assert page.count(f"<bdi>{NAME}</bdi></a>") == 2
    assert "mailto:new@site.example" in page
    assert (
        f"<name>{NAME}</name>"
        in client.get(f"{update.campaign.get_absolute_url()}updates/feed/").text
    )
    assert sender_name("Ada") == f"Ada via {NAME}"
    assert NAME in client.get(PAGE).text.partition("</header>")[0]


def test_every_mail_takes_name_sender_lines_and_colours(change):
    change(
        name=NAME,
        sender_name="Bo, of us",
        controller="We\n1 Street",
        primary="#14532d",
        accent="#14532d",
    )

    for name in samples.names():
        written = samples.write(name, "en")
        html = written.alternatives[0].content
        assert parseaddr(str(written.message()["From"]))[1] == "hello@letters.example"
        assert written.from_email.startswith('"Bo, of us" <'), name
        assert NAME in html
        assert "We, 1 Street" in html
        assert "#14532d" in html
        assert "#ffc145" not in html
        assert "Letters for Animals" not in html + written.body + written.subject
    assert not mail.outbox


def test_what_nobody_changed_follows_the_settings(change, settings, client):
    change(description_en="We are heard.")

    stored = Branding.objects.get()
    assert (stored.name, stored.contact_email, stored.controller) == ("", "", "")
    assert (stored.primary, stored.accent, stored.stylesheet) == ("", "", "")
    settings.SITE_NAME = "Another group"
    assert "Another group" in client.get("/privacy/").text


def test_a_changed_branding_renews_pages_that_are_kept(change, client):
    campaign = make_campaign()
    kept = client.get(campaign.get_absolute_url())

    change(name=NAME)

    page = client.get(campaign.get_absolute_url())
    assert NAME not in kept.text
    assert NAME in page.text


def test_another_process_learns_of_it_within_seconds(client, monkeypatch):
    models.learn()  # the row is stored by somebody else, who tells nobody
    Branding(name=NAME).save()
    assert NAME not in client.get("/").text

    later = known.time.monotonic() + known.KNOWN_SECONDS
    monkeypatch.setattr(known.time, "monotonic", lambda: later)

    assert NAME in client.get("/privacy/").text
    assert NAME in client.get("/").text


def test_while_the_database_is_away_the_branding_stays(client, monkeypatch):
    Branding(name=NAME).save()
    models.learn()

    def away(*args):
        raise known.Error("away")

    monkeypatch.setattr(Branding.objects, "defer", away)
    models.learn()

    assert models.current().name == NAME


def test_the_colours_have_an_address_that_may_be_kept_for_ever(change, client):
    assert "/branding/" not in client.get("/").text

    change(primary="14532D", accent="#14532d")

    address = models.current().stylesheet_url
    page = client.get("/")
    assert f'<link rel="stylesheet" href="{address}">' in page.text
    assert "style=" not in page.text
    sheet = client.get(address, headers={"accept-encoding": "br"})
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert sheet["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet["Content-Encoding"] == "br"
    assert b"--link: #14532d;" in brotli.decompress(sheet.content)
    known = {"accept-encoding": "br", "if-none-match": sheet["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    other = client.get("/branding/0123456789abcdef.css")
    assert (other["Location"], other["Cache-Control"]) == (address, "no-store")


def test_no_colours_no_sheet(client):
    assert client.get("/branding/0123456789abcdef.css").status_code == 404
    assert client.get("/branding/logo-0123456789abcdef.png").status_code == 404


def test_yellow_links_are_refused_with_ratio_and_nearest_colour(change):
    answer = change(primary="#ffc145", name="All of this is kept")

    assert errors(answer) == {
        "primary": [
            "Links in #ffc145 are hard to read. Their contrast with the page (#e3ebec) "
            "is 1.33 to 1. They need 4.5 to 1. The nearest colour that passes is "
            "#8f5f00."
        ]
    }
    assert 'value="All of this is kept"' in answer.text
    assert not Branding.objects.exists()


@pytest.mark.parametrize("colour", ["green", "#12345", "url(x)", "#14532d;}", "\x00"])
def test_what_is_no_colour_is_refused(change, colour):
    assert list(errors(change(primary=colour))) == ["primary"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "Us\u202eevil"),
        ("sender_name", "Us\r\nBcc: all@mail.example"),
        ("contact_email", "not an address"),
        ("controller", "x" * 501),
        ("description_en", "\ufffd"),
    ],
)
def test_bad_input_comes_back_with_a_sentence(change, field, text):
    answer = change(**{field: text})

    if answer.status_code == 302:  # a line break in one line: gone
        assert "\n" not in getattr(Branding.objects.get(), field)
    else:
        assert list(errors(answer)) == [field]


def test_the_preview_shows_what_is_not_saved(boss):
    page = boss.post("/admin/branding/branding/preview", {"primary": "#ffc145"})

    assert "1.33 to 1, at least 4.5" in page.text
    assert "too little" in page.text
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    sheet = boss.get("/admin/branding/branding/preview.css?primary=%2314532d&accent=}x")
    assert "#14532d" in sheet.text
    assert "}x" not in sheet.text
    assert not Branding.objects.exists()


def test_a_logo_is_made_anew_and_becomes_the_icon(change, boss, client):
    change(new_logo=picture((1300, 1200)), name=NAME)

    page = client.get("/").text
    own = models.current()
    assert f'<img src="{own.logo_url}" alt="" width="121" height="112">' in page
    assert f'<link rel="icon" href="{own.icon_url}"' in page
    for address, size in ((own.logo_url, (121, 112)), (own.icon_url, (180, 180))):
        answer = client.get(address)
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"].endswith("immutable")
        assert Image.open(io.BytesIO(answer.content)).size == size
    assert client.get("/favicon.ico")["Location"] == own.icon_url

    boss.post(PAGE, {"drop_logo": "on"})

    assert Branding.objects.get().logo_png is None
    assert Branding.objects.get().logo_url == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            f"<svg xmlns='http://www.w3.org/2000/svg'>{MARKUP}</svg>".encode(),
            "cannot read this picture",
        ),
        (b"\x89PNG\r\n\x1a\n" + MARKUP.encode(), "cannot read this picture"),
        (b"x" * (10 * 1024 * 1024 + 1), "at most 10 MB"),
    ],
)
def test_a_file_that_is_no_picture_is_no_logo(change, content, words):
    answer = change(new_logo=SimpleUploadedFile("logo.png", content, "image/png"))

    assert words in errors(answer)["new_logo"][0]
    assert not Branding.objects.exists()


def test_texts_have_pages_and_hold_no_script(change, client):
    assert client.get("/about/").status_code == 404
    assert "/about/" not in client.get("/").text

    change(
        about_en=f"<h2>Us</h2>{MARKUP}",
        imprint_en="<p>Court of Berlin</p>",
        privacy_en="<p>We print letters.</p>",
        controller="We\n1 Street",
    )

    page = client.get("/about/").text
    assert "<h2>Us</h2>" in page
    assert MARKUP not in page
    assert "<p>We<br>1 Street<br>" in client.get("/imprint/").text
    privacy = client.get("/privacy/").text
    assert "<p>We print letters.</p>" in privacy
    assert "When you sign a petition" in privacy
    home = client.get("/").text
    assert 'href="/about/"' in home
    assert 'href="/imprint/"' in home
    assert "/about/" in client.get("/sitemap.xml").text


def test_each_language_has_its_own_texts(change, client, settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]

    change(about_en="<p>Us</p>", about_ko="<p>우리</p>", description_ko="한 문장")

    assert "<p>Us</p>" in client.get("/about/").text
    assert "<p>우리</p>" in client.get("/ko/about/").text
    assert "한 문장" in client.get("/ko/").text
    assert "한 문장" not in client.get("/").text


def test_further_languages_are_folded_until_something_is_wrong_in_them(
    change, boss, settings
):
    def folded(page):
        return re.findall(r"<details><summary>\s*<h2[^>]*>([^<]+)<", page.text)

    others = [name for _code, name in settings.LANGUAGES[1:]]
    assert folded(boss.get(PAGE)) == others

    refused = change(description_ko="\ufffd")

    assert folded(refused) == [name for name in others if name != "한국어"]


def test_only_who_has_the_right_changes_it_and_it_is_written_down(client, boss):
    fill_in(boss, PAGE, name="Boss")
    bo = make_staff(group="Campaigners")
    client.force_login(bo)
    assert client.get(PAGE).status_code == 403
    assert client.get("/admin/branding/branding/preview").status_code == 403

    bo.user_permissions.add(Permission.objects.get(codename="view_branding"))
    assert 'name="_save"' not in client.get(PAGE).text
    assert client.post(PAGE, {"name": "Bo"}).status_code == 403

    bo.user_permissions.add(Permission.objects.get(codename="change_branding"))
    assert fill_in(client, PAGE, name="Bo").status_code == 302
    assert Branding.objects.get().name == "Bo"
    history = client.get(HISTORY).text
    assert "Changed Name" in history
    assert client.get("/admin/branding/branding/2/change/").status_code == 302
    assert client.get("/admin/branding/branding/add/").status_code == 403


def test_each_save_is_a_version_that_is_compared_and_restored(change, boss, settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]
    change(name=NAME, about_en="<p>Two hundred <strong>foxes</strong></p>")
    change(primary="#14532d", about_en="<p>Two thousand <strong>foxes</strong></p>")
    change()  # nothing

    one = Branding.objects.get()
    newest, middle, first = Version.objects.of(one)
    assert (newest.username, newest.changed) == ("boss", ["primary", "about_en"])
    assert first.content["fields"]["name"] == ""  # as the settings say
    assert "Links, About us (English)" in boss.get(HISTORY).text
    compared = boss.get(f"{VERSIONS}?from={middle.pk}&to={newest.pk}").text
    assert "<h2>About us (English)</h2>" in compared
    assert '[removed: </span>hundred<span class="visually-hidden">' in compared
    assert '[added: </span>thousand<span class="visually-hidden">' in compared

    path = f"{VERSIONS}{middle.pk}/restoration/"
    assert boss.post(path, fields_of(boss.get(path))).status_code == 302

    back = Branding.objects.get()
    assert (back.name, back.primary) == (NAME, "")
    assert back.words["en"]["about"] == "<p>Two hundred <strong>foxes</strong></p>"
    assert back.version > one.version  # so that pages that are kept are made anew
    newest = Version.objects.of(back).first()
    assert (newest.username, newest.restored_at) == ("boss", middle.at)


def test_a_restored_version_leaves_the_logo_and_holds_no_script(change, boss):
    change(about_en="<p>Us</p>")
    change(about_en="<p>We</p>", new_logo=picture(), logo_says_name="on")
    old = Version.objects.of(Branding.objects.get())[1]
    old.content["fields"]["about_en"] = f"<p>Us</p>{MARKUP}"
    old.save()

    path = f"{VERSIONS}{old.pk}/restoration/"
    boss.post(path, fields_of(boss.get(path)))

    back = Branding.objects.get()
    assert back.words["en"]["about"].startswith("<p>Us</p>")
    assert "<script" not in back.words["en"]["about"]
    assert back.logo_digest
    assert back.logo_says_name


@pytest.mark.parametrize("is_first", [True, False])
def test_who_saves_second_is_asked_and_loses_nothing(change, boss, is_first):
    if not is_first:
        change(about_en="<p>Us</p>")
    mine = fields_of(boss.get(PAGE)) | {"about_en": "<p>My words</p>"}
    boss.force_login(make_staff("ana", is_superuser=True))
    change(about_en="<p>Her words</p>")
    boss.force_login(make_staff("cleo", is_superuser=True))

    asked = boss.post(PAGE, mine | {"contact_email": "new@site.example"})

    assert asked.status_code == 409
    assert "ana saved this on" in asked.text
    assert "People now write to" not in boss.get(PAGE).text
    assert Branding.objects.get().words["en"]["about"] == "<p>Her words</p>"
    again = fields_of(asked)
    for name in mine.keys() - {"began", "csrfmiddlewaretoken", "contact_email"}:
        assert again[name] == mine[name]

    assert boss.post(PAGE, again).status_code == 302
    saved = Branding.objects.get()
    assert saved.words["en"]["about"] == "<p>My words</p>"
    assert saved.contact_email == "new@site.example"
    newest, theirs = Version.objects.of(saved)[:2]
    assert (newest.username, theirs.username) == ("cleo", "ana")


def test_a_logo_is_kept_while_another_field_is_put_right(boss):
    refused = fill_in(boss, PAGE, new_logo=picture(), contact_email="nobody")

    assert "We kept “logo.png”." in refused.text
    right = {**fields_of(refused), "contact_email": "new@site.example"}
    assert boss.post(PAGE, right).status_code == 302
    assert Branding.objects.get().logo_width == 120
