"""The letter and updates are texts, too; a letter has placeholders of its language."""

import re

import pytest

from campaign_editor.copying import copy
from campaigns.models import Milestone, Reading, address
from campaigns.models.update import UpdateText
from letters.suggested.texts import LetterText
from tests.factories import make_letter, make_picture, make_text, make_update
from tests.volunteers.conftest import KOREAN, ask, campaigner, opened, path_of, texts_of
from volunteers.models import TranslatedText

pytestmark = pytest.mark.django_db
BODY = "존경하는 여러분께\n\n개들을 도와주세요.\n\n[이름과 도시/국가]"


@pytest.fixture
def letter(campaign):
    return make_letter(campaign)


def page_of(request, letter):
    return path_of(request, f"texts/suggestedletter-{letter.pk}/").replace("/ko/", "/")


def test_a_letter_is_translated_with_the_names_of_its_language(client, letter):
    request = ask(letter.campaign)
    volunteer = opened(request)

    shown = volunteer.get(page_of(request, letter)).text
    volunteer.post(page_of(request, letter), {"subject": "부탁", "body": BODY})

    assert "[Your Name &amp; City/Country]" in shown
    assert 'data-words="[이름과 도시/국가]"' in shown
    assert "[이름과 도시/국가]" in volunteer.get(page_of(request, letter)).text
    campaigner(client)
    desk = f"/admin/translations/{letter.campaign_id}/ko/suggestedletter-{letter.pk}/"
    client.post(desk, {"subject": "부탁", "body": BODY, "publish": ""})
    text = LetterText.objects.published().get()
    assert "[Your Name & City/Country]" in text.body
    assert "older" not in client.get(desk).text
    letter.body = letter.body.replace("Please", "Kindly", 1)
    letter.save()
    assert "<ins>" in client.get(desk).text or "Please" not in letter.body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BODY.replace("[이름과 도시/국가]", ""), "[이름과 도시/국가] is missing."),
        (f"{BODY}\n\n[이름과 도시/국가]", "[이름과 도시/국가] stands here more than"),
        (
            f"{BODY}\n\n[도시]",
            "[도시] is no placeholder. These are:",
        ),
    ],
)
def test_a_placeholder_of_a_letter_cannot_be_broken(letter, body, said):
    request = ask(letter.campaign)
    volunteer = opened(request)

    answer = volunteer.post(
        page_of(request, letter), {"subject": "부탁", "body": body, "hand-in": ""}
    )

    assert answer.status_code == 422
    assert 'id="text-body_error"' in answer.text
    assert said in answer.text
    assert "[Your Name" not in answer.text.partition('id="text-body_error"')[2][:300]
    note = TranslatedText.objects.get(what__endswith=".body")
    assert note.words.startswith("존경하는")


def test_an_update_is_translated_and_published_by_itself(client, campaign):
    update = make_update(campaign, title="The visit", text="<p>We met them.</p>")
    request = ask(campaign)
    volunteer = opened(request)
    page = path_of(request, f"texts/update-{update.pk}/")
    words = {"title": "방문", "text": "<p>만났습니다.</p>"}

    shown = volunteer.get(page).text
    volunteer.post(page, words)

    assert "We met them." in shown
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/update-{update.pk}/"
    client.post(desk, {**words, "publish": ""})
    text = UpdateText.objects.published().get()
    assert (text.title, text.text) == ("방문", "<p>만났습니다.</p>")


def test_reading_milestones_and_captions_are_told_with_the_campaign(
    client, campaign, django_capture_on_commit_callbacks
):
    campaign.readings.create(title="The report", url="https://example.org/report")
    campaign.readings.create(title="A book")
    handed = campaign.milestones.create(kind="delivered", who="the Mayor", words="Yes.")
    campaign.story_pictures.create(caption="The market", **make_picture())
    request = ask(campaign)
    volunteer = opened(request)
    page = volunteer.get(texts_of(request))
    names = re.findall(r'name="([\w-]+)-was"', page.text)
    beside = dict(
        zip(names[-6:], ["보고서", "책", "시장님", "네.", "장터", "개"], strict=True)
    )
    for words in ("The report", "A book", "the Mayor", "Yes.", "The market"):
        assert words in page.text
    volunteer.post(texts_of(request), {**KOREAN, **beside})
    assert "보고서" in volunteer.get(texts_of(request)).text

    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    client.post(desk, {**KOREAN, **beside, "publish": ""})
    address.learn()
    page = client.get("/ko/bucheon/")

    for words in beside.values():
        assert words in page.text
    for words in ("The report", "A book", "the Mayor", "Yes.", "The market"):
        assert words not in page.text
    assert "보고서" in client.get("/ko/").text
    assert "The report" in client.get("/bucheon/").text
    assert "시장님" in client.get("/ko/bucheon/updates/feed/").text

    # What comes later is marked as in the first language until it is translated.
    campaign.readings.create(title="News", url="https://example.org/news")
    with django_capture_on_commit_callbacks(execute=True):
        campaign.save()
    page = client.get("/ko/bucheon/").text
    assert re.search(r'<span [^>]*lang="en"[^>]*>News</span>', page)
    assert "영어" in page
    handed.delete()
    assert client.get(desk).status_code == 200


def test_what_the_site_writes_of_a_goal_is_in_each_language(client, campaign):
    make_text(campaign, "ko", slug="sijang")

    Milestone.objects.create_reached(campaign, 1000)

    assert "1,000 people have signed." in client.get("/bucheon/").text
    page = client.get("/ko/sijang/").text
    assert "people have signed" not in page
    assert "1,000명" in page


def test_a_reading_keeps_its_translation_when_others_come_go_or_move(campaign):
    for title in ("One", "Two", "Three"):
        campaign.readings.create(title=title, url=f"https://example.org/{title}")
    before = {row.title: row.pk for row in campaign.readings.all()}

    said = [("New", "New"), ("Three", "Three"), ("One more", "One"), ("One", "Two")]
    Reading.objects.replace(
        campaign,
        [{"title": t, "url": f"https://example.org/{url}"} for t, url in said],
    )

    after = {row.title: row.pk for row in campaign.readings.all()}
    assert list(after) == ["New", "Three", "One more", "One"]
    assert (after["Three"], after["One"]) == (before["Three"], before["One"])


def test_a_copy_of_a_campaign_has_the_texts_beside_it(campaign):
    reading = campaign.readings.create(title="The report")
    said = {reading.told_as("title"): "보고서", "milestone-7-words": "네."}
    make_text(campaign, "ko", slug="sijang", beside=said)

    new = copy(campaign)

    [reading] = new.readings.all()
    assert new.texts.get().beside == {reading.told_as("title"): "보고서"}
