"""A volunteer translates a campaign by a link, without an account."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import (
    Campaign,
    CampaignText,
    Milestone,
    Reading,
    StoryPicture,
    address,
)
from campaigns.models.told import TEXTS_OF
from tests.factories import make_letter
from tests.volunteers.conftest import (
    KOREAN,
    STORY,
    ask,
    campaigner,
    opened,
    path_of,
    texts_of,
)
from volunteers.labels import READ_BY_VOLUNTEERS
from volunteers.models import TranslatedText, TranslationRequest

pytestmark = pytest.mark.django_db


def test_a_campaigner_asks_by_email_and_the_volunteer_opens_the_link(
    client, campaign, mailbox, work
):
    campaigner(client)
    page = f"/admin/translations/{campaign.pk}/"
    sent = {"language": "ko", "role": "translates", "name": "Min-ji", "days": "14"}

    answer = client.post(page, {**sent, "email": "min@mail.example"}, follow=True)
    work()

    request = TranslationRequest.objects.get()
    assert "The link is on its way to min@mail.example." in answer.text
    assert request.url in answer.text
    assert mailbox.last()["To"] == "min@mail.example"
    client.logout()
    path = mailbox.newest_path("/ko/translations/")
    page = client.get(path)
    assert page.status_code == 200
    assert "Close the market" not in page.text
    begun = client.post(path, follow=True)
    assert begun.redirect_chain[-1][0] == texts_of(request)
    assert "Close the market" in begun.text
    assert "They sell dogs." in begun.text


def test_looking_at_the_link_shows_and_changes_nothing(client, campaign):
    request = ask(campaign)
    before = TranslationRequest.objects.values().get()

    for page in ("", "texts/", f"texts/campaign-{campaign.pk}/", "closing/"):
        for answer in (
            client.get(path_of(request, page)),
            client.head(path_of(request, page)),
        ):
            assert "They sell dogs." not in answer.text
            assert not answer.cookies
    assert client.get(texts_of(request)).status_code == 403
    assert client.get(texts_of(request, "preview/")).status_code == 403
    assert TranslationRequest.objects.values().get() == before


def test_what_is_typed_is_kept_as_it_is_and_is_there_again(campaign):
    request = ask(campaign)
    volunteer = opened(request)

    kept = volunteer.post(texts_of(request, "kept/"), {"title": "시장을"})

    assert kept.status_code == 200
    assert TranslatedText.objects.get().words == "시장을"
    assert 'value="시장을"' in volunteer.get(texts_of(request)).text or (
        "시장을</textarea>" in volunteer.get(texts_of(request)).text
    )
    assert not CampaignText.objects.exists()


def test_it_is_handed_in_read_published_and_the_volunteer_hears_of_it(
    client, campaign, mailbox, work
):
    request = ask(campaign, email="min@mail.example")
    work()
    volunteer = opened(request)
    volunteer.post(texts_of(request), {**KOREAN, "save": ""})

    thanks = volunteer.post(texts_of(request), {**KOREAN, "hand-in": ""}, follow=True)

    assert thanks.redirect_chain[-1][0] == path_of(request, "thanks/")
    campaigner(client)
    assert "1</strong> <span>translation is handed in" in client.get("/admin/").text
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    assert "시장을 닫아 주세요" in client.get(desk).text
    assert not CampaignText.objects.exists()
    published = client.post(desk, {**KOREAN, "publish": ""}, follow=True)
    assert "Published. Readers have 5 new texts." in published.text
    address.learn()
    page = client.get("/ko/bucheon/")
    assert "<h1>시장을 닫아 주세요</h1>" in page.text
    assert "지금 시장을 닫아 주세요." in page.text
    work()
    assert "시장을 닫아 주세요" in mailbox.text()
    assert mailbox.newest_path("/ko/bucheon")
    assert "handed in" not in client.get("/admin/").text


def test_a_volunteer_sees_the_page_itself_before_it_is_published(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), {"title": "저장된 제목"})

    stored = volunteer.get(texts_of(request, "preview/")).text
    typed = volunteer.post(texts_of(request, "preview/"), {"title": "새 제목"}).text

    assert "<h1>저장된 제목</h1>" in stored
    assert "<h1>새 제목</h1>" in typed
    assert TranslatedText.objects.get().words == "저장된 제목"
    assert "They sell dogs." in typed


def test_a_translation_says_from_which_words_it_was_made_and_what_changed(
    client, campaign
):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), KOREAN)
    campaign.story = STORY.replace("sell dogs", "sell cats")
    campaign.save()

    page = volunteer.get(texts_of(request)).text

    assert re.search(r"<del>.*dogs.*</del>.*<ins>.*cats.*</ins>", page)
    english = volunteer.get(texts_of(request).replace("/ko/", "/")).text
    assert english.count("Translated from the text of") == len(KOREAN)
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/"
    said = "complete, 1 text is older than the one in English"
    assert said in client.get(desk).text
    was = {"story": KOREAN["story"], "story-fits": "on"}
    volunteer.post(texts_of(request), was)
    assert "<ins>" not in volunteer.get(texts_of(request)).text
    assert "older" not in client.get(desk).text


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("<p>개.</p>", "[picture 1] is missing."),
        ("<p>[picture 1]</p><p>[picture 1]</p>", "[picture 1] stands here more than"),
        ("<p>[picture 1]</p><p>[picture 2]</p>", "There is no [picture 2]"),
        ("<p>[picture 1]</p><p>[pictrue 1]</p>", "[pictrue 1] is no placeholder."),
        ("<p>[picture 1]</p><p>[그림 1</p>", "[그림 1 is no placeholder."),
        ("<p>개 [picture 1]</p>", "Put [picture 1] in a paragraph of its own."),
        ("<h2>[picture 1]</h2>", "Put [picture 1] in a paragraph of its own."),
        ("<p>[picture １]</p>", "[picture 1] is missing."),
    ],
)
def test_a_placeholder_cannot_be_broken_and_nothing_typed_is_lost(
    client, campaign, story, said
):
    request = ask(campaign)
    volunteer = opened(request)
    path = texts_of(request).replace("/ko/", "/")

    answer = volunteer.post(path, {**KOREAN, "story": story, "hand-in": ""})

    assert answer.status_code == 422
    assert said in answer.text
    assert 'data-words="[picture 1]"' in answer.text
    assert TranslatedText.objects.get(what__endswith=".story").words == story
    request.refresh_from_db()
    assert request.handed_in_at is None
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    refused = client.post(desk, {**KOREAN, "story": story, "publish": ""})
    assert refused.status_code == 422
    assert not CampaignText.objects.exists()


def test_what_is_needed_is_asked_for_before_handing_in(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    path = texts_of(request).replace("/ko/", "/")

    answer = volunteer.post(path, {"story": KOREAN["story"], "hand-in": ""})

    assert answer.status_code == 422
    assert answer.text.count("Translate this first.") >= 2
    assert TranslatedText.objects.get().words == KOREAN["story"]


def test_two_people_overwrite_nothing_of_each_other(campaign):
    first, second = ask(campaign), ask(campaign, role="reads", name="Hana")
    one, other = opened(first), opened(second)
    path = texts_of(first).replace("/ko/", "/")
    one.post(path, {"title": "처음", "title-was": ""})
    was = re.search(
        r'name="title-was" value="(\w+)"', other.get(texts_of(second)).text
    )[1]
    one.post(path, {"title": "다음"})

    kept = other.post(texts_of(second, "kept/"), {"title": "나", "title-was": was})
    seen = other.post(texts_of(second), {"title": "나", "title-was": was})

    assert kept.status_code == seen.status_code == 409
    assert TranslatedText.objects.get().words == "다음"
    assert "다음" in seen.text
    assert "나</textarea>" in seen.text or 'value="나"' in seen.text
    now = re.search(r'name="title-was" value="(\w+)"', seen.text)[1]
    other.post(texts_of(second), {"title": "나", "title-was": now})
    assert TranslatedText.objects.get().words == "나"


def test_what_a_window_did_not_touch_it_does_not_overwrite(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    page = volunteer.get(texts_of(request)).text
    was = dict(re.findall(r'name="(\w+)-was" value="(\w+)"', page))
    volunteer.post(texts_of(request), {"title": "처음"})

    stale = {"title": "", "title-was": was["title"], "summary": "요약"}
    answer = volunteer.post(texts_of(request), stale)

    assert answer.status_code == 302
    words = dict(TranslatedText.objects.values_list("what", "words"))
    assert sorted(words.values()) == ["요약", "처음"]


def test_nobody_publishes_what_they_have_not_seen(client, campaign):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), KOREAN)
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    page = client.get(desk).text
    was = {
        f"{name}-was": digest
        for name, digest in re.findall(r'name="(\w+)-was" value="(\w+)"', page)
    }
    volunteer.post(texts_of(request), {**KOREAN, "title": "나쁜 제목"})

    answer = client.post(desk, {**KOREAN, **was, "publish": ""})

    assert answer.status_code == 409
    assert not CampaignText.objects.exists()
    assert "나쁜 제목" in answer.text


def test_a_published_text_is_changed_for_readers_only_by_publishing(
    client, campaign, django_capture_on_commit_callbacks
):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), KOREAN)
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    client.post(desk, {**KOREAN, "publish": ""})
    address.learn()

    volunteer.post(texts_of(request), {"title": "더 나은 제목"})

    assert "더 나은 제목" not in client.get("/ko/bucheon/").text
    page = client.get(desk).text
    assert "What would change for readers" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(desk, {**KOREAN, "title": "더 나은 제목", "publish": ""})
    assert "<h1>더 나은 제목</h1>" in client.get("/ko/bucheon/").text
    assert CampaignText.objects.get().published_at <= timezone.now()


def test_a_volunteer_goes_on_with_the_next_part_until_all_is_done(campaign):
    letter = make_letter(campaign)
    request = ask(campaign)
    volunteer = opened(request)
    of_letter = path_of(request, f"texts/suggestedletter-{letter.pk}/")
    page = volunteer.get(texts_of(request)).text
    assert 'name="go-on"' in page
    assert "(optional)" not in page  # whoever translates is asked for all of it

    after = volunteer.post(texts_of(request), {**KOREAN, "go-on": ""})
    assert after["Location"].split("?")[0] == of_letter
    # The campaign is done, so only the letter is left: nothing comes after it.
    assert 'name="go-on"' not in volunteer.get(of_letter).text
    TranslatedText.objects.filter(what__endswith=".title").delete()
    after = volunteer.post(of_letter, {"go-on": ""})
    assert after["Location"].split("?")[0] == texts_of(request)


def test_volunteers_read_the_names_of_all_texts_in_their_language():
    labels = {
        str(model._meta.get_field(name).verbose_name)
        for model in TEXTS_OF
        for name in model.TOLD
    }
    beside = {Milestone: ("who",), StoryPicture: ("caption", "picture_alt")}
    labels |= {
        str(model._meta.get_field(name).verbose_name)
        for model, names in beside.items()
        for name in names
    }
    labels |= {str(model._meta.verbose_name) for model in (Reading, Milestone)}
    kinds = {str(model.source_model()._meta.verbose_name) for model in TEXTS_OF}

    assert (labels | kinds) - READ_BY_VOLUNTEERS == set()


def test_at_launch_a_volunteer_hears_once_of_what_was_published_in_a_draft(
    client, campaign, mailbox, work, time_machine
):
    mine = Campaign.objects.filter(pk=campaign.pk)
    mine.update(published_at=None)
    request = ask(campaign, email="min@mail.example")
    opened(request).post(texts_of(request), {**KOREAN, "hand-in": ""})
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    client.post(desk, {**KOREAN, "publish": ""})
    work()
    assert [each["To"] for each in mailbox.messages] == [request.email]  # the link

    mine.update(published_at=timezone.now(), opens_at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    work()
    work()

    assert [each["To"] for each in mailbox.messages] == [request.email] * 2
    assert KOREAN["title"] in mailbox.text()
