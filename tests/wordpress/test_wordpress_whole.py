"""An import as a whole: what breaks midway, what it asks the database, odd exports."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from campaigns.models import Campaign, Update
from comments.models import Comment
from outbox.models import OutgoingMail
from tests.factories import make_campaign, make_staff
from tests.wordpress.test_wordpress_desk import choose, upload
from tests.wordpress.wxr import attachment, comment, export, item, move_in, uploads
from wordpress.models import WordPressItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
# The database itself breaks an item, after its update and its picture are stored.
BREAKS = """
    CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
    CREATE TRIGGER breaks BEFORE INSERT ON comments_comment FOR EACH ROW
        WHEN (NEW.text = 'Breaks.') EXECUTE FUNCTION breaks();
"""
MENDED = "DROP TRIGGER breaks ON comments_comment; DROP FUNCTION breaks();"


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def pictures_to_go():
    """The pictures of which a job deletes the files, a day later."""
    jobs = ProcrastinateJob.objects.filter(task_name="campaigns.forget_picture")
    return jobs.filter(status="todo").count()


def test_an_item_that_breaks_midway_leaves_nothing_and_comes_later(client, work):
    client.force_login(make_staff("boss", is_superuser=True))
    live = make_campaign(slug="live", title="Live")
    file = "2016/11/dogs.jpg"
    answer = upload(
        client,
        attachment(9, file),
        item(1, "First", comments=[comment(1)]),
        item(
            2,
            "Second",
            comments=[comment(2), comment(3, "Breaks.")],
            meta={"_thumbnail_id": "9"},
        ),
        item(3, "Third", comments=[comment(4)]),
        pictures=SimpleUploadedFile("a.zip", uploads(file)),
    )
    work()
    run(BREAKS)
    rows = WordPressItem.objects.values_list("title", flat=True)
    choose(client, "_bring", f"ours {live.pk}", **dict.fromkeys(rows, "update"))
    work()

    page = client.get(answer.request["PATH_INFO"]).text
    assert "2 posts and pages are imported." in page
    assert "Something failed on our side. Nothing of it came. Try again." in page
    assert {u.title for u in Update.objects.all()} == {"First", "Third"}
    assert Comment.objects.count() == 2
    assert pictures_to_go() == 1

    run(MENDED)
    choose(client, "_bring", f"ours {live.pk}")
    work()
    assert (
        "3 posts and pages are imported."
        in client.get(answer.request["PATH_INFO"]).text
    )
    assert Update.objects.count() == 3
    assert Comment.objects.count() == 4
    assert Update.objects.get(title="Second").picture
    assert not OutgoingMail.objects.exists()


def bring(*items, **options):
    with CaptureQueriesContext(connection) as asked:
        move_in(export(*items), **options)
    return len(asked)


def test_each_item_asks_as_much_whatever_came_before_it():
    def thread(first):
        numbers = range(first, first + 30)
        return [comment(n, f"Comment {n}.", parent=n - n % 3) for n in numbers]

    into = {"into": make_campaign(slug="live")}
    bring(item(1, comments=[comment(5000)]), **into)
    one = bring(item(2, comments=[comment(1)]), **into)
    same = bring(item(3, comments=thread(100)), **into)
    two = bring(*(item(n) for n in (4, 5)), **into)
    four = bring(*(item(n) for n in (6, 7, 8, 9)), **into)
    eight = bring(*(item(n) for n in range(10, 18)), **into)

    assert same == one
    assert eight - four == 2 * (four - two)


def test_dry_runs_may_be_repeated_and_a_run_after_them_comes_once():
    items = item(1, "Help", post_type="page", comments=[comment(1)]), item(2, "News")
    for _time in range(2):
        bring(*items, dry_run=True)
        assert not Campaign.objects.exists()
    for _time in range(2):
        bring(*items)
    assert (Campaign.objects.count(), Update.objects.count()) == (1, 1)
    assert Comment.objects.count() == 1


def test_a_thread_of_a_thousand_comes_in_its_order(client):
    said = [comment(n, f"No {n:04}.", parent=n // 3) for n in range(1, 1001)]
    bring(
        item(1, "Help", post_type="page", post_name="help", comments=said[::-1]),
    )

    campaign = Campaign.objects.get()
    campaign.publish()
    page = client.get("/help/comments/").text

    assert Comment.objects.filter(campaign=campaign).count() == 1000
    seen = re.findall(r"No (\d{4})\.", page)
    assert seen[0] == "0001"
    assert len(seen) > 5
    for reply in Comment.objects.exclude(parent=None).select_related("parent"):
        assert int(reply.parent.text[3:7]) == int(reply.text[3:7]) // 3
        assert reply.parent_id < reply.pk
    assert not OutgoingMail.objects.exists()


def test_what_the_export_for_tests_of_themes_is_odd_in(client):
    """Each item has something that WordPress's own theme unit test has, too."""
    odd = {
        "": "<p>No title.</p>",
        "Markup: <em>Title</em> With <b>Markup</b>": "<p>x</p>",
        "Special ~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>": "<p>x</p>",
        "Taumatawhakatangihanga" * 4: "<p>x</p>",
        "Paginated": "<p>Page one.</p><!--nextpage--><p>Page two.</p>",
        "More": "Before.\n\n<!--more-->\n\nAfter.",
        "Lists": "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li></ul>",
        "Tags": "<dl><dt>t<dd>d</dl><table><tr><td>1</table><kbd>k</kbd><q>q</q>",
        "Block": '<!-- wp:columns {"align":"wide"} --><div><p>x</p></div>'
        "<!-- /wp:columns -->",
        "Embed": "Text\n\nhttps://twitter.com/a/status/1\n\n[embed]https://x.example/"
        "[/embed]",
        "Empty": "",
        "Ελληνικά": "<p>Επίπεδο</p>",
    }
    items = [item(n, title, text) for n, (title, text) in enumerate(odd.items(), 10)]
    items += [
        item(50, "Locked", post_password="enter"),
        item(51, "Scheduled", status="future", post_date_gmt="2099-01-01 00:00:00"),
        item(52, "Draft", status="draft", post_date_gmt="0000-00-00 00:00:00"),
        item(53, "Child", post_type="page", post_parent=9999),
        item(54, "Pings", comments=[comment(1, type="pingback"), comment(2)]),
    ]
    live = make_campaign(slug="live", title="Live")

    said = move_in(export(*items), into=live)

    assert "failed" not in said
    assert Update.objects.count() == len(items) - 2  # the empty one and the page
    drafts = Update.objects.filter(published_at=None)
    titles = set(drafts.values_list("title", flat=True))
    assert titles == {"Locked", "Scheduled", "Draft"}
    assert Comment.objects.count() == 1
    for update in Update.objects.exclude(published_at=None):
        page = client.get(update.get_absolute_url())
        assert page.status_code == 200
        assert "<!--" not in update.text
    assert "Page two." in Update.objects.get(title="Paginated").text
