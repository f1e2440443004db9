"""A WordPress site moves in: what comes of an export, and what must not."""

import io
import re

import pytest
from django.utils import timezone

from campaigns.models import Campaign, Update
from comments.models import Comment
from outbox.models import OutgoingMail
from tests.factories import make_campaign
from tests.wordpress.wxr import (
    SITE,
    attachment,
    comment,
    export,
    item,
    move_in,
    uploads,
)
from wordpress import content, wxr
from wordpress.models import FAULTS

pytestmark = pytest.mark.django_db


def bring(*items, **options):
    return move_in(export(*items), **options)


def page(**fields):
    """The page that people wrote to, which becomes a campaign."""
    defaults = {"post_type": "page", "post_name": "help-the-dogs"}
    defaults["link"] = f"{SITE}/help-the-dogs/"
    defaults |= {"comments": [comment(1)], "title": "Help the dogs"}
    return item(1, **{**defaults, **fields})


def published(slug="help-the-dogs"):
    campaign = Campaign.objects.get(slug=slug)
    campaign.publish()
    return campaign


def test_a_page_becomes_a_draft_and_posts_become_its_updates(client):
    said = bring(
        page(content="One.\n\nTwo, by <em>us</em>.", excerpt="We ask for help."),
        item(2, "News", "<!-- wp:paragraph --><p>It goes on.</p>"),
        item(3, "Not yet", status="draft"),
    )

    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.summary) == ("Help the dogs", "We ask for help.")
    assert campaign.story == "<p>One.</p><p>Two, by <em>us</em>.</p>"
    assert client.get("/help-the-dogs/").status_code == 404
    assert "it becomes a draft" in said
    campaign.publish()
    text = client.get("/help-the-dogs/updates/").text
    assert "It goes on." in text
    assert "8 November 2016" in text
    assert "Not yet" not in text
    assert Update.objects.get(title="Not yet").published_at is None


def test_a_dry_run_says_what_would_come_and_changes_nothing():
    said = bring(
        page(content='[contact-form-7 id="1"]Text <img src="x.jpg">'),
        item(2, "News"),
        item(3, "Only a picture", '<img src="y.jpg">'),
        item(5, "Menu", post_type="nav_menu_item"),
        dry_run=True,
    )

    assert re.search(r"campaign  Help the dogs · 1 comments", said)
    assert "These parts are left out: contact-form-7" in said
    assert re.search(r"update  News", said)
    assert re.search(r"nothing  Only a picture · 0 comments · It has no text", said)
    assert "1 × nav_menu_item" in said
    assert not Campaign.objects.exists()
    assert not Comment.objects.exists()


def test_a_thread_comes_as_it_was_and_mails_nobody(client, work):
    bring(
        page(
            comments=[
                comment(11, "First.", author="김하늘"),
                comment(12, "An answer.", parent=11),
                comment(13, "An answer to that.", parent=12, author="Bo"),
                comment(14, "Waits.", approved="0"),
                comment(15, "Cheap pills.", approved="spam"),
                comment(16, "In the bin.", approved="trash"),
                comment(17, "A link.", type="pingback"),
                comment(18, "Its parent is gone.", parent=999),
            ]
        )
    )
    work()

    campaign = published()
    assert not OutgoingMail.objects.exists()
    text = client.get("/help-the-dogs/comments/").text
    order = [
        text.index(words) for words in ("First.", "An answer.", "to that.", "gone.")
    ]
    assert order == sorted(order)
    assert "김하늘" in text
    assert "8 November 2016" in text
    for words in ("Waits.", "pills", "In the bin", "A link.", "ada@mail", "192.0.2"):
        assert words not in text
    states = campaign.comments.order_by("pk").values_list("text", flat=True)
    assert len(states) == 6
    stored = str(list(Comment.objects.values()))
    assert "mail.example" not in stored
    assert "192.0.2.7" not in stored
    assert Comment.objects.get(text="Waits.").state == "waiting"
    assert Comment.objects.get(text="Cheap pills.").hidden_for == "spam"


def test_it_comes_once_and_keeps_what_was_changed_here():
    first = [page(), item(2, "News")]
    bring(*first)
    Update.objects.update(title="Edited here")
    Comment.objects.update(text="Redacted")

    again = [page(comments=[comment(1), comment(2, "New.", parent=1)]), first[1]]
    said = bring(*again)

    assert "was here  Help the dogs · 1 comments" in said
    assert Campaign.objects.count() == 1
    assert Update.objects.get().title == "Edited here"
    old, new = Comment.objects.order_by("pk")
    assert (old.text, new.text, new.parent) == ("Redacted", "New.", old)


