import pytest

from branding.models import Branding

pytestmark = pytest.mark.django_db


def test_colours_of_the_dark_scheme_are_made_of_those_of_the_light_one(upgrade_to):
    upgrade = upgrade_to("branding", "0002_dark_colours_are_made")
    upgrade.model("branding", "Branding").objects.create(
        pk=1, primary="#14532d", primary_dark="#98fb98"
    )

    upgrade.migrate()

    assert Branding.objects.get().colours["primary_in_dark"] != "#98fb98"
    Branding.objects.all().delete()
    Branding.objects.create(primary="#14532d")  # without a value for those columns


def test_a_new_row_needs_no_note_of_what_was_translated(upgrade_to):
    upgrade = upgrade_to("branding", "0003_translations_are_not_compared")
    rows = upgrade.model("branding", "Branding").objects
    rows.create(pk=1, name="Ours", translated_from={"ko": {}})

    upgrade.migrate()

    assert Branding.objects.get().name == "Ours"
    Branding.objects.all().delete()
    Branding.objects.create(name="Anew")  # without a value for that column
