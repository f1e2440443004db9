"""What Prometheus reads: only with the token, and of nobody in particular."""

import json
import re

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from outbox.models import Outcome, OutgoingMail
from tests.campaign_site.test_health import beat, wait
from tests.factories import make_counted, make_petition, sign, write_comment
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-thirty-two-characters"
WATCHING = ROOT / "deploy/watching"


@pytest.fixture
def read(client, settings):
    """The samples that /metrics shows, by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def read():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", "Bé"]
)
def test_without_the_token_there_is_no_such_page(client, settings, token, given):
    settings.METRICS_TOKEN = token
    headers = {} if given is None else {"Authorization": given}

    answer = client.get(f"/metrics?token={TOKEN}", headers=headers)

    assert answer.status_code == 404
    assert "campaign_" not in answer.text


def test_the_answer_is_cached_nowhere_and_changes_nothing(client, settings):
    settings.METRICS_TOKEN = TOKEN
    headers = {"Authorization": f"Bearer {TOKEN}"}

    answer = client.get("/metrics", headers=headers)

    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/plain")
    assert not answer.cookies
    assert client.get("/metrics").status_code == 404
    assert client.post("/metrics", headers=headers).status_code == 405


def test_it_says_what_waits_how_the_mails_went_and_what_was_done(read, mailbox, work):
    before = read()
    petition = make_petition()
    make_counted(petition, 2)
    sign(petition, email="ada@gmail.com")
    sign(petition, email="bo@bo-lastname.example")
    work()
    write_comment(petition.campaign)
    sign(petition, email="cy@mail.example")
    OutgoingMail.objects.filter(email="ada@gmail.com").update(outcome=Outcome.REFUSED)
    beat()
    wait(3)

    after = read()

    acts = {
        kind: after["campaign_acts_total", kind] - before["campaign_acts_total", kind]
        for kind in ("signature", "comment", "letter")
    }
    assert acts == {"signature": 5, "comment": 1, "letter": 0}
    assert after[("campaign_signatures_counted",)] == 2
    assert after["campaign_mail_due", "signature_question"] == 1
    late = after["campaign_mail_due_seconds", "signature_question"]
    assert late == pytest.approx(180, abs=10)
    assert after[("campaign_mail_somebody_waits_seconds",)] == pytest.approx(
        late, abs=5
    )
    assert after["campaign_mail_newest", "gmail.com", "refused"] == 1
    assert after["campaign_mail_newest", "other", "sent"] >= 1
    assert after[("campaign_worker_heartbeat_seconds",)] > 170
    assert after[("campaign_database_up",)] == 1
    assert after[("campaign_database_bytes",)] > 1_000_000
    assert sum(v for k, v in after.items() if k[0] == "campaign_database_connections")
    assert not re.search("ada|bo-lastname|@", " ".join(sum(after, ())))


def test_a_database_that_is_away_is_a_number_too(read, monkeypatch):
    def away():
        raise OperationalError("the server is gone")

    monkeypatch.setattr(connection, "cursor", away)

    after = read()

    assert after == {("campaign_database_up",): 0}


def test_it_costs_as_many_statements_with_many_rows(
    client, settings, django_assert_num_queries
):
    settings.METRICS_TOKEN = TOKEN
    petition = make_petition()
    for number in range(5):
        sign(petition, email=f"p{number}@mail{number}.example")

    with django_assert_num_queries(9):
        client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})


def test_alerts_and_dashboard_name_only_what_is_told(read, settings):
    settings.BACKUPS = "/backups"
    petition = make_petition()
    sign(petition)
    told = {name for name, *_labels in read()}
    told |= {f"campaign_request_seconds_{end}" for end in ("count", "sum", "bucket")}

    alerts = (WATCHING / "alerts.yml").read_text(encoding="utf-8")
    dashboard = json.loads((WATCHING / "dashboard.json").read_text(encoding="utf-8"))
    asked = [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]

    for words in (alerts, *asked):
        named = set(re.findall(r"\bcampaign_\w+", words))
        assert named
        assert named <= told
    missing = {name for name in told if name not in alerts + str(asked)}
    assert missing <= {"campaign_request_seconds_sum", "campaign_mail_due"}
