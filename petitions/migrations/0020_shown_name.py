"""The name that is shown is stored as its owner has seen it."""

from django.db import migrations, models
from django.db.models import Q

AS_IT_WAS_SHOWN = r"""
    UPDATE petitions_signature SET
        shown_name = left(CASE shown_as
            WHEN 'full' THEN name
            WHEN 'first' THEN split_part(name, ' ', 1)
            WHEN 'short' THEN split_part(name, ' ', 1)
                || ' ' || left(substring(name from '\S+$'), 1) || '.'
            ELSE trim(regexp_replace(name, '(\S)\S*\s*', '\1. ', 'g'))
        END, 120),
        shown_as = CASE shown_as WHEN 'short' THEN 'initials' ELSE shown_as END
    WHERE shown_as <> 'no'
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0019_signed_by_day")]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="shown_name",
            field=models.CharField(
                blank=True,
                default="",
                max_length=120,
                verbose_name="name that is shown",
            ),
        ),
        migrations.RunSQL(AS_IT_WAS_SHOWN, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="signature",
            name="shown_as",
            field=models.CharField(
                choices=[
                    ("no", "Not at all"),
                    ("full", "In full: “Maria Silva”"),
                    ("first", "First name and city: “Maria, Lisbon”"),
                    ("initials", "Initials: “M. S.”"),
                ],
                default="no",
                max_length=10,
                verbose_name="how the name is shown",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="signature", name="anonymous_signature_holds_no_person"
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=Q(
                    anonymised_at__isnull=True,
                    confirmation__isnull=False,
                    withdrawal_key__isnull=False,
                )
                | Q(
                    anonymised_at__isnull=False,
                    confirmation__isnull=True,
                    withdrawal_key__isnull=True,
                    name="",
                    shown_name="",
                    city="",
                    canonical_email="",
                    salt__isnull=True,
                ),
                name="anonymous_signature_holds_no_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=Q(shown_as="no", shown_name="")
                | ~Q(shown_as="no") & ~Q(shown_name=""),
                name="signature_shows_a_name_or_none",
            ),
        ),
    ]
