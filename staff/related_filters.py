"""Filters of a list by the row that each of its rows belongs to."""

from django.contrib.admin.filters import RelatedFieldListFilter

from staff import reach


class NoneInWords(RelatedFieldListFilter):
    """Says what a row without any is, if `none_in_words` of its admin has that."""

    def choices(self, changelist):
        said = getattr(changelist.model_admin, "none_in_words", {})
        if self.field_path in said:
            self.empty_value_display = said[self.field_path]
        return super().choices(changelist)


class ReachedChoices(NoneInWords):
    """Offers the rows that this person may see, and names no others."""

    def field_choices(self, field, request, model_admin):
        found = reach.within(request.user, field.related_model._default_manager.all())
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to={"pk__in": found.values("pk")},
        )
