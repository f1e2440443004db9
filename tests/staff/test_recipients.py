"""Bo looks after lists of recipients, of three people and of two thousand."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Delivery, Recipient, RecipientList
from safeguards.protected_names import ProtectedName
from tests.factories import (
    LETTER,
    make_campaign,
    make_letter,
    make_recipients,
    make_staff,
)
from tests.letters.makers import confirmed
from tests.staff.forms import change_page, fields_of, fill_in
from versions.models import Deleted, Version

pytestmark = pytest.mark.django_db
LISTS = "/admin/letters/recipientlist/"
ADD = "/admin/letters/recipient/add/"
MANY = 2000
SMALL = 150_000  # bytes


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    client.force_login(bo)
    client.get("/admin/")  # the first page of a session notes it
    return bo


def cost(act):
    """The number of queries of what it does, and its answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    return len(queries), answer


def long_list():
    return make_recipients(MANY, name="Parliament")


@pytest.mark.parametrize("number", [3, 65, MANY])
def test_a_list_of_any_length_opens_as_a_small_page_and_can_be_saved(client, number):
    people = make_recipients(number)
    path = change_page(LISTS, people)
    usual, _page = cost(lambda: client.get(change_page(LISTS, make_recipients(1, "B"))))

    queries, page = cost(lambda: client.get(path))

    assert f"{number:,} people" in page.text
    assert len(page.content) < SMALL
    assert queries <= usual
    saved = fill_in(client, path, addressed_as="them all")
    assert saved.status_code == 302
    people.refresh_from_db()
    assert people.addressed_as == "them all"


def test_somebody_is_found_among_two_thousand_and_has_a_page(client):
    people = long_list()
    path = change_page(LISTS, people)

    assert "Ward 1973<" not in client.get(path).text
    assert "Ward 1973<" in client.get(f"{path}?p=40").text
    found = client.get(f"{path}?q=ward1973@council").text
    assert "Ward 1973<" in found
    assert "1 person" in found
    assert "Nobody on this list" in client.get(f"{path}?q=nobody").text
    mine = people.recipients.get(email="ward1973@council.example")
    assert f'href="{mine.admin_url}"' in found

    saved = fill_in(client, mine.admin_url, name="Ann Lee", office="Speaker")

    assert saved["Location"] == path
    mine.refresh_from_db()
    assert (mine.name, mine.office) == ("Ann Lee", "Speaker")


def add(client, people, email, **fields):
    path = f"{ADD}?list={people.pk}"
    return fill_in(client, path, office="Mayor", email=email, **fields)


def test_people_are_added_one_after_the_other(client):
    people = make_recipients(1)

    first = add(client, people, "mayor@council.example", _addanother="")
    second = add(client, people, "clerk@council.example")

    assert first["Location"] == f"{ADD}?list={people.pk}"
    assert second["Location"] == change_page(LISTS, people)
    assert people.recipients.count() == 3


def test_the_same_address_twice_in_a_list_is_refused_in_words(client):
    people = make_recipients(2)
    second = people.recipients.last()

    for page in (
        add(client, people, "ward1@council.example"),
        fill_in(client, second.admin_url, email="WARD1@council.example"),
    ):
        assert page.status_code == 200
        assert "This address is already on the list." in page.text
    assert people.recipients.count() == 2
    # Another list, and who has left, may have it.
    assert add(client, make_recipients(1, "B"), "x@x.example").status_code == 302
    people.recipients.update(left_office_on="2026-01-01")
    assert add(client, people, "ward1@council.example").status_code == 302


def test_nobody_moves_to_another_list(client):
    people, other = make_recipients(1), make_recipients(1, "B")

    fill_in(client, people.recipients.get().admin_url, list=str(other.pk))

    assert people.recipients.count() == 1


def test_a_new_address_is_not_blamed_for_the_old_one(client):
    people = make_recipients(2)
    first, second = people.recipients.all()
    for recipient in (first, second):
        recipient.mark_bounced("550 5.1.1 User unknown")

    fill_in(client, first.admin_url, email="new@council.example")
    fill_in(client, second.admin_url, office="Clerk")

    first.refresh_from_db()
    second.refresh_from_db()
    assert [r.email for r in people.recipients.reachable()] == ["new@council.example"]
    assert (first.bounce_words, second.bounce_words) == ("", "550 5.1.1 User unknown")


