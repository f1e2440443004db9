from datetime import date, timedelta
from zipfile import ZipFile

from django.db import connection
from django.urls import resolve
from django.utils import timezone

from database.keyed_hashes import keyed_hash
from outbox.models import Reason, Suppression
from petitions.figures import by_country, growth_of
from petitions.models import Bundle, Petition, Signature
from petitions.names import moderation
from reporting.figures import Period
from safeguards.models import Block
from supporters.models import Report, Supporter
from tests.factories import (
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    sign,
)


def test_a_petition_of_before_has_no_earlier_wording_and_takes_signatures(
    upgrade_to, client
):
    upgrade = upgrade_to("petitions", "0002_earlier_wordings_of_an_ask")
    campaign = make_campaign(slug="bucheon")
    made = upgrade.model("petitions", "Petition").objects
    made.create(campaign_id=campaign.pk, ask="Close the market.")

    connection.check_constraints()  # nothing waits for the end of the transaction

    upgrade.migrate()

    petition = Petition.objects.get()
    assert petition.earlier == ()
    make_counted(petition, 2)
    assert sign(petition, email="zoe@mail.example").petition.is_signed
    assert "Earlier wording" not in client.get("/bucheon/count/").text


def test_a_name_from_before_shows_as_it_did(upgrade_to):
    [signature] = make_counted(make_petition())
    long_ago = timezone.now() - timedelta(days=1)
    Signature.objects.update(confirmed_at=long_ago, name_changed_at=timezone.now())
    connection.check_constraints()  # what is deferred would forbid the migration
    upgrade = upgrade_to("petitions", "0004_when_a_name_was_changed")
    assert upgrade.model("petitions", "Signature").objects.count() == 1

    upgrade.migrate()

    assert list(Signature.objects.shown_for_readers()) == [signature]


def test_mailboxes_with_names_of_their_own_are_known_as_new_ones_are(
    upgrade_to, client
):
    spelled, old = "shop@ada.fastmail.com", "ada@fastmail.com"
    petition, bo = make_petition(), make_staff("bo", "Campaigners")
    [signature] = make_counted(petition, email=spelled)
    Supporter.objects.update(mailbox=spelled)
    Signature.objects.update(canonical_email=spelled)
    Suppression.objects.put(spelled, Reason.COMPLAINED)
    Suppression.objects.update(mailbox_hash=keyed_hash("mailbox", spelled)[:16])
    Block.objects.create(kind="address", value="x@bo.fastmail.com", added_by=bo)
    Supporter.objects.create(email="eve@mail.example.org")
    connection.check_constraints()
    upgrade = upgrade_to("petitions", "0005_mailboxes_below_a_name_of_their_own")

    upgrade.migrate()

    mailboxes = Supporter.objects.order_by("pk").values_list("mailbox", flat=True)
    assert list(mailboxes) == [old, "eve@mail.example.org"]
    assert Supporter.objects.get(email=spelled).refuses("update")
    assert Block.objects.get(kind="address").value == "bo@fastmail.com"
    make_counted(petition, email=old, name=signature.name)
    assert Petition.objects.get().standing.count == 1


def test_reports_of_names_from_before_wait_for_a_moderator(upgrade_to):
    upgrade = upgrade_to("petitions", "0007_reports_are_one_model")
    [reported, noticed] = make_counted(make_petition(), 2)
    notices = upgrade.model("supporters", "Report").objects
    notice = notices.create(location="/", content="/", law="other", language="en")
    reports = upgrade.model("petitions", "NameReport").objects
    reports.create(signature_id=reported.pk, reason="private", network_hash="a" * 32)
    reports.create(signature_id=noticed.pk, reason="law", notice_id=notice.pk)

    upgrade.migrate()

    assert list(moderation.in_turn(moderation.waiting())) == [noticed, reported]
    report = reported.public_name.reports.get()
    assert report.reason == "address"
    assert report.location.endswith(f"/{reported.public_name.number}/report/")
    assert resolve(report.location).view_name == "petitions:name-report"
    Signature.objects.get(pk=noticed.pk).delete()
    assert Report.objects.notices().exists()


def test_a_bundle_that_was_asked_for_before_is_made(upgrade_to, media):
    upgrade = upgrade_to("petitions", "0009_nobody_chooses_what_a_bundle_holds")
    petition = make_petition()
    upgrade.model("petitions", "Bundle").objects.create(
        petition_id=petition.pk, to="the Mayor", has_pdf=False, name="a" * 32 + ".zip"
    )
    connection.check_constraints()

    upgrade.migrate()

    bundle = Bundle.objects.get()
    bundle.make()
    with bundle.open() as file, ZipFile(file) as found:
        assert "petition.pdf" in found.namelist()
    Bundle.objects.create(petition=petition, to="the council")


def test_days_of_before_are_the_same_and_add_up(upgrade_to):
    upgrade = upgrade_to("petitions", "0010_days_of_the_count_are_by_country")
    petition, day = make_petition(), date(2026, 3, 1)
    of_day = {"petition_id": petition.pk, "day": day}
    upgrade.model("petitions", "DayCount").objects.create(**of_day, added=9, removed=2)
    countries = upgrade.model("petitions", "CountryDayCount").objects
    countries.create(**of_day, country="PT", added=3, removed=1)
    countries.create(**of_day, country="GB", added=1, removed=0)
    connection.check_constraints()

    upgrade.migrate()

    assert growth_of(petition) == {day: 7}
    rows = by_country(petition.campaign, Period(day, day)).rows
    assert [(row.name, row.values[0]) for row in rows] == [
        ("Portugal", 2),
        ("United Kingdom", 1),
    ]


def test_reports_of_names_that_came_during_the_upgrade_wait_too(upgrade_to):
    [reported, twice, noticed] = make_counted(make_petition(), 3)
    twice.public_name.report(location="/new/", reason="other", network_hash="b" * 32)
    connection.check_constraints()
    upgrade = upgrade_to("petitions", "0008_the_table_of_name_reports_goes")
    notices = upgrade.model("supporters", "Report").objects
    notice = notices.create(location="/", content="/", law="other", language="en")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO petitions_namereport"
            " (signature_id, reason, network_hash, notice_id) VALUES (%s, %s, %s, %s)",
            [
                (reported.pk, "private", "a" * 32, None),
                (twice.pk, "private", "b" * 32, None),
                (noticed.pk, "law", "", notice.pk),
                (10**6, "other", "", None),  # deleted in the meantime
            ],
        )

    upgrade.migrate()

    assert list(moderation.in_turn(moderation.waiting())) == [noticed, reported, twice]
    assert reported.public_name.reports.get().reason == "address"
    assert twice.public_name.reports.get().location == "/new/"
    assert noticed.public_name.reports.get().pk == notice.pk
    assert "petitions_namereport" not in connection.introspection.table_names()
