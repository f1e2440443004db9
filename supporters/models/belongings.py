"""What belongs to a supporter, found by the keys that point to them.

So that supporters knows none of the apps above it. Every model with a key to Supporter
or to Confirmation offers a queryset with

    of_supporter(supporter)   the rows that are this person's
    erase()                   without the person; counts and threads stay right
    export()                  a list of plain dicts, in human words, dates in ISO 8601

and, where it makes sense, `for_my_page()` beside a `my_page` (supporters/section.py) on
the model, `stop_mails()`, and `consent_withdrawn(kind)`. tests/supporters/
test_belongings.py fails when a model has none of the first three.
"""

from supporters.models import confirmation as confirmations
from supporters.models import supporter as supporters


def models_with_a_key():
    """Every model that holds a key to a supporter; acts first, what they need last."""
    acts = _related(confirmations.Confirmation)
    people = _related(supporters.Supporter)
    found = dict.fromkeys([*acts, *people])
    own = [model for model in found if model._meta.app_label == "supporters"]
    others = [model for model in found if model not in own]
    own.sort(key=lambda model: model is confirmations.Confirmation)
    return [*others, *own]


def belongings_of(supporter):
    """A queryset of each model, with what is this person's."""
    return [model.objects.of_supporter(supporter) for model in models_with_a_key()]


def offered(querysets, name):
    """The method of this name of each queryset that has one."""
    return [getattr(rows, name) for rows in querysets if hasattr(rows, name)]


def keys_of(model):
    """The names of a model's keys to a supporter or a confirmation."""
    return [
        relation.field.name
        for person in (confirmations.Confirmation, supporters.Supporter)
        for relation in person._meta.related_objects
        if relation.related_model is model
    ]


def _related(model):
    return [relation.related_model for relation in model._meta.related_objects]
