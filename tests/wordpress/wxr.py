"""Makes exports in the shape in which WordPress writes them (its export.php)."""

import io
import zipfile
from html import escape

from django.db import transaction
from PIL import Image

from wordpress.bringing import Bringing
from wordpress.models import WordPressImport
from wordpress.pictures import Uploads
from wordpress.planning import plan

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" created="2026-11-01 10:00" -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/{version}/"
>
<channel>
	<title>Bucheon</title>
	<link>{site}</link>
	<description></description>
	<wp:wxr_version>{version}</wp:wxr_version>
	<wp:base_site_url>{site}</wp:base_site_url>
	<wp:base_blog_url>{site}</wp:base_blog_url>
	<wp:author><wp:author_login><![CDATA[bo]]></wp:author_login>
	<wp:author_email><![CDATA[bo@group.example]]></wp:author_email></wp:author>
"""
FOOT = "</channel>\n</rss>\n"
SITE = "https://old.example"


def cdata(text):
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def comment(number, text="Please help.", **fields):
    said = {
        "author": "Ada Lovelace",
        "author_email": "ada@mail.example",
        "author_url": "https://ada.example",
        "author_IP": "192.0.2.7",
        "date": "2016-11-09 12:00:00",
        "date_gmt": f"2016-11-08 12:{number // 60 % 60:02}:{number % 60:02}",
        "approved": "1",
        "type": "",
        "parent": "0",
        "user_id": "0",
    }
    said.update(fields, id=number, content=text)
    inner = "".join(
        f"<wp:comment_{name}>{cdata(str(value))}</wp:comment_{name}>\n"
        for name, value in said.items()
    )
    return f"<wp:comment>\n{inner}</wp:comment>\n"


def item(number, title="A post", content="<p>Words.</p>", *, comments=(), **fields):
    said = {
        "post_id": number,
        "post_date": "2016-11-08 20:00:00",
        "post_date_gmt": "2016-11-08 11:00:00",
        "comment_status": "open",
        "post_name": f"post-{number}",
        "status": "publish",
        "post_parent": 0,
        "post_type": "post",
        "post_password": "",
    }
    link = fields.pop("link", f"{SITE}/2016/11/{said['post_name']}/")
    meta = fields.pop("meta", {})
    excerpt = fields.pop("excerpt", "")
    said.update(fields)
    inner = "".join(
        f"<wp:{name}>{cdata(str(value))}</wp:{name}>\n" for name, value in said.items()
    )
    inner += "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>\n"
        for key, value in meta.items()
    )
    return (
        f"<item>\n<title>{cdata(title)}</title>\n<link>{escape(link)}</link>\n"
        "<pubDate>Tue, 08 Nov 2016 11:00:00 +0000</pubDate>\n"
        f"<dc:creator>{cdata('bo')}</dc:creator>\n"
        f'<guid isPermaLink="false">{SITE}/?p={number}</guid>\n'
        f"<content:encoded>{cdata(content)}</content:encoded>\n"
        f"<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>\n"
        f"{inner}{''.join(comments)}</item>\n"
    )


def attachment(number, file="2016/11/dogs.jpg", **fields):
    url = f"{SITE}/wp-content/uploads/{file}"
    defaults = {
        "link": f"{SITE}/2016/11/post-1/dogs/",
        "post_type": "attachment",
        "status": "inherit",
        "attachment_url": url,
        "post_name": "dogs",
    }
    return item(number, "Dogs", "", **{**defaults, **fields})


def export(*items, version="1.2", site=SITE):
    return (HEAD.format(version=version, site=site) + "".join(items) + FOOT).encode()


def uploads(*names):
    """A ZIP of the folder “uploads” with pictures of these names."""
    picture, packed = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "JPEG")
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(f"wp-content/uploads/{name}", picture.getvalue())
    return packed.getvalue()


def move_in(raw, *, into=None, pictures=None, dry_run=False):
    """Bring an export as it is proposed; returns what its page says of each item."""
    of = WordPressImport(file_name="export.xml", into=into)
    packed = io.BytesIO(pictures) if pictures else None
    with transaction.atomic(), Uploads(packed) as files:
        of.save()
        plan(of, io.BytesIO(raw))
        said = [
            f"{row.becomes}  {_words_of(row, row.comments)}" for row in of.items.all()
        ]
        said += [f"{number} × {kind}" for kind, number in of.left_out.items()]
        if dry_run:
            transaction.set_rollback(True)
        else:
            Bringing(of, io.BytesIO(raw), files).bring()
            for row in of.items.exclude(becomes="nothing"):
                came = (
                    "failed" if row.why else "was here" if row.came_before else "came"
                )
                said.append(f"{came}  {_words_of(row, row.comments_came)}")
    return "\n".join(said)


def _words_of(row, comments):
    return " · ".join([str(row), f"{comments} comments", *map(str, row.sentences)])
