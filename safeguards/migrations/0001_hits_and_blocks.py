from importlib import import_module

from django.db import migrations, models

HITS = migrations.CreateModel(
    name="Hits",
    fields=[
        ("key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
        ("count", models.PositiveIntegerField()),
        ("ends_at", models.DateTimeField(db_index=True)),
    ],
    options={"verbose_name_plural": "hits"},
)
_BEFORE = import_module("supporters.migrations.0006_block_list_from_comments").BLOCK
BLOCK = migrations.CreateModel(
    name="Block",
    fields=_BEFORE.fields,
    options={k: v for k, v in _BEFORE.options.items() if k != "db_table"},
)


class Migration(migrations.Migration):
    """Counters and the block list move to the bottom of the house."""

    dependencies = [
        ("campaign_site", "0016_deleting_groups"),
        ("supporters", "0011_no_index_of_campaigns"),
        ("comments", "0007_block_list_to_supporters"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[HITS, BLOCK],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE campaign_site_hits RENAME TO safeguards_hits",
                    "ALTER TABLE safeguards_hits RENAME TO campaign_site_hits",
                ),
                migrations.RunSQL(
                    "ALTER TABLE comments_block RENAME TO safeguards_block",
                    "ALTER TABLE safeguards_block RENAME TO comments_block",
                ),
            ],
        ),
    ]
