"""A WordPress export that wants to run something: every page that shows it is read."""

import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Campaign
from tests.factories import make_campaign, make_staff
from tests.wordpress.test_wordpress_desk import choose, upload
from tests.wordpress.wxr import attachment, comment, export, item, uploads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
RUNS = (
    "<script>xss7()</script>",
    "<img src=x onerror=xss7()>",
    "<svg><animate onbegin=xss7() attributeName=x></svg>",
    "<svg/onload=xss7()>",
    '<a href="javascript:xss7()">a</a>',
    '<a href=" java\tscript:xss7()">b</a>',
    '<a href="&#106;avascript&colon;xss7()">c</a>',
    '<a href="data:text/html,<script>xss7()</script>">d</a>',
    '<a href="vbscript:xss7()">e</a>',
    '<iframe srcdoc="<script>xss7()</script>"></iframe>',
    '<form action="javascript:xss7()"><button formaction="javascript:xss7()">',
    '<math><mtext><style><!--</style><img title="--><img src=1 onerror=xss7()>">',
    '<noscript><p title="</noscript><img src=x onerror=xss7()>">',
    '<base href="https://evil.example/xss7/"><meta http-equiv=refresh content=0;xss7>',
    '<p style="background:url(javascript:xss7())" onclick="xss7()">Safe.</p>',
    '"><script>xss7()</script>',
    "'-xss7()-'",
    "{{ xss7 }}{% xss7 %}",
    "<!--xss7--><![CDATA[<script>xss7()</script>]]>",
    '[caption caption="<script>xss7()</script>"]x[/caption][gallery ids="<xss7>"]',
    '<!-- wp:html --><object data="javascript:xss7()"></object><!-- /wp:html -->',
    '<link rel=stylesheet href="//evil.example/xss7"><embed src="//evil.example/xss7">',
)
ALL = "".join(RUNS)
SHORT = '"><script>xss7()</script><img src=x onerror=xss7()>'
LEADS = re.compile(r"[\s\x00-\x1f]*(javascript|vbscript|data):", re.I)
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")


class Running(HTMLParser):
    """What a browser would run, or fetch from others, of what the export brought."""

    def __init__(self, page):
        super().__init__()
        self.found, self.script = [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        where = f"<{tag} {given}>"
        is_data = given.get("type", "").endswith("json")
        self.script = tag in ("script", "style") and not is_data
        if tag in ("object", "embed", "base", "iframe") and "xss7" in where:
            self.found.append(where)
        named = given.get("name", given.get("property", ""))
        is_text = tag == "meta" and named.endswith("description")
        if tag in ("meta", "link") and "evil" in where and not is_text:
            self.found.append(where)
        for name, value in given.items():
            is_handler = name.startswith("on") or name in ("style", "srcdoc")
            leads = name in ADDRESSES and LEADS.match(value)
            if (is_handler or leads) and "xss7" in value:
                self.found.append(where)

    def handle_data(self, data):
        if self.script and "xss7" in data:
            self.found.append(data)

    def handle_endtag(self, tag):
        self.script = False


def everything(number, **fields):
    """An item each of whose texts is an attack; its title says which it is."""
    comments = [
        comment(
            number * 10 + n,
            f"Please help. {attack}",
            author=f"Ada {SHORT}"[:80],
            author_url=f"javascript:xss7({n})",
            author_email=f"ada+{n}@mail.example",
        )
        for n, attack in enumerate((ALL[:1500], SHORT))
    ]
    given = {
        "title": f"T{number} {SHORT}",
        "content": f"<p>Begins.</p>{ALL}<p>[caption]{SHORT}[/caption]</p>",
        "excerpt": f"<p>{SHORT}</p>",
        "comments": comments,
        "link": f"https://old.example/{number}/?a={SHORT}",
        "post_name": f"p{number}-{SHORT}",
        "meta": {"_thumbnail_id": "9", "_wp_attachment_image_alt": SHORT},
    }
    return item(number, **{**given, **fields})


def test_nothing_of_a_whole_import_runs_on_any_page(client, work, subtests):
    client.force_login(make_staff("boss", is_superuser=True))
    live = make_campaign(slug="live", title="Live")
    file = "2016/11/dogs.jpg"
    site = 'https://old.example/"><script>xss7()</script>'.replace("<", "&lt;")
    raw = export(
        attachment(9, file, excerpt=SHORT, meta={"_wp_attachment_image_alt": SHORT}),
        everything(1, post_type="page"),
        everything(2),
        everything(3, content='<a href="javascript:xss7()">Read</a>'),
        everything(4, content=f'<a href="https://news.example/{SHORT}">Read</a>'),
        site=site.replace('"', "&quot;"),
    ).replace(
        b"<title>Bucheon</title>", b"<title>&lt;script&gt;xss7()&lt;/script&gt;</title>"
    )
    packed = SimpleUploadedFile("<script>xss7()</script>.zip", uploads(file))
    page = upload(client, raw=raw, pictures=packed)
    desk = page.request["PATH_INFO"]
    work()
    pages = {"the plan": client.get(desk)}
    choose(client, "_bring", f"ours {live.pk}")
    work()
    made = [*Campaign.objects.all()]
    assert len(made) == 2
    for campaign in made:
        campaign.publish()
    addresses = [desk, "/", "/feed/", "/api/", "/sitemap.xml", "/admin/"]
    for campaign in made:
        here, pk = campaign.get_absolute_url(), campaign.pk
        addresses += [here, f"{here}updates/", f"{here}comments/", f"{here}feed/"]
        addresses += [f"/api/campaigns/{campaign.slug}/", f"{here}embed/"]
        addresses += [f"/oembed?url=http://testserver{here}&format=json"]
        addresses += [
            f"/admin/editor/campaigns/{pk}/",
            f"/admin/editor/campaigns/{pk}/home/",
            f"/admin/campaigns/campaign/{pk}/change/",
            f"/admin/campaigns/campaign/{pk}/history/",
            f"/admin/translations/{pk}/",
        ]
        for update in campaign.updates.all():
            addresses += [
                update.get_absolute_url(),
                f"/admin/campaigns/update/{update.pk}/change/",
                f"/admin/campaigns/update/{update.pk}/preview/",
                f"/admin/supporters/mailing/update/{update.pk}/",
                f"/admin/supporters/mailing/update/{update.pk}/html/",
            ]
        for said in campaign.comments.all():
            addresses += [
                f"/admin/comments/comment/desk/{said.pk}/",
                f"/admin/comments/comment/{said.pk}/change/",
            ]
    addresses += [
        "/admin/campaigns/campaign/",
        "/admin/campaigns/update/",
        "/admin/comments/comment/",
        "/admin/comments/thread/",
        "/admin/wordpress/wordpressimport/",
        "/admin/staff/auditentry/",
    ]
    pages |= {address: client.get(address, follow=True) for address in addresses}

    shown = 0
    for address, answer in pages.items():
        with subtests.test(address=address):
            if "html" in answer["Content-Type"]:
                assert Running(answer.text).found == []
            shown += "xss7" in answer.text
    assert shown > 10


def test_what_would_run_is_found():
    for attack in RUNS[:5]:
        assert Running(attack).found, attack
