"""What somebody tries who has a link that they should not have, or never had one."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import CampaignText
from campaigns.models.update import UpdateText
from tests.factories import make_campaign, make_staff, make_text, make_update
from tests.hostile import VALUES
from tests.volunteers.conftest import KOREAN, ask, campaigner, opened, path_of, texts_of
from versions.models import Version
from volunteers.access import MOST_OPEN
from volunteers.models import TranslatedText, TranslationRequest
from volunteers.requests import in_days

pytestmark = pytest.mark.django_db


def test_a_link_that_is_over_or_closed_opens_nothing_also_where_it_was_open(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), {"title": "처음"})
    mine = TranslationRequest.objects.filter(pk=request.pk)

    for over in ({"closed_at": timezone.now()}, {"ends_at": timezone.now()}):
        mine.update(**{"closed_at": None, "ends_at": in_days(1)})
        assert volunteer.get(texts_of(request)).status_code == 200
        mine.update(**over)
        for page in (path_of(request), texts_of(request), texts_of(request, "kept/")):
            answer = volunteer.post(page, {"title": "다음"})
            assert answer.status_code == 410
            assert "They sell dogs." not in answer.text
    assert TranslatedText.objects.get().words == "처음"


def test_a_campaign_that_is_deleted_takes_its_links_along(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    type(campaign).objects.filter(pk=campaign.pk).update(deleted_at=timezone.now())

    assert volunteer.get(path_of(request)).status_code == 404
    assert volunteer.get(texts_of(request)).status_code == 404


def test_the_cookie_of_one_link_opens_no_other(campaign):
    mine, theirs = ask(campaign), ask(campaign, "de")
    volunteer = opened(mine)

    assert volunteer.get(texts_of(theirs)).status_code == 403
    assert volunteer.post(texts_of(theirs), KOREAN).status_code == 403
    assert not TranslatedText.objects.exists()


def test_a_forged_cookie_opens_nothing(campaign):
    request = ask(campaign)
    other = make_campaign()
    stranger = Client(headers={"sec-fetch-site": "same-origin"})
    for value in (str(request.pk), "[1]:x:y", opened(ask(other)).cookies):
        stranger.cookies["volunteer"] = str(value)
        assert stranger.get(texts_of(request)).status_code == 403


def test_a_browser_has_a_few_links_open_and_no_endless_cookie(campaign):
    browser = Client(headers={"sec-fetch-site": "same-origin"})
    requests = [ask(campaign) for _ in range(MOST_OPEN + 1)]
    for request in requests:
        opened(request, browser)

    assert browser.get(texts_of(requests[-1])).status_code == 200
    assert browser.get(texts_of(requests[0])).status_code == 403


def test_a_form_of_another_site_writes_nothing(campaign):
    request = ask(campaign)
    volunteer = opened(request)

    for page in (path_of(request, "closing/"), texts_of(request)):
        answer = volunteer.post(page, KOREAN, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    assert not TranslatedText.objects.exists()
    assert TranslationRequest.objects.open().exists()


@pytest.mark.parametrize("role", ["translates", "reads"])
def test_who_may_not_publish_publishes_nothing(campaign, role):
    request = ask(campaign, role=role)
    volunteer = opened(request)

    answer = volunteer.post(texts_of(request), {**KOREAN, "publish": ""})

    assert answer.status_code == 302
    assert not CampaignText.objects.exists()
    assert 'name="publish"' not in volunteer.get(texts_of(request)).text


def test_a_reader_whom_a_campaigner_allowed_it_publishes(campaign):
    request = ask(campaign, role="reads", may_publish=True)
    reader = opened(request)

    answer = reader.post(texts_of(request), {**KOREAN, "publish": ""})

    assert answer.status_code == 302
    assert CampaignText.objects.published().get().title == KOREAN["title"]


def test_who_translates_never_gets_the_right_to_publish(campaign):
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(campaign, role="translates", may_publish=True)


def test_a_link_writes_in_no_other_campaign_language_or_part(campaign):
    other = make_campaign(title="Another", story="<p>Other.</p>")
    request = ask(campaign)
    volunteer = opened(request)

    for part in (f"campaign-{other.pk}", "campaign-0", "campaign", "user-1", "x" * 99):
        page = path_of(request, f"texts/{part}/")
        assert volunteer.get(page).status_code == 404
        assert volunteer.post(page, KOREAN).status_code == 404
        assert volunteer.post(f"{page}kept/", KOREAN).status_code == 404
    fields = {"slug": "taken", "language": "de", "published_at": "now", "campaign": "1"}
    volunteer.post(texts_of(request), {**KOREAN, **fields})
    assert {row.language for row in TranslatedText.objects.all()} == {"ko"}
    assert {row.what.partition(".")[2] for row in TranslatedText.objects.all()} == set(
        KOREAN
    )


def test_what_a_volunteer_writes_is_no_program_anywhere(client, campaign):
    request = ask(campaign)
    volunteer = opened(request)
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)><p>[picture 1]</p>"
    link = '<p><a href="javascript:alert(1)">x</a></p>'
    typed = {**KOREAN, "title": bad[:120], "story": bad + link}
    volunteer.post(texts_of(request), typed)
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"

    for page in (
        volunteer.get(texts_of(request)).text,
        volunteer.get(texts_of(request, "preview/")).text,
        volunteer.post(texts_of(request, "preview/"), typed).text,
        client.get(desk).text,
    ):
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page
        assert 'href="javascript:' not in page


@pytest.mark.parametrize("name", [name for name in VALUES if VALUES[name] is not None])
def test_no_field_breaks_the_page_whatever_is_typed(campaign, name):
    request = ask(campaign)
    volunteer = opened(request)

    for field in ("title", "story", "title-was", "summary"):
        for page in ("", "kept/", "preview/"):
            answer = volunteer.post(texts_of(request, page), {field: VALUES[name]})
            assert answer.status_code < 500, (field, page)
    assert volunteer.get(texts_of(request)).status_code == 200


def test_staff_of_another_campaign_find_no_translation_here(client, campaign):
    other = make_campaign()
    bo = make_staff("bo")
    make_staff_of(bo, other)
    client.force_login(bo)
    request = ask(campaign)
    desk = f"/admin/translations/{campaign.pk}/"

    for page in (
        desk,
        f"{desk}ko/",
        f"{desk}ko/campaign-{campaign.pk}/",
        f"{desk}links/{request.pk}/closing/",
        f"/admin/translations/{other.pk}/links/{request.pk}/closing/",
    ):
        assert client.get(page).status_code in (404, 405)
        assert client.post(page, KOREAN).status_code == 404
    assert TranslationRequest.objects.open().exists()
    assert not TranslatedText.objects.exists()
    assert client.get(f"/admin/translations/{other.pk}/").status_code == 200


def make_staff_of(user, campaign):
    group = Group.objects.get(name="Campaigners")
    user.campaign_roles.create(campaign=campaign, group=group)


def test_a_link_ends_with_the_right_of_its_campaigner_until_somebody_takes_it_over(
    client, campaign, mailbox, work
):
    gone = make_staff("gone", "Campaigners")
    request = ask(campaign, asked_by=gone, role="reads", may_publish=True)
    reader = opened(request)
    reader.post(texts_of(request), KOREAN)
    gone.is_active = False
    gone.save()
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/"

    refused = reader.post(texts_of(request), {**KOREAN, "publish": ""})
    shown = client.get(desk).text
    client.get(f"{desk}links/{request.pk}/")
    still_refused = reader.get(texts_of(request))
    taken = client.post(f"{desk}links/{request.pk}/", follow=True).text
    answer = reader.post(texts_of(request), {**KOREAN, "publish": ""})

    assert {refused.status_code, still_refused.status_code} == {410}
    assert "mailto:" in refused.text
    assert "the person who made it may no longer translate here." in shown
    assert "The link works again. You answer for it now." in taken
    assert "Take it over" not in taken
    assert answer.status_code == 302
    assert CampaignText.objects.published().get().title == KOREAN["title"]


def test_a_link_that_is_closed_or_answered_for_cannot_be_taken_over(client, campaign):
    gone, there = make_staff("gone", "Campaigners"), make_staff("there", "Campaigners")
    closed = ask(campaign, asked_by=gone)
    closed.close()
    works = ask(campaign, asked_by=there)
    gone.groups.clear()
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/"

    for request, asked_by in ((closed, gone), (works, there)):
        answer = client.post(f"{desk}links/{request.pk}/", follow=True)

        assert "Nothing has changed." in answer.text
        assert "works again" not in answer.text
        request.refresh_from_db()
        assert request.asked_by == asked_by


def test_a_link_writes_in_no_part_in_which_its_campaigner_may_not(campaign):
    news = make_update(campaign, title="News")
    group = Group.objects.create(name="Translators")
    may = ["change_campaigntext", "view_campaign"]
    group.permissions.set(Permission.objects.filter(codename__in=may))
    request = ask(campaign, asked_by=make_staff("di", "Translators"))
    volunteer = opened(request)
    of_news = path_of(request, f"texts/update-{news.pk}/")

    page = volunteer.get(texts_of(request)).text
    po = volunteer.get(path_of(request, "po/file/")).text

    assert volunteer.get(of_news).status_code == 403
    assert volunteer.post(of_news, {"title": "x"}).status_code == 403
    assert "Ask the mayor to close it." in page
    assert f"update-{news.pk}" not in page
    assert "News" not in po


def test_no_link_is_mailed_once_its_campaigner_has_left(campaign, mailbox, work):
    gone = make_staff("gone", "Campaigners")
    ask(campaign, asked_by=gone, email="min-ji@mail.example")
    gone.groups.clear()

    work()

    assert mailbox.messages == []


def test_moderators_neither_ask_nor_read_nor_publish(client, campaign):
    client.force_login(make_staff("cy", "Moderators"))
    desk = f"/admin/translations/{campaign.pk}/"

    for page in (desk, f"{desk}ko/", f"{desk}ko/campaign-{campaign.pk}/"):
        assert client.get(page).status_code == 403
        assert client.post(page, KOREAN).status_code in (403, 405)


def test_a_language_that_the_site_gave_up_is_over(campaign, settings):
    request = ask(campaign, "de")
    volunteer = opened(request)
    settings.LANGUAGES = settings.LANGUAGES[:2]

    assert volunteer.get(f"/translations/{request.key}/").status_code == 410


@pytest.mark.parametrize("with_drafts", [False, True])
def test_a_link_shows_no_update_before_its_day_unless_staff_chose_it(
    client, campaign, with_drafts
):
    draft = make_update(
        campaign, title="Embargo", text="<p>Not yet.</p>", published_at=None
    )
    news = make_update(campaign, title="News", text="<p>We met them.</p>")
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/"
    sent = {"language": "ko", "role": "translates", "days": "14"}
    client.post(desk, {**sent, **({"with_drafts": "on"} if with_drafts else {})})
    request = TranslationRequest.objects.get()
    volunteer = opened(request)

    page = volunteer.get(path_of(request, f"texts/update-{news.pk}/"))
    po = volunteer.get(path_of(request, "po/file/"))
    of_draft = path_of(request, f"texts/update-{draft.pk}/")
    answers = [volunteer.get(of_draft), volunteer.post(of_draft, {"title": "새"})]
    kept = volunteer.post(f"{of_draft}kept/", {"title": "새"})

    assert "We met them." in page.text
    for answer in (page, po, *answers, kept):
        assert with_drafts or "Embargo" not in answer.text
    assert ("Embargo" in po.text) == with_drafts
    assert {answer.status_code for answer in (*answers, kept)} == (
        {200, 302} if with_drafts else {404}
    )
    shown = "Shows updates before they are published." in client.get(desk).text
    assert shown == with_drafts
    assert "Embargo" in client.get(f"{desk}ko/po/file/").text


def test_the_desk_asks_no_more_for_many_languages_and_updates(
    client, campaign, settings
):
    desk = f"/admin/translations/{campaign.pk}/"
    campaigner(client)
    Version.objects.note(campaign)

    def translated(*languages):
        update = make_update(campaign, title="News")
        Version.objects.note(update)
        for language in languages:
            make_text(campaign, language, slug=f"in-{language}")
            for each in campaign.updates.all():
                UpdateText.objects.get_or_create(
                    update=each, language=language, title="x", text="<p>y</p>"
                )

    translated("ko")
    client.get(desk)
    counts = []
    for more in ((), ("de", "fr", "es", "ja")):
        settings.LANGUAGES = [
            ("en", "E"),
            ("ko", "K"),
            *((code, code) for code in more),
        ]
        translated(*more)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(desk).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]
