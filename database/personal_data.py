"""What a model holds of people, declared once; all promises to them are made from it.

A model with a column or a key that says something of a person has an attribute
`personal_data`. My page, the export, erasure and the audit trail read it. A test fails
for a model without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from django.apps import apps
from django.db import models


class HasAddress(Protocol):
    """What this room needs to know of a supporter."""

    email: str


@dataclass(kw_only=True)
class PersonalData:
    """Whose the rows of a model are, what my page shows of them, how they are erased.

    Fields that name a verb name a method of the model's queryset. Django sets `model`.
    """

    # How the rows of a supporter are found: by a path of keys, or by a verb that takes
    # an address where no key leads from one to the other. Both are empty where the rows
    # are nobody's, or those of an official or of one of the staff.
    supporter: str = ""
    by_address: str = ""
    # Columns by which the owner is found. They are deleted with the row.
    identifies: tuple[str, ...] = ()

    # What the rows are called to their owner, where they have no section, or its title
    # is true of some only.
    called: Any = ""
    # What my page shows (supporters/my_page/section.py) of the rows of `for_my_page()`.
    section: Any = None
    # The verb returns a list of plain dicts, in human words, with dates in ISO 8601.
    # Empty: the rows are not exported.
    export: str = "export"
    # The verb removes the person and keeps counts and threads right. It must not ask
    # what else is erased: the declarations are called by `order`, acts before what they
    # need.
    erase: str = "erase"
    order: int = 1

    # The kinds of consent that the rows need: `consent_withdrawn(kind)` ends them.
    # With each, what a page says before it is taken back (supporters/consent/).
    consents: Mapping[str, Any] = field(default_factory=dict)
    # Whether the rows cause mails: `unsubscribe(because, words)` ends these, and
    # `causing_mails()` are the rows of which it would end any.
    unsubscribes: bool = False
    # Whether the rows know a name and a place with which forms are filled in:
    # `details_of(supporter, campaign)`.
    fills_in: bool = False
    # Whether the rows have the name that people go by, and not a nickname: mails greet
    # them by it. `names_of(supporters)`.
    names: bool = False

    # Columns in which others may have written a supporter's address. Erasing takes it
    # out of them; `take_out` is the verb for it, where the rows need more care.
    texts: tuple[str, ...] = ()
    take_out: str = ""
    # Columns about nobody: they hold words of the site, or of an office.
    about_nobody: tuple[str, ...] = ()

    # How long the rows are kept, a `Kept` (database/kept.py) for each deletion or
    # emptying.
    kept: tuple = ()

    model: type[models.Model] = field(init=False, repr=False, compare=False)

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        """Remember the model; Django calls this for an attribute of a model."""
        self.model = model
        setattr(model, name, self)

    @property
    def is_of_supporters(self) -> bool:
        return bool(self.supporter or self.by_address)

    @property
    def title(self) -> str:
        """What its rows are called, for staff."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def title_for_owner(self) -> str:
        """What its rows are called in the export, which their owner reads."""
        of_section = self.section and self.section.title
        return str(self.called or of_section or self.title)

    def rows_of(self, supporter: HasAddress) -> models.QuerySet:
        """The rows that are this person's."""
        if self.supporter:
            return self.model._default_manager.filter(**{self.supporter: supporter})
        return self.rows_at(supporter.email)

    def rows_at(self, email: str) -> models.QuerySet:
        """The rows that are found by an address, where no key leads to a supporter."""
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
    """The declarations of rows that belong to supporters."""
    return [each for each in declared() if each.is_of_supporters]


def nothing_refers_to(model: type[models.Model], *but: str) -> dict[str, bool]:
    """Filters for rows to which no key of another model points, except models in `but`.

    They are read from the relations, so that this room need not know the apps above.
    """
    return {
        f"{relation.name}__isnull": True
        for relation in model._meta.related_objects
        if relation.related_model._meta.label not in but
    }
