"""The public pages of a large site, each with what its address names."""

import re
from contextlib import suppress
from functools import cache
from itertools import product

ARGUMENT = re.compile(r"<(\w+)>")
OF_STAFF = ("admin/", "development/", "anymail/")
# A person of the bench, who has done everything, and one who waits for a mail.
ADA, BO = "ada@scale.example", "bo@scale.example"


@cache
def public_pages():
    """Addresses by their names: of each route that a browser reads, and far ones."""
    pages = {}
    for route in sorted({*_routes()}):
        if route and not route.startswith(OF_STAFF):
            found = _first_that_is_read(route)
            if found:
                pages[f"/{route}"] = found
    return {"/": "/", **pages, **_far()}


@cache
def reader():
    """Somebody who has confirmed an address here, and opened an official's page."""
    from django.http import HttpResponse
    from django.test import Client

    from letters.officials import access
    from supporters.models import Supporter, Visit
    from supporters.my_page import browser

    acts = _acts()
    answer = HttpResponse()
    supporter = Supporter.objects.get(email=ADA)
    Visit.objects.begin(supporter, "en")
    browser.remember(answer, supporter)
    access.remember(answer, acts["reading"])
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies = answer.cookies
    return client


@cache
def _acts():
    """What Ada has done under “many”, and what somebody is asked about there."""
    from django.utils import timezone

    from campaigns.models import Campaign
    from letters.models import OfficialVisit
    from tests.factories import follow, make_follow, sign, write_comment
    from tests.letters.makers import confirmed

    campaign = Campaign.objects.get(slug="many")
    signed = sign(campaign.petition, email=ADA)
    signed.confirm()
    comment = write_comment(campaign, "My own words.", email=ADA)
    official = campaign.letter.recipient_list.recipients.first()
    return {
        "campaign": campaign,
        "signed": signed,
        "comment": comment,
        "letter": confirmed(campaign.letter, email=ADA),
        "follow": make_follow(campaign, ADA),
        "pending": sign(campaign.petition, email=BO),
        "asked": follow(campaign, BO),
        "reading": OfficialVisit.objects.create(
            recipient=official, email=official.email, opened_at=timezone.now()
        ),
    }


@cache
def _known():
    """What an address may name, by the names of the arguments."""
    from supporters.models import Visit

    acts = _acts()
    reader()
    campaign, reading = acts["campaign"], acts["reading"]
    shown = campaign.comments.readable()
    questions = [
        acts[name].confirmation
        for name in ("pending", "asked", "comment", "letter", "signed")
    ]
    return {
        "slug": [campaign.slug],
        "token": [
            key for asked in questions for key in (asked.page_token, asked.link_key)
        ],
        "key": [
            *(visit.key for visit in Visit.objects.order_by("-pk")[:1]),
            reading.key,
            reading.recipient.page_key,
            acts["letter"].receipt_key,
            acts["signed"].withdrawal_key,
            acts["comment"].mail_key,
            acts["follow"].key,
        ],
        "pk": [
            str(row.pk)
            for row in (
                shown.filter(root=None).earliest("pk"),
                campaign.letter,
                campaign.updates.latest("pk"),
                *(acts[name] for name in ("signed", "letter", "comment", "follow")),
            )
        ],
        "number": ["2", "1"],
        "name": ["signatures", "letters", "comments"],
        "words": [acts["letter"].words],
        "delivery": [str(acts["letter"].deliveries.first().pk)],
        "cursor": [],
    }


def _routes():
    from tests.hostile.generator import routes

    return routes()


def _first_that_is_read(route):
    """The first address of this route with an answer of 200, or None."""
    names = ARGUMENT.findall(route)
    if "(" in route or any(name not in _known() for name in names):
        return None
    for values in product(*(_known()[name] for name in names)):
        path = "/" + ARGUMENT.sub("{}", route).format(*values)
        with suppress(Exception):
            if open_page(path).status_code == 200:
                return path
    return None


def open_page(path):
    """The whole answer, as a browser gets it."""
    answer = reader().get(path)
    if answer.streaming:
        answer.getvalue()
    return answer


def _far():
    """Pages in the middle and at the end of what is long."""
    from comments.models import Comment
    from comments.pagination import (
        NEWEST,
        OLDEST,
        OWN_LANGUAGE,
        ConversationPage,
        ThreadPage,
    )
    from petitions.counting.views import LINKS_A_FILE

    campaign = _acts()["campaign"]
    found = {}
    for order in (OLDEST, NEWEST, OWN_LANGUAGE):
        page = ThreadPage(campaign, order=order)
        found[f"thread, {order.view}, middle"] = page.url_of(page.last // 2)
        found[f"thread, {order.view}, last"] = page.url_of(page.last)
    first = Comment.objects.filter(campaign=campaign, root=None).earliest("pk")
    page = ConversationPage(first)
    found["conversation, middle"] = page.url_of(page.last // 2)
    found["conversation, last"] = page.url_of(page.last)
    shown = campaign.comments.readable()
    for name, of in {
        "comment": shown.filter(root=None),
        "reply": shown.exclude(root=None),
    }.items():
        middle = of.order_by("pk")[of.count() // 2]
        found[f"permalink of a {name}, middle"] = middle.get_absolute_url()
    end = campaign.petition.links.end_of(campaign.petition.pk)
    last = -(-end.number // LINKS_A_FILE)
    found["last file of the chain"] = f"/many/count/links-{last}.csv"
    for name in ("campaigns", "petitions", "campaigns/many/comments"):
        answer = open_page(f"/api/{name}/").json()
        if following := answer["_links"].get("next"):
            path = following["href"].partition("127.0.0.1")[2]
            found[f"/api/{name}/, next"] = path
    return found
