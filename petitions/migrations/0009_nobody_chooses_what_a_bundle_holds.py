from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns and petitions_mailhour stay for the code before; drop them afterwards."""

    dependencies = [("petitions", "0008_the_table_of_name_reports_goes")]
    operations = [
        migrations.RemoveConstraint("bundle", "bundle_holds_something"),
        *(
            migrations.AlterField(
                "bundle", name, models.BooleanField(default=True, db_default=True)
            )
            for name in ("has_pdf", "has_csv", "has_chain")
        ),
        *(
            migrations.AlterField(
                "bundle", name, models.PositiveIntegerField(default=0, db_default=0)
            )
            for name in ("total", "done")
        ),
        migrations.AlterField(
            "bundle",
            "paper",
            models.CharField(max_length=6, default="a4", db_default="a4"),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("bundle", name)
                for name in (
                    "has_pdf",
                    "has_csv",
                    "has_chain",
                    "total",
                    "done",
                    "paper",
                )
            ]
            + [migrations.DeleteModel("MailHour")]
        ),
    ]
