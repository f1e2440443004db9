from django.db import migrations, models

KINDS = [
    ("word", "block a word or phrase"),
    ("word in names", "block a word or phrase in names"),
    ("address", "block an email address or domain"),
    ("network", "block a network"),
    ("allowed address", "allow an email address or domain"),
    ("allowed network", "allow a network"),
]
# Threats and abuse that were signed as names, by language. Staff change the list.
WORDS = {
    "en": (
        "die …, kill …, murder …, shoot …, death to …, hang the …, burn in …, must die,"
        " should die, fuck, fucking, fucker, motherfucker, murderer, murderers, rapist,"
        " rapists, pedophile, paedophile, nazi, nazis, hitler, cunt, whore, bitch,"
        " son of a bitch, scumbag, asshole, arsehole, faggot, nigger, terrorist,"
        " terrorists, dog killer, dog killers"
    ),
    "de": (
        "stirb …, sterbt …, töte …, tötet …, ermordet …, verrecke …, verreckt …,"
        " tod dem …, tod den …, mörder, mörderin, tierquäler, vergewaltiger,"
        " kinderschänder, arschloch, hurensohn, schlampe, fotze, wichser"
    ),
    "es": (
        "muere …, mueran …, maten …, matad …, muerte a …, muerte al …, asesino, asesina,"
        " asesinos, asesinas, violador, violadores, pederasta, hijo de puta,"
        " hijos de puta, malparido, cabrones"
    ),
    "fr": (
        "crève …, crevez …, tuez …, mort à …, mort au …, mort aux …, assassin, assassins,"
        " violeur, violeurs, pédophile, salope, connard, connasse, enculé, fils de pute"
    ),
    "it": (
        "muori …, uccidi …, uccidete …, ammazza …, ammazzate …, morte a …, morte al …,"
        " morte ai …, assassini, stupratore, pedofilo, stronzo, stronza, puttana,"
        " figlio di puttana, vaffanculo"
    ),
    "ja": "死ね, 殺せ, 殺す, 殺してやる, 人殺し, 殺人犯, くたばれ",
    "ko": (
        "죽어, 죽여, 죽인다, 죽이자, 뒈져, 살인자, 살인마, 강간범, 개새끼, 씨발, 병신,"
        " 미친놈, 미친년"
    ),
    "nl": (
        "sterf …, vermoord …, dood aan …, dood de …, moordenaar, moordenaars,"
        " verkrachter, pedofiel, klootzak, kutwijf, hoerenjong, kankerlijer"
    ),
    "pt-BR": (
        "morra …, morram …, matem …, morte ao …, morte aos …, assassinos, assassinas,"
        " estuprador, pedófilo, filho da puta, filhos da puta, desgraçado"
    ),
    "ar": (
        "اقتل …, اقتلوا …, الموت …, قاتل, قاتلة, قتلة, مغتصب, إرهابي, عاهرة, ابن الكلب"
    ),
}


def add_words(apps, schema_editor):
    entries = apps.get_model("safeguards", "Block").objects
    entries.bulk_create(
        [
            entries.model(kind="word in names", value=word.strip(), note=language)
            for language, words in WORDS.items()
            for word in words.split(",")
        ],
        ignore_conflicts=True,
    )


def remove_words(apps, schema_editor):
    """The site before knows no words for names."""
    apps.get_model("safeguards", "Block").objects.filter(kind="word in names").delete()


class Migration(migrations.Migration):
    """Adds words that make a name wait, to the list that staff change."""

    dependencies = [("safeguards", "0002_counters_unlogged")]
    operations = [
        migrations.AlterField(
            "block",
            "kind",
            models.CharField("what to do", max_length=15, choices=KINDS),
        ),
        migrations.RunPython(add_words, remove_words),
    ]
