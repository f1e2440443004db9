from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="network",
            field=models.BinaryField(max_length=8, null=True),
        ),
    ]
