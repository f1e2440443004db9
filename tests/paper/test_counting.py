"""Names on paper: compared with who stands already, counted once, and shown apart."""

import os
import stat
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign
from database import retention
from paper import scans
from paper.batches import PORTION
from paper.models import CannotCount, Match, PaperBatch, PaperLine
from paper.tasks import keep_up_paper
from petitions.counting import checker, verifying
from petitions.models import (
    Bundle,
    Link,
    Petition,
    TallyEntry,
)
from supporters.models import Supporter
from tests.concurrency import at_once
from tests.factories import (
    hand_over,
    make_counted,
    make_paper,
    make_petition,
    make_staff,
    sign,
)
from tests.hostile.test_uploads import drawn

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada Lovelace", "city": "London", "email": "ada@mail.example"}


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators")


def standing(petition):
    return Petition.objects.get(pk=petition.pk).standing


def matches(batch):
    return list(batch.lines.order_by("number").values_list("match", flat=True))


def agree(petition):
    """Tally, chain and rows say the same, and the checker finds no fault."""
    TallyEntry.roll_up()
    assert verifying.drifts() == []
    assert Link.objects.total() == standing(petition).count


def test_a_batch_is_counted_as_a_whole_and_shown_apart(client, cy):
    petition = make_petition()
    make_counted(petition, 2)
    batch = make_paper(petition, "Grace", "Bo", {"name": "João", "country": "PT"})
    assert standing(petition).count == 2

    batch.count(by=cy)
    batch.count(by=cy)

    now = standing(petition)
    assert (now.count, now.on_paper, now.countries) == (5, 3, 2)
    assert petition.tally.filter(on_paper=True).count() == 2
    agree(petition)
    assert (standing(petition).count, standing(petition).on_paper) == (5, 3)
    answer = client.get("/campaign-1/count.json").json()
    assert (answer["count"], answer["on_paper"]) == (5, 3)
    for path in ("/campaign-1/", "/campaign-1/count/"):
        assert "3 of them on paper" in client.get(path).text
    petition.campaign.close()
    assert "3 of them on paper" in client.get("/campaign-1/?").text


def test_without_paper_nothing_is_said_of_it(client):
    make_counted(make_petition(), 2)

    assert "on paper" not in client.get("/campaign-1/").text
    assert "on paper" not in client.get("/campaign-1/count/").text


def test_a_batch_counted_by_mistake_is_taken_off_and_counted_anew(cy):
    petition = make_petition()
    make_counted(petition)
    batch = make_paper(petition, "Grace", "Bo")
    batch.count(by=cy)
    agree(petition)

    batch.uncount()
    batch.uncount()

    assert (standing(petition).count, standing(petition).on_paper) == (1, 0)
    agree(petition)
    batch.count(by=cy)
    agree(petition)
    assert [link.delta for link in Link.objects.order_by("number")] == [1, 2, -2, 2]
    steps = [(*step, link.delta) for *step, link in petition.paper.steps(petition)]
    assert steps == [
        (batch.pk, 1, "GB", 2),
        (batch.pk, 2, "GB", -2),
        (batch.pk, 3, "GB", 2),
    ]
    commitments = {bytes(link.commitment) for link in Link.objects.all()}
    assert len(commitments) == 4  # each line is one of its own, as the checker asks
    assert "Grace" not in "".join(checker.all_csv_lines(petition))


def test_the_nightly_comparison_puts_a_wrong_count_on_paper_right(cy):
    petition = make_petition()
    make_paper(petition, "Grace", "Bo").count(by=cy)
    TallyEntry.roll_up()
    petition.tally.create(country="GB", delta=-1, on_paper=True)

    [drift] = verifying.repair()

    assert "the count for GB was 1, and its signatures are 2" in drift.words
    assert standing(petition).on_paper == 2


