"""What programs read: what strangers read on the public pages, and nothing else."""

import re
from datetime import timedelta

import jsonschema_rs
import pytest
from django.utils import timezone

from api.cursors import A_PAGE
from api.views import DESCRIPTION
from letters.models import OfficialAnswer
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_letter,
    make_petition,
    make_text,
    make_update,
    make_update_text,
    write_comment,
)

pytestmark = pytest.mark.django_db
HERE = "/api/campaigns/bucheon/"


def path_of(link):
    return link["href"].removeprefix("http://testserver")


@pytest.fixture
def read(client):
    """Reads an address and holds the answer against its description."""
    paths = client.get("/api/openapi.json").json()
    schemas = paths["components"]["schemas"]

    def read(path):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer["Content-Type"] == "application/hal+json"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        found = answer.json()
        wanted = described(paths["paths"], path)
        schema = {**wanted, "components": {"schemas": schemas}}
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(
            found
        )
        return found

    return read


def described(paths, path):
    """The schema of an answer, by the address of its description that fits best."""
    parts = path.removeprefix("/ko").split("/")
    for known, read in sorted(paths.items(), key=lambda pair: pair[0].count("{")):
        names = known.split("/")
        pairs = zip(names, parts, strict=False)
        if len(names) == len(parts) and all(n in ("", p) or "{" in n for n, p in pairs):
            content = read["get"]["responses"]["200"]["content"]
            return content["application/hal+json"]["schema"]
    raise LookupError(path)


@pytest.fixture
def bucheon():
    return make_campaign(slug="bucheon", title="Dogs of Bucheon", story="<p>Long.</p>")


def answer_of(letter, text="Yes, soon.", **fields):
    now = timezone.now()
    official = letter.recipient_list.recipients.first()
    fields = {"text": text, "published_at": now, "written_at": now, **fields}
    return OfficialAnswer.objects.create(letter=letter, recipient=official, **fields)


def test_all_is_found_by_links_from_one_address(read, bucheon):
    make_counted(make_petition(bucheon, ask="Help them."), 2)
    make_update(bucheon, title="The Mayor answers")
    first = make_comment(bucheon, "Please stop.", name="Leontine")
    make_comment(bucheon, "I agree.", parent=first)
    letter = make_letter(bucheon, shows_answers=True)
    answer_of(letter)

    start = read("/api/")
    [campaign] = read(path_of(start["_links"]["campaigns"]))["_embedded"]["campaigns"]
    links = read(path_of(campaign["_links"]["self"]))["_links"]
    petition = read(path_of(links["osdi:petition"]))
    parts = {
        name: read(path_of(links[name]))["_embedded"][name]
        for name in ("updates", "comments", "answers")
    }
    for [row, *_others] in parts.values():
        assert read(path_of(row["_links"]["self"])) == {
            **row,
            "_links": {**row["_links"], "curies": start["_links"]["curies"]},
        }

    assert (campaign["title"], campaign["description"]) == ("Dogs of Bucheon", "Long.")
    assert campaign["browser_url"] == "http://testserver/bucheon/"
    assert petition["petition_text"] == "Help them."
    assert petition["total_signatures"] == 2
    assert petition["countries"] == [{"country": "GB", "signatures": 2}]
    assert [update["description"] for update in parts["updates"]] == ["She says yes."]
    reply, comment = parts["comments"]
    assert (comment["name"], comment["text"]) == ("Leontine", "Please stop.")
    assert [reply["in_reply_to"]] == comment["identifiers"]
    [answer] = parts["answers"]
    assert answer["text"] == "Yes, soon."


def leads_to(page):
    """The address in the API that a page names, after looking at the description."""
    found = dict(
        re.findall(r'<link rel="([\w-]+)" type="[^"]+json" href="(.+?)">', page)
    )
    [description] = re.findall(r'rel="service-desc" type="([^"]+)" href="/', page)
    assert description == DESCRIPTION
    return found["alternate"]


