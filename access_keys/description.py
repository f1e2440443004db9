"""What the description of the API says of signatures."""

from access_keys.signatures import A_PAGE, DROPPED, SIGNATURE
from api.description import read, ref
from api.fields import LINKS, NUMBER, each, list_of

_FIRST = "/api/campaigns/{slug}/signatures/"
_WORDS = (
    "With a key: the signatures whose names may be shown, the oldest change first, "
    f"{A_PAGE} a page, and those to drop."
)


def describe(schemas, paths):
    """Add what a key opens."""
    rows = {"osdi:signatures": SIGNATURE, "dropped": DROPPED}
    schemas |= {row.name: row.schema for row in rows.values()}
    embedded = each(**{rel: list_of(ref(row.name)) for rel, row in rows.items()})
    page = each(per_page=NUMBER, _links=LINKS, _embedded=embedded)
    schemas["SignaturePage"] = page
    paths[_FIRST] = _with_key(_WORDS)
    paths[f"{_FIRST}page/{{cursor}}/"] = _with_key("What is new since.")


def _with_key(words):
    of_page = read("SignaturePage", words)
    answers = of_page["get"]["responses"]
    del answers["304"], answers["200"]["headers"]
    why = {
        "400": "A query was sent, or the cursor is not from here.",
        "401": "The key is missing, or does not work.",
        "403": "The key is not for this campaign.",
        "410": "The campaign is gone, or the cursor is too old.",
        "429": "Wait for as long as Retry-After says.",
    }
    for status, said in why.items():
        answers[status] = {**answers["404"], "description": said}
    of_page["get"]["security"] = [{"key": []}]
    return of_page
