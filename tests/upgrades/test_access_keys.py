import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from access_keys.models import AccessKey


@pytest.fixture(autouse=True)
def kinds():
    """Django remembers the kinds of rows; those of this test are gone after it."""
    yield
    ContentType.objects.clear_cache()


def test_a_key_from_before_opens_what_it_opened_and_its_right_stays(upgrade_to):
    upgrade = upgrade_to("api", "0002_access_keys_are_a_room_of_their_own")
    upgrade.model("api", "AccessKey").objects.create(
        name="Our list", key_hash=b"0" * 32, ends_on=timezone.localdate()
    )
    ContentType.objects.filter(app_label="access_keys").delete()
    kind, _made = ContentType.objects.get_or_create(app_label="api", model="accesskey")
    right, _made = Permission.objects.get_or_create(
        content_type=kind, codename="add_accesskey", defaults={"name": "x"}
    )

    upgrade.migrate()

    assert AccessKey.objects.get().name == "Our list"
    ContentType.objects.clear_cache()
    right = Permission.objects.get(pk=right.pk)
    assert right.content_type.model_class() is AccessKey
