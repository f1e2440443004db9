"""What belongs to a campaign shows on its clocks, all else on those of the site."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import connection, models
from django.db.models import Sum
from django.test import override_settings
from django.utils.formats import date_format

from campaigns import page_views
from campaigns.local_time import OnCampaignClocks
from campaigns.models import Campaign, PageViews, timezones
from database.zones import as_people_say
from letters.models import Letter, Meeting
from outbox import samples
from petitions.models import (
    Invalidation,
    Petition,
    ReferralDayCount,
    Signature,
    TallyEntry,
)
from supporters.models import Follow
from tests.factories import (
    make_campaign,
    make_comment,
    make_follow,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    sign,
)
from tests.letters.makers import confirmed
from tests.staff.forms import change_page
from tests.staff.test_lists import LISTS, make_row
from tests.translations.left import of_programs

pytestmark = pytest.mark.django_db
# The same moment is the evening before in Los Angeles, and the next morning in Seoul.
MOMENT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
THERE, SEOUL = "1 Mar 2026, 15:30 PST", "2 Mar 2026, 08:30 KST"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def cy(client):
    client.force_login(make_staff("cy", is_superuser=True))


def petition_in(zone):
    return make_petition(make_campaign(timezone=zone, opens_at=BEFORE))


def signed(petition, moment=MOMENT, name="Ada"):
    number = Signature.objects.count()
    signature = sign(petition, name=name, email=f"p{number}@x.example")
    signature.confirm()
    Signature.objects.filter(pk=signature.pk).update(created_at=moment)
    petition.tally.exclude(commitment=None).update(at=moment, signed_at=moment)
    return signature


def test_the_chart_of_days_has_the_days_of_the_campaign(client):
    petition = petition_in("Asia/Seoul")
    signed(petition)
    TallyEntry.roll_up()

    page = client.get("/campaign-1/count/").text

    assert "The chart begins on 2 March 2026." in page
    assert "Days begin at midnight, Seoul time." in page
    assert "1 March 2026" not in page


@pytest.mark.parametrize(
    ("later", "found"),
    [
        ("America/Los_Angeles", [(date(2026, 3, 1), 1, 1), (date(2026, 3, 2), 1, 1)]),
        ("Pacific/Kiritimati", [(date(2026, 3, 2), 2, 2)]),
    ],
)
def test_each_signature_is_of_one_day_when_the_zone_changes(later, found):
    """What was counted stays on its day; what is counted then is of the new clocks."""
    petition = petition_in("Asia/Seoul")
    signed(petition)
    TallyEntry.roll_up()
    ReferralDayCount.note_signed()
    Petition.objects.update(signed_noted_until=MOMENT + timedelta(seconds=1))

    Campaign.objects.update(timezone=later)
    signed(petition, MOMENT + timedelta(seconds=2))
    TallyEntry.roll_up()
    ReferralDayCount.note_signed()
    ReferralDayCount.note_signed()

    added = petition.days.order_by("day").values_list("day").annotate(Sum("added"))
    signed_on = petition.referral_days.order_by("day")
    signed_on = dict(signed_on.values_list("day", "signed"))
    assert [(day, number, signed_on.pop(day)) for day, number in added] == found
    assert not signed_on


def test_page_views_are_of_the_campaigns_days(client, time_machine):
    petition_in("Asia/Seoul")
    petition_in("America/Los_Angeles")
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"

    time_machine.move_to(MOMENT, tick=False)
    for slug in ("campaign-1", "campaign-2"):
        client.get(f"/{slug}/", headers={"user-agent": browser})
    page_views.store()

    days = dict(PageViews.objects.values_list("campaign__slug", "day"))
    assert days == {"campaign-1": date(2026, 3, 2), "campaign-2": date(2026, 3, 1)}


def test_figures_of_a_campaign_begin_their_days_at_its_midnight(client, cy):
    petition = petition_in("Asia/Seoul")
    signed(petition)
    TallyEntry.roll_up()
    make_comment(petition.campaign, created_at=MOMENT)
    page = f"/admin/campaigns/campaign/{petition.campaign.pk}/figures/"
    asked = {"since": "2026-03-02", "until": "2026-03-02"}

    shown = client.get(page, asked).text
    rows = [
        client.get(page, {**asked, "csv": key}).getvalue().decode().splitlines()[1]
        for key in ("signatures", "comments")
    ]

    assert "Days begin at midnight, Seoul time." in shown
    assert rows[0] == "2026-03-02,1,1,0"
    assert rows[1].startswith("2026-03-02,1,")


def test_whose_names_have_gone_keeps_the_day_of_the_campaign():
    petition = petition_in("Asia/Seoul")
    signed(petition)

    Signature.objects.all().anonymise()

    # Midnight in Seoul.
    assert Signature.objects.get().created_at == datetime(2026, 3, 1, 15, tzinfo=UTC)


def test_staff_read_each_row_on_the_clocks_of_its_campaign(client, cy):
    council = make_recipients()
    for zone in ("America/Los_Angeles", "Asia/Seoul"):
        petition = petition_in(zone)
        signed(petition)
        confirmed(make_letter(petition.campaign, recipients=council))
        make_follow(petition.campaign)
    make_follow(None)
    for acts in (Letter, Follow):
        acts.objects.update(created_at=MOMENT)

    for path in ("petitions/signature/", "letters/letter/", "supporters/follow/"):
        page = client.get(f"/admin/{path}").text
        assert THERE in page, path
        assert SEOUL in page, path
    # One who follows all campaigns is on the clocks of the site.
    assert "1 Mar 2026, 23:30 GMT" in page
    first = Signature.objects.order_by("pk").first()
    page = client.get(change_page("/admin/petitions/signature/", first)).text
    assert "1 March 2026, 15:30 PST" in page


def test_what_spans_campaigns_is_on_the_clocks_of_the_site(client, cy):
    make_follow(None)
    Follow.objects.update(created_at=MOMENT)

    with override_settings(TIME_ZONE="America/Los_Angeles"):
        page = client.get("/admin/supporters/follow/").text
        added = client.get("/admin/editor/campaigns/new/").text

    assert THERE in page
    # A new campaign is there, too, until somebody says where.
    assert 'value="America/Los_Angeles"' in added


def test_every_list_of_rows_of_a_campaign_has_its_clocks():
    apps = ("petitions", "letters", "comments", "supporters")
    missing = []
    for model, own in admin.site._registry.items():
        moments = {
            field.name
            for field in model._meta.fields
            if isinstance(field, models.DateTimeField)
        }
        shown = moments & {str(name) for name in own.list_display}
        of_a_campaign = model._meta.app_label in apps
        if of_a_campaign and shown and not isinstance(own, OnCampaignClocks):
            missing.append(model.__name__)

    # Notices of illegal content, requests of erasure and retention runs are of no
    # campaign. A suggested letter and its texts are edited there.
    assert sorted(missing) == [
        "ErasureRequest",
        "LetterText",
        "Report",
        "RetentionRun",
        "SuggestedLetter",
    ]


def test_times_of_the_fraud_desk_are_typed_on_the_clocks_of_the_campaign(client, cy):
    petition = petition_in("America/Los_Angeles")
    signed(petition, name="Bot")
    asked = {"petition": petition.pk, "since": "2026-03-01T15:00"}

    found = client.get("/admin/petitions/signature/fraud/", asked)
    later = {**asked, "since": "2026-03-01T16:00"}
    none = client.get("/admin/petitions/signature/fraud/", later)
    left_out = {**asked, "until": "2026-03-08T02:30"}
    wrong = client.get("/admin/petitions/signature/fraud/", left_out)

    assert "1 Mar 2026, 15:30:00 PST" in found.text
    assert "Bot" not in none.text
    assert wrong.status_code == 422
    assert "The clocks go forward that night" in wrong.text
    assert not Invalidation.objects.exists()


def test_a_time_is_typed_whatever_clocks_the_site_has(client, cy):
    """In Los Angeles, where the site is, this hour does not exist; in Seoul it does."""
    campaign = make_campaign(timezone="Asia/Seoul")
    campaign.close("It is over.")

    with override_settings(TIME_ZONE="America/Los_Angeles"):
        page = f"/admin/campaigns/campaign/{campaign.pk}/ending/"
        client.post(page, {"closes_at": "2035-03-11T02:30", "reopen": ""})

    campaign.refresh_from_db()
    assert campaign.closes_at == datetime(2035, 3, 10, 17, 30, tzinfo=UTC)


def test_the_database_knows_each_zone_that_can_be_chosen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        known = {name for (name,) in cursor.fetchall()}

    assert timezones() - known == set()


@pytest.mark.parametrize("month", [1, 7])
def test_the_database_has_the_clocks_of_each_zone_that_can_be_chosen(month):
    """Some names are fixed abbreviations there, and have no summer."""
    noon = datetime(2026, month, 15, 12, tzinfo=UTC)
    zones = sorted(timezones())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT zone, %s AT TIME ZONE zone FROM unnest(%s::text[]) AS zone",
            [noon, zones],
        )
        there = dict(cursor.fetchall())

    here = {z: noon.astimezone(ZoneInfo(z)).replace(tzinfo=None) for z in zones}
    assert here.items() - there.items() == set()


def test_clocks_that_are_set_back_count_nobody_twice(time_machine):
    petition = petition_in("Asia/Seoul")
    signed(petition)
    for hours in (2, 0, 2):
        time_machine.move_to(MOMENT + timedelta(hours=hours), tick=False)
        ReferralDayCount.note_signed()

    assert list(petition.referral_days.values_list("signed", flat=True)) == [1]


OF_NO_PLACE = ["UTC", "Etc/UTC", "Zulu", "GMT"]


@pytest.mark.parametrize("zone", OF_NO_PLACE)
def test_people_get_a_plain_name_for_the_clocks_of_no_place(client, cy, zone):
    signed(petition_in(zone))
    TallyEntry.roll_up()

    public = client.get("/campaign-1/count/").text
    of_staff = client.get("/admin/petitions/signature/").text

    assert "Greenwich Mean Time" in public
    assert "1 Mar 2026, 23:30 GMT" in of_staff
    assert "UTC" not in public + of_staff


@pytest.mark.parametrize("zone", OF_NO_PLACE)
def test_a_meeting_is_on_a_clock_with_a_plain_name(zone):
    meeting = Meeting(timezone=zone, starts_at=MOMENT)

    assert meeting.whose_clocks == "Greenwich Mean Time"
    assert date_format(meeting.cut_off, "DATETIME_FORMAT") == "1 March 2026, 23:30 GMT"


def test_no_list_or_sample_of_a_mail_says_utc(client, cy):
    """What belongs to no campaign is on the clocks of the site, in no place here."""
    make_row(1)
    lists = [client.get(f"/admin/{path}/").text for path in LISTS]
    desk = client.get("/admin/").text
    mails = [samples.write(name, "en").body for name in samples.names()]

    assert len(re.findall(r"\d\d:\d\d GMT", "".join(lists))) > 20
    assert [text for text in [*lists, desk, *mails] if of_programs(text)] == []


def test_settings_know_utc_by_its_plain_name():
    """Whatever the environment calls it."""
    assert [as_people_say(zone) for zone in OF_NO_PLACE] == ["GMT"] * 4
    assert as_people_say("Asia/Seoul") == "Asia/Seoul"