def test_old_addresses_lead_on_once_the_campaign_is_public(client):
    name = "%eb%b6%80%ec%b2%9c"  # 부천, as WordPress writes it
    bring(
        page(),
        item(2, "News", post_name=name, link=f"{SITE}/2016/11/{name}/"),
        attachment(3, post_parent=1),
    )
    assert client.get("/2016/11/%EB%B6%80%EC%B2%9C/").status_code == 404
    published()

    update = Update.objects.get().get_absolute_url()
    leads = {
        "/2016/11/%EB%B6%80%EC%B2%9C/": update,
        f"/2016/11/{name}": update,
        "/2016/11/부천/comment-page-2/": update,
        "/부천/": update,
        "/?p=2": update,
        f"/2016/11/{name}/feed/": "/help-the-dogs/updates/feed/",
        "/help-the-dogs/feed": "/help-the-dogs/updates/feed/",
        "/?feed=rss2&p=1": "/help-the-dogs/updates/feed/",
        "/?page_id=1": "/help-the-dogs/",
        "/?attachment_id=3": "/help-the-dogs/",
        "/2016/11/post-1/dogs": "/help-the-dogs/",
    }
    for old, new in leads.items():
        answer = client.get(old)
        assert (old, answer.status_code, answer.get("Location")) == (old, 301, new)
    client.get("/")  # from now on in the page cache
    assert client.get("/?p=2")["Location"] == update
    assert client.get("/?p=77").status_code == 200
    assert client.post("/?p=2").status_code == 405


def test_no_address_of_a_file_takes_the_place_of_a_page(client):
    make_campaign(slug="live")
    make_campaign(slug="gone", published_at=None, offline_at=timezone.now())
    bring(
        page(),
        item(2, "Thief", post_name="live", link=f"{SITE}/live/"),
        item(3, "Thief", post_name="gone", link=f"{SITE}/gone/"),
        item(4, "Admin", post_name="admin", link=f"{SITE}/admin/staff/user/"),
        item(5, "Home", post_name="", link=f"{SITE}/"),
    )
    published()

    assert client.get("/live/").status_code == 200
    assert client.get("/gone/").status_code == 410
    assert client.get("/").status_code == 200
    assert "login" in client.get("/admin/staff/user/")["Location"]


def test_pictures_come_from_the_zip_and_from_nowhere_else(client, work):
    file = "2016/11/dogs.jpg"
    content = (
        f'Before [caption id="x"]<a href="{SITE}"><img class="wp-image-3" '
        f'src="{SITE}/wp-content/uploads/2016/11/dogs-300x200.jpg" alt=""></a> '
        'Dogs in Bucheon[/caption] After <img src="http://169.254.169.254/meta">'
    )
    bring(
        attachment(3, file, meta={"_wp_attachment_image_alt": "Two dogs"}),
        page(content=content, meta={"_thumbnail_id": "3"}),
        item(2, "News", content),
        pictures=uploads(file),
    )

    campaign = published()
    assert "<p>[picture 1]</p>" in campaign.story
    assert "[picture 2]" not in campaign.story
    [picture] = campaign.story_pictures.all()
    assert picture.caption == "Dogs in Bucheon"
    assert campaign.picture_alt == "Two dogs"
    assert Update.objects.get().picture
    text = client.get("/help-the-dogs/").text
    assert "Dogs in Bucheon" in text
    assert "169.254" not in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not a WordPress export"),
        (b"\x89PNG\r\n\x1a\n" * 9, "not a WordPress export"),
        (b"<html><body>", "not a WordPress export"),
        (export(version="2.0"), "the versions 1.0, 1.1 and 1.2"),
        (export(item(1), item(2))[:-60], "broken or not whole"),
        (
            b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + export(item(1)),
            "declares entities",
        ),
        (
            b'<!DOCTYPE r SYSTEM "file:///etc/passwd">' + export(item(1)),
            "declares entities",
        ),
        (export("<item>" + "<a>" * 20), "nested too deeply"),
    ],
    ids=["empty", "PNG", "HTML", "2.0", "cut", "laughs", "external", "deep"],
)
def test_what_is_no_export_gets_a_sentence_and_leaves_nothing(raw, said):
    live = make_campaign(slug="live")
    raw = raw.replace(b'<?xml version="1.0" encoding="UTF-8" ?>\n', b"")

    with pytest.raises(wxr.NoExport) as refused:
        move_in(raw, into=live)

    assert said in str(FAULTS[refused.value.fault])

    assert not Update.objects.exists()


