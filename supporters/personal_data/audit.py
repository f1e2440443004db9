"""The audit trail of the admin: what staff did stays, but no words about people."""

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData, declared_of_supporters


def about(rows):
    """The entries about these rows."""
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(rows.model),
        object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
    )


def about_nobody():
    """Entries with words about rows that are gone, or are nobody's any more."""
    # The model is taken by its name, since the model of supporters asks this module.
    supporters = apps.get_model("supporters.Supporter").objects
    found = _about_none(supporters)
    for each in declared_of_supporters():
        if each.export or each.texts:
            owner = each.supporter.partition("__")[0]
            has_owner = ~Q(**{owner: None}) if owner else Q()
            found |= _about_none(each.model.objects.filter(has_owner))
    with_words = LogEntry.objects.exclude(object_repr="", change_message="")
    number = Cast("object_id", BigIntegerField())
    return with_words.annotate(number=number).filter(found)


def empty(entries):
    return entries.update(object_repr="", change_message="")


def _about_none(rows):
    """Entries about a row of this model that is not among these."""
    content_type = ContentType.objects.get_for_model(rows.model)
    return Q(content_type=content_type) & ~Exists(rows.filter(pk=OuterRef("number")))


# Django's model of what was done in the admin gets its declaration here.
LogEntry.add_to_class(
    "personal_data",
    PersonalData(
        texts=("object_repr", "change_message"),
        about_nobody=("object_id",),
        kept=(
            Kept(
                name="log of the admin",
                words=_(
                    "notes of what staff changed, with the name of the changed entry"
                ),
                period="KEEP_AUDIT_DAYS",
                since="action_time",
            ),
            Kept(
                name="audit entries",
                words=_("what the audit trail says about deleted people"),
                due=about_nobody,
                do=empty,
                turn=6,
            ),
        ),
    ),
)
