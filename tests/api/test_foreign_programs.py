"""Programs that others have made: one attacks the API, one reads it as its users do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_petition,
    make_text,
    make_update,
)

ROOT = Path(__file__).resolve().parents[2]
# A cursor can look right and still be from another list; the description says so (400).
LEFT_OUT = "positive_data_acceptance"
pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


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


def test_schemathesis_finds_nothing(site, tmp_path):
    """All checks, also of what a client must not send, over each address."""
    command = [sys.executable, "-m", "schemathesis.cli", "run"]
    command += [f"{site}/api/openapi.json", f"--url={site}"]
    command += [f"--exclude-checks={LEFT_OUT}", "--max-examples=40", "--no-color"]
    command += ["--generation-deterministic", "--mode=all"]

    found = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    assert "No issues found" in found.stdout
