"""The names that programs read are those of OSDI, wherever it has one.

Its names stand here as its pages list them (1.2.0, github.com/opensupporter/osdi-docs,
as of April 2019). Decision 74 says why we leave out the others.
"""

import pytest

from api.collections import COLLECTIONS
from api.description import description
from api.views import CURIES, OSDI
from tests.factories import make_campaign, make_petition

# The common fields of all, and then those of each page that we use names of.
COMMON = {
    "identifiers": "array",
    "created_date": "date-time",
    "modified_date": "date-time",
}
PAGES = {
    "Petition": {  # petitions.html
        **COMMON,
        "origin_system": "string",
        "name": "string",
        "title": "string",
        "description": "string",
        "summary": "string",
        "petition_text": "string",
        "browser_url": "string",
        "administrative_url": "string",
        "featured_image_url": "string",
        "total_signatures": "integer",
        "target": "array",
        "share_url": "string",
        "total_shares": "integer",
        "share_options": "array",
    },
    "Signature": {  # signatures.html; a person in it, as in record_signature.html
        **COMMON,
        "origin_system": "string",
        "action_date": "date-time",
        "comments": "string",
        "referrer_data": "object",
        "person": "object",
    },
    "Person": {  # people.html
        **COMMON,
        "family_name": "string",
        "given_name": "string",
        "additional_name": "string",
        "honorific_prefix": "string",
        "honorific_suffix": "string",
        "gender": "string",
        "languages_spoken": "array",
        "preferred_language": "string",
        "source": "string",
        "browser_url": "string",
        "postal_addresses": "array",
        "email_addresses": "array",
        "phone_numbers": "array",
        "custom_fields": "object",
    },
    "Address": {  # the postal addresses of people.html
        "primary": "boolean",
        "address_type": "string",
        "venue": "string",
        "address_lines": "array",
        "locality": "string",
        "region": "string",
        "postal_code": "string",
        "country": "string",
        "language": "string",
        "location": "object",
        "status": "string",
    },
    "EntryPoint": {  # aep.html
        "motd": "string",
        "max_pagesize": "integer",
        "vendor_name": "string",
        "product_name": "string",
        "osdi_version": "string",
        "namespace": "string",
    },
    "SignaturePage": {  # the examples of its lists
        "total_pages": "integer",
        "per_page": "integer",
        "page": "integer",
        "total_records": "integer",
    },
}
# What we take of each, and what we add that OSDI has no name for.
TAKEN = {
    "Petition": {
        *COMMON,
        "title",
        "summary",
        "petition_text",
        "browser_url",
        "total_signatures",
    },
    "Signature": {"identifiers", "modified_date", "action_date", "person"},
    "Person": {"postal_addresses"},
    "Address": {"locality", "country"},
    "EntryPoint": {"osdi_version"},
    "SignaturePage": {"per_page"},
}
OURS = {
    "Petition": {
        "language",
        "is_open",
        "ended_at",
        "signatures_on_paper",
        "signatures_on_another_website",
        "earlier_texts",
        "goal",
        "is_final",
        "countries",
        "days",
    },
    "Signature": {"language", "consents"},
    "Person": {"name"},
    "Address": set(),
    "EntryPoint": {"language"},
    "SignaturePage": set(),
}
# Of OSDI, of HAL and of the registry of IANA; and ours, which stand without a prefix.
OSDI_RELATIONS = {"osdi:petition", "osdi:petitions", "osdi:signatures"}
REGISTERED = {"self", "next", "up", "alternate", "service-desc", "curies"}
OUR_RELATIONS = {"campaign", "campaigns", "updates", "comments", "answers", "changes"}


def schemas():
    """What the description says of each, by the name of its page at OSDI."""
    found = description()["components"]["schemas"]
    person = found["Signature"]["properties"]["person"]
    address = person["properties"]["postal_addresses"]["items"]
    return {**found, "Person": person, "Address": address}


def kind_of(schema):
    """The type of a value, and of a text that is a moment its format."""
    kinds = schema["type"]
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return "date-time" if schema.get("format") == "date-time" else kind


@pytest.mark.parametrize("page", PAGES)
def test_each_name_of_osdi_means_here_what_it_means_there(page):
    said = schemas()[page]["properties"]
    names = {name for name in said if not name.startswith("_")}

    assert names == TAKEN[page] | OURS[page]
    assert not OURS[page] & set(PAGES[page])
    for name in TAKEN[page]:
        assert kind_of(said[name]) == PAGES[page][name], name


def test_a_petition_in_a_list_has_the_names_of_the_whole_one():
    found = schemas()
    whole = found["Petition"]["properties"].items()

    assert found["PetitionInList"]["properties"].items() <= whole


@pytest.mark.django_db
def test_relations_are_those_of_osdi_of_iana_or_in_the_list_of_ours(client):
    make_petition(make_campaign(slug="bucheon"))
    paths = ["/api/", "/api/campaigns/bucheon/", "/api/campaigns/bucheon/petition/"]
    paths += ["/api/petitions/"]

    answers = [client.get(path).json() for path in paths]

    relations = {name for answer in answers for name in answer["_links"]}
    assert {name for name in relations if ":" in name} == OSDI_RELATIONS
    assert relations <= OSDI_RELATIONS | REGISTERED | OUR_RELATIONS
    embedded = {found.rel for found in COLLECTIONS}
    assert embedded <= OSDI_RELATIONS | OUR_RELATIONS
    # OSDI has no page for one petition, and none for a query: its first page has all.
    [curie] = CURIES
    assert curie["href"] == "https://opensupporter.github.io/osdi-docs/#{rel}"
    assert answers[0]["osdi_version"] == OSDI
