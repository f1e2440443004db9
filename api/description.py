"""The description of what programs read (OpenAPI 3.1), made from the same tables."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from api.collections import COLLECTIONS
from api.cursors import A_PAGE, SCHEMA
from api.fields import LINKS, NUMBER, TEXT, each, list_of
from api.resources import CAMPAIGN, PETITION
from pages.addresses import absolute

VERSION = "1.2.0"
_SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
# Higher ones are no keys of the database.
_PK = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
_PARAMETERS = {"slug": _SLUG, "cursor": SCHEMA, "pk": _PK}
_PROBLEM = {
    "type": "object",
    "properties": {"title": TEXT, "status": NUMBER, "detail": TEXT},
    "required": ["title", "status"],
}
_ENTRY = each(osdi_version=TEXT, language=TEXT, _links=LINKS)


def description():
    """All of it, as it can be sent. Who reads it in a language gets servers for all."""
    resources = [
        CAMPAIGN,
        PETITION,
        *(found.resource for found in COLLECTIONS),
    ]
    schemas = {resource.name: resource.schema for resource in resources}
    schemas["Problem"] = _PROBLEM
    schemas["EntryPoint"] = _ENTRY
    paths = {
        "/api/": read("EntryPoint", "Where a program begins."),
        "/api/campaigns/{slug}/": read("Campaign", "One campaign."),
        "/api/campaigns/{slug}/petition/": read("Petition", "Its petition."),
    }
    for found in COLLECTIONS:
        below = "/api/campaigns/{slug}/" if found.of_campaign else "/api/"
        name = f"{found.resource.name}Page"
        schemas[name] = _page(found)
        first = f"{below}{found.name}/"
        paths[first] = read(name, found.words)
        paths[f"{first}page/{{cursor}}/"] = read(name, "Where the list goes on.")
        if found.of_campaign:
            paths[f"{first}{{pk}}/"] = read(found.resource.name, "One of these.")
    for config in apps.get_app_configs():
        if hasattr(config, "described"):
            config.described(schemas, paths)
    for path, item in paths.items():
        named = [name for name in _PARAMETERS if f"{{{name}}}" in path]
        item["parameters"] = [_parameter(name) for name in named]
        item["get"]["operationId"] = _operation(path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Campaigns, for programs",
            "version": VERSION,
            "description": (
                "What everybody reads on the pages of this site, and nothing else. "
                "Follow the links; keep no address but the first. Lists have "
                f"{A_PAGE} rows a page, the newest first, and go on by `next`."
            ),
        },
        "servers": [_server(code) for code, _name in settings.LANGUAGES],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def read(name, words):
    """One address: GET and HEAD, and what may come of it."""
    problems = {
        "400": "The cursor is not from here.",
        "404": "There is no such thing, or not in this language.",
        "405": "This can only be read.",
        "410": "It is not here any more.",
    }
    answers = {
        "200": {
            "description": words,
            "headers": {"ETag": {"schema": TEXT}},
            "content": {"application/hal+json": {"schema": ref(name)}},
        },
        "301": {"description": "It has another address now."},
        "304": {"description": "It is still as If-None-Match says."},
    }
    for status, why in problems.items():
        content = {"application/problem+json": {"schema": ref("Problem")}}
        answers[status] = {"description": why, "content": content}
    return {"get": {"summary": words, "responses": answers}}


def _page(found):
    embedded = each(**{found.rel: list_of(ref(found.resource.name))})
    return each(per_page=NUMBER, _links=LINKS, _embedded=embedded)


def _parameter(name):
    schema = _PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "schema": schema}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(path):
    words = path.replace("{", "").replace("}", "").split("/")
    return "_".join(["get", *filter(None, words[2:])]) if path != "/api/" else "begin"


@cache
def _server(code):
    with translation.override(code):
        address = absolute(reverse("api:entry-point"))
    return {"url": address.removesuffix("/api/"), "description": code}