def test_each_page_names_the_address_at_which_a_program_finds_what_it_says(
    client, read, bucheon
):
    make_petition(bucheon)
    make_text(bucheon, "ko", slug="bucheon-ko")
    update = make_update(bucheon)
    make_comment(bucheon)
    draft = make_campaign(slug="draft", published_at=None)
    draft.make_draft_link()

    rows = [bucheon.get_absolute_url(), "/bucheon/count/", update.get_absolute_url()]
    said = [read(leads_to(client.get(page).text)) for page in rows]
    lists = ["/", "/bucheon/updates/", "/bucheon/comments/"]
    links = [read(leads_to(client.get(page).text))["_links"] for page in lists]
    in_korean = read(leads_to(client.get("/ko/bucheon-ko/").text))

    here = [f"http://testserver{page}" for page in rows]
    assert [found["browser_url"] for found in said] == [here[0], here[0], here[2]]
    assert "total_signatures" in said[1]
    assert "campaigns" in links[0]
    assert [found["up"]["href"].endswith(HERE) for found in links[1:]] == [True, True]
    assert in_korean["language"] == "ko"
    assert "hal+json" not in client.get(draft.draft_url).text


def test_texts_are_in_the_language_of_the_address(read, bucheon):
    make_petition(bucheon)
    make_text(bucheon, "ko", slug="bucheon-ko", title="부천의 개")
    make_update_text(make_update(bucheon), "ko", title="시장의 답")
    make_campaign(title="English only")

    alternate = read(HERE)["_links"]["alternate"]
    [address] = [path_of(link) for link in alternate if link["hreflang"] == "ko"]
    campaign = read(address)
    listed = read("/ko/api/campaigns/")["_embedded"]["campaigns"]
    [update] = read("/ko/api/campaigns/bucheon-ko/updates/")["_embedded"]["updates"]

    assert (campaign["title"], campaign["language"]) == ("부천의 개", "ko")
    titles = {found["title"]: found["language"] for found in listed}
    assert titles == {"English only": "en", "부천의 개": "ko"}
    assert update["title"] == "시장의 답"


def test_nothing_shows_that_the_pages_do_not_show(client, bucheon):
    secret = {"title": "Secret plan", "summary": "Secret", "published_at": None}
    make_petition(make_campaign(slug="draft", **secret))
    later = timezone.now() + timedelta(days=1)
    make_campaign(slug="later", title="Secret later", opens_at=later)
    make_update(bucheon, title="Secret draft", publish_at=None, published_at=None)
    now = timezone.now()
    make_comment(
        bucheon, "Secret hidden", state="hidden", hidden_at=now, hidden_for="insult"
    )
    make_comment(bucheon, "Secret removed").remove()
    write_comment(bucheon, text="Secret waiting")
    letter = make_letter(bucheon, shows_answers=False)
    answer_of(letter, "Secret answer")
    make_counted(make_petition(bucheon), name="Secret signer")
    paths = ["/api/campaigns/", "/api/petitions/", HERE, f"{HERE}petition/"]
    paths += [f"{HERE}{part}/" for part in ("updates", "comments", "answers")]

    said = [client.get(path).content.decode() for path in paths]

    assert [text for text in said if "secret" in text.lower()] == []
    assert [text for text in said if "mail.example" in text] == []
    for path in ("draft/", "later/", "draft/petition/", "later/comments/"):
        assert client.get(f"/api/campaigns/{path}").status_code == 404


def test_a_list_goes_on_where_it_ended_whatever_comes_meanwhile(read, bucheon):
    for number in range(2 * A_PAGE + 1):
        make_update(bucheon, title=f"News {number}")

    page = read(f"{HERE}updates/")
    make_update(bucheon, title="Meanwhile")
    titles = [row["title"] for row in page["_embedded"]["updates"]]
    while "next" in page["_links"]:
        page = read(path_of(page["_links"]["next"]))
        titles += [row["title"] for row in page["_embedded"]["updates"]]

    assert titles == [f"News {number}" for number in reversed(range(2 * A_PAGE + 1))]
