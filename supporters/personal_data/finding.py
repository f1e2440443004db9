"""Personal data of a supporter, found by the keys that point to them.

So that supporters knows none of the apps above it. Every model with a key to Supporter
or to Confirmation offers a queryset with

    of_supporter(supporter)   the rows that are this person's
    erase()                   without the person; counts and threads stay right
    export()                  a list of plain dicts, in human words, dates in ISO 8601

and, where it makes sense, `for_my_page()` beside a `my_page` (my_page/section.py) on
the model, `unsubscribe()`, and `consent_withdrawn(kind)`. tests/supporters/
test_finding_personal_data.py fails when a model has none of the first three.
"""

from django.apps import apps


def models_with_personal_data():
    """Every model that holds a key to a supporter; acts first, what they need last."""
    confirmation, supporter = _owners()
    found = dict.fromkeys([*_related(confirmation), *_related(supporter)])
    own = [model for model in found if model._meta.app_label == "supporters"]
    others = [model for model in found if model not in own]
    own.sort(key=lambda model: model is confirmation)
    # Its rows hold the address itself, and no key.
    return [*others, *own, apps.get_model("supporters.MailToSupporter")]


def personal_data_of(supporter):
    """A queryset of each model, with what is this person's."""
    models = models_with_personal_data()
    return [model.objects.of_supporter(supporter) for model in models]


def methods_of(querysets, name):
    """The method of this name of each queryset that has one."""
    return [getattr(rows, name) for rows in querysets if hasattr(rows, name)]


def keys_of(model):
    """The names of a model's keys to a supporter or a confirmation."""
    return [
        relation.field.name
        for owner in _owners()
        for relation in owner._meta.related_objects
        if relation.related_model is model
    ]


def acts():
    """Every model whose rows somebody asked for through a public form."""
    return _related(_owners()[0])


def nothing_refers_to(model, *but):
    """Filters for rows that no other model's key points to, but those of these models.

    Walks the relations, so that the apps above need not be known here.
    """
    return {
        f"{relation.name}__isnull": True
        for relation in model._meta.related_objects
        if relation.related_model._meta.label not in but
    }


def _owners():
    # By name: a supporter asks here for what is theirs.
    return apps.get_model("supporters.Confirmation"), apps.get_model(
        "supporters.Supporter"
    )


def _related(model):
    return [relation.related_model for relation in model._meta.related_objects]
