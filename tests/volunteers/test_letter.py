"""The letter and updates are texts, too; a letter has placeholders of its language."""

import pytest

from campaigns.models.update import UpdateText
from letters.suggested.texts import LetterText
from tests.factories import make_letter, make_update
from tests.volunteers.conftest import ask, campaigner, opened, path_of
from translations.models import TranslatedText

pytestmark = pytest.mark.django_db
BODY = "존경하는 여러분께\n\n개들을 도와주세요.\n\n[이름과 도시/국가]"


@pytest.fixture
def letter(campaign):
    return make_letter(campaign)


@pytest.fixture(autouse=True)
def korean_names(monkeypatch):
    from letters.suggested import placeholder_names as names

    own = {names.NAME_AND_PLACE: "[이름과 도시/국가]"}
    monkeypatch.setattr(names, "names", lambda code: own if code == "ko" else {})


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
