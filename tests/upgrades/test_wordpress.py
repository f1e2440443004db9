import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType

from wordpress.models import WordPressImport, WordPressItem


@pytest.fixture(autouse=True)
def kinds():
    """Django remembers the kinds of rows; those of this test are gone after it."""
    yield
    ContentType.objects.clear_cache()


def test_an_import_from_before_is_here_still_with_what_was_noted_of_it(upgrade_to):
    upgrade = upgrade_to("campaign_editor", "0003_wordpress_is_a_room_of_its_own")
    user = upgrade.model("staff", "User").objects.create(username="root")
    old = upgrade.model("campaign_editor", "WordPressImport").objects.create(
        file_name="bucheon.xml", asked_by_id=user.pk
    )
    ContentType.objects.filter(app_label="wordpress").delete()
    kind, _made = ContentType.objects.get_or_create(
        app_label="campaign_editor", model="wordpressimport"
    )
    note = LogEntry.objects.create(
        user_id=user.pk, content_type=kind, object_id=old.pk, action_flag=ADDITION
    )

    upgrade.migrate()

    found = WordPressImport.objects.get()
    assert (found.pk, found.file_name, found.asked_by_id) == (
        *(old.pk, "bucheon.xml", user.pk),
    )
    ContentType.objects.clear_cache()
    assert LogEntry.objects.get(pk=note.pk).get_edited_object() == found


def test_what_was_to_become_reading_becomes_nothing(upgrade_to):
    upgrade = upgrade_to("wordpress", "0002_nothing_becomes_reading")
    of = upgrade.model("wordpress", "WordPressImport").objects.create(file_name="a.xml")
    items = upgrade.model("wordpress", "WordPressItem").objects
    items.create(of_id=of.pk, number=1, kind="post", becomes="reading")
    items.create(of_id=of.pk, number=2, kind="post", becomes="update")

    upgrade.migrate()

    chosen = WordPressItem.objects.order_by("pk").values_list("becomes", flat=True)
    assert list(chosen) == ["nothing", "update"]
