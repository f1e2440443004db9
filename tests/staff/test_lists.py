"""Every list of the admin costs the same queries for 1 row and for 30."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import address
from comments.models import Comment, SavedReply
from letters.models import (
    OfficialAnswer,
    ReportedLetter,
)
from outbox.models import Reason, Suppression
from petitions.models import Bundle, Invalidation, Signature
from safeguards.blocks import Block
from safeguards.network import typed_network
from staff import long_lists
from staff.models import Alert, AuditEntry, Invitation
from staff.read_only_admin import NeverAddedAdmin
from supporters.models import ErasureRequest, Mailing, Report, RetentionRun
from tests.factories import (
    follow,
    make_counted,
    make_letter,
    make_letter_text,
    make_paper,
    make_petition,
    make_recipients,
    make_staff,
    make_text,
    make_update,
    make_update_text,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed
from versions.models import Deleted

pytestmark = pytest.mark.django_db
PAPER = ["paper/paperbatch", "paper/paperline"] * apps.is_installed("paper")
LISTS = [
    "campaigns/campaign",
    "campaigns/campaigntext",
    "campaigns/update",
    "campaigns/updatetext",
    "petitions/petition",
    "petitions/signature",
    "petitions/bundle",
    *PAPER,
    "petitions/invalidation",
    "petitions/referrallink",
    "letters/recipient",
    "letters/recipientlist",
    "letters/lettertext",
    "letters/suggestedletter",
    "letters/letter",
    "letters/delivery",
    "outbox/outgoingmail",
    "outbox/suppression",
    "letters/reportedletter",
    "letters/officialanswer",
    "comments/comment",
    "supporters/follow",
    "supporters/mailing",
    "safeguards/block",
    "safeguards/ownlimit",
    "comments/thread",
    "comments/moderation",
    "comments/savedreply",
    "staff/auditentry",
    "staff/invitation",
    "staff/user",
    "supporters/consent",
    "supporters/erasurerequest",
    "supporters/report",
    "supporters/retentionrun",
    "versions/deleted",
]
NOT_SEARCHED = (
    "safeguards/ownlimit",
    "letters/reportedletter",
    "staff/auditentry",
    "supporters/retentionrun",
    "supporters/mailing",
    "supporters/erasurerequest",
    "petitions/invalidation",
)


def make_row(number):
    """One row for each list, with all that its columns show."""
    petition = make_petition()
    make_text(petition.campaign, "ko", slug=f"text-{number}")
    petition.tally.create(country="GB", delta=number)
    petition.referral_links.create(name=f"Newsletter {number}")
    petition.campaign.story_pictures.create(caption=f"The market {number}")
    suggested = make_letter(
        petition.campaign, recipients=make_recipients(1, name=f"Council {number}")
    )
    make_letter_text(suggested)
    ReportedLetter.objects.report(suggested)
    official = suggested.recipient_list.recipients.get()
    OfficialAnswer.objects.create(letter=suggested, recipient=official, text="Yes.")
    confirmed(suggested, text=f"Please help {number}.")
    Suppression.objects.put(f"s{number}@mail.example", Reason.BOUNCED)
    agreed = [("signature", f"I ask {number}.", "1")]
    held_for = "flood" if number % 2 else ""
    signature = sign(petition, held_for=held_for, consents=agreed)
    RetentionRun.objects.create(started_at=timezone.now(), report={"jobs": number})
    bo = make_staff(f"bo{number}", "Campaigners")
    if number % 2:
        Signature.objects.filter(pk=signature.pk).release(by=bo)
    wish = {"email": f"e{number}@x.example", "reason": "Rang."}
    ErasureRequest.objects.create(**wish, asked_by=bo)
    Report.objects.create(
        location=f"/campaign-{number}/", law="other", words="Why.", language="en"
    )
    follow(petition.campaign, f"follower{number}@mail.example")
    make_paper(petition, f"P {number}", by=bo)
    Bundle.objects.create(petition=petition, to=f"B {number}", asked_by=bo)
    news = make_update(petition.campaign, author=bo)
    make_update_text(news)
    Mailing.objects.send(news, by=bo)
    comment = write_comment(petition.campaign, name=f"C {number}")
    comment.moderated_by(bo).show()
    comment.report(reason="hate", words="Why.", network_hash="a")
    SavedReply.objects.create(title=f"Thanks {number}", text="Thank you, [Name].")
    Block.objects.create(kind="word", value=f"w{number}", added_by=bo)
    Alert.objects.sound("count", f"{number}", "Look.", "Look.", "/admin/")
    rows = petition.signatures.all()
    Invalidation.start(petition, rows, by=bo, reason=f"{number}", found_by="all")
    AuditEntry.objects.create(username=bo.username, kind="read", keys=[], count=1)
    invited = Invitation.objects.create(email=f"i{number}@x.example", invited_by=bo)
    invited.groups.set(bo.groups.all())
    role = {"group": bo.groups.get(), "campaign": petition.campaign}
    invited.campaign_roles.create(**role)
    Deleted.objects.put(make_update(petition.campaign), by=bo)


def test_every_list_of_ours_is_looked_at_here():
    ours = {
        "campaigns",
        "comments",
        "letters",
        "outbox",
        "paper",
        "petitions",
        "safeguards",
        "staff",
        "supporters",
        "versions",
    }
    registered = {
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model in admin.site._registry
        if model._meta.app_label in ours
    }

    assert registered == set(LISTS)


def test_each_list_is_called_what_it_holds(client, subtests):
    client.force_login(make_staff("root", is_superuser=True))
    make_row(1)

    for path in LISTS:
        with subtests.test(path):
            page = client.get(f"/admin/{path}/").text
            assert not re.search(r"<h1>Select|<h1>View", page)
            assert 'id="nav-sidebar"' not in page


def test_no_row_is_called_by_a_date_of_machines(subtests):
    make_row(1)

    for path in LISTS:
        with subtests.test(path):
            row = apps.get_model(path.replace("/", ".")).objects.first()
            assert row
            assert not re.search(r"\d{4}-\d\d-\d\d", str(row))


def test_names_and_lists_show_moments_in_short_on_the_clocks_in_force(client):
    client.force_login(make_staff("root", is_superuser=True))
    at = datetime(2025, 7, 10, 2, tzinfo=UTC)
    run = RetentionRun.objects.create(started_at=at, report={})

    assert ">10 Jul 2025, 02:00" in client.get("/admin/supporters/retentionrun/").text
    with timezone.override("America/Los_Angeles"):
        assert str(run) == "9 Jul 2025, 19:00 PDT"


def test_each_cell_of_a_list_knows_its_heading(client):
    client.force_login(make_staff("root", is_superuser=True))
    make_row(1)

    page = client.get("/admin/campaigns/campaign/").text

    assert '<td class="field-state" data-label="State"><span' in page
    assert 'data-label="Comments waiting"' in page


def test_a_list_costs_the_same_for_one_row_and_for_ten(client, subtests, time_machine):
    # When minutes have passed, a page also notes that root is still at work.
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(make_staff("root", is_superuser=True))
    make_row(1)
    for path in LISTS:
        client.get(f"/admin/{path}/")
    few = {path: counted(client, path) for path in LISTS}

    for number in range(2, 11):
        make_row(number)
    many = {path: counted(client, path) for path in LISTS}

    for path in LISTS:
        with subtests.test(path):
            (rows_of_few, cost_of_few), (rows_of_many, cost_of_many) = (
                few[path],
                many[path],
            )
            # Several for each.
            if path in ("outbox/outgoingmail", "supporters/report"):
                assert rows_of_many == rows_of_few * 10
            elif path == "safeguards/ownlimit":  # all of them, always
                assert rows_of_many == rows_of_few > 10
            elif path != "staff/auditentry":  # which grows by each look at a list
                assert rows_of_many == rows_of_few + 9
            assert len(cost_of_few) == len(cost_of_many), cost_of_many


def counted(client, path):
    """The rows of a list, and its statements."""
    # On a slow machine, one page would read anew what a process knows for ten seconds.
    address.learn()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/admin/{path}/")
    assert page.status_code == 200
    return page.text.count('<th class="field-'), [q["sql"] for q in queries]


def test_a_list_can_be_searched(client, subtests):
    client.force_login(make_staff("root", is_superuser=True))
    make_row(1)

    for path in LISTS:
        if path in NOT_SEARCHED:
            continue
        with subtests.test(path):
            page = client.get(f"/admin/{path}/", {"q": "nothing-like-this"})

            assert page.status_code == 200
            assert page.text.count('<th class="field-') == 0


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("held", ["held"]),
        ("pending", ["pending"]),
        ("counted", ["counted"]),
        ("withdrawn", ["withdrawn"]),
        ("rejected", ["rejected"]),
        ("", ["counted", "held", "pending", "rejected", "withdrawn"]),
    ],
)
def test_signatures_are_found_by_their_state(client, state, names):
    bo = make_staff("bo", is_superuser=True)
    client.force_login(bo)
    petition = make_petition()
    made = {
        name: sign(petition, name=name, email=f"{name}@mail.example")
        for name in ("counted", "withdrawn", "pending")
    }
    made["counted"].confirm()
    made["withdrawn"].confirm()
    made["withdrawn"].withdraw()
    sign(petition, name="held", held_for="flood")
    rejected = sign(petition, name="rejected", held_for="flood")
    Signature.objects.filter(pk=rejected.pk).reject(by=bo)

    page = client.get("/admin/petitions/signature/", {"state": state})

    found = [signature.name for signature in page.context["cl"].result_list]
    assert sorted(found) == names


def test_a_signature_is_found_by_its_whole_address(client):
    client.force_login(make_staff("bo", is_superuser=True))
    petition = make_petition()
    sign(petition, name="Ada", email="ada@mail.example")
    sign(petition, name="Bo", email="bo@mail.example")

    page = client.get("/admin/petitions/signature/", {"q": "ada@mail.example"})

    assert [s.name for s in page.context["cl"].result_list] == ["Ada"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("love", ["Ada Lovelace"]),
        ("LOVE ada", ["Ada Lovelace"]),
        ("o'br", ["Anna-Maria O'Brien"]),
        ("maria", ["Anna-Maria O'Brien"]),
        ("김", ["김철수"]),
        ("lace", []),
        ("ada bo", []),
        ("&|!:*()", []),
        ("Nobody@mail.example", []),
    ],
)
def test_a_signature_is_found_by_the_beginnings_of_its_names(client, typed, found):
    client.force_login(make_staff("bo", is_superuser=True))
    petition = make_petition()
    for number, name in enumerate(("Ada Lovelace", "Anna-Maria O'Brien", "김철수")):
        sign(petition, name=name, email=f"p{number}@mail.example")

    page = client.get("/admin/petitions/signature/", {"q": typed})

    assert [s.name for s in page.context["cl"].result_list] == found


@pytest.mark.parametrize(
    "name",
    [
        *("नरेन्द्र मोदी", "ดินสอ ใจดี", "عَلِي", "ΟΔΥΣΣΕΥΣ", "Émile Zola", "İsmail"),
        *("J.R.R. Tolkien", "St.John Smith", "K. v.d. Berg", "Anna\\Bo", "D'"),
    ],
)
def test_a_signature_is_found_by_its_whole_name(client, name):
    client.force_login(make_staff("bo", is_superuser=True))
    petition = make_petition()
    for number, each in enumerate((name, "Somebody Else")):
        sign(petition, name=each, email=f"p{number}@mail.example")

    page = client.get("/admin/petitions/signature/", {"q": name})

    assert [s.name for s in page.context["cl"].result_list] == [name]


def test_consents_are_found_by_a_whole_address_in_any_case(client):
    client.force_login(make_staff("bo", is_superuser=True))
    agreed = [("signature", "I agree.", "1")]
    sign(make_petition(), email="ada@mail.example", consents=agreed)
    at = "/admin/supporters/consent/"

    def found(**query):
        return client.get(at, query).context["cl"].result_count

    assert (found(q=" Ada@Mail.example"), found(q="ada@mail"), found(q="ada")) == (
        1,
        0,
        0,
    )
    assert (found(kind="signature"), found(kind="letter"), found()) == (1, 0, 1)


@pytest.mark.parametrize(
    "at", ["petitions/signature", "supporters/follow", "comments/comment", "consent"]
)
def test_acts_are_found_by_spellings_of_a_mailbox_by_its_domain_and_by_network(
    client, at
):
    client.force_login(make_staff("bo", is_superuser=True))
    petition = make_petition()
    home, other = typed_network("203.0.113.7"), typed_network("198.51.7.7")
    agreed = [("signature", "I agree.", "1")]
    for email, network in (("a.da+1@gmail.com", home), ("bo@town.example", other)):
        sign(petition, email=email, network_hash=network.hash, consents=agreed)
        write_comment(petition.campaign, email, email=email, network_hash=network.hash)
        follow(petition.campaign, email)
    at = f"/admin/{at.replace('consent', 'supporters/consent')}/"

    def found(typed):
        page = client.get(at, {"q": typed})
        return [str(row.confirmation.email) for row in page.context["cl"].result_list]

    for typed in ("Ada+petitions@gmail.com ", "ada@googlemail.com", "@gmail.com"):
        assert found(typed) == ["a.da+1@gmail.com"], typed
    assert found("@town.example") == ["bo@town.example"]
    if "an IP address" in client.get(at).text:
        assert found("203.0.113.99") == ["a.da+1@gmail.com"]
        assert found("198.51.7.0/24") == ["bo@town.example"]
    else:
        assert at in ("/admin/supporters/follow/", "/admin/supporters/consent/")
        assert "a mail domain, like @mail.example" in client.get(at).text


def test_a_very_long_list_is_counted_so_far_and_says_so(client, monkeypatch):
    monkeypatch.setattr(long_lists, "MOST", 3)
    client.force_login(make_staff("root", is_superuser=True))
    make_counted(make_petition(), 3)
    assert "\n3 entries" in client.get("/admin/petitions/signature/").text

    make_counted(make_petition(), 2)

    page = client.get("/admin/petitions/signature/").text
    assert "\nmore than 3 entries" in page


def test_no_list_of_what_people_and_the_site_make_is_counted_to_its_end():
    made = [
        its_admin
        for its_admin in admin.site._registry.values()
        if isinstance(its_admin, NeverAddedAdmin)
    ]

    assert len(made) > 15
    others = [each for each in made if each.paginator is not long_lists.LongPaginator]
    assert others == []
    assert admin.site._registry[Comment].paginator is long_lists.LongPaginator


def test_no_form_outgrows_what_a_request_may_hold(settings):
    for its_admin in admin.site._registry.values():
        fields = 100  # of the row itself, at most
        for inline in its_admin.inlines:
            assert inline.max_num is not None
            its_fields = inline.model._meta.concrete_fields
            moments = [f for f in its_fields if isinstance(f, models.DateTimeField)]
            fields += inline.max_num * (len(its_fields) + len(moments))
        assert fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


@pytest.mark.parametrize(
    ("path", "field", "waits", "done"),
    [
        ("staff/invitation/", "accepted_at", "Not accepted", "Accepted"),
        ("supporters/consent/", "withdrawn_at", "Given", "Withdrawn"),
        ("supporters/report/", "decided_at", "Waiting", "Decided"),
    ],
)
def test_a_list_is_filtered_by_plain_words(client, path, field, waits, done):
    client.force_login(make_staff(is_superuser=True))

    # Django would count the rows of each choice, however many there are.
    page = client.get(f"/admin/{path}?{field}__isempty=1&_facets=True").text

    assert f">{waits}</a>" in page
    assert f">{done}</a>" in page
    assert "Not empty" not in page
    assert "Show counts" not in page


def test_an_empty_list_says_so_and_how_to_begin(client):
    client.force_login(make_staff(is_superuser=True))

    def shown(path):
        return re.search(r'class="list-empty">(.*?)</p>', client.get(path).text)[1]

    begin = "Nothing is here yet. Add the first one with the button above."
    assert shown("/admin/campaigns/update/") == begin
    assert shown("/admin/supporters/mailing/").endswith("email it to its followers.")
    assert shown("/admin/campaigns/update/?q=what").startswith("Nothing fits.")


def test_a_list_reached_by_a_link_says_why_nothing_is_there(client):
    client.force_login(make_staff(is_superuser=True))
    petition = make_petition()

    def shown(path):
        return re.search(r'class="list-empty">(.*?)</p>', client.get(path).text)[1]

    of_petition = f"petition__id__exact={petition.pk}"
    first = shown(f"/admin/petitions/bundle/?{of_petition}")
    assert first.startswith("There is no file yet.")
    reports = "/admin/supporters/report/?decided_at__isempty=1"
    of_campaign = f"campaign={petition.campaign_id}"
    list_of_reports = f"/admin/supporters/report/?{of_campaign}"
    assert not shown(list_of_reports).startswith("Nothing fits.")
    assert shown(f"{reports}&{of_campaign}").startswith("Nothing fits.")
    assert shown(f"{reports}&q=x").startswith("Nothing fits.")


def test_an_empty_list_counts_no_results_and_offers_nothing_to_do_with_rows(client):
    client.force_login(make_staff("root", is_superuser=True))

    for path in ("petitions/signature", "petitions/bundle"):
        page = client.get(f"/admin/{path}/").text
        assert "0 results" not in page
        assert "0 of 0 selected" not in page
    found = client.get("/admin/petitions/signature/?state=held").text
    assert "0 results" in found
    assert "Show all" in found


def test_an_empty_list_says_what_makes_its_first_row_and_offers_no_search(client):
    client.force_login(make_staff("root", is_superuser=True))
    path = "/admin/petitions/signature/"
    empty = client.get(path).text
    assert "A signature appears here as soon as somebody signs." in empty
    for part in ('id="searchbar"', 'id="changelist-filter"', "0 entries"):
        assert part not in empty

    filtered = client.get(f"{path}?q=ada").text
    assert "Nothing fits." in filtered
    assert 'id="searchbar"' in filtered

    make_counted(make_petition())
    assert 'id="searchbar"' in client.get(path).text


def test_a_list_says_above_its_rows_what_it_is_narrowed_to(client):
    client.force_login(make_staff("root", is_superuser=True))
    make_counted(make_petition())
    path = "/admin/petitions/signature/"

    def folded(query):
        page = client.get(path + query).text
        assert page.index('id="changelist-filter"') < page.index('id="result_list"')
        return re.search(r'"filter-fold"><summary>(.*?)</summary>', page)[1]

    assert folded("") == "Filter"
    assert folded("?state=counted") == "Filter: <bdi>counted</bdi>"


def test_who_has_left_may_not_sign_in_in_the_list(client):
    client.force_login(make_staff("root", is_superuser=True))
    path = "/admin/staff/user/"
    make_staff("di", is_active=False)

    page = client.get(f"{path}?is_active__exact=0").text

    assert 'data-label="May sign in"><img src="/static/admin/img/icon-no' in page
    assert 'data-filter-title="may sign in"' not in page


def test_the_moment_of_a_consent_names_its_zone(client):
    client.force_login(make_staff("bo", is_superuser=True))
    signature = sign(make_petition(), consents=[("signature", "I agree.", "1")])
    given_at = signature.confirmation.consents.get().given_at

    page = client.get(f"/admin/petitions/signature/{signature.pk}/change/").text

    assert f"{timezone.localtime(given_at):%Y-%m-%d %H:%M %Z}" in page
