from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0016_complained_of"),
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
                    ("address", "an address on the block list"),
                    ("network", "a network on the block list"),
                    ("markup", "markup"),
                    ("link", "a web address"),
                    ("email", "an email address"),
                    ("phone", "perhaps a telephone number"),
                    ("street", "perhaps a street address"),
                    ("handle", "perhaps an account of a messenger"),
                    ("posing", "may be taken for somebody else"),
                    ("sentence", "reads like a sentence, not like a name"),
                    ("scripts", "letters of several scripts in one word"),
                    ("word", "a word on the block list"),
                ],
                max_length=20,
                verbose_name="held because",
            ),
        ),
    ]
