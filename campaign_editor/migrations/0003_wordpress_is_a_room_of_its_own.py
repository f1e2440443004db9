from django.db import migrations


class Migration(migrations.Migration):
    """The tables stay: the app `wordpress` goes on with them."""

    dependencies = [
        ("campaign_editor", "0002_weekly_summary_is_a_choice_of_the_account"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("WordPressItem"),
                migrations.DeleteModel("CameFromWordPress"),
                migrations.DeleteModel("WordPressImport"),
            ]
        ),
    ]
