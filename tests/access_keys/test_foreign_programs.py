"""Programs that others have made: one attacks the API, one reads it as its users do."""

import re
import subprocess
import sys
import warnings
from importlib import import_module

import pytest
from django.utils import timezone

from access_keys.keys import AccessKey
from access_keys.tasks import note_handed_out
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_petition,
    make_staff,
    make_text,
    make_update,
)

# A cursor can look right and still be from another list; the description says so (400).
LEFT_OUT = "positive_data_acceptance"
pytestmark = [pytest.mark.release, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings):
    settings.SITE_URL = live_server.url
    bucheon = make_campaign(slug="bucheon")
    make_text(bucheon, "ko")
    make_counted(make_petition(bucheon), 3)
    for number in range(30):
        make_update(bucheon, title=f"News {number}")
        make_comment(bucheon, f"Comment {number}")
    return live_server.url


@pytest.fixture
def key(site):
    """The text of a key; without it, a program reads no more of signatures than 401."""
    made = AccessKey(name="Our list", made_by=make_staff("bo", "Campaigners"))
    text, made.ends_on = made.give_text(), timezone.localdate()
    made.save()
    note_handed_out(0)
    return text


def test_schemathesis_finds_nothing(site, key, tmp_path, settings):
    """All checks, also of what a client must not send, over each address."""
    command = [sys.executable, "-m", "schemathesis.cli", "run"]
    command += [f"{site}/api/openapi.json", f"--url={site}"]
    command += [f"--exclude-checks={LEFT_OUT}", "--max-examples=40", "--no-color"]
    command += ["--generation-deterministic", "--mode=all"]
    command += [f"--header=Authorization: Bearer {key}"]
    settings.LIMIT_POSTS_A_MINUTE = 10**6

    found = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    assert re.search(r"Tested: +18\b", found.stdout), found.stdout[-2000:]


@pytest.fixture
def hal():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what pydantic has deprecated
        return import_module("contentgrid_hal_client")


def test_a_hal_client_that_others_made_reads_all_of_it(site, hal):
    """It follows links and embedded rows by itself; its cookie changes nothing."""
    client = hal.HALFormsClient(f"{site}/", session_cookie="none-of-ours")

    def follow(response, relation):
        return client.follow_link(
            response.get_link(relation), infer_type=hal.InteractiveHALResponse
        )

    start = hal.InteractiveHALResponse(client.get("/api/").json(), client)
    petitions = follow(start, "osdi:petitions")
    [listed] = petitions.get_embedded_objects_by_key("osdi:petitions")
    listed.refetch()
    campaign = follow(listed, "campaign")
    page = follow(campaign, "comments")
    texts = []
    while page:
        rows = page.get_embedded_objects_by_key("comments")
        texts += [row.metadata["text"] for row in rows]
        page = page.has_link("next") and follow(page, "next")

    assert listed.metadata["total_signatures"] == 3
    assert listed.metadata["countries"] == [{"country": "GB", "signatures": 3}]
    assert texts == [f"Comment {number}" for number in reversed(range(30))]
