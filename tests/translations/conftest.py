import re
from itertools import product

import pytest
from django.utils.translation import get_language

from branding import models
from branding.models import Branding
from letters.models import OfficialAnswer
from petitions.models import Signature
from tests.factories import (
    follow,
    make_campaign,
    make_comment,
    make_counted,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_staff,
)
from tests.hostile.conftest import client, known, no_limit, pending  # noqa: F401
from tests.translations import pseudo


@pytest.fixture(scope="session")
def pseudo_catalogs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudo")
    pseudo.write(folder)
    return folder


@pytest.fixture
def speaking(settings, pseudo_catalogs):
    """Makes a pseudo-language the first language of the site, without a prefix."""

    def speaking(language):
        settings.LOCALE_PATHS = [pseudo_catalogs, *settings.LOCALE_PATHS]
        settings.LANGUAGES = pseudo.LANGUAGES
        settings.LANGUAGE_CODE = language

    return speaking


@pytest.fixture
def world(known, pending):  # noqa: F811
    """What opens something, and more of it than a test needs that breaks nothing."""
    ended = make_petition(make_ended_campaign(title="1", summary="1"))
    recipients = pending.petition.campaign.letter.recipient_list
    make_letter(ended.campaign, subject="1", recipients=recipients)
    make_comment(ended.campaign, "1")
    draft = make_petition(make_campaign(title="1", summary="1", published_at=None))
    draft.campaign.make_draft_link()
    petition = pending.petition
    make_counted(petition, 2, shown_as="full")
    shown = Signature.objects.counted().filter(petition=petition).latest("pk")
    everything = follow(None, "eve@mail.example").confirmation
    answer = OfficialAnswer.objects.latest("pk")
    answer.publish(by=make_staff("bo"), kind="supports")
    own = Branding.objects.get_or_create(pk=1)[0]
    own.words = {get_language(): {"about": "<p>1</p>", "imprint": "<p>1</p>"}}
    own.save()
    models.learn()
    return {
        **known,
        "slug": [*known["slug"], ended.campaign.slug],
        "token": [
            *known["token"],
            draft.campaign.draft_url.split("/")[-2],
            everything.page_token,
            everything.link_key,
        ],
        "pk": [*known["pk"], str(shown.pk), str(answer.pk)],
    }


@pytest.fixture
def addresses(world):
    """Fills in the arguments of a route in each way that opens something."""

    def addresses(route):
        names = re.findall(r"<(\w+)>", route)
        for values in product(*(world.get(name, ["x"]) for name in names)):
            path = route
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"<{name}>", value)
            yield f"/{path}"

    return addresses
