"""The audit trail of the admin: what staff did stays, the words about people do not."""

from functools import reduce
from operator import or_

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from supporters.personal_data import finding


def about(rows):
    """The entries about these rows."""
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(rows.model),
        object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
    )


def about_nobody():
    """Entries with words about what holds no key to a person any more, or is gone."""
    found = Q()
    for model in (
        *finding.models_with_personal_data(),
        apps.get_model("supporters.Supporter"),
    ):
        held = model.objects.filter(_has_owner(model), pk=OuterRef("number"))
        content_type = ContentType.objects.get_for_model(model)
        found |= Q(content_type=content_type) & ~Exists(held)
    with_words = LogEntry.objects.exclude(object_repr="", change_message="")
    number = Cast("object_id", BigIntegerField())
    return with_words.annotate(number=number).filter(found)


def empty(entries):
    return entries.update(object_repr="", change_message="")


def _has_owner(model):
    keys = finding.keys_of(model)
    return reduce(or_, (~Q(**{key: None}) for key in keys)) if keys else Q()
