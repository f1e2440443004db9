"""What people sign keeps its meaning, in each language and by each way to write it."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, ngettext, override

from campaigns.models import Campaign, CampaignText, address
from petitions.models import Bundle, Petition
from petitions.signing.models import Signature
from staff.models import User
from tests.campaign_editor.forms import page_of, press, send
from tests.concurrency import at_once
from tests.factories import (
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    make_text,
    sign,
)
from tests.rooms import with_volunteers
from tests.staff.forms import fields_of, fill_in
from tests.volunteers.conftest import KOREAN, ask, campaigner, opened, texts_of
from versions.models import Deleted, Version

pytestmark = pytest.mark.django_db
OURS, OTHER = "Close the market.", "Open another market."
KOREAN_ASK, OTHER_KOREAN = "시장을 닫아 주세요.", "시장을 여세요."
REFUSED = "People have signed this sentence."


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("de", "Deutsch")]
    yield
    address.learn()


@pytest.fixture
def petition():
    made = make_campaign(slug="bucheon", story="<p>They sell dogs.</p>")
    return make_petition(made, ask=OURS)


@pytest.fixture
def korean(petition):
    return make_text(petition.campaign, "ko", ask=KOREAN_ASK)


@pytest.fixture
def bo(client):
    campaigner(client)
    return client


def admin_form(client, petition, words, **tick):
    path = f"/admin/petitions/petition/{petition.pk}/change/"
    return fill_in(client, path, ask=words, **tick)


def guided_form(client, petition, words, **tick):
    tick = {f"petition-{name}": value for name, value in tick.items()}
    path = page_of(petition.campaign)
    return send(client, path, **{"petition-ask": words}, **tick)


def korean_form(client, petition, words, **tick):
    text = petition.campaign.texts.get()
    path = f"/admin/campaigns/campaigntext/{text.pk}/change/"
    shows = "on" if text.published_at else ""
    return fill_in(client, path, ask=words, shows=shows, **tick)


def desk_of_translations(client, petition, words, **tick):
    campaign = petition.campaign
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"
    tick = {"ask-same": "on"} if tick else {}
    return client.post(
        desk,
        {
            "ask": words,
            "publish": "",
            **tick,
            **{"title": "시장", "summary": "요청", "story": "<p>개를 팝니다.</p>"},
        },
        follow=True,
    )


WAYS = pytest.mark.parametrize(
    ("way", "words"),
    [
        (admin_form, OTHER),
        (guided_form, OTHER),
        (korean_form, OTHER_KOREAN),
        pytest.param(desk_of_translations, OTHER_KOREAN, marks=with_volunteers),
    ],
)


def restoration(petition, version):
    return f"/admin/petitions/petition/{petition.pk}/versions/{version.pk}/restoration/"


def asks(petition):
    """What is signed now: in the first language, and in Korean."""
    texts = petition.campaign.texts.values_list("ask", flat=True)
    return [Petition.objects.get(pk=petition.pk).ask, *texts]


@WAYS
@pytest.mark.usefixtures("korean")
def test_other_words_are_refused_from_the_first_signature_on(bo, petition, way, words):
    sign(petition)

    answer = way(bo, petition, words)

    assert answer.status_code in (200, 422)
    assert REFUSED in answer.text
    assert "begin a new one with a copy" in answer.text
    assert words in answer.text  # nothing typed is lost
    assert asks(petition) == [OURS, KOREAN_ASK]
    assert Petition.objects.get().earlier == ()


@WAYS
@pytest.mark.usefixtures("korean")
def test_before_that_anything_may_change(bo, petition, way, words):
    way(bo, petition, words)

    assert words in asks(petition)
    assert Petition.objects.get().earlier == ()


@WAYS
@pytest.mark.usefixtures("korean")
def test_what_staff_say_means_the_same_is_taken_and_both_are_public(
    bo, petition, way, words
):
    make_counted(petition, 2)

    way(bo, petition, words, means_the_same="on")

    assert words in asks(petition)
    [was] = Petition.objects.get().earlier
    in_first = words == OTHER
    assert was[:3] == (("en", OURS, "en") if in_first else ("ko", KOREAN_ASK, "ko"))
    assert was.by == "bo"
    old = OURS if in_first else KOREAN_ASK
    shown = bo.get("/bucheon/count/").text
    assert f"Earlier wording ({'English' if in_first else 'Korean'}), until" in shown
    assert f">{old}</q>" in shown
    [told] = bo.get("/api/campaigns/bucheon/petition/").json()["earlier_texts"]
    assert (told["text"], told["language"]) == (old, was.language)
    listed = bo.get(f"/admin/petitions/petition/{petition.pk}/change/").text
    assert old in listed


def test_the_tick_is_there_once_people_have_signed_and_never_set(bo, petition):
    paths = (
        f"/admin/petitions/petition/{petition.pk}/change/",
        page_of(petition.campaign),
    )
    for path in paths:
        assert 'type="checkbox" name="means_the_same"' not in bo.get(path).text
        assert 'type="checkbox" name="petition-means' not in bo.get(path).text
    sign(petition)
    for path in paths:
        page = bo.get(path).text
        assert "The new words mean the same" in page
        [tick] = [t for t in page.split("<input") if "means_the_same" in t[:300]]
        assert "checked" not in tick.partition(">")[0]


@with_volunteers
def test_a_translation_that_comes_later_needs_a_word_too(bo, client, petition):
    make_counted(petition, 1)

    refused = desk_of_translations(bo, petition, KOREAN_ASK)
    assert REFUSED in refused.text
    assert not CampaignText.objects.exists()
    desk_of_translations(bo, petition, KOREAN_ASK, means_the_same="on")

    [was] = Petition.objects.get().earlier
    assert was[:3] == ("ko", OURS, "en")
    assert asks(petition) == [OURS, KOREAN_ASK]


def test_a_translation_is_added_by_staff_who_say_that_it_means_the_same(bo, petition):
    make_counted(petition, 1)
    add = "/admin/campaigns/campaigntext/add/"
    typed = {
        **{"campaign": petition.campaign.pk, "language": "ko", "slug": "bucheon-ko"},
        **{"title": "개", "summary": "개", "ask": KOREAN_ASK, "shows": "on"},
    }

    refused = fill_in(bo, add, **typed)
    assert REFUSED in refused.text
    assert "The new words mean the same" in refused.text
    fill_in(bo, add, **typed, means_the_same="on")

    assert asks(petition) == [OURS, KOREAN_ASK]
    assert [was.by for was in Petition.objects.get().earlier] == ["bo"]


@with_volunteers
def test_a_volunteer_who_may_publish_leaves_the_ask_to_staff(client, petition):
    make_counted(petition, 1)
    request = ask(petition.campaign, role="reads", may_publish=True)
    volunteer = opened(request)

    typed = {**KOREAN, "story": "<p>개</p>", "ask-same": "on", "publish": ""}
    page = volunteer.post(texts_of(request), typed, follow=True)

    [text] = CampaignText.objects.all()
    assert (text.title, text.ask) == (KOREAN["title"], "")
    assert text.published_at
    with override("ko"):
        said = gettext(
            "People have signed this sentence. If you change it, the campaign "
            "decides whether to publish your words."
        )
    assert said in page.text
    assert Petition.objects.get().earlier == ()

    again = volunteer.post(texts_of(request), typed, follow=True)
    for found, number in ((page, 3), (again, 0)):
        with override("ko"):
            several = "Published. Readers have %(number)d new texts."
            one = several.replace("texts", "text")
            said = ngettext(one, several, number) % {"number": number}
            waits = gettext(
                "The sentence that people have signed is waiting for the campaign to "
                "publish it."
            )
        assert (said in found.text) == bool(number)
        assert waits in found.text


def test_a_draft_of_a_translation_is_judged_when_it_is_published(bo, petition):
    text = make_text(petition.campaign, "ko", ask="", published_at=None)
    make_counted(petition, 1)
    korean_form(bo, petition, OTHER_KOREAN)
    assert asks(petition) == [OURS, OTHER_KOREAN]  # a draft is nobody's ask
    text.refresh_from_db()

    with pytest.raises(ValidationError, match=REFUSED), transaction.atomic():
        text.publish()

    assert CampaignText.objects.get().published_at is None


def test_a_version_is_restored_only_if_people_were_asked_that_here(bo, petition):
    admin_form(bo, petition, OTHER)
    before = Version.objects.of(petition).last()
    make_counted(petition, 1)
    restore = (
        f"/admin/petitions/petition/{petition.pk}/versions/{before.pk}/restoration/"
    )
    began = bo.get(restore).context["began"]

    refused = bo.post(restore, {"began": began})

    assert refused.status_code == 422
    assert REFUSED in refused.text
    assert asks(petition) == [OTHER]
    admin_form(bo, petition, OTHER + "!", means_the_same="on")
    before = Version.objects.of(petition)[1]
    restore = (
        f"/admin/petitions/petition/{petition.pk}/versions/{before.pk}/restoration/"
    )
    bo.post(restore, {"began": bo.get(restore).context["began"]})
    assert asks(petition) == [OTHER]
    assert [was.words for was in Petition.objects.get().earlier] == [OTHER, OTHER + "!"]


def test_a_deleted_translation_is_noted_and_comes_back_as_it_was(bo, petition, korean):
    make_counted(petition, 1)
    entry = Deleted.objects.put(korean, by=User.objects.get(username="bo"))

    [was] = Petition.objects.get().earlier
    assert was[:3] == ("ko", KOREAN_ASK, "ko")
    entry.restore()
    assert asks(petition) == [OURS, KOREAN_ASK]


def test_what_was_deleted_before_anybody_signed_does_not_come_back_unseen(
    bo, petition, korean
):
    entry = Deleted.objects.put(korean, by=User.objects.get(username="bo"))
    make_counted(petition, 1)

    with pytest.raises(ValidationError, match=REFUSED):
        entry.restore()


def test_a_signed_petition_stays_in_its_campaign(bo, petition):
    make_counted(petition, 1)
    other = make_campaign()

    answer = fill_in(
        bo, f"/admin/petitions/petition/{petition.pk}/change/", campaign=other.pk
    )

    assert "so it cannot move to another one" in answer.text
    assert Petition.objects.get().campaign_id == petition.campaign_id


def test_another_first_language_is_noted(petition, korean):
    make_counted(petition, 1)
    campaign = Campaign.objects.get()

    campaign.language = "ko"
    campaign.save()

    assert [was[:3] for was in Petition.objects.get().earlier] == [
        ("ko", KOREAN_ASK, "ko")
    ]


def test_a_first_language_changes_back_to_words_that_people_know(bo, petition, korean):
    campaign = page_of(petition.campaign)
    press(bo, campaign, language="ko")
    make_counted(petition, 1)  # of pages in Korean, with the ask of the petition

    refused = press(bo, campaign, language="en")

    assert refused.status_code == 422
    assert "people have signed other words than those of the translation" in (
        " ".join(refused.text.split())
    )
    assert Campaign.objects.get().language == "ko"
    Deleted.objects.put(korean, by=User.objects.get(username="bo"))
    bo.post(campaign, {"discard": ""})
    press(bo, campaign, language="en")
    assert Campaign.objects.get().language == "en"


def test_no_code_can_go_round_it(petition, korean):
    make_counted(petition, 1)

    for row in (Petition.objects.get(), CampaignText.objects.get()):
        row.ask = OTHER
        for how in ({}, {"update_fields": ["ask"]}):
            with (
                pytest.raises(ValidationError, match=REFUSED),
                transaction.atomic(),
            ):
                row.save(**how)


def test_the_withdrawal_page_and_the_bundle_say_the_earlier_words(
    client, petition, media
):
    [signature] = make_counted(petition, 1)
    petition = reworded(petition, OURS.replace("market", "old market"))

    page = client.get(
        f"/bucheon/signatures/{signature.withdrawal_key}/withdrawal/"
    ).text
    assert "Earlier wording (English), until" in page
    assert f">{OURS}</q>" in page
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    bundle.make()
    bundle.refresh_from_db()
    with bundle.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as found:
        readme = found.read("README.txt").decode()
    assert "old market" in readme
    assert OURS in readme


def reworded(petition, words):
    petition = Petition.objects.get(pk=petition.pk)
    petition.ask, petition.says_the_same = words, make_staff("di")
    petition.save()
    return petition


def test_a_late_yes_is_to_what_was_asked(client, petition, mailbox, work):
    signature = sign(petition)
    petition.ask = OTHER
    with pytest.raises(ValidationError), transaction.atomic():
        petition.save()

    signature.confirm()

    assert Signature.objects.counted().get().petition.ask == OURS


def test_a_signature_between_form_and_save_counts(bo, petition):
    path = f"/admin/petitions/petition/{petition.pk}/change/"
    opened_before = fields_of(bo.get(path))
    sign(petition)

    answer = bo.post(path, {**opened_before, "ask": OTHER})

    assert REFUSED in answer.text
    assert Petition.objects.get().ask == OURS


@pytest.mark.django_db(transaction=True)
def test_two_who_mend_at_once_are_both_noted(petition, korean):
    make_counted(petition, 1)
    users = make_staff("di"), make_staff("ed")

    def mend(model, user):
        row = model.objects.get()
        row.ask, row.says_the_same = f"{row.ask}!", user
        row.save()

    at_once(
        [
            lambda: mend(Petition, users[0]),
            lambda: mend(CampaignText, users[1]),
        ]
    )

    earlier = Petition.objects.get().earlier
    assert {was.by for was in earlier} == {"di", "ed"}
    assert {was.words for was in earlier} == {OURS, KOREAN_ASK}
