from django.db import migrations

# What each group may do, by model: v(iew), a(dd), c(hange), d(elete).
GROUPS = {
    "Campaigners": {
        "campaigns.campaign": "vac",
        "campaigns.reading": "vacd",
        "petitions.petition": "vac",
        "petitions.signature": "v",
        "letters.suggestedletter": "vac",
        "letters.recipientlist": "vac",
        "letters.recipient": "vacd",
        "letters.variant": "vacd",
        "letters.letter": "v",
        "letters.delivery": "vc",
        "letters.pauseddomain": "vacd",
        "letters.reportedletter": "v",
        "comments.comment": "v",
    },
    "Moderators": {
        "campaigns.campaign": "v",
        "petitions.petition": "v",
        "petitions.signature": "vc",
        "letters.letter": "vc",
        "comments.comment": "vc",
    },
}
ACTIONS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def make_groups(apps, schema_editor):
    grant(apps, GROUPS)


def grant(apps, groups):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, models in groups.items():
        group, _made = Group.objects.get_or_create(name=name)
        for label, letters in models.items():
            app, model = label.split(".")
            content_type, _made = ContentType.objects.get_or_create(
                app_label=app, model=model
            )
            words = apps.get_model(label)._meta.verbose_name
            for letter in letters:
                # Django makes them itself, but only after the last migration.
                permission, _made = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=f"{ACTIONS[letter]}_{model}",
                    defaults={"name": f"Can {ACTIONS[letter]} {words}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0002_hits_unlogged"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("campaigns", "0001_campaign_and_reading"),
        ("petitions", "0001_petition_signature_tally"),
        ("letters", "0001_recipients_letters_deliveries"),
        ("comments", "0001_comment"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
