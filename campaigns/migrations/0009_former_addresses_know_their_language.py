"""A former address is a slug in a language: both can change."""

from django.db import migrations, models

LANGUAGE_OF_THE_CAMPAIGN = """
    UPDATE campaigns_formerslug AS former SET language = campaign.language
    FROM campaigns_campaign AS campaign WHERE campaign.id = former.campaign_id
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0008_former_slugs_and_draft_links")]

    operations = [
        migrations.AddField(
            model_name="formerslug",
            name="language",
            field=models.CharField(
                db_default="", default="", max_length=10, verbose_name="language"
            ),
        ),
        migrations.AlterField(
            model_name="formerslug",
            name="slug",
            field=models.SlugField(max_length=80, verbose_name="address"),
        ),
        migrations.RunSQL(LANGUAGE_OF_THE_CAMPAIGN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="formerslug",
            constraint=models.UniqueConstraint(
                fields=("slug", "language"), name="one_campaign_a_former_address"
            ),
        ),
    ]
