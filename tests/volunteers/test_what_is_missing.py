"""What a language does not say yet is named, to volunteers and to who publishes it."""

import pytest

from tests.factories import make_letter, make_staff
from tests.volunteers.conftest import KOREAN, ask, campaigner, opened, path_of, texts_of

pytestmark = pytest.mark.django_db
SOME = {name: KOREAN[name] for name in ("title", "summary", "ask", "story")}


def test_who_hands_in_a_part_reads_what_is_missing_and_gets_there(campaign):
    letter = make_letter(campaign)
    request = ask(campaign)
    volunteer = opened(request)
    page = texts_of(request).replace("/ko/", "/")

    thanks = volunteer.post(page, {**SOME, "hand-in": ""}, follow=True).text

    assert "Readers see them in English." in thanks
    assert f'href="{page}#text-happening"' in thanks
    assert f"suggestedletter-{letter.pk}/#text-body" in thanks
    assert "#text-title" not in thanks
    assert "Press “Hand it in” again" in thanks


def test_who_publishes_a_part_reads_how_much_is_missing(client, campaign):
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/campaign-{campaign.pk}/"

    some = client.post(desk, {**SOME, "publish": ""}, follow=True).text
    everything = client.post(desk, {**KOREAN, "publish": ""}, follow=True).text

    assert "1 text is not translated yet. Readers see it in English." in some
    assert "Published. Readers have 1 new text." in everything
    assert "not translated yet" not in everything


def test_who_may_publish_by_a_link_is_told_how_and_begins_where_something_waits(
    campaign,
):
    letter = make_letter(campaign)
    reader = opened(ask(campaign, language="de", role="reads", may_publish=True))
    first = ask(campaign, language="de")
    page = f"texts/suggestedletter-{letter.pk}/"
    opened(first).post(path_of(first, page), {"subject": "Bitte"})
    request = first.campaign.translation_requests.get(may_publish=True)

    begun = reader.get(path_of(request, "texts/"))

    assert begun.url == path_of(request, page)
    thanks = reader.get(path_of(request, "thanks/").replace("/de/", "/")).text
    assert "Readers see it when you publish it." in thanks
    assert "Hand it in" not in thanks


def test_a_volunteer_is_asked_by_a_name_and_never_by_a_sign_in_name(
    campaign, mailbox, work
):
    rights = {"is_superuser": True}
    ada = make_staff("ada-1", first_name="Ada", last_name="Rivera", **rights)
    for staff in (ada, make_staff("root-1", **rights)):
        ask(campaign, language="de", email="jo@mail.example", asked_by=staff)
    work()

    named, unnamed = sorted(mailbox.messages, key=lambda m: "Ada" not in str(m))
    assert "Ada Rivera" in named.get_body(("plain",)).get_content()
    assert "root-1" not in unnamed.get_body(("plain",)).get_content()
    assert "Letters for Animals" in unnamed.get_body(("plain",)).get_content()
