"""Requests are added up over all processes of the web, those from the cache as well."""

import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.web import running_gunicorn
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-token-of-thirty-two-characters"
TIMES = 30


def test_each_request_is_counted_once_whichever_process_it_reaches(tmp_path):
    make_campaign()
    key = "supporters/123.abcdefghijklmnopqrstuv"
    with running_gunicorn(
        tmp_path, SITE_URL="http://testserver", METRICS_TOKEN=TOKEN
    ) as web:

        def get(path, **headers):
            # A connection of its own, for either of the two processes to take.
            request = urllib.request.Request(
                f"http://127.0.0.1:{web.port}{path}",
                headers={"Host": "testserver", **headers},
            )
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as error:
                error.close()
                return ""

        for number in range(TIMES):
            get("/campaign-1/")
            get(f"/nowhere-{number}/{key}/")
        text = get("/metrics", Authorization=f"Bearer {TOKEN}")

    counted = {
        (sample.labels["view"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "campaign_request_seconds_count"
    }
    assert counted == {
        ("campaigns:campaign", "2xx"): TIMES,
        ("none", "4xx"): TIMES,
    }
    assert "nowhere" not in text
    assert "abcdefghijklmnopqrstuv" not in text
