"""All web processes of a machine show the same count until the same moment."""

import re
import time
import urllib.request

import pytest

from tests.deploy.web import running_gunicorn
from tests.factories import make_counted, make_petition, sign

pytestmark = [pytest.mark.release, pytest.mark.django_db(transaction=True)]


def test_a_count_never_goes_back_whichever_process_answers(tmp_path):
    petition = make_petition()
    make_counted(petition)
    with running_gunicorn(tmp_path, SITE_URL="http://testserver") as web:

        def page():
            address = f"http://127.0.0.1:{web.port}/campaign-1/"
            request = urllib.request.Request(address, headers={"Host": "testserver"})
            with urllib.request.urlopen(request) as answer:
                return re.sub(r"\s+", " ", answer.read().decode())

        before = page()  # kept by one process; the others have nothing yet
        sign(petition, name="Bo", email="bo@mail.example").confirm()
        seen, end = [], time.monotonic() + 12
        while time.monotonic() < end:
            if not seen or (now := page()) != seen[-1]:
                seen.append(before if not seen else now)
            time.sleep(0.02)

    assert len(seen) == 2
