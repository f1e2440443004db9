"""What somebody tries who wants more of the API than it gives."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from api.cursors import A_PAGE, cursor_at
from campaigns.models import FormerSlug
from tests.factories import make_campaign, make_update

pytestmark = pytest.mark.django_db
LIST = "/api/campaigns/bucheon/updates/"
PROBLEM = "application/problem+json"


@pytest.fixture
def bucheon():
    return make_campaign(slug="bucheon")


def problem_at(client, path, **more):
    answer = client.get(path, **more)
    assert answer["Content-Type"] == PROBLEM, path
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code


@pytest.fixture
def cursor(client, bucheon):
    for _number in range(A_PAGE + 1):
        make_update(bucheon)
    after = client.get(LIST).json()["_links"]["next"]["href"]
    return after.split("/")[-2]


def test_a_cursor_that_was_altered_is_refused(client, cursor):
    other = make_campaign(slug="other")
    make_update(other)
    foreign = cursor_at(other.pk, f"updates {other.pk}")
    altered = [cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "A" + cursor[1:]]
    altered += ["1", "abc", cursor.replace(".", ""), foreign, "%00", "한글", "x" * 900]

    assert client.get(f"{LIST}page/{cursor}/").status_code == 200
    for each in altered:
        assert problem_at(client, f"{LIST}page/{each}/") == 400
    elsewhere = f"/api/campaigns/other/updates/page/{cursor}/"
    assert problem_at(client, elsewhere) == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(client, bucheon, method):
    answer = getattr(client, method)(LIST)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == PROBLEM


def test_a_query_changes_nothing_and_poisons_no_cache(client, bucheon):
    make_update(bucheon)
    queries = [
        "?per_page=100000",
        "?page=9",
        "?callback=steal",
        "?language=ko",
        "?a[]=",
    ]

    plain = client.get(LIST)
    for query in queries:
        cache.clear()
        first = client.get(LIST + query)

        assert (first.content, first["ETag"]) == (plain.content, plain["ETag"])
        assert client.get(LIST).content == plain.content


def test_headers_change_nothing(client, bucheon):
    plain = client.get(LIST)
    for name, value in [
        ("accept", "text/html"),
        ("accept", "application/xml;q=0.9, */*;q=0"),
        ("range", "bytes=0-10"),
        ("accept-language", "ko"),
        ("authorization", "Bearer x"),
        ("cookie", "sessionid=x"),
        ("origin", "https://evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-http-method-override", "DELETE"),
    ]:
        cache.clear()
        answer = client.get(LIST, headers={name: value})

        assert (answer.status_code, answer.content) == (200, plain.content), name
        assert not answer.cookies
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


def test_what_has_not_changed_is_not_sent_again(client, bucheon):
    first = client.get(LIST)
    again = client.get(LIST, headers={"if-none-match": first["ETag"]})
    head = client.head(LIST)

    assert "max-age=0" in first["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == first["ETag"]


def test_a_hit_asks_the_database_nothing(client, bucheon, django_assert_num_queries):
    client.get(LIST)

    with django_assert_num_queries(0):
        assert client.get(LIST).status_code == 200


def test_what_is_not_there_is_a_problem_and_no_page(client, bucheon):
    make_campaign(slug="gone", deleted_at=timezone.now())
    for path in (
        "nowhere/",
        "no\nwhere/",
        "campaigns/nowhere/",
        "campaigns/bucheon/petition/",
    ):
        assert problem_at(client, f"/api/{path}") == 404
    for pk in ("1", str(2**63), "9" * 40):
        assert problem_at(client, f"{LIST}{pk}/") == 404
    assert problem_at(client, "/api/campaigns/gone/") == 410
    assert client.get("/api/campaigns")["Location"] == "/api/campaigns/"


def test_a_former_address_leads_on(client, bucheon):
    FormerSlug.objects.create(campaign=bucheon, slug="once", language="en")

    answer = client.get("/api/campaigns/once/updates/")

    assert (answer.status_code, answer["Location"]) == (301, LIST)
    assert answer["Access-Control-Allow-Origin"] == "*"
