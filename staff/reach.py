"""In which campaigns a member of staff may do what (decision 12).

A role is a group of Django. Those of `user.groups` hold for all campaigns, those of
`user.campaign_roles` (campaigns/models/role.py) in one campaign each. Where the rows of
a model belong is in one table, which `know()` is given (campaign_site/permissions.py).

Three ways lead to rows, and all of them ask here: lists and whatever finds rows
(`within`), pages whose address names a row (`enter`), and `user.has_perm()`, through
the backend of accounts (`held_in_campaigns`).

What somebody makes with a right and others use later, like a link or a schedule, has
no right of its own: each use asks `still_may` of its maker.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F
from django.http import Http404

# Rows of no campaign: only roles for all campaigns reach them.
SITE = "the site"
# The same; but those who have a role in a campaign reach what they did themselves.
OWN = "by"
_places: dict[str, str] = {}
_made_by_site: set[str] = set()


def know(places, *, made_by_site) -> None:
    """Take the table: by the label of a model, the path to the campaign of its rows.

    Of the labels in `made_by_site`, new rows belong to no campaign yet, so that only a
    role for all campaigns lets somebody add one by itself.
    """
    _places.update(places)
    _made_by_site.update(made_by_site)


def place_of(model) -> str:
    """The path from a row to its campaign, or SITE, or OWN. Every model has one."""
    return _places[model._meta.label_lower]


def is_placed(label: str) -> bool:
    """Whether the table names this model."""
    return label in _places


def belongs_to_campaigns(model) -> bool:
    return _places.get(model._meta.label_lower, SITE) not in (SITE, OWN)


def to_see(model) -> tuple[str, str]:
    """The permissions of which one lets staff see the rows of a model."""
    label = model._meta.app_label, model._meta.model_name
    return "{}.view_{}".format(*label), "{}.change_{}".format(*label)


def held_everywhere(user) -> set[str]:
    """The permissions that somebody has in all campaigns, and for the site itself."""
    return ModelBackend().get_all_permissions(user)


def works_for_the_site(user) -> bool:
    """Whether somebody has any role that is not bound to single campaigns."""
    return user.is_superuser or bool(held_everywhere(user))


def has_everywhere(user, permission) -> bool:
    """Whether somebody may do this in all campaigns: their numbers together, say."""
    return user.is_superuser or permission in held_everywhere(user)


def still_may(maker, permission, campaign=None):
    """Whether the maker of something still works here, and may still do this.

    `campaign` is the key of the campaign that it is for; without one, the right in any
    campaign is enough. An account that was deleted is None, and may nothing.
    """
    if maker is None or not maker.works_here:
        return False
    if has_everywhere(maker, permission):
        return True
    campaigns = _held(maker).get(permission, ())
    return campaign in campaigns if campaign else bool(campaigns)


def sees_everywhere(user, label: str) -> bool:
    """Whether somebody may see the rows of this model in all campaigns."""
    named = to_see(apps.get_model(label))
    return any(has_everywhere(user, permission) for permission in named)


def held_in_campaigns(user) -> set[str]:
    """The permissions that roles in campaigns add to those held everywhere.

    On a page about a row, only what holds in its campaign: of several campaigns, one
    is enough to see the row, and all are needed to change it. Elsewhere, what holds in
    any campaign, since the rows are chosen by `within`.
    """
    held, here = _held(user), getattr(user, "_reaches_here", None)
    if here is None:
        return {one for one in held if not _adds_for_the_site(one)}
    return {
        one
        for one, campaigns in held.items()
        if here and (here & campaigns if _only_sees(one) else here <= campaigns)
    }


def within(user, rows, *permissions):
    """Those of the rows on which somebody has one of these permissions.

    Without any, those that they may see. A row of several campaigns is changed only by
    who may change all of them. This adds a condition, and no statement but the one that
    finds the roles of a person, once for each request.
    """
    permissions = permissions or to_see(rows.model)
    if user.is_superuser or held_everywhere(user) & {*permissions}:
        return rows
    place, held = place_of(rows.model), _held(user)
    campaigns = set().union(*(held.get(one, ()) for one in permissions))
    if place == SITE or not campaigns:
        return rows.none()
    if place == OWN:
        return rows.filter(**{OWN: user.pk})
    found = of_campaigns(rows, campaigns)
    if _is_of_several(rows.model, place) and not any(map(_only_sees, permissions)):
        placed = rows.model._base_manager.annotate(_place=F(place))
        others = placed.exclude(_place=None).exclude(_place__in=campaigns)
        found = found.exclude(pk__in=others.values("pk"))
    return found


def of_campaigns(rows, campaigns):
    """Those of the rows that belong to one of these campaigns, given by their keys."""
    place = place_of(rows.model)
    found = {f"{place}__in": campaigns}
    if not _is_of_several(rows.model, place):
        return rows.filter(**found)
    keys = rows.model._base_manager.filter(**found).values("pk")
    return rows.filter(pk__in=keys)


def enter(user, model, key) -> None:
    """Open a page about the row of this key. Raises Http404 if they may not see it.

    From here on, `user.has_perm()` and `perms` in templates answer for the campaigns
    of this row. Nothing changes for those who have no role in single campaigns.
    """
    if user.is_superuser or not _held(user):
        return
    found = model._base_manager.filter(pk=key)
    if belongs_to_campaigns(model):
        campaigns = set(found.values_list(place_of(model), flat=True))
        if not campaigns:
            return  # there is no such row, and the page says so
        user._reaches_here = frozenset(campaigns - {None})
        if not any(map(user.has_perm, to_see(model))):
            raise Http404
    elif not within(user, found).exists():
        raise Http404


@contextmanager
def anywhere(user) -> Iterator[None]:
    """Ask what somebody may do in any campaign, on a page about a row of one."""
    here = getattr(user, "_reaches_here", None)
    user._reaches_here = None
    try:
        yield
    finally:
        user._reaches_here = here


def _held(user) -> dict[str, Collection[int]]:
    """The campaigns in which somebody has each permission by a role there."""
    if not hasattr(user, "_held_in_campaigns"):
        user._held_in_campaigns = {
            permission: {*campaigns}
            for permission, campaigns in user.campaign_roles.by_permission()
            if _places.get(_label_of(permission), SITE) != SITE
        }
    return user._held_in_campaigns


def _label_of(permission):
    app, _dot, codename = permission.partition(".")
    return f"{app}.{codename.partition('_')[2]}"


def _verb_of(permission):
    return permission.partition(".")[2].partition("_")[0]


def _only_sees(permission):
    return _verb_of(permission) == "view"


def _adds_for_the_site(permission):
    return _verb_of(permission) == "add" and _label_of(permission) in _made_by_site


def _is_of_several(model, place):
    """Whether a row may belong to several campaigns, so that a join would repeat it."""
    for name in place.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:  # "pk"
            return False
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False
