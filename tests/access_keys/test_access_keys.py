"""What a program of the group reads with a key, and what somebody tries without one."""

import re
from datetime import timedelta

import jsonschema_rs
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access_keys import handed_out, signatures
from access_keys.keys import PREFIX
from access_keys.models import AccessKey, HandedOut
from access_keys.tasks import note_handed_out
from campaigns.models import CampaignRole
from database import retention
from petitions.models import Signature
from petitions.names.public_name import SHOWN_NAME
from staff.models import AuditEntry
from supporters.models import Supporter
from tests.factories import make_campaign, make_petition, make_staff, sign
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db
HERE = "/api/campaigns/bucheon/signatures/"
KEYS = "/admin/access_keys/accesskey/"


@pytest.fixture
def bo():
    return make_staff("bo", "Campaigners")


@pytest.fixture
def petition():
    return make_petition(make_campaign(slug="bucheon"))


def make_key(client, user, **fields):
    """Make a key on the desk, and read it where it is shown."""
    client.force_login(user)
    until = f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}"
    page = fill_in(
        client, f"{KEYS}add/", **{"name": "Our list", "ends_on": until, **fields}
    )
    assert "no-store" in page["Cache-Control"]
    [text] = re.findall(rf'value="({PREFIX}[\w-]+)"', page.text)
    client.logout()
    return text


@pytest.fixture
def key(client, bo):
    return make_key(client, bo)


def signed(petition, name="Maria Silva", shown_as="full", **fields):
    email = fields.pop("email", f"{name.split()[0].lower()}@mail.example")
    made = sign(petition, name=name, shown_as=shown_as, email=email, **fields)
    made.confirm()
    return made


def get(client, key, path=HERE, **more):
    return client.get(path, headers={"authorization": f"Bearer {key}"}, **more)