def test_what_real_exports_have_wrong_is_mended(client):
    odd = page(
        content="A\x0b &nbsp; B ]]> C",
        comments=[
            comment(0, "No number.", date_gmt="0000-00-00 00:00:00"),
            comment(5, "In a circle.", parent=6),
            comment(6, "In a circle, too.", parent=5),
        ],
    )
    odd = odd.replace("<link>", "<wfw:x>a &nbsp; b & c</wfw:x>\n<link>")
    raw = b"\xef\xbb\xbf" + export(
        odd, item(2, "Twice"), item(2, "Twice"), item("", "No number"), version="1.0"
    )
    raw = raw.replace(b'"UTF-8"', b'"ISO-8859-1"').replace(
        b"C]]", "한글 \x96".encode() + b"\x93]]"
    )

    move_in(raw)

    campaign = published()
    assert "B ]]&gt;" in campaign.story
    assert "한글" in campaign.story
    assert campaign.updates.count() == 2
    text = client.get("/help-the-dogs/comments/").text
    for words in ("No number.", "9 November 2016", "In a circle.", "In a circle, too."):
        assert words in text


def test_a_text_of_many_megabytes_is_not_kept_nor_looked_at_sign_by_sign(monkeypatch):
    """20 MB of "&" took 18 s and half a gigabyte."""
    looked_at, as_xml = [], wxr._as_xml
    monkeypatch.setattr(wxr, "_as_xml", lambda f: looked_at.append(f) or as_xml(f))
    many = "&" * 2 * wxr.MOST_OF_A_TEXT
    raw = export(item(1, "Ours &nbsp; & yours", many), item(2, "As always", "A & B"))

    _site, long, usual = wxr.items(io.BytesIO(raw))

    assert wxr.MOST_OF_A_TEXT < len(long.content) < 2 * wxr.MOST_OF_A_TEXT
    assert (long.title, usual.content) == ("Ours & yours", "A &amp; B")
    assert len(looked_at) < 20


def test_nothing_of_a_strangers_file_runs_or_speaks_for_us(client):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    deep = [comment(n, f"Depth {n}.", parent=n - 1) for n in range(21, 121)]
    bring(
        page(
            title=f"Help the dogs {attack}",
            content=f"{attack}<a href='javascript:alert(1)'>x</a><iframe "
            "src='javascript:alert(1)'></iframe><p onclick='alert(1)'>Safe.</p>",
            comments=[
                comment(
                    20, f"{attack} <a href='javascript:alert(1)'>y</a>", author=attack
                ),
                *deep,
                comment(200, "I am the boss.", author="Moderator"),
                comment(201, "My address.", author="eve@mail.example"),
            ],
        )
    )
    published()

    for address in ("/help-the-dogs/", "/help-the-dogs/comments/"):
        text = client.get(address).text
        for words in ("<script>alert", "onerror", "onclick", "javascript:", "eve@mail"):
            assert words not in text
        assert "the boss" not in text
    assert Comment.objects.get(text="I am the boss.").state == "waiting"
    root = Comment.objects.get(imported__number=20)
    assert root.conversation.count() == 100


def test_what_fails_leaves_nothing_and_says_why():
    said = bring(
        page(),
        item(2, "Too long", "<p>word</p>" * 9000, comments=[comment(2)]),
        item(3, "Empty", "", comments=[comment(3)]),
        item(4, "Good"),
    )

    assert not re.search(r"came  Too long", said)
    assert [update.title for update in Update.objects.all()] == ["Good"]
    assert Comment.objects.count() == 1


def test_a_picture_stands_beside_the_quotation_that_held_it():
    found = content.convert(
        '<blockquote>One.\n\nTwo.<b><img src="x.jpg" alt="A dog"></b></blockquote>After'
    )

    assert found.html == (
        "<blockquote><p>One.</p><p>Two.</p></blockquote><p>[picture 1]</p><p>After</p>"
    )
    assert found.pictures[0].alt == "A dog"


def test_lists_in_each_other_without_end_are_not_read():
    """400 KB of "<ul>" took three minutes, and as long for each comment."""
    said = bring(page(), item(2, "Deep", "<ul>" * 90_000), dry_run=True)

    assert "Deep · 0 comments · The text is too long" in said
    assert content.plain("<ul>" * 20_000 + "Words.") == "Words."
