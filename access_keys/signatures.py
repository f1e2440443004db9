"""What a program of the group reads with a key: what a download of names would hold.

It has those signatures alone whose names may be shown, as their signers chose, and no
address (decision 74).
"""

import re
from datetime import timedelta
from functools import wraps

from django.urls import reverse
from django.utils import timezone

from access_keys.handed_out import DROPPED_DAYS, KINDS, HandedOut
from access_keys.keys import AccessKey
from api.cursors import NoCursor, cursor_at, place_in
from api.fields import MOMENT, TEXT, Field, Resource, each, list_of, or_null
from api.resources import identifier_of, link
from api.views import hal
from campaigns.published import published_campaign
from pages.addresses import absolute
from pages.problems import for_key_holders, problem
from pages.read_only import read_only
from petitions.handover.archive import shown_names
from petitions.petition import Petition
from safeguards.counters import MINUTE, Limit, hit
from safeguards.network import Network, networks_of
from supporters.models import Consent

A_PAGE = 100
READINGS = Limit(
    "readings with a key", of=Network, window=MINUTE, setting="LIMIT_POSTS_A_MINUTE"
)
_BEARER = re.compile(r"Bearer +(\S+) *", re.IGNORECASE)
_CONSENT = each(kind=TEXT, words=TEXT, version=TEXT, language=TEXT, given_date=MOMENT)
_PERSON = each(
    name=TEXT, postal_addresses=list_of(each(locality=or_null(TEXT), country=TEXT))
)


def _person(row):
    name, city = row.signature.public_name.name_and_city
    place = {"locality": city or None, "country": row.signature.country.code}
    return {"name": name, "postal_addresses": [place]}


def _consents(row):
    return [
        {
            "kind": KINDS[consent.kind],
            "words": consent.words,
            "version": consent.version,
            "language": consent.language,
            "given_date": consent.given_at,
        }
        for consent in row.consents
    ]


def _identifiers(row):
    return [identifier_of("signature", row.code)]


SIGNATURE = Resource(
    "Signature",
    (
        Field("identifiers", list_of(TEXT), _identifiers, "Random; they stay."),
        Field(
            "action_date",
            MOMENT,
            lambda row: row.signature.confirmed_at,
            "When it was confirmed.",
        ),
        Field("modified_date", MOMENT, lambda row: row.changed_at),
        Field("language", TEXT, lambda row: row.signature.language, "Of the page."),
        Field(
            "person",
            _PERSON,
            _person,
            "As its signer shows it. The name can be initials. There is no address.",
        ),
        Field("consents", list_of(_CONSENT), _consents, "What its signer agreed to."),
    ),
)
DROPPED = Resource(
    "DroppedSignature",
    (
        Field("identifiers", list_of(TEXT), _identifiers),
        Field("dropped_date", MOMENT, lambda row: row.dropped_at),
    ),
)


def with_key(view):
    """Let programs in that send a working key: `view(request, key, …)`."""

    @for_key_holders
    @read_only
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.META.get("QUERY_STRING"):
            return problem(
                request,
                400,
                "This address takes no query. Send the key as “Authorization: "
                "Bearer …”. If it stood in an address, revoke it: logs keep addresses.",
            )
        if hit(READINGS(networks_of(request))):
            answer = problem(request, 429, "Wait a minute, and read on.")
            answer["Retry-After"] = str(MINUTE)
            return answer
        sent = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        key = AccessKey.objects.holding(sent[1]) if sent else None
        if key is None:
            answer = problem(
                request, 401, "Send a key that works, as “Authorization: Bearer …”."
            )
            answer["WWW-Authenticate"] = 'Bearer realm="signatures"'
            return answer
        return view(request, key, *args, **kwargs)

    return guarded


def link_to_signatures(**kwargs):
    return {"href": absolute(reverse("access_keys:signatures", kwargs=kwargs))}


@with_key
def signatures(request, key, slug, cursor=""):
    """The signatures of a campaign that came, changed or went since a cursor."""
    campaign = published_campaign(slug)
    if not key.opens(campaign):
        return problem(request, 403, "This key is not for this campaign.")
    petition = Petition.objects.of_campaign(campaign)
    name = f"signatures {campaign.pk}"
    after, today = 0, timezone.now().date()
    if cursor:
        try:
            after, day, of_key = place_in(cursor, name)
        except NoCursor:
            said = "This cursor is not from here. Begin anew."
            return problem(request, 400, said)
        # Where no key was left nothing was kept, and a newer one would miss drops.
        is_old = day <= (today - timedelta(days=DROPPED_DAYS)).toordinal()
        if is_old or of_key != key.pk:
            return problem(
                request,
                410,
                f"This cursor is more than {DROPPED_DAYS} days old, or of another "
                "key. Begin anew, and drop all that you do not get again.",
            )
    rows = HandedOut.objects.filter(petition=petition, pk__gt=after)
    (*page,) = rows.order_by("pk")[: A_PAGE + 1]
    goes_on, page = len(page) > A_PAGE, page[:A_PAGE]
    last = page[-1].pk if page else after
    place = [last, today.toordinal(), key.pk]
    ahead = link_to_signatures(slug=slug, cursor=cursor_at(place, name))
    here = {"slug": slug, "cursor": cursor} if cursor else {"slug": slug}
    links = {
        "self": link_to_signatures(**here),
        "up": link("campaign", slug=slug),
        "osdi:petition": link("petition", slug=slug),
        "changes": ahead,
    }
    if goes_on:
        links["next"] = ahead
    found = _may_be_known(petition, page)
    said = {
        "osdi:signatures": [SIGNATURE.shown(row) for row in found],
        "dropped": [DROPPED.shown(row) for row in page if row.dropped_at],
    }
    key.note_use(request.path)
    return hal({"per_page": A_PAGE, "_links": links, "_embedded": said})


def _may_be_known(petition, page):
    """Those of a page that may be known at this moment, with what they consented to.

    One that has just ended is left out, and comes as dropped when that is noted.
    """
    if petition is None:
        return []
    keys = [row.signature_id for row in page if row.signature_id]
    known = shown_names(petition).filter(pk__in=keys).in_bulk()
    owners = [signature.confirmation_id for signature in known.values()]
    given = {}
    for consent in (
        Consent.objects.standing()
        .filter(confirmation__in=owners, kind__in=KINDS)
        .order_by("pk")
    ):
        given.setdefault(consent.confirmation_id, []).append(consent)
    found = [row for row in page if row.signature_id in known]
    for row in found:
        row.petition, row.signature = petition, known[row.signature_id]
        row.consents = given.get(row.signature.confirmation_id, [])
    return found