def test_a_person_has_versions_and_a_restored_one_keeps_what_they_said(client, bo):
    mine = make_recipients(2).recipients.first()
    fill_in(client, mine.admin_url, office="Speaker")
    mine.note_complaint()
    Recipient.objects.filter(pk=mine.pk).update(email="new@council.example")
    newest, found = Version.objects.of(mine)
    assert (newest.by, newest.changed, found.by) == (bo, ["office"], None)
    address = mine.admin_url.replace("change/", f"versions/{found.pk}/restoration/")

    client.post(address, fields_of(client.get(address)))

    mine.refresh_from_db()
    assert mine.office == "Council Member, Ward 1"
    assert mine.complained_at is not None
    assert mine.email == "new@council.example"  # as they may have put right themselves


def test_of_two_who_edit_one_person_the_second_is_asked(client):
    mine = make_recipients(1).recipients.get()
    opened = fields_of(client.get(mine.admin_url))
    fill_in(client, mine.admin_url, office="Speaker")

    answer = client.post(mine.admin_url, {**opened, "ward": "Ward 9"})

    assert answer.status_code == 409
    mine.refresh_from_db()
    assert (mine.office, mine.ward) == ("Speaker", "")


@pytest.mark.release
def test_two_thousand_are_taken_in_from_a_file_at_once(client):
    def import_(number, name):
        people = RecipientList.objects.create(name=name, addressed_as="them")
        lines = [f"P {n},Member,p{n}@{name}.example" for n in range(number)]
        text = "\n".join(["name,office,email", *lines])
        path = f"{LISTS}{people.pk}/import/"
        sent = {"file": SimpleUploadedFile("a.csv", text.encode())}
        before, preview = cost(lambda: client.post(path, sent))
        sent = {"text": text, "take_in": ""}
        after, done = cost(lambda: client.post(path, sent, follow=True))
        assert f"{number} recipients added." in done.text
        assert people.recipients.count() == number
        return before, after, preview

    *usual, _preview = import_(3, "few")
    *queries, preview = import_(MANY, "many")

    assert queries[0] == usual[0]
    assert queries[1] - usual[1] < 40  # hundreds of rows a statement
    assert "We show the first 100." in preview.text
    assert preview.text.count("<tr><td>") == 100
    assert LogEntry.objects.filter(change_message="2000 recipients added.").exists()


@pytest.mark.release
def test_a_list_of_two_thousand_comes_back_with_everybody(client, bo):
    def delete_and_put_back(people):
        path = f"{LISTS}{people.pk}/delete/"
        before, _page = cost(lambda: client.post(path, {"post": "yes"}))
        assert not RecipientList.objects.filter(pk=people.pk).exists()
        entry = Deleted.objects.get()
        back = f"/admin/versions/deleted/{entry.pk}/restoration/"
        after, _page = cost(lambda: client.post(back))
        return before, after

    usual = delete_and_put_back(make_recipients(3, "few"))
    people = long_list()
    people.save()
    names = ProtectedName.objects.count()
    addresses = set(people.recipients.values_list("pk", "email"))
    queries = delete_and_put_back(people)

    assert set(people.recipients.values_list("pk", "email")) == addresses
    assert ProtectedName.objects.count() == names > MANY
    # Rows are deleted and made in batches.
    assert queries[0] - usual[0] < 60
    assert queries[1] - usual[1] < 40


def test_what_is_deleted_for_ever_takes_the_versions_of_its_people_along(client, bo):
    people = make_recipients(2)
    Version.objects.note(people.recipients.first(), by=bo)
    entry = Deleted.objects.put(people, by=bo)

    entry.forget()

    assert not Version.objects.exists()


