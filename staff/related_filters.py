"""Filters of a list by the row that each of its rows belongs to."""

from django.contrib.admin.filters import RelatedFieldListFilter

from staff import reach


class ReachedChoices(RelatedFieldListFilter):
    """Offers the rows that this person may see, and names no others."""

    def field_choices(self, field, request, model_admin):
        found = reach.within(request.user, field.related_model._default_manager.all())
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to={"pk__in": found.values("pk")},
        )
