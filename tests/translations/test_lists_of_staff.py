"""The filters of staff’s lists say words, and no names that the code has."""

import re

import pytest
from django.conf import settings

from supporters.models import Consent
from tests.factories import make_petition, make_staff, sign
from tests.staff.test_lists import LISTS, make_row
from tests.translations.left import english
from tests.translations.pseudo import ACCENTED

pytestmark = pytest.mark.django_db
# Each language has its own name, whoever reads it.
LANGUAGES = re.compile("|".join(name for _code, name in settings.LANGUAGES))


def is_of_data(spec):
    """Whether the choices of a filter are what somebody has typed."""
    own = getattr(spec, "shows_data", False)
    return own or (getattr(spec, "field", None) and not spec.field.flatchoices)


def test_each_choice_of_a_filter_is_a_translated_word(client, speaking):
    """In a made-up language, a name that the code has stays as it is."""
    client.force_login(make_staff("root", is_superuser=True))
    make_row(1)
    speaking(ACCENTED)
    looked_at, faults = 0, []

    for path in LISTS:
        shown = client.get(f"/admin/{path}/").context["cl"]
        for spec in shown.filter_specs:
            choices = {str(choice["display"]) for choice in spec.choices(shown)}
            looked_at += not is_of_data(spec)
            faults += english(set() if is_of_data(spec) else choices, LANGUAGES)
            assert "" not in choices, f"{path} by {spec.title}"

    assert looked_at > 20
    assert faults == []


def test_consents_say_what_they_are_given_for(client):
    client.force_login(make_staff("root", is_superuser=True))
    agreed = [("signature", "I ask.", "1"), ("comment news", "Email me.", "1")]
    sign(make_petition(), consents=agreed)
    at = "/admin/supporters/consent/"
    news = Consent.objects.get(kind="comment news")

    page = client.get(at).text
    row = client.get(f"{at}{news.pk}/change/").text

    assert '?kind=comment+news">Email when a comment is shown<' in page
    assert 'data-label="Given for">Email when a comment is shown<' in page
    assert "Email when a comment is shown" in row
    assert not re.search("comment news", page + row, re.I)
