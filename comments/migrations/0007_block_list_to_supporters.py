from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0006_reply_frequency"),
        ("supporters", "0006_block_list_from_comments"),
        # It names the model as it was.
        ("campaign_site", "0004_comment_groups"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Block")]
        )
    ]
