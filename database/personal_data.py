"""What a model holds of people: one declaration, from which all our promises are made.

A model with a column or a key that says something of a person has an attribute
`personal_data`. My page, the export, erasing and the audit trail read it, and so does
the test that fails for a model without one.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from django.apps import apps
from django.db import models


class HasAddress(Protocol):
    """A supporter, as far as this room knows one."""

    email: str


@dataclass(kw_only=True)
class PersonalData:
    """Whose the rows of a model are, who reads them, and what is done to forget them.

    Verbs are named, and are the queryset's. `model` is set by Django.
    """

    # Whose it is: the path of keys to a supporter, or the verb that finds the rows of
    # an address, where no key leads from one to the other. Empty where it is nobody's,
    # or of an official or of somebody who works here.
    supporter: str = ""
    by_address: str = ""
    # The columns by which its owner is found, which go with the row.
    identifies: tuple[str, ...] = ()

    # What my page shows (supporters/my_page/section.py) of `for_my_page()`.
    section: Any = None
    # A list of plain dicts, in human words, dates in ISO 8601. Empty: not exported.
    export: str = "export"
    # Without the person; counts and threads stay right. Who is asked for it is told
    # nothing more: it is done in the order of `order`, acts before what they need.
    erase: str = "erase"
    order: int = 1

    # For which consents it was written down: `consent_withdrawn(kind)` ends that.
    consents: tuple[str, ...] = ()
    # Whether mails come by it: `unsubscribe(because, words)` ends them.
    unsubscribes: bool = False
    # Whether it knows a name and place to fill in: `details_of(supporter, campaign)`.
    fills_in: bool = False

    # Columns in which others may have written somebody's address, out of which it is
    # taken when that is erased; and the verb for it, where the rows need more care.
    texts: tuple[str, ...] = ()
    take_out: str = ""
    # Columns that are about nobody: of the site's own words, or of an office.
    about_nobody: tuple[str, ...] = ()

    # How long, and when it is deleted or emptied: a `Kept` (database/kept.py) each.
    kept: tuple = ()

    model: type[models.Model] = field(init=False, repr=False, compare=False)

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        """Django calls it for an attribute of a model."""
        self.model = model
        setattr(model, name, self)

    @property
    def is_of_supporters(self) -> bool:
        return bool(self.supporter or self.by_address)

    @property
    def title(self) -> str:
        """What its rows are called, on my page and in the export."""
        return str(self.model._meta.verbose_name_plural)

    def rows_of(self, supporter: HasAddress) -> models.QuerySet:
        """The rows that are this person's."""
        if self.supporter:
            return self.model._default_manager.filter(**{self.supporter: supporter})
        return self.rows_at(supporter.email)

    def rows_at(self, email: str) -> models.QuerySet:
        """The rows that are found by an address alone."""
        return getattr(self.model._default_manager, self.by_address)(email)

    def exported(self, rows: models.QuerySet) -> list[dict[str, Any]]:
        return getattr(rows, self.export)()

    def erased(self, rows: models.QuerySet) -> None:
        getattr(rows, self.erase)()


class PersonalQuerySet(models.QuerySet):
    """Rows of a model whose declaration names the path to a supporter."""

    def of_supporter(self, supporter: HasAddress) -> Self:
        declaration: PersonalData = self.model.personal_data  # type: ignore[attr-defined]
        return self.filter(**{declaration.supporter: supporter})


def declared() -> list[PersonalData]:
    """The declaration of each model that has one, in the order of erasing."""
    own = [vars(model).get("personal_data") for model in apps.get_models()]
    return sorted(filter(None, own), key=lambda declaration: declaration.order)


def declared_of_supporters() -> list[PersonalData]:
    """Those whose rows are supporters', as against the site's or an official's."""
    return [each for each in declared() if each.is_of_supporters]


def nothing_refers_to(model: type[models.Model], *but: str) -> dict[str, bool]:
    """Filters for rows that no other model's key points to, but those of these models.

    Walks the relations, so that the apps above need not be known here.
    """
    return {
        f"{relation.name}__isnull": True
        for relation in model._meta.related_objects
        if relation.related_model._meta.label not in but
    }