@pytest.mark.release
def test_a_letter_to_two_thousand_is_written_and_becomes_as_many_deliveries(client):
    def write(number, name):
        suggested = make_letter(
            make_campaign(), recipients=make_recipients(number, name)
        )
        campaign = suggested.campaign
        action, first = cost(lambda: client.get(campaign.get_absolute_url()))
        form, second = cost(lambda: client.get(suggested.get_absolute_url()))
        own, _letter = cost(lambda: confirmed(suggested))
        return suggested, (action, form), own, (first, second)

    _suggested, usual, usual_own, _pages = write(3, "few")
    suggested, queries, own, pages = write(MANY, "many")

    assert queries == usual
    assert own - usual_own < 20  # rows and jobs are made in batches
    assert Delivery.objects.filter(letter__suggested_letter=suggested).count() == MANY
    for page in pages:
        assert len(page.content) < SMALL
        assert f"See all {MANY:,} recipients" in page.text
    all_of_them = f"{suggested.get_absolute_url()}recipients/"
    assert "ward100@council.example" in client.get(all_of_them).text
    assert "ward2000@council.example" in client.get(f"{all_of_them}20/").text
    assert client.get(f"{all_of_them}21/").status_code == 404


def test_the_pages_around_a_letter_to_two_thousand_stay_small(client):
    body = f"[Salutation]\n\n{LETTER}"
    suggested = make_letter(recipients=long_list(), body=body)
    letter = confirmed(suggested)
    desk = f"/admin/letters/suggestedletter/{suggested.pk}"

    for path in (
        f"{desk}/stances/",
        f"{desk}/preview/",
        f"/admin/editor/campaigns/{suggested.campaign_id}/",
        letter.done_url,
        "/admin/letters/recipient/",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert len(page.content) < 2 * SMALL, path
    assert "2,000 versions" in client.get(f"{desk}/preview/").text
    assert (
        "2,000 people are on the list"
        in client.get(f"/admin/editor/campaigns/{suggested.campaign_id}/").text
    )


def test_what_one_of_two_thousand_said_is_entered(client):
    suggested = make_letter(recipients=long_list())
    mine = suggested.recipient_list.recipients.get(email="ward1500@council.example")
    path = f"/admin/letters/suggestedletter/{suggested.pk}/stances/?q=ward+1500"

    entry = {"kind": "supports", "day": "2026-01-02", "source": "Council meeting"}
    typed = {f"r{mine.pk}-{name}": value for name, value in entry.items()}
    answer = fill_in(client, path, **typed)

    assert answer["Location"] == path
    assert suggested.stances.get().recipient == mine
    page = client.get(suggested.campaign.get_absolute_url()).text
    assert "Show 1 official" in page or "Supports it" in page


def test_a_writer_to_two_thousand_tells_of_an_answer_on_any_page(client):
    letter = confirmed(make_letter(recipients=make_recipients(70)))
    last = letter.deliveries.order_by("pk").last()
    path = f"{letter.done_url}answers/{last.pk}/"

    assert last.label not in client.get(letter.done_url).text
    refused = client.post(path, {}, headers={"sec-fetch-site": "same-origin"})

    assert refused.status_code == 422
    assert last.label in refused.text


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_an_address_at_once_the_second_reads_a_sentence(
    client, monkeypatch
):
    people = make_recipients(1)
    validate = Recipient.validate_constraints

    def in_their_transaction(email):
        def add():
            with closing(connection):
                Recipient.objects.create(list=people, office="Clerk", email=email)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(add).result()

    def validate_and_let_another_in(self, *args, **kwargs):
        """Somebody else saves the same between the look and the saving."""
        validate(self, *args, **kwargs)
        monkeypatch.setattr(Recipient, "validate_constraints", validate)
        in_their_transaction(self.email)

    monkeypatch.setattr(Recipient, "validate_constraints", validate_and_let_another_in)
    typed = {"list": people.pk, "office": "City Clerk", "email": "clerk@city.example"}

    page = client.post(ADD, {**typed, "rhythm": "each", "order": "5"})

    assert page.status_code == 200
    assert "This address is already on the list." in page.text
    assert 'value="City Clerk"' in page.text
    assert people.recipients.filter(email="clerk@city.example").count() == 1
