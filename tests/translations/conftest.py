import re
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.urls import clear_url_caches
from django.utils.translation import get_language

from branding import models
from branding.models import Branding
from letters.models import (
    AddressCorrection,
    OfficialAnswer,
    OfficialVisit,
    SuggestedLetter,
)
from petitions.models import Signature
from petitions.signing import own_page
from supporters.acts.stopping import stop_url
from supporters.models import Report, Supporter, Visit
from tests.factories import (
    ask_volunteer,
    follow,
    make_campaign,
    make_comment,
    make_counted,
    make_ended_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
    write_comment,
)
from tests.hostile.conftest import client, known, no_limit, pending  # noqa: F401
from tests.letters.makers import confirmed, write
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
        settings.LANGUAGES = sorted(
            pseudo.LANGUAGES, key=lambda each: each[0] != language
        )
        settings.LANGUAGE_CODE = language
        clear_url_caches()  # Django keeps addresses by language, with or without it

    yield speaking
    clear_url_caches()


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
def doors(client, known, pending, settings):  # noqa: F811
    """What opens only with one key and one row, which are made for it."""
    campaign = pending.petition.campaign
    me = Supporter.objects.get(email="somebody@mail.example")
    visit = Visit.objects.get(supporter=me, opened_at__isnull=False)
    second = make_petition()
    [signed] = make_counted(second, email=me.email, consents=[("signature", "1", "1")])
    suggested = SuggestedLetter.objects.get(campaign=campaign)
    letter = confirmed(suggested, email=me.email)
    waiting = write(suggested, email=me.email)
    shown = write_comment(campaign, "It is mine.", email=me.email)
    invited = make_follow(campaign, "gil@mail.example")
    here = get_language()
    asking = follow(None, "hal@mail.example", language=here).confirmation
    update = make_update(campaign, follow_up=second.campaign)
    official = suggested.recipient_list.recipients.last()
    asked = Visit.objects.create(supporter=me, mail_key="visit")
    OfficialVisit.objects.create(
        recipient=official, email=official.email, mail_key="opening"
    )
    typed = AddressCorrection.objects.create(
        recipient=official,
        old_email=official.email,
        email="new@council.example",
        mail_key="address",
    )
    notice = Report.objects.create(location="/1/", law="other", words="1")
    further, _name = settings.LANGUAGES[1]
    foreign = make_petition(make_campaign(language=further, title="1", summary="1"))
    mine = f"mine/{visit.key}"
    if volunteer := ask_volunteer(foreign.campaign, here):
        link = urlsplit(volunteer.url).path
        client.post(link, HTTP_HOST=urlsplit(settings.SITE_URL).netloc)
        texts = f"{link}texts/campaign-{foreign.campaign_id}/"
        of_volunteer = [
            *(f"{link}{page}" for page in ("texts/", "po/", "thanks/")),
            *(texts, f"{texts}preview/"),
        ]
    else:
        of_volunteer = []
    paths = [
        f"{letter.done_url}answers/{letter.deliveries.first().pk}/",
        f"{campaign.slug}/letters/{waiting.receipt_key}/unsent/",
        f"{campaign.slug}/updates/{update.pk}/",
        f"{second.campaign.slug}/signatures/next/{invited.next_key}/",
        f"{second.campaign.slug}/signatures/thanks/{own_page.key_of(signed)}/",
        urlsplit(stop_url(me, "signature_thanks", here)).path[1:],
        f"follows/{asking.page_token}/",
        f"follows/{asking.page_token}/code/",
        f"follows/{asking.page_token}/mail/",
        f"follows/{asking.link_key}/confirmation/",
        f"{mine}/all/signatures/",
        f"{mine}/comments/{shown.pk}/removal/",
        f"{mine}/consents/{signed.confirmation.consents.get().pk}/withdrawal/",
        f"{mine}/letters/{letter.pk}/removal/",
        f"{mine}/signatures/{signed.pk}/",
        f"{mine}/signatures/{signed.pk}/proof/",
        f"{mine}/signatures/{signed.pk}/withdrawal/",
        f"mine/{asked.mail_key}/opening/",
        f"notices/{notice.mail_key}/",
        "officials/address/address/",
        f"officials/denial/{typed.denial_key}/",
        f"officials/objection/{typed.link_key}/",
        "officials/opening/opening/",
        *of_volunteer,
    ]
    return [path.removeprefix("/") for path in paths]


@pytest.fixture
def addresses(world, doors):
    """Fills in the arguments of a route in each way that opens something."""

    def addresses(route):
        pattern = re.sub(r"<\w+>", "[^/]+", route)
        yield from (f"/{door}" for door in doors if re.fullmatch(pattern, door))
        names = re.findall(r"<(\w+)>", route)
        # What has a key of its own stands in the first campaign.
        worth = {**world, "slug": world["slug"][: 1 if names[1:] else None]}
        for values in product(*(worth.get(name, ["x"]) for name in names)):
            path = route
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"<{name}>", value)
            yield f"/{path}"

    return addresses