@pytest.mark.parametrize("portion", [PORTION, 3, 1])
def test_who_stands_already_is_found_by_address_and_by_name_and_place(
    cy, monkeypatch, portion
):
    monkeypatch.setattr("paper.batches.PORTION", portion)
    petition = make_petition()
    sign(petition, email="ada.l+paper@gmail.com").confirm()
    sign(petition, name="Zoë Müller", city="Köln", country="DE").confirm()
    earlier = make_paper(
        petition, {"name": "Mary", "postcode": "sw1a 2aa", "city": "London"}
    )
    earlier.count(by=cy)
    german = {"name": "MULLER  zoe", "country": "DE"}

    batch = make_paper(
        petition,
        {"name": "A. Lovelace", "email": "adal@googlemail.com"},  # the same mailbox
        {**german, "city": "koln"},  # the same name and place
        {**german, "city": "Bonn"},  # another place
        {**german, "city": ""},  # a place that nobody wrote
        {"name": "Zoe Muller", "city": "Köln", "country": "AT"},  # another country
        {"name": "mary", "postcode": "SW1A 2AA"},  # on other sheets
        {"name": "Grace", "city": "Leeds"},
        {"name": "grace", "city": "LEEDS"},  # twice on these
        {"name": "GRACE", "city": "Leeds"},  # and again
        {"name": "G. H.", "email": "grace@mail.example"},
        {"name": "Di", "email": "grace@mail.example"},  # with the same address
    )

    assert matches(batch) == [
        Match.SAME,
        Match.OPEN,
        Match.NONE,
        Match.OPEN,
        Match.NONE,
        Match.OPEN,
        Match.NONE,
        Match.OPEN,
        Match.OPEN,
        Match.NONE,
        Match.SAME,
    ]
    twins = batch.lines.exclude(twin=None).filter(twin__batch=batch)
    assert list(twins.values_list("number", "twin__number").order_by("number")) == [
        (8, 7),
        (9, 7),
        (11, 10),
    ]
    with pytest.raises(CannotCount, match="Decide first"):
        batch.count(by=cy)
    for line in batch.lines.filter(match=Match.OPEN):
        line.decide(is_same=line.number != 4)
    batch.count(by=cy)
    assert sorted(
        batch.lines.filter(counted=True).values_list("number", flat=True)
    ) == [
        3,
        4,
        5,
        7,
        10,
    ]
    agree(petition)


def test_a_decision_stays_when_it_is_compared_again_and_can_be_changed(cy):
    petition = make_petition()
    make_counted(petition, name="Ada Lovelace")
    batch = make_paper(petition, "Ada Lovelace", "Grace")
    [line] = batch.lines.filter(match=Match.OPEN)
    line.decide(is_same=False)
    batch.compare()
    batch.refresh_from_db()
    batch.count(by=cy)
    assert standing(petition).on_paper == 2

    line.decide(is_same=True)
    line.decide(is_same=True)

    assert standing(petition).on_paper == 1
    agree(petition)


def test_who_signs_between_comparing_and_counting_is_found_too(cy):
    petition = make_petition()
    batch = make_paper(petition, ADA, "Grace Hopper")
    other = make_paper(petition, "Grace Hopper", by=make_staff("bo"))
    sign(petition, **{**ADA, "country": "GB"}).confirm()
    other.count(by=cy)

    with pytest.raises(CannotCount, match="Decide first"):
        batch.count(by=cy)

    assert matches(batch) == [Match.SAME, Match.OPEN]
    batch.lines.get(match=Match.OPEN).decide(is_same=True)
    with pytest.raises(CannotCount, match="no line to count"):
        batch.count(by=cy)
    assert standing(petition).count == 2


@pytest.mark.django_db(transaction=True)
def test_who_stands_on_two_batches_counted_at_once_counts_once():
    petition, cy = make_petition(), make_staff("cy")
    batches = [make_paper(petition, ADA) for _number in range(2)]

    def count(batch):
        with suppress(CannotCount):
            batch.count(by=cy)

    at_once([partial(count, batch) for batch in batches])

    assert standing(petition).on_paper == 1
    assert PaperLine.objects.filter(counted=True).count() == 1


def test_who_entered_a_batch_does_not_count_it(cy, settings):
    bo = make_staff("bo", "Campaigners")
    batch = make_paper(make_petition(), "Grace", by=bo)

    with pytest.raises(CannotCount, match="somebody else must count it"):
        batch.count(by=bo)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperBatch.objects.update(counted_at=timezone.now(), finished_at=None)
    settings.PAPER_NEEDS_SECOND_PERSON = False  # a group of one
    batch.count(by=bo)

    assert batch.counted_by == bo


def test_lines_that_are_not_compared_are_not_counted(cy):
    batch = make_paper(make_petition(), "Grace")
    batch.reopen()

    with pytest.raises(CannotCount, match="not compared"):
        batch.count(by=cy)


def test_an_erased_address_takes_its_line_off_the_sheets(cy):
    petition = make_petition()
    supporter = Supporter.objects.with_address(ADA["email"])
    note = f"Call {ADA['email']}"
    batch = make_paper(petition, ADA, "Grace", note=note)
    batch.count(by=cy)

    [on_paper] = supporter.export()["names on paper"]
    assert (on_paper["name"], on_paper["counted"]) == ("Ada Lovelace", True)
    supporter.erase()

    assert [line.name for line in batch.lines.all()] == ["Grace"]
    assert standing(petition).on_paper == 1
    batch.refresh_from_db()
    assert batch.note == "Call […]"
    agree(petition)


