from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0008_withdrawn_names_withdraw_consents"),
        ("supporters", "0007_reasons_to_hold"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="network_hash",
            field=models.CharField(
                blank=True, editable=False, max_length=32, null=True
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="held_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("flood", "very many from one network"),
                    ("domain", "very many with one mail domain"),
                    ("honeypot", "filled in a field that people do not see"),
                    ("word", "a word on the block list"),
                    ("address", "an address on the block list"),
                    ("network", "a network on the block list"),
                ],
                max_length=20,
                verbose_name="held because",
            ),
        ),
    ]