def read(client, key, path=HERE):
    """The names, the codes to drop, and where it goes on."""
    answer = get(client, key, path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer
    description = client.get("/api/openapi.json").json()
    schema = {"$ref": "#/components/schemas/SignaturePage"}
    jsonschema_rs.Draft202012Validator(
        {**schema, "components": description["components"]}, validate_formats=True
    ).validate(answer.json())
    found = answer.json()["_embedded"]
    codes = {
        row["person"]["name"]: row["identifiers"][0] for row in found["osdi:signatures"]
    }
    dropped = [row["identifiers"][0] for row in found["dropped"]]
    ahead = answer.json()["_links"]["changes"]["href"]
    return codes, dropped, ahead.removeprefix("http://testserver")


def refused(client, key, status, path=HERE):
    answer = get(client, key, path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    assert "Maria" not in answer.text
    return answer


def test_a_program_reads_whose_name_may_be_shown_and_what_they_agreed_to(
    client, petition, key
):
    given = [
        ("signature", "I sign this.", "1"),
        ("shown name", "In full: Maria Silva", "1"),
    ]
    signed(petition, "Maria Silva", country="PT", city="Lisbon", consents=given)
    signed(petition, "Grace Hopper", "first", country="GB", city="Leeds")
    signed(petition, "Hidden Person", "no")
    sign(petition, name="Not Confirmed", email="n@mail.example", shown_as="full")
    note_handed_out(0)

    answer = get(client, key)
    found = answer.json()["_embedded"]["osdi:signatures"]

    assert [row["person"] for row in found] == [
        {
            "name": "Maria Silva",
            "postal_addresses": [{"locality": None, "country": "PT"}],
        },
        {
            "name": "Grace",
            "postal_addresses": [{"locality": "Leeds", "country": "GB"}],
        },
    ]
    told = [(c["kind"], c["words"], c["version"]) for c in found[0]["consents"]]
    assert told == [(kind.replace(" ", "_"), *rest) for kind, *rest in given]
    assert found[0]["consents"][0]["language"] == "en"
    assert not re.search("mail.example|Hidden|Hopper|Confirmed", answer.text)
    assert set(read(client, key)[0]) == {"Maria Silva", "Grace"}


def test_it_goes_on_with_what_is_new_and_says_what_to_drop(client, petition, key):
    maria, grace = signed(petition), signed(petition, "Grace Hopper")
    signed(petition, "Erin Erased")
    signed(petition, "Stays Here")
    note_handed_out(0)
    before, _dropped, ahead = read(client, key)
    assert read(client, key, ahead)[:2] == ({}, [])

    maria.withdraw()
    grace.public_name.choose("no", "")
    Supporter.objects.get(email="erin@mail.example").erase()
    # What has just ended is given to nobody, also before it is noted.
    assert set(read(client, key)[0]) == {"Stays Here"}
    signed(petition, "Newly There")
    note_handed_out(0)
    new, dropped, _ahead = read(client, key, ahead)

    assert set(new) == {"Newly There"}
    gone = {before[name] for name in ("Maria Silva", "Grace Hopper", "Erin Erased")}
    assert set(dropped) == gone
    for row in HandedOut.objects.exclude(dropped_at=None):
        assert (row.signature_id, row.version) == (None, None)


def test_a_corrected_name_comes_again_by_the_same_identifier(client, petition, key):
    maria = signed(petition)
    note_handed_out(0)
    before, _dropped, ahead = read(client, key)

    maria.public_name.choose("full", "Maria S. Silva")
    note_handed_out(0)
    note_handed_out(0)

    after, dropped, _ahead = read(client, key, ahead)
    assert (list(after), dropped) == (["Maria S. Silva"], [])
    assert [*after.values()] == [*before.values()]


def test_what_a_night_changes_of_a_signature_is_not_news(client, petition, key):
    """Of a signature, a night forgets the network; other jobs note things, too."""
    maria = signed(petition, network_hash="abc")
    note_handed_out(0)
    _names, _dropped, ahead = read(client, key)
    Signature.objects.update(created_at=timezone.now() - timedelta(days=400))
    name = "networks of signatures"
    [rule] = [rule for rule in retention.rules() if rule.name == name]

    assert rule.forget() == 1
    Signature.objects.update(reminded_at=timezone.now(), share_code="abcdef")
    note_handed_out(0)

    maria.refresh_from_db()
    assert maria.network_hash is None
    assert read(client, key, ahead)[:2] == ({}, [])


def test_the_same_name_agreed_to_anew_comes_with_the_newer_consent(
    client, petition, key
):
    given = [(SHOWN_NAME, "In full: Maria Silva", "1")]
    maria = signed(petition, consents=given)
    note_handed_out(0)
    before, _dropped, ahead = read(client, key)

    again = [(SHOWN_NAME, "In full: Maria Silva", "2")]
    maria.public_name.choose("full", "Maria Silva", again, "/mine/")
    note_handed_out(0)

    assert read(client, key, ahead)[:2] == (before, [])
    [row] = get(client, key, ahead).json()["_embedded"]["osdi:signatures"]
    assert [consent["version"] for consent in row["consents"]] == ["2"]


def test_a_run_of_many_batches_notes_each_once(client, petition, key, monkeypatch):
    monkeypatch.setattr(handed_out, "BATCH", 2)
    names = [f"Maria{number} Silva" for number in range(5)]
    for name in names:
        signed(petition, name)
    note_handed_out(0)
    found, _dropped, ahead = read(client, key)

    Signature.objects.filter(name__gt="Maria1").update(shown_as="no", shown_name="")
    Signature.objects.filter(name__lt="Maria1").update(shown_name="Maria Zero")
    note_handed_out(0)

    assert [*found] == names
    new, dropped, _ahead = read(client, key, ahead)
    assert [*new] == ["Maria Zero"]
    assert len(dropped) == 4


def test_all_are_dropped_when_a_petition_hides_its_names(client, petition, key):
    signed(petition)
    note_handed_out(0)
    before, _dropped, ahead = read(client, key)

    petition.names_hidden = True
    petition.save()
    assert read(client, key)[0] == {}
    note_handed_out(0)

    assert read(client, key, ahead)[:2] == ({}, [*before.values()])


def test_pages_go_on_and_each_row_comes_once(client, petition, key, monkeypatch):
    monkeypatch.setattr(signatures, "A_PAGE", 2)
    names = [f"Maria{number} Silva" for number in range(5)]
    for name in names:
        signed(petition, name)
    note_handed_out(0)

    found, path = [], HERE
    while path:
        answer = get(client, key, path).json()
        rows = answer["_embedded"]["osdi:signatures"]
        found += [row["person"]["name"] for row in rows]
        path = answer["_links"].get("next", {}).get("href", "")

    assert found == names


def test_many_rows_ask_the_database_no_more_often(client, petition, key):
    signed(petition)
    note_handed_out(0)
    get(client, key)

    def statements():
        with CaptureQueriesContext(connection) as asked:
            assert get(client, key).status_code == 200
        return len(asked)

    few = statements()
    for number in range(12):
        signed(petition, f"Other{number} Name")
    note_handed_out(0)

    assert statements() == few


def test_a_wrong_ended_or_revoked_key_opens_nothing(client, petition, key, bo):
    signed(petition)
    note_handed_out(0)
    for wrong in ("", "x", key[:-1], f"{key}x", "한글", AccessKey.objects.get().pk):
        answer = refused(client, wrong, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert client.get(HERE).status_code == 401
    basic = client.get(HERE, headers={"authorization": f"Basic {key}"})
    assert basic.status_code == 401

    mine = AccessKey.objects.all()
    mine.update(ends_on=timezone.localdate() - timedelta(days=1))
    refused(client, key, 401)
    mine.update(ends_on=timezone.localdate())
    assert get(client, key).status_code == 200

    mine.revoke()
    refused(client, key, 401)


@pytest.mark.parametrize("what", ["closed", "role", "deleted"])
def test_a_key_ends_when_its_maker_may_download_no_more(
    client, petition, key, bo, what
):
    if what == "closed":
        bo.is_active = False
        bo.save()
    elif what == "role":
        bo.groups.clear()
    else:
        bo.delete()

    refused(client, key, 401)


def test_a_closed_administrator_has_no_key_either(client, petition):
    root = make_staff("root", is_superuser=True)
    key = make_key(client, root)
    assert get(client, key).status_code == 200

    root.is_active = False
    root.save()

    refused(client, key, 401)


def test_a_key_for_one_campaign_opens_no_other(client, petition, bo):
    key = make_key(client, bo, campaign=petition.campaign_id)
    other = make_petition(make_campaign(slug="other"))
    signed(other)
    note_handed_out(0)

    assert get(client, key).status_code == 200
    refused(client, key, 403, "/api/campaigns/other/signatures/")
    cursor = read(client, key)[2].split("/")[-2]
    everywhere = make_key(client, bo, name="All of them")
    path = f"/api/campaigns/other/signatures/page/{cursor}/"
    refused(client, everywhere, 400, path)


def test_who_works_in_one_campaign_makes_keys_for_it_alone(client, petition):
    ann, other = make_staff("ann"), make_campaign(slug="other")
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=ann, group=group, campaign=petition.campaign)
    client.force_login(ann)
    until = f"{timezone.localdate():%Y-%m-%d}"

    for campaign in ("", other.pk):
        page = fill_in(
            client, f"{KEYS}add/", name="X", ends_on=until, campaign=campaign
        )
        assert PREFIX not in page.text
    assert not AccessKey.objects.exists()
    key = make_key(client, ann, campaign=petition.campaign_id)

    assert get(client, key).status_code == 200
    CampaignRole.objects.all().delete()
    refused(client, key, 401)


def test_a_key_in_an_address_is_refused_with_a_sentence(client, petition, key):
    for query in (f"access_token={key}", f"key={key}", "x"):
        answer = refused(client, key, 400, f"{HERE}?{query}")
        assert "Authorization" in answer.json()["detail"]
        assert key not in answer.text


def test_it_is_only_read(client, petition, key):
    signed(petition)
    note_handed_out(0)
    headers = {"authorization": f"Bearer {key}"}

    head = client.head(HERE, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "delete", "options"):
        answer = getattr(client, method)(HERE, headers=headers)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert "Access-Control-Allow-Origin" not in answer
    # What somebody has read with a key is in no cache for those without one.
    assert get(client, key).status_code == 200
    assert client.get(HERE).status_code == 401


def test_a_cursor_that_is_too_old_says_to_begin_anew(client, petition, key):
    name, mine = f"signatures {petition.campaign_id}", AccessKey.objects.get()
    today = timezone.now().date().toordinal()
    for day, status in ((today - 90, 410), (today - 89, 200)):
        cursor = signatures.cursor_at([0, day, mine.pk], name)
        assert get(client, key, f"{HERE}page/{cursor}/").status_code == status
    refused(client, key, 400, f"{HERE}page/abc/")


def test_nothing_is_kept_where_no_key_is_left_and_the_next_key_begins_anew(
    client, petition, bo
):
    maria = signed(petition)
    first = make_key(client, bo, campaign=petition.campaign_id)
    other = make_petition(make_campaign(slug="other"))
    make_key(client, bo, name="Of the other", campaign=other.campaign_id)
    signed(other, "Grace Hopper")
    note_handed_out(0)
    before, _dropped, ahead = read(client, first)
    # A closed account can be opened again, and its keys with it.
    bo.is_active = False
    bo.save()
    note_handed_out(0)
    assert HandedOut.objects.count() == 2
    bo.is_active = True
    bo.save()
    assert read(client, first, ahead)[:2] == ({}, [])

    AccessKey.objects.filter(campaign=petition.campaign).revoke()
    maria.withdraw()
    note_handed_out(0)
    assert [row.petition for row in HandedOut.objects.all()] == [other]

    again = make_key(client, bo, campaign=petition.campaign_id)
    signed(petition, "Newly There")
    note_handed_out(0)
    refused(client, again, 410, ahead)
    after, dropped, _ahead = read(client, again)
    assert ([*after], dropped) == (["Newly There"], [])
    assert not set(after.values()) & set(before.values())


def test_what_was_dropped_long_ago_is_deleted(client, petition, key):
    signed(petition).withdraw()
    signed(petition, "Grace Hopper")
    note_handed_out(0)
    Signature.objects.get(name="Grace Hopper").withdraw()
    note_handed_out(0)
    assert len(read(client, key)[1]) == 1

    long_ago = timezone.now() - timedelta(days=91)
    HandedOut.objects.update(dropped_at=long_ago)
    [rule] = [rule for rule in retention.rules() if rule.name == "dropped signatures"]
    assert rule.forget() == 1

    assert not HandedOut.objects.exists()


def test_too_many_readings_wait_a_minute(client, petition, key, settings):
    settings.LIMIT_POSTS_A_MINUTE = 2
    assert [get(client, "wrong").status_code for _each in range(3)] == [401, 401, 429]
    assert get(client, key)["Retry-After"] == "60"


def test_a_day_of_reading_leaves_one_entry_and_the_key_is_stored_nowhere(
    client, petition, key, bo
):
    for _each in range(3):
        get(client, key)

    [entry] = AuditEntry.objects.filter(kind="exported")
    [mine] = AccessKey.objects.all()
    assert (entry.username, entry.model, entry.keys) == (
        "bo",
        "access_keys.accesskey",
        [str(mine.pk)],
    )
    assert mine.last_used_on == timezone.localdate()
    client.force_login(bo)
    listed, row = client.get(KEYS), client.get(f"{KEYS}{mine.pk}/change/")
    assert "Our list" in listed.text
    for page in (listed, row):
        assert key not in page.text
        assert bytes(mine.key_hash).hex() not in page.text


def test_a_key_is_revoked_on_its_page_after_a_question(client, petition, key, bo):
    client.force_login(bo)
    [mine] = AccessKey.objects.all()
    here, ask = f"{KEYS}{mine.pk}/change/", f"{KEYS}{mine.pk}/revoke/"

    page = client.get(here)
    assert f'href="{ask}"' in page.text
    assert "All campaigns" in page.text
    assert 'name="_save"' not in page.text
    assert "Revoke this key?" in client.get(ask).text
    assert get(client, key).status_code == 200

    client.force_login(bo)
    said = client.post(ask, follow=True)

    assert "This key does not work any more." in said.text
    assert "All campaigns" in said.text
    assert f'href="{ask}"' not in client.get(here).text
    assert client.post(ask, follow=True).status_code == 200
    client.logout()
    refused(client, key, 401)


def test_nobody_revokes_a_key_of_a_campaign_that_they_do_not_work_in(
    client, petition, key
):
    ann = make_staff("ann")
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=ann, group=group, campaign=petition.campaign)
    [mine] = AccessKey.objects.all()

    for user in (ann, make_staff("cy", "Moderators")):
        client.force_login(user)
        answer = client.post(f"{KEYS}{mine.pk}/revoke/")
        assert answer.status_code in (403, 404)
    client.logout()

    assert client.post(f"{KEYS}{mine.pk}/revoke/").status_code == 302
    assert get(client, key).status_code == 200


def test_the_form_of_a_key_has_one_button(client, petition, bo):
    client.force_login(bo)

    page = client.get(f"{KEYS}add/")

    assert re.findall(r'name="_\w+"', page.text) == ['name="_save"']


def test_a_form_that_is_sent_twice_makes_one_key(client, key, bo):
    client.force_login(bo)
    until = f"{timezone.localdate():%Y-%m-%d}"

    again = fill_in(client, f"{KEYS}add/", name="Our list", ends_on=until)
    late = timezone.localdate() + timedelta(days=400)
    longer = fill_in(client, f"{KEYS}add/", name="Long", ends_on=f"{late:%Y-%m-%d}")

    assert "There is a key of this name already." in again.text
    assert "Choose a day from today to a year from now." in longer.text
    assert AccessKey.objects.count() == 1
    # The one that was made stands in the audit trail, not the forms that came back.
    [entry] = AuditEntry.objects.filter(model="access_keys.accesskey", action="add")
    assert (entry.kind, entry.username) == ("changed", "bo")


def test_moderators_make_no_key(client, petition):
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(f"{KEYS}add/").status_code == 403