def test_after_the_end_an_erased_line_counts_without_its_person(cy):
    petition = make_petition()
    batch = make_paper(petition, ADA, "Grace")
    batch.count(by=cy)
    petition.campaign.close()

    batch.lines.get(email=ADA["email"]).erase()

    line = batch.lines.get(number=1)
    assert (line.name, line.city, line.email, line.counted) == ("", "", "", True)
    assert standing(petition).on_paper == 2
    agree(petition)


def test_names_and_scans_go_months_after_the_end_and_the_count_stays(cy, media, work):
    petition = make_petition()
    make_counted(petition, name="Ada Lovelace")
    batch = make_paper(petition, ADA, "Grace", collected_by="Di")
    batch.lines.filter(match=Match.OPEN).get().decide(is_same=True)
    name, size = scans.take_in(ContentFile(drawn("PNG"), "sheet.png"))
    batch.scans.create(name=name, size=size)
    batch.count(by=cy)
    [rule] = [rule for rule in retention.rules() if rule.name == "paper"]
    assert (rule.due(), rule.forget()) == (0, 0)
    long_ago = timezone.now() - timedelta(days=400)
    day = timedelta(days=1)
    Campaign.objects.update(opens_at=long_ago - day, closes_at=long_ago)
    hand_over(petition.campaign, day=long_ago.date())

    assert (rule.due(), rule.forget(), rule.forget()) == (1, 1, 0)
    work()

    assert list((media / "paper").iterdir()) == []
    [line] = batch.lines.all()
    assert (str(line), line.name, line.country) == ("line 2", "", "GB")
    batch.refresh_from_db()
    assert (batch.collected_by, batch.scans.count()) == ("", 0)
    assert standing(petition).on_paper == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperLine.objects.update(name="Back again")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_scan_is_taken_by_its_content(media, kind):
    name, size = scans.take_in(ContentFile(drawn(kind) + b"<script>", "sheet.pdf"))

    assert name.endswith(".jpg")
    with scans.FILES.open(name) as file:
        content = file.read()
    assert b"<script>" not in content
    assert len(content) == size
    for path, mode in ((media / "paper", 0o700), (media / "paper" / name, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    scans.FILES.forget(name)
    scans.FILES.forget(name)
    assert scans.FILES.open(name) is None


def test_a_scan_that_came_to_no_batch_goes_after_a_day(cy, media):
    def written(at, *names):
        for file in names:
            os.utime(media / "paper" / file, (at.timestamp(), at.timestamp()))

    batch = make_paper(make_petition(), "Ada Lovelace")
    name, size = scans.take_in(ContentFile(drawn("PNG"), "sheet.png"))
    batch.scans.create(name=name, size=size)
    stray, _size = scans.take_in(ContentFile(drawn("PNG"), "sheet.png"))
    rule = retention.rule("stray files")
    written(timezone.now(), name, stray)
    assert (rule.due(), rule.forget()) == (0, 0)  # its form may be on the way

    written(timezone.now() - timedelta(days=2), name, stray)

    assert (rule.due(), rule.forget(), rule.forget()) == (1, 1, 0)

    assert [file.name for file in (media / "paper").iterdir()] == [name]


def test_a_pdf_is_kept_and_anything_else_is_refused(media):
    name, _size = scans.take_in(ContentFile(b"%PDF-1.7\n...\n%%EOF\n", "scan.jpg"))
    assert name.endswith(".pdf")
    for content, words in (
        (b"%PDF-1.7 cut off", "not whole"),
        (b"<html>", "neither a PDF nor a picture"),
        (drawn("PNG")[:60], "cannot read this picture"),
        (drawn("GIF"), "neither a PDF nor a picture"),
        (b"x" * (scans.MOST_BYTES + 1), "at most 10 MB"),
    ):
        with pytest.raises(scans.NotAScan, match=words):
            scans.take_in(ContentFile(content, "sheet.pdf"))
    assert scans.FILES.open("../../etc/passwd") is None
    assert len(list(media.rglob("*.*"))) == 1


def test_many_lines_cost_few_statements(cy):
    petition = make_petition()
    with CaptureQueriesContext(connection) as queries:
        batch = make_paper(petition, *(f"Person {n}" for n in range(5000)))
        batch.count(by=cy)

    assert standing(petition).on_paper == 5000
    assert len(queries) < 60


def test_one_of_many_batches_is_changed_without_reading_the_others():
    petition = make_petition()
    batch, *_others = (make_paper(petition, "Ada Lovelace") for _number in range(3))

    with CaptureQueriesContext(connection) as queries:
        batch.anonymise()

    read = [q["sql"] for q in queries if 'FROM "petitions_paperbatch"' in q["sql"]]
    assert read
    assert all(f'"petitions_paperbatch"."id" = {batch.pk}' in sql for sql in read)


def test_a_likeness_that_is_deleted_is_nobody_any_more(cy):
    petition = make_petition()
    [online] = make_counted(petition, name="Ada Lovelace")
    batch = make_paper(petition, "Ada Lovelace")

    online.confirmation.supporter.erase()

    line = batch.lines.alike().get()
    assert line.signature is None
    line.decide(is_same=False)
    batch.count(by=cy)
    assert standing(petition).on_paper == 1


def test_who_signs_online_after_the_paper_was_counted_counts_once(cy):
    petition = make_petition()
    batch = make_paper(petition, ADA, "Grace Hopper", "Bo")
    batch.count(by=cy)
    sign(petition, **{**ADA, "country": "GB"}).confirm()
    sign(petition, name="Grace Hopper", email="grace@mail.example").confirm()
    assert standing(petition).count == 5

    batch.compare()
    batch.compare()

    assert matches(batch) == [Match.SAME, Match.OPEN, Match.NONE]
    assert (standing(petition).count, standing(petition).on_paper) == (4, 2)
    agree(petition)
    batch.lines.get(match=Match.OPEN).decide(is_same=True)
    assert standing(petition).on_paper == 1
    agree(petition)


def before_the_bundle(petition):
    bundle = Bundle.objects.create(petition=petition, to="The council")
    bundle.make()


@pytest.mark.parametrize("portion", [PORTION, 2, 1])
@pytest.mark.parametrize(
    "compare", [lambda _petition: keep_up_paper(0), before_the_bundle]
)
def test_who_signs_online_after_the_paper_counts_once_by_the_next_day(
    cy, media, monkeypatch, compare, portion
):
    monkeypatch.setattr("paper.batches.PORTION", portion)
    petition, other = make_petition(), make_petition()
    batches = [
        make_paper(petition, ADA, "Grace Hopper", "Bo"),
        make_paper(petition, "Dan", "Ed"),
        make_paper(other, ADA),
    ]
    for batch in batches:
        batch.count(by=cy)
    assert list(PaperBatch.objects.to_count(cy)) == []
    sign(petition, **{**ADA, "country": "GB"}).confirm()
    sign(petition, name="Grace Hopper", email="grace@mail.example").confirm()
    assert (standing(petition).count, standing(petition).on_paper) == (7, 5)

    compare(petition)
    compare(petition)

    assert matches(batches[0]) == [Match.SAME, Match.OPEN, Match.NONE]
    assert (standing(petition).count, standing(petition).on_paper) == (6, 4)
    assert standing(other).count == 1
    TallyEntry.roll_up()
    assert verifying.drifts() == []
    # Whoever decides finds on the desk that there is something to decide.
    assert list(PaperBatch.objects.to_count(cy)) == batches[:1]


def test_paper_counted_before_another_batch_counts_anew_is_still_found(cy):
    petition = make_petition()
    first, second = make_paper(petition, ADA, "Dan"), make_paper(petition, ADA)
    first.count(by=cy)
    first.uncount()
    second.count(by=cy)
    PaperBatch.objects.filter(pk=first.pk).update(counted_at=timezone.now())
    hour = timedelta(hours=1)
    PaperBatch.objects.filter(pk=second.pk).update(counted_at=timezone.now() + hour)
    PaperBatch.objects.keep_up(petition)
    PaperBatch.objects.update(compared_at=timezone.now() + 3 * hour)

    first.uncount()
    first.count(by=cy)

    assert matches(first) == [Match.SAME, Match.NONE]
    assert standing(petition).count == 2


def test_the_daily_comparison_reads_each_line_and_signature_once(cy):
    """Flat: the number of statements does not grow with batches and signatures."""

    def statements(number):
        petition = make_petition()
        for each in range(number):
            make_paper(petition, f"Bo {each}").count(by=cy)
        make_counted(petition, number)
        with CaptureQueriesContext(connection) as queries:
            PaperBatch.objects.keep_up(petition)
        return len(queries)

    assert statements(1) == statements(4)
