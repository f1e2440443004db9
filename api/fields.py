"""What a resource says: the one table of which answers and their description are made.

A field that is not in the table is not in an answer, and one that is has its schema: so
the description cannot say anything else than the site does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
YES_OR_NO = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
ADDRESS = {"type": "string", "format": "uri"}
LINK = {
    "type": "object",
    "properties": {"href": ADDRESS, "hreflang": TEXT, "type": TEXT, "name": TEXT},
    "required": ["href"],
}


def or_null(schema):
    return {**schema, "type": [schema["type"], "null"]}


def list_of(schema):
    return {"type": "array", "items": schema}


def each(**schemas):
    """An object that has exactly these."""
    return {
        "type": "object",
        "properties": schemas,
        "required": [*schemas],
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class Field:
    name: str
    schema: dict[str, Any]
    value: Callable[[Any], Any]
    # What a developer should know that the name does not say.
    words: str = ""

    @property
    def described(self):
        return {**self.schema, **({"description": self.words} if self.words else {})}


@dataclass(frozen=True)
class Resource:
    """One kind of thing that a program reads. `links` gives its links but `curies`.

    Without `links`, it has no address of its own.
    """

    name: str
    fields: tuple[Field, ...]
    links: Callable[[Any], dict[str, Any]] | None = None

    def shown(self, row):
        """What an answer says of a row (HAL)."""
        said = {field.name: field.value(row) for field in self.fields}
        return {**said, "_links": self.links(row)} if self.links else said

    @property
    def schema(self):
        schema = each(**{field.name: field.described for field in self.fields})
        if self.links:
            schema["properties"]["_links"] = LINKS
            schema["required"].append("_links")
        return schema


_CURIE = each(name=TEXT, href=TEXT, templated=YES_OR_NO)
LINKS = {
    "type": "object",
    "properties": {"self": LINK, "curies": list_of(_CURIE)},
    "required": ["self"],
    "additionalProperties": {"anyOf": [LINK, list_of(LINK)]},
}
