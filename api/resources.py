"""What programs read of each thing, by the names of OSDI where it has one.

Nothing stands here that strangers do not read on the public pages (decision 74).
"""

from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from api.fields import (
    ADDRESS,
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    YES_OR_NO,
    Field,
    Resource,
    each,
    list_of,
    or_null,
)
from campaigns.models.address import known_slug
from campaigns.results import results_of
from campaigns.text import as_text
from pages.addresses import absolute
from pages.languages import InLanguages
from petitions.figures import countries_of, growth_of


def link(view, **kwargs):
    return {"href": absolute(reverse(f"api:{view}", kwargs=kwargs))}


def identifier_of(kind, key):
    """The name that a thing keeps, whatever becomes of its address (OSDI)."""
    return f"{urlsplit(settings.SITE_URL).hostname}:{kind}-{key}"


def identifier(kind):
    return Field(
        "identifiers",
        list_of(TEXT),
        lambda row: [identifier_of(kind, row.pk)],
        "These stay when the address changes.",
    )


def page(row):
    return absolute(row.get_absolute_url())


_COMMON = (
    Field("title", TEXT, lambda row: row.title),
    Field("summary", TEXT, lambda row: row.summary),
    Field("language", TEXT, lambda row: row.read_in, "In which the texts are."),
    Field("browser_url", ADDRESS, page, "The page for people."),
    Field("created_date", MOMENT, lambda row: row.published_at),
    Field("modified_date", MOMENT, lambda row: row.updated_at),
    Field("is_open", YES_OR_NO, lambda row: row.is_open, "Whether people can act now."),
    Field("ended_at", or_null(MOMENT), lambda row: row.ended_at),
)
_RESULT = each(kind=TEXT, title=TEXT, text=TEXT, day=DAY, source=or_null(TEXT))


def _results(campaign):
    return [
        {
            "kind": result.kind,
            "title": str(result.title),
            "text": result.words,
            "day": result.day,
            "source": result.url or None,
        }
        for result in results_of(campaign)
    ]


def _campaign_links(campaign):
    slug = {"slug": campaign.slug}
    links = {
        "self": link("campaign", **slug),
        "osdi:petition": link("petition", **slug),
        "updates": link("updates", **slug),
        "comments": link("comments", **slug),
        "answers": link("answers", **slug),
    }
    known = known_slug(campaign.slug)
    if isinstance(known, InLanguages):
        links["alternate"] = [
            in_language(code, "campaign", **slug) for code in sorted(known.paths)
        ]
    return links


def in_language(code, view, **kwargs):
    with translation.override(code):
        return {**link(view, **kwargs), "hreflang": code}


CAMPAIGN = Resource(
    "Campaign",
    (
        identifier("campaign"),
        *_COMMON,
        Field(
            "description",
            TEXT,
            lambda campaign: as_text(campaign.story),
            "The story, as plain text.",
        ),
        Field("results", list_of(_RESULT), _results, "What came of it."),
    ),
    _campaign_links,
)


def _petition_links(petition):
    slug = {"slug": petition.campaign.slug}
    links = {"self": link("petition", **slug), "campaign": link("campaign", **slug)}
    for config in apps.get_app_configs():
        if hasattr(config, "links_of_petition"):
            links |= config.links_of_petition(**slug)
    return links


def _through_campaign(field):
    """The same of a petition: what its campaign says."""
    return Field(
        field.name,
        field.schema,
        lambda petition: field.value(petition.campaign),
        field.words,
    )


