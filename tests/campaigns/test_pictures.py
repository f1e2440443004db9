"""Pictures: looked at when they come, cut by a worker, forgotten a day later."""

import io
import re
import subprocess
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image, ImageCms
from procrastinate.contrib.django.models import ProcrastinateJob

from branding import colours
from campaigns.models import Campaign, CampaignText
from campaigns.pictures import picture_files, share_image, tasks
from tests.campaign_editor.forms import page_of, press, whole
from tests.factories import (
    make_campaign,
    make_picture,
    make_staff,
    make_text,
    make_update,
)
from tests.staff.forms import change_page, fields_of, fill_in
from versions.models import PendingUpload

pytestmark = pytest.mark.django_db
UPDATES = "/admin/campaigns/update/"
PLACE, CAMERA = "Bakersfield 35.37", "TheCamera"
# Bright on dark: what stands in a share image is letters.
NIGHT = {
    **{name: colours.plain()[name] for name in picture_files.SHARE_COLOURS},
    "text": "#f3f8f8",
}


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def photo(size=(700, 400)):
    """Red on the left and blue on the right, with the place where it was taken."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    exif.get_ifd(0x8825)[0x001B] = PLACE.encode()
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif, comment=PLACE.encode())
    return SimpleUploadedFile("a.jpg", content.getvalue())


def look(client, path="/campaign-1/"):
    cache.clear()
    return client.get(path).text


def files_in(page):
    """The addresses of all pictures that a page names for a browser to choose from."""
    found = set(re.findall(r'/media/[^\s"]+\.\w+', page))
    return sorted(file for file in found if "share" not in file)


def opened(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.usefixtures("decoded_apart")
def test_a_picture_is_shown_at_once_and_cut_by_a_worker(client, bo, media, work):
    saved = press(
        client,
        page_of(whole()),
        files={"new_picture": photo()},
        picture_alt="Red & blue",
        picture_credit="Photo: Ada",
    )

    assert saved.status_code == 302
    before = look(client)
    assert {opened(client, file).format for file in files_in(before)} == {"JPEG"}
    assert work() == ["campaigns.make_pictures"]
    page, home = look(client), look(client, "/")
    assert re.findall('<source type="(.*?)"', page) == ["image/avif", "image/webp"]
    for shown in (before, page):
        assert (
            'width="700" height="394" alt="Red &amp; blue" fetchpriority="high"'
            in shown
        )
        assert "<figcaption>Photo: Ada</figcaption>" in shown
    wide = 'media="(min-width: 60rem)" sizes="35rem" width="400" height="400"'
    assert wide in home
    for file in {*files_in(page), *files_in(home)}:
        width, ending = re.search(r"-(\d+)\.(\w+)$", file).groups()
        with opened(client, file) as cut:
            assert cut.format == {"jpg": "JPEG"}.get(ending, ending.upper())
            assert cut.width == int(width)
            assert not cut.getexif()
    everything = b"".join(f.read_bytes() for f in media.rglob("*.*"))
    assert PLACE in photo().read().decode("latin-1")
    assert PLACE.encode() not in everything
    assert CAMERA.encode() not in everything


def test_what_is_at_the_focus_stays_in_every_cut(client, bo, media, work):
    page = page_of(whole(**make_picture()))
    colours = {}
    for x in (0, 100):
        press(client, page, files={"new_picture": photo()}, picture_x=x)
        work()
        [square] = [f for f in files_in(look(client, "/")) if "square-400.jpg" in f]
        colours[x] = opened(client, square).resize((1, 1)).getpixel((0, 0))

    assert colours[0][0] > 150 > colours[0][2]
    assert colours[100][2] > 150 > colours[100][0]


def test_a_file_that_is_refused_keeps_everything_typed(client, bo, media):
    update = make_update(title="News")
    page = fill_in(
        client,
        change_page(UPDATES, update),
        title="Save the foxes",
        picture_alt="A fox",
        picture_x=10,
        new_picture=SimpleUploadedFile("a.jpg", b"<svg onload='alert(1)'/>"),
    ).text

    assert "We cannot read this picture." in page
    for typed in ("Save the foxes", "A fox", "10"):
        assert f'value="{typed}"' in page
    update.refresh_from_db()
    assert (update.title, update.picture) == ("News", "")


@pytest.mark.parametrize("fault", ["words", "another field"])
def test_a_picture_is_kept_while_its_form_is_put_right(client, bo, media, fault):
    update = make_update(title="News")
    path = change_page(UPDATES, update)
    wrong = {"words": {}, "another field": {"picture_alt": "A fox", "title": ""}}[fault]

    refused = fill_in(client, path, new_picture=photo(), **wrong)

    assert "”. Choose a file only if you want a different one." in refused.text
    assert list(media.rglob("*.*")) == []
    right = {"picture_alt": "A fox", "title": "News"}
    saved = client.post(path, {**fields_of(refused), **right})
    assert saved.status_code == 302
    update.refresh_from_db()
    assert (update.picture_width, update.picture_alt) == (700, "A fox")


@pytest.mark.parametrize("key", ["", "x", "\x00", "a" * 43])
def test_a_key_to_a_kept_file_that_is_none_is_no_file(client, bo, media, key):
    update = make_update()

    fill_in(client, change_page(UPDATES, update), **{"new_picture-kept": key})

    update.refresh_from_db()
    assert update.picture == ""


def test_a_picture_that_comes_with_a_conflict_is_saved_with_it(client, bo, media):
    update = make_update()
    path = change_page(UPDATES, update)
    opened = fields_of(client.get(path))
    fill_in(client, path, title="Theirs.")

    mine = {"new_picture": photo(), "picture_alt": "A fox"}
    asked = client.post(path, {**opened, **mine})
    assert asked.status_code == 409
    client.post(path, fields_of(asked))

    update.refresh_from_db()
    assert update.picture_alt == "A fox"
    assert update.picture_width == 700


def test_a_kept_file_that_nobody_comes_back_for_is_forgotten(client, bo, media):
    fill_in(client, change_page(UPDATES, make_update()), new_picture=photo())
    PendingUpload.objects.update(kept_at=timezone.now() - timedelta(days=8))

    call_command("forget")

    assert not PendingUpload.objects.exists()


def test_a_picture_that_is_replaced_goes_a_day_later_unless_it_is_shown(
    client, bo, media, work
):
    campaign = whole(**make_picture())
    campaign.make_pictures()
    campaign.refresh_from_db()
    copied, before = campaign.picture, campaign.names()
    assert {folder.name for folder in (media / "pictures").iterdir()} == before
    make_update(picture=copied, picture_alt="The same")
    press(client, page_of(campaign), drop_picture="on")
    work()

    jobs = ProcrastinateJob.objects.filter(task_name="campaigns.forget_picture")
    for job in jobs:
        assert job.scheduled_at > timezone.now() + timedelta(hours=23)
        tasks.forget_picture.func(**job.args)

    assert {job.args["name"] for job in jobs} == before
    campaign.refresh_from_db()
    left = {folder.name for folder in (media / "pictures").iterdir()}
    assert left == {copied, campaign.share_image}
    assert "hero-picture" not in look(client)


def test_the_share_image_follows_the_title_and_the_name_of_the_site(
    client, bo, work, settings
):
    campaign = whole(title="First words")

    def shared():
        return share_image_at(client, "/campaign-1/")

    assert shared().startswith("/static/")
    press(client, page_of(campaign), title="Other words")
    work()
    first = shared()
    with opened(client, first) as image:
        assert (image.size, image.format) == ((1200, 630), "JPEG")
    tasks.make_missing_pictures.func(timestamp=0)
    assert work() == []
    settings.SITE_NAME = "Another name"
    tasks.make_missing_pictures.func(timestamp=0)
    assert work() == ["campaigns.make_pictures"]
    assert shared() != first


def share_image_at(client, path):
    """The address of the image that other websites show of a page."""
    found = re.search('og:image" content="http://testserver(.*?)"', look(client, path))
    return found[1]


def test_the_share_image_has_the_title_of_the_language_of_its_page(client, bo, work):
    campaign = whole(title="Close the market", **make_picture())
    campaign.have_pictures_made()
    work()
    text = make_text(campaign, "ko", draws=True, title="시장을 닫아 주세요")

    def shared():
        return [
            share_image_at(client, path) for path in ("/campaign-1/", "/ko/sijang/")
        ]

    english, for_now = shared()
    assert for_now == english
    assert work() == ["campaigns.make_pictures"]
    before = shared()
    assert before[0] == english != before[1]
    images = [opened(client, file).convert("RGB") for file in before]
    assert images[0].size == images[1].size == (1200, 630)
    assert images[0].crop((0, 0, 640, 400)) != images[1].crop((0, 0, 640, 400))
    assert near(images[1].getpixel((1000, 300)), images[0].getpixel((1000, 300)))

    press(client, page_of(campaign), files={"new_picture": photo()})
    assert work() == ["campaigns.make_pictures"] * 2
    after = shared()
    assert len({*before, *after}) == 4
    file = change_page("/admin/campaigns/campaigntext/", text)
    fill_in(client, file, title="개 시장을 닫아 주세요", shows="on")
    assert work() == ["campaigns.make_pictures"]
    latest = shared()
    assert latest[0] == after[0]
    names = [address.split("/")[-2] for address in (*before, after[1], *latest)]
    assert forgotten() & {*names} == {*names[:3]}
    CampaignText.objects.get().delete()
    assert forgotten() & {*names} == {*names} - {names[3]}


def forgotten():
    """The names whose files go, in a day, if no row shows them."""
    jobs = ProcrastinateJob.objects.filter(task_name="campaigns.forget_picture")
    return {job.args["name"] for job in jobs}


def test_the_share_image_of_a_draft_in_a_language_is_not_there(client, work, settings):
    campaign = make_campaign()
    text = make_text(campaign, "ko", draws=True, title="비밀 계획", published_at=None)
    work()
    text.refresh_from_db()
    file = picture_files.url(text.share_image, picture_files.SHARE_FILE)

    assert client.get(file).status_code == 404
    text.publish()
    assert opened(client, file).size == (1200, 630)
    campaign.offline_at, campaign.published_at = timezone.now(), None
    campaign.save()
    assert client.get(file).status_code == 410
    Campaign.objects.get().publish()
    text.withdraw()
    assert client.get(file).status_code == 404
    settings.SECRET_KEY = "of another site, which has the same code"
    assert text.to_make()["share_image"] != text.share_image


def test_nobody_finds_the_share_image_of_a_draft_by_guessing_its_title(
    bo, work, settings
):
    draft = make_campaign(title="The secret plan", published_at=None)
    draft.have_pictures_made()
    work()
    draft.refresh_from_db()

    settings.SECRET_KEY = "of another site, which has the same code"

    assert draft.share_image
    assert draft.to_make()["share_image"] != draft.share_image


@pytest.mark.parametrize(
    ("title", "is_rtl"),
    [
        ("A title that goes on " * 8, False),
        ("Donaudampfschifffahrtsgesellschaftskapitänsmütze " * 3, False),
        ("부천시 김만수 시장이 자매도시 베이커스필드를 방문합니다", False),
        ("犬の市場を閉鎖してください。桜の咲く国の会議", False),
        ("رئيس بلدية بوتشون كيم يزور المدينة Bakersfield في 2016", True),
        ("Bakersfield: على رئيس البلدية أن يغلق السوق", True),
    ],
    ids=["long", "long words", "Korean", "Japanese", "Arabic", "a name in Arabic"],
)
def test_a_title_in_any_script_stands_within_the_image(title, is_rtl):
    share = {"title": title[:160], "ask": "", "site": "", "from_right": is_rtl}
    share["colours"] = NIGHT
    blank = share_image.draw({**share, "title": ""}, None, (50, 50))

    image = share_image.draw(share, None, (50, 50))

    left, top, right, bottom = written(image.crop((0, 0, 1200, 370)))
    assert top > 20
    assert (right > 1100) if is_rtl else (60 < left < 90)
    assert 60 < left < right < 1140
    assert bottom < 370
    assert image != blank


def written(image):
    """Where there is anything as bright as letters."""
    return image.convert("L").point(lambda value: 255 * (value > 200)).getbbox()


def test_letters_that_no_font_has_are_not_set_in_boxes():
    share = {"ask": "", "site": "", "from_right": False, "colours": NIGHT}

    thai, empty = (
        share_image.draw({**share, "title": title}, None, (50, 50))
        for title in ("หยุด", "")
    )

    assert thai == empty


def test_what_cannot_be_made_leaves_the_page_as_it_was(client, media):
    campaign = make_campaign(**make_picture())
    (media / "pictures" / campaign.picture / "1600.jpg").write_bytes(b"broken")

    with pytest.raises(subprocess.CalledProcessError):
        campaign.make_pictures()

    campaign.refresh_from_db()
    assert (campaign.picture_cuts, campaign.share_image) == ("", "")
    assert f"{campaign.picture}/800.jpg" in look(client)


def saved(picture, kind, **options):
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return ContentFile(content.getvalue())


def near(colour, other):
    return all(abs(a - b) < 30 for a, b in zip(colour, other, strict=True))


def test_pictures_of_every_kind_keep_their_colours():
    green = Image.new("RGB", (4, 4), "green")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    palette = Image.new("P", (4, 4))
    palette.putpalette([0, 128, 0, 9, 9, 9])
    deep = Image.new("I;16", (4, 4), 40_000)
    two = saved(green, "MPO", save_all=True, append_images=[green])

    for file, colour in (
        (saved(Image.new("CMYK", (4, 4), (255, 0, 255, 128)), "JPEG"), (0, 128, 0)),
        (saved(green, "PNG", icc_profile=profile), (0, 128, 0)),
        (saved(green, "PNG", icc_profile=b"x"), (0, 128, 0)),
        (saved(palette, "PNG"), (0, 128, 0)),
        (saved(palette, "GIF", transparency=0), (255, 255, 255)),
        (saved(deep, "PNG"), (156, 156, 156)),
        (saved(Image.new("LA", (4, 4), (0, 0)), "PNG"), (255, 255, 255)),
        (two, (0, 128, 0)),
    ):
        picture = picture_files.read(file)
        assert picture.mode == "RGB"
        assert near(picture.getpixel((1, 1)), colour), picture.getpixel((1, 1))


def test_who_may_only_look_sees_the_form(client):
    client.force_login(make_staff("cy", "Moderators"))
    update = make_update(**make_picture())

    assert "A teal wall" in client.get(change_page(UPDATES, update)).text
