"""The time zones of the form are cities in the language of the desk."""

import re

from django.utils.translation import override

from campaigns.zone_select import ZoneSelect


def options(language):
    with override(language):
        return ZoneSelect().options()


def test_each_language_has_its_own_names_in_its_own_order():
    korean, english = options("ko"), options("en")

    assert '<option value="Europe/Rome">로마</option>' in korean
    assert '<option value="Europe/Rome">Rome</option>' in english
    cities = re.findall(">([^<]+)</option>", korean)
    assert cities.index("런던") < cities.index("로마") < cities.index("마드리드")


def test_a_city_stands_there_once():
    assert options("en").count(">Kolkata<") == 1