_PETITION = (
    identifier("petition"),
    *(_through_campaign(field) for field in _COMMON if field.name != "is_open"),
    Field(
        "is_open",
        YES_OR_NO,
        lambda petition: petition.is_open,
        "Whether people can sign now.",
    ),
    Field(
        "petition_text",
        TEXT,
        lambda petition: petition.told_ask,
        "The sentence that people sign.",
    ),
    Field(
        "total_signatures",
        NUMBER,
        lambda petition: petition.standing.count,
        "The count of the page, with names on paper and from another website.",
    ),
)
PETITION_IN_LIST = Resource("PetitionInList", _PETITION, _petition_links)
PETITION = Resource(
    "Petition",
    (
        *_PETITION,
        Field(
            "signatures_on_paper",
            NUMBER,
            lambda petition: petition.standing.on_paper,
            "A part of total_signatures.",
        ),
        Field(
            "signatures_on_another_website",
            NUMBER,
            lambda petition: petition.standing.brought,
            "Another part of total_signatures.",
        ),
        Field("goal", or_null(NUMBER), lambda petition: petition.standing.goal),
        Field(
            "earlier_texts",
            list_of(each(text=TEXT, language=TEXT, until=MOMENT)),
            lambda petition: [
                {"text": was.words, "language": was.language, "until": was.until_moment}
                for was in petition.earlier
            ],
            "Other words of the same meaning that stood there, on the pages of a "
            "language.",
        ),
        Field(
            "is_final",
            YES_OR_NO,
            lambda petition: petition.is_final,
            "Whether the count grows no more. Names can still be taken back, or found "
            "to be false.",
        ),
        Field(
            "countries",
            list_of(each(country=TEXT, signatures=NUMBER)),
            lambda petition: [
                {"country": code, "signatures": number}
                for code, number in countries_of(petition)
            ],
            "By ISO 3166-1 alpha-2; empty where nobody said it. Most signatures first.",
        ),
        Field(
            "days",
            list_of(each(day=DAY, added=NUMBER)),
            lambda petition: [
                {"day": day, "added": number}
                for day, number in sorted(growth_of(petition).items())
            ],
            "How the count grew, less names removed; in the campaign's time zone.",
        ),
    ),
    _petition_links,
)


def _part(rel):
    def links(row):
        slug = {"slug": row.campaign.slug}
        return {"self": link(rel, pk=row.pk, **slug), "up": link("campaign", **slug)}

    return links


UPDATE = Resource(
    "Update",
    (
        identifier("update"),
        Field("title", TEXT, lambda update: update.title),
        Field(
            "description",
            TEXT,
            lambda update: update.plain_text,
            "The text, as plain text.",
        ),
        Field("language", TEXT, lambda update: update.read_in),
        Field("browser_url", ADDRESS, page),
        Field("created_date", MOMENT, lambda update: update.published_at),
        Field("modified_date", MOMENT, lambda update: update.updated_at),
        Field("is_outcome", YES_OR_NO, lambda update: update.is_outcome),
    ),
    _part("update"),
)


def _answered(comment):
    """What a comment answers, if readers can see that."""
    parent = comment.parent
    if parent is None or not parent.is_shown:
        return None
    return identifier("comment").value(parent)[0]


COMMENT = Resource(
    "Comment",
    (
        identifier("comment"),
        Field("name", TEXT, lambda comment: comment.name, "As its writer shows it."),
        Field("text", TEXT, lambda comment: comment.text, "Empty for a name alone."),
        Field("language", TEXT, lambda comment: comment.language),
        Field("browser_url", ADDRESS, page),
        Field("created_date", MOMENT, lambda comment: comment.shown_at),
        Field(
            "modified_date",
            MOMENT,
            lambda comment: comment.edited_at or comment.shown_at,
        ),
        Field(
            "is_of_campaign",
            YES_OR_NO,
            lambda comment: comment.is_answer,
            "Whether the campaign says it.",
        ),
        Field(
            "in_reply_to",
            or_null(TEXT),
            _answered,
            "The identifier of the comment that this one answers.",
        ),
    ),
    _part("comment"),
)
ANSWER = Resource(
    "Answer",
    (
        identifier("answer"),
        Field("official", TEXT, lambda answer: answer.recipient.label),
        Field("text", TEXT, lambda answer: answer.text, "As the official wrote it."),
        Field("browser_url", ADDRESS, page),
        Field("created_date", MOMENT, lambda answer: answer.written_at),
        Field("modified_date", MOMENT, lambda answer: answer.published_at),
    ),
    _part("answer"),
)
