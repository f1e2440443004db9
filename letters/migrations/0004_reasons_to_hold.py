from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0003_removed_texts_take_their_subjects"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
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
