"""The fraud desk: what it finds, what it says first, and what its button does."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from database import retention, statement_timeout
from petitions.fraud import trends
from petitions.models import Invalidation, Signature
from safeguards.blocks import Block
from safeguards.network import typed_network
from staff.models import Alert, AuditEntry
from tests.factories import make_campaign, make_counted, make_petition, make_staff, sign
from tests.petitions.test_invalidating import many_counted
from tests.staff.forms import fill_in
from tests.staff.test_reach import give

pytestmark = pytest.mark.django_db
DESK = "/admin/petitions/signature/fraud/"
BOX, HOME = typed_network("203.0.113.9").hash, "b" * 32


@pytest.fixture
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


@pytest.fixture
def petition():
    return make_petition()


def made(petition, name, email, network=HOME, *, ago=10, confirmed_after=None):
    """A signature of so many minutes ago, confirmed so many seconds later."""
    signature = sign(petition, name=name, email=email, network_hash=network)
    at = timezone.now() - timedelta(minutes=ago)
    times = {"created_at": at}
    if confirmed_after is not None:
        signature.confirm()
        times["confirmed_at"] = at + timedelta(seconds=confirmed_after)
    Signature.objects.filter(pk=signature.pk).update(**times)
    return signature


def search(petition, **asked):
    return {"petition": petition.pk, **asked}


def names(page):
    return sorted(signature.name for signature in page.context.get("sample", []))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Ada", "Bot 1", "Bot 2", "Bot 3", "Bo%"]),
        ({"network": BOX}, ["Bot 1", "Bot 2", "Bot 3"]),
        ({"network": " 203.0.113.7 "}, ["Bot 1", "Bot 2", "Bot 3"]),
        ({"network": "203.0.113.0/24"}, ["Bot 1", "Bot 2", "Bot 3"]),
        ({"domain": "@Junk.example"}, ["Bot 1", "Bot 2"]),
        ({"domain": "Bo <x9@junk.example>"}, ["Bot 1", "Bot 2"]),
        ({"domain": "https://www.junk.example/?a=b"}, ["Bot 1", "Bot 2"]),
        ({"address": "x2+more@junk.example"}, ["Bot 2"]),
        ({"address": " mailto:X2@Junk.example?subject=Hi "}, ["Bot 2"]),
        ({"address": '"Bot, 2" <x2@junk.example>'}, ["Bot 2"]),
        ({"address": "x*@junk.example"}, ["Bot 1", "Bot 2"]),
        ({"address": "nobody@junk.example"}, []),
        ({"name": "ot "}, ["Bot 1", "Bot 2", "Bot 3"]),
        ({"name": "bot *"}, ["Bot 1", "Bot 2", "Bot 3"]),
        ({"name": "*3"}, ["Bot 3"]),
        ({"name": "%"}, ["Bo%"]),
        ({"seconds": 20}, ["Bot 1"]),
        ({"crowd": 2, "crowd_of": "network", "minutes": 1440}, 3),
        ({"crowd": 3, "crowd_of": "network", "minutes": 1440}, []),
        ({"crowd": 1, "crowd_of": "domain", "minutes": 1440}, 4),
        ({"since": "2000-01-01T00:00", "until": "2000-01-02T00:00"}, []),
        ({"since": "2000-01-01T00:00"}, 6),
    ],
)
def test_signatures_are_found(client, cy, petition, asked, found):
    made(petition, "Bot 1", "x1@junk.example", BOX, confirmed_after=5)
    made(petition, "Bot 2", "x2@junk.example", BOX, confirmed_after=60)
    made(petition, "Bot 3", "x3@other.example", BOX)
    made(petition, "Ada", "ada@mail.example", confirmed_after=60)
    made(petition, "Bo%", "bo@mail.example")
    made(petition, "Old", "old@long.example", network=None, ago=3000)
    made(make_petition(), "Elsewhere", "x1@junk.example", BOX)
    gone = made(petition, "Gone", "gone@junk.example", BOX, confirmed_after=5)
    gone.withdraw()

    page = client.get(DESK, search(petition, **asked), follow=True)

    assert page.status_code == 200
    if isinstance(found, int):
        assert len(names(page)) == found
    else:
        assert [n for n in names(page) if n != "Old"] == sorted(found)
    if not found:
        assert "We found no signature" in page.text


def test_the_desk_shows_where_they_come_from_and_leads_on(client, cy, petition):
    for n in range(3):
        made(petition, f"Bot {n}", f"x{n}@junk.example", BOX, confirmed_after=5)
    ada = made(petition, "Ada", "ada@mail.example", ago=200)

    page = client.get(DESK, search(petition), follow=True)
    # Of the last day, here and on the page that takes them out.
    assert "since=" in page.redirect_chain[0][0]
    assert f"fraud/invalidation/?petition={petition.pk}&amp;since=" in page.text
    page = page.text

    assert "4 signatures found" in page
    assert "Counted: 3. Held, or not confirmed yet: 1." in page
    assert "safeguards/block/add/?kind=address&amp;value=junk.example" in page
    assert f"safeguards/block/add/?kind=network&amp;value={BOX}&amp;days=30" in page
    assert f"?petition={petition.pk}&amp;network={HOME}" in page
    assert 'role="img"' in page
    row = AuditEntry.objects.first()
    assert (row.kind, row.action, row.model) == (
        "listed",
        "fraud",
        "petitions.signature",
    )
    assert row.keys[0] == str(ada.pk)
    assert row.count == 4
    add = f"/admin/safeguards/block/add/?kind=network&value={BOX}&days=30"
    assert f'value="{BOX}"' in client.get(add).text
    fill_in(client, add)
    in_a_month = timezone.now() + timedelta(days=30)
    assert abs(Block.objects.get().ends_at - in_a_month) < timedelta(minutes=2)
    assert f"petition={petition.pk}" in client.get(DESK).text


@pytest.mark.parametrize(
    "asked",
    [
        {"petition": "x"},
        {"petition": 999},
        {"since": "yesterday"},
        {"since": "2026-02-02T00:00", "until": "2026-02-01T00:00"},
        {"network": "203.0.113"},
        {"network": "203.0.0.0/16"},
        {"crowd": 0},
        {"address": "no address"},
        {"address": "?to=ada@mail.example"},
        {"domain": "kept.example@"},
        {"minutes": 10**9},
        {"seconds": "٣٠٠٠٠٠"},
        {"name": "\0"},
        {"crowd_of": "person", "crowd": 2},
    ],
)
def test_what_cannot_be_looked_for_is_said_and_kept(client, cy, petition, asked):
    page = client.get(DESK, {**search(petition, domain="kept.example"), **asked})

    assert page.status_code == 422
    assert "Fix what is marked below." in page.text
    assert 'value="kept.example' in page.text


def test_names_of_one_mailbox_stand_side_by_side_and_are_settled(client, cy, petition):
    made(petition, "Kim Minsu", "minsu@mail.example", ago=20)
    made(petition, "Ada", "ada@mail.example")
    made(petition, "Zoe", "zoe@mail.example")
    made(petition, "Zoë", "zoe+b@mail.example")
    made(petition, "김민수", "minsu+a@mail.example")
    asked = search(
        petition, crowd=1, crowd_of="mailbox", minutes=60 * 24 * 366, since=""
    )

    page = client.get(DESK, asked)

    sample = [row.name for row in page.context["sample"]]
    assert sample == ["김민수", "Kim Minsu", "Zoë", "Zoe"]
    take = client.get(f"{DESK}invalidation/", asked).text
    assert "more than 1 of one mailbox within 527040 minutes" in take


def test_what_takes_too_long_is_stopped_and_says_what_to_do(
    client, cy, petition, monkeypatch
):
    many_counted(petition, 1500)
    monkeypatch.setattr(statement_timeout, "MOST_SECONDS", 0.001)
    asked = search(petition, crowd=1, crowd_of="domain", minutes=5)

    for path in (DESK, f"{DESK}invalidation/"):
        page = client.get(path, asked)

        assert "This took too long, so we stopped it." in page.text


def test_the_button_does_what_its_page_has_said(client, cy, petition, mailbox, work):
    for n in range(2):
        made(petition, f"Bot {n}", f"x{n}@junk.example", BOX, confirmed_after=5)
    made(petition, "Bot 2", "x2@junk.example", BOX)
    made(petition, "Ada", "ada@mail.example", confirmed_after=60)
    work()
    path = f"{DESK}invalidation/?petition={petition.pk}&network={BOX}"

    page = client.get(path).text
    assert "We take out 3 signatures. 2 of them count now" in page
    assert f"network {BOX[:8]}" in page
    made(petition, "Late", "late@junk.example", BOX)
    unexplained = fill_in(client, path, reason=" ")
    assert (unexplained.status_code, Invalidation.objects.exists()) == (422, False)
    # The page that comes back has counted again; the first one had not.
    newest = Signature.objects.get(name="Bot 2").pk
    sent = {"reason": "One box.", "newest": newest, "number": 3}
    answer = client.post(path, sent, follow=True)

    invalidation = Invalidation.objects.get()
    assert (invalidation.number, invalidation.by, invalidation.reason) == (
        3,
        cy,
        "One box.",
    )
    assert invalidation.found_by == f"network {BOX[:8]}"
    assert "Being taken out: 0 of 3." in answer.text
    assert "Look again" in answer.text
    row = AuditEntry.objects.filter(kind="action").get()
    assert (row.action, row.model, row.count) == (
        "invalidation",
        "petitions.signature",
        3,
    )
    work()
    assert sorted(Signature.objects.counted().values_list("name", flat=True)) == ["Ada"]
    assert Signature.objects.get(name="Late").invalidation is None
    done = client.get(f"/admin/petitions/invalidation/{invalidation.pk}/change/")
    assert "We took out 3 signatures. 2 of them counted until then." in done.text
    assert "Look again" not in done.text
    listed = client.get("/admin/petitions/signature/?state=invalidated")
    assert len(listed.context["cl"].result_list) == 3

    undone = client.post(
        f"/admin/petitions/invalidation/{invalidation.pk}/undo/", follow=True
    )
    assert "Being put back" in undone.text
    again = client.post(
        f"/admin/petitions/invalidation/{invalidation.pk}/undo/", follow=True
    )
    assert "already undone this" in again.text
    work()

    done = client.get(f"/admin/petitions/invalidation/{invalidation.pk}/change/").text
    assert "Undone: 3 signatures are as they were." in done
    assert Signature.objects.counted().count() == 3
    assert AuditEntry.objects.filter(action="undo", count=3).exists()


def test_more_than_its_page_has_said_are_not_taken_out(client, cy, petition):
    for n in range(3):
        made(petition, f"Bot {n}", f"x{n}@junk.example", BOX)
    path = f"{DESK}invalidation/?petition={petition.pk}&name=Bot"
    newest = Signature.objects.last().pk

    sent = {"reason": "Kept words.", "newest": newest, "number": 2}
    page = client.post(path, sent)

    assert page.status_code == 422
    assert "The list has changed" in page.text
    assert "Kept words." in page.text
    assert not Invalidation.objects.exists()


def test_who_may_only_look_takes_nothing_out(client, petition):
    [signature] = make_counted(petition)
    invalidation = Invalidation.start(
        petition, petition.signatures.all(), by=None, reason="x", found_by=""
    )
    path = f"{DESK}invalidation/?petition={petition.pk}"
    sent = {"reason": "x", "newest": signature.pk, "number": 1}

    client.force_login(make_staff("bo", "Campaigners"))
    page = client.get(DESK, search(petition), follow=True)
    assert "1 signature found" in page.text
    assert "Take them out" not in page.text
    assert client.get(path).status_code == 403
    assert client.post(path, sent).status_code == 403
    undo = f"/admin/petitions/invalidation/{invalidation.pk}/undo/"
    assert client.post(undo).status_code == 403
    client.force_login(make_staff("eve"))
    for page in (
        DESK,
        path,
        f"/admin/petitions/invalidation/{invalidation.pk}/change/",
    ):
        assert client.get(page).status_code == 403
    assert Invalidation.objects.get().undone_at is None


def test_what_was_done_cannot_be_written_anew(client, cy, petition):
    sign(petition)
    invalidation = Invalidation.start(
        petition, petition.signatures.all(), by=cy, reason="x", found_by="all"
    )

    for path in (f"{invalidation.pk}/change/", f"+{invalidation.pk}/change/"):
        client.post(
            f"/admin/petitions/invalidation/{path}",
            {"reason": "y", "number": 7, "undone_at": "2030-01-01T10:00"},
        )
        page = client.get(f"/admin/petitions/invalidation/{path}")
        assert page.status_code == 200
        assert 'name="reason"' not in page.text

    invalidation.refresh_from_db()
    assert (invalidation.reason, invalidation.number, invalidation.undone_at) == (
        "x",
        1,
        None,
    )


def crowd(petition, number, hour, domain="gmail.com", network=None):
    """So many signatures of one hour, each from a network of its own, or of one."""
    start = Signature.objects.count()
    for n in range(start, start + number):
        made(petition, f"P {n}", f"p{n}@{domain}", network or f"{n:032x}")
    Signature.objects.filter(
        pk__in=petition.signatures.order_by("-pk")[:number]
    ).update(created_at=hour + timedelta(minutes=5))


def test_a_network_or_domain_above_its_share_is_told_once(client, cy, petition):
    now = timezone.now().replace(minute=10)
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    crowd(petition, 60, hour - timedelta(days=2), "mail.example")
    crowd(petition, 60, hour)  # many have Gmail, and here they are usual
    crowd(petition, 60, hour, "junk.example", BOX)
    made(make_petition(make_campaign()), "Ada", "ada@mail.example")

    alerts = trends.watch(now)

    assert sorted(alert.about for alert in alerts) == sorted(
        [
            f"{petition.pk} domain gmail.com",
            f"{petition.pk} domain junk.example",
            f"{petition.pk} network {BOX[:8]}",
        ]
    )
    [network] = [alert for alert in alerts if "network" in alert.about]
    assert BOX not in network.page
    assert "of 120 signatures in the hour" in network.words
    assert f"60 came from one network ({BOX[:8]})" in network.words
    assert len(client.get(network.page).context["sample"]) == 50
    assert "60 signatures found" in client.get(network.page).text
    assert trends.watch(now) == []
    assert Alert.objects.count() == 3
    rule = retention.rule("alerts about networks")
    assert rule.due() == 0
    network.at = now - timedelta(days=31)  # the hashes themselves go after 30
    network.save()
    assert list(rule.keys()) == [network.pk]


def test_what_is_usual_or_few_is_no_alert(petition):
    now = timezone.now().replace(minute=10)
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    new = make_petition(make_campaign())
    crowd(new, 60, hour)  # of a petition's first hour, Gmail says nothing
    crowd(petition, 60, hour - timedelta(days=1), "school.example", BOX)
    crowd(petition, 60, hour, "school.example", BOX)
    crowd(petition, 40, hour, "few.example", HOME)

    assert trends.watch(now) == []


def test_all_signatures_are_never_offered_without_a_condition(client, cy, petition):
    made(petition, "Ada", "ada@mail.example", confirmed_after=60)
    without = search(petition, since="", until="", domain="", crowd_of="network")

    page = client.get(DESK, without)
    nothing = client.get(f"{DESK}invalidation/", without)
    sent = {"reason": "x", "newest": 2**62, "number": 1}
    path = f"{DESK}invalidation/?petition={petition.pk}&crowd_of=network&minutes=5"
    pressed = client.post(path, sent)

    assert "Without that, this would be all signatures." in page.text
    assert "Take them out" not in page.text
    assert (nothing.status_code, pressed.status_code) == (302, 302)
    assert not Invalidation.objects.exists()


def test_an_address_that_was_searched_for_is_in_no_record(client, cy, petition, work):
    made(petition, "Bot", "x1@junk.example", BOX)
    path = f"{DESK}invalidation/?petition={petition.pk}&address=x1%2Ba@junk.example"
    newest = Signature.objects.last().pk

    client.post(path, {"reason": "Bot.", "newest": newest, "number": 1})

    assert Invalidation.objects.get().found_by == (
        "one email address, in all its spellings"
    )


def test_a_network_is_one_press_from_the_block_list(client, cy, petition, work):
    for n in range(3):
        made(petition, f"Bot {n}", f"x{n}@junk.example", BOX if n else HOME)
    invalidation = Invalidation.start(
        petition, petition.signatures.all(), by=cy, reason="x", found_by=""
    )
    work()
    page = f"/admin/petitions/invalidation/{invalidation.pk}/change/"
    text = client.get(page).text
    assert text.index(BOX) < text.index(HOME)  # most of them first

    done = client.post(page.replace("change", "block"), {"network": BOX}, follow=True)
    client.post(page.replace("change", "block"), {"network": "f" * 32})

    assert "What comes from there waits for a person." in done.text
    assert f'value="{BOX}"' not in done.text
    block = Block.objects.get()
    assert (block.value, block.added_by) == (BOX, cy)
    assert timedelta(days=29) < block.ends_at - timezone.now() <= timedelta(days=30)


def test_only_who_may_block_is_offered_it(client, cy, petition, work):
    made(petition, "Bot", "x1@junk.example", BOX)
    invalidation = Invalidation.start(
        petition, petition.signatures.all(), by=cy, reason="x", found_by=""
    )
    work()
    page = f"/admin/petitions/invalidation/{invalidation.pk}/change/"
    client.force_login(make_staff("bo", "Campaigners"))

    assert BOX not in client.get(page).text
    pressed = client.post(page.replace("change", "block"), {"network": BOX})
    assert pressed.status_code == 403
    assert not Block.objects.exists()


def test_who_may_not_see_the_signatures_of_a_campaign_does_not_here(client, petition):
    make_counted(petition)
    here = make_petition(make_campaign(title="Here"))
    finders = Group.objects.create(name="Finders")
    finders.permissions.add(Permission.objects.get(codename="view_invalidation"))
    ed = give(make_staff("ed"), here.campaign, "Moderators")
    client.force_login(give(ed, petition.campaign, "Finders"))

    page = client.get(DESK, search(petition), follow=True)

    assert "from the list" in page.text
    assert "signature found" not in page.text
