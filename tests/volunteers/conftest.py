import pytest
from django.test import Client

from tests.factories import ask_volunteer, make_campaign, make_petition, make_staff

STORY = "<p>They sell dogs.</p><p>[picture 1]</p><p>Close it.</p>"


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("de", "Deutsch")]


@pytest.fixture
def client():
    """A browser on our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def campaign(db):
    made = make_campaign(
        slug="bucheon",
        title="Close the market",
        summary="Ask the mayor to close it.",
        happening="Dogs are sold.",
        story=STORY,
    )
    return make_petition(made, ask="Close the market now.").campaign


def ask(campaign, language="ko", **what):
    """The request of a volunteer, with a link that works."""
    return ask_volunteer(campaign, language, **{"name": "Min-ji", "email": "", **what})


def opened(request, client=None):
    """A browser in which the link was opened."""
    client = client or Client(headers={"sec-fetch-site": "same-origin"})
    client.post(path_of(request))
    return client


def path_of(request, page=""):
    return f"/ko/translations/{request.key}/{page}".replace(
        "/ko/", f"/{request.language}/"
    )


def texts_of(request, page=""):
    return path_of(request, f"texts/campaign-{request.campaign_id}/{page}")


KOREAN = {
    "title": "시장을 닫아 주세요",
    "summary": "시장에게 요청해 주세요.",
    "ask": "지금 시장을 닫아 주세요.",
    "happening": "개들이 팔립니다.",
    "story": "<p>개를 팝니다.</p><p>[picture 1]</p><p>닫아 주세요.</p>",
}


def campaigner(client, name="bo"):
    client.force_login(make_staff(name, "Campaigners"))
    return client
