"""Addresses that programs look for by themselves."""

from contextlib import closing
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_who_finds_a_weak_spot_reads_where_to_write(client, settings):
    settings.CONTACT_EMAIL = "hello@letters.example"

    answer = client.get("/.well-known/security.txt")

    said = dict(line.split(": ", 1) for line in answer.text.strip().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert said["Contact"] == "mailto:hello@letters.example"
    assert said["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=80) < left < timedelta(days=365)


def test_a_program_that_keeps_passwords_finds_the_page_that_changes_them(client):
    answer = client.get("/.well-known/change-password")

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/account/password/"


def test_a_phone_can_put_the_site_on_its_home_screen(client, settings):
    settings.SITE_NAME = "Letters for Animals"

    answer = client.get("/manifest.webmanifest")

    assert 'href="/manifest.webmanifest"' in client.get("/").text
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["start_url"]) == ("Letters for Animals", "/")
    [icon] = said["icons"]
    with closing(client.get(icon["src"])) as picture:
        assert picture.status_code == 200
