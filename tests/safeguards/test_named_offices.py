"""Whom the texts of a campaign name as an office, and with whose name nobody signs."""

from importlib import import_module

import pytest
from django.apps import apps

from campaigns.models import CampaignText
from petitions.models import Signature
from safeguards.models import Block
from safeguards.named_offices import named_in
from safeguards.posing import Names
from safeguards.public_text import public_text
from tests.factories import ADA, make_letter, make_petition

HERE = "/campaign-1/signatures/"
TEXT = """
    Mayor Kim Dong-geun promised it. We ask the mayor and the Bakersfield City Council.
    The letter of Jane Roe, the deputy mayor of Leeds, said no. Ms. Anna Bell is here.
    City Manager Pat Poe and Police Chief Max Moe. Burgemeester Jan de Vries van Delft.
    Die Abgeordnete Eva Ahl schweigt. Mayor Ann of Leeds.
    Oberbürgermeister Hans Müller und der Stadtrat Neustadt entscheiden am Montag.
    El alcalde José Luis Martínez y el Ayuntamiento de Madrid callan.
    의정부시장 김동근은 답하지 않았다. 이재준 시장에게 편지를 쓰세요. 부천시의회도 있다.
    성남시 시장과 모란시장, 남양주 시장을 보라. 정치인 시장.
    市長の山田太郎氏に手紙を書く。
    كتبنا إلى العمدة هارفي هول أمس.
"""


@pytest.mark.parametrize(
    "name",
    [
        "Kim Dong-geun",
        "Dong Geun Kim",
        "Mayor Kim",
        "Bakersfield City Council",
        "City Council, Bakersfield",
        "Jane Roe",
        "Hans Müller",
        "Stadtrat Neustadt",
        "Pat Poe",
        "Max Moe",
        "Jan de Vries",
        "Eva Ahl",
        "José Luis Martínez",
        "Ayuntamiento de Madrid",
        "김동근",
        "이재준",
        "부천시의회",
        "山田太郎",
        "هارفي هول",
    ],
)
def test_who_is_named_as_an_office_waits(name):
    names = Names(named_in(TEXT))

    assert public_text(name=name, names=names).reason == "posing"


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("Anna Bell", "Leeds"),
        ("Kim Minsu", "Madrid"),
        ("Maria Müller", "Neustadt"),
        ("Luis García", "Bakersfield"),
        ("김지우", "의정부시"),
        ("박민수", "성남시"),
        ("최유진", "남양주"),
        ("정치호", "부천시"),
        ("山田花子", "横浜市"),
        ("Hans Montag", ""),
        ("Jane Leeds", ""),
    ],
)
def test_whoever_shares_a_word_or_a_city_with_them_shows(name, city):
    names = Names(named_in(TEXT))

    assert public_text(name=name, city=city, names=names).findings == ()


def test_texts_without_an_office_name_nobody():
    assert named_in("They live in Council Bluffs, near Police Plaza.") == set()
    assert (
        named_in("Stop it now. Dogs Live Here. Is The Road open? 개고기를 그만.")
        == set()
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sheriff Donny Young said no.", "Donny Young"),
        ("Ministerpräsidentin Eva Klein schweigt.", "Eva Klein"),
        ("La presidenta Ana Pérez y el concejal Luis Ruiz callan.", "Luis Ruiz"),
        ("La ministre Anne Petit se tait.", "Anne Petit"),
        ("La sindaca Chiara Verdi tace.", "Chiara Verdi"),
        ("A prefeita Maria Souza sabe.", "Maria Souza"),
        ("Burgemeester Jan Smit zwijgt.", "Jan Smit"),
        ("كتبنا إلى رئيس البلدية أحمد علي أمس.", "أحمد علي"),
    ],
)
def test_an_office_is_known_in_every_language_of_the_site(text, name):
    assert public_text(name=name, names=Names(named_in(text))).reason == "posing"


@pytest.fixture
def waits_for(db, client):
    def waits_for(name):
        client.post(HERE, {**ADA, "shown_as": "full", "name": name})
        return Signature.objects.latest("pk").name_hidden_for

    return waits_for


def test_the_texts_of_a_campaign_name_them_in_every_language(waits_for):
    campaign = make_petition(summary="Mayor Kim Dong-geun can stop it.").campaign
    assert waits_for("Kim Dong-geun") == "posing"
    assert waits_for("김동근") is None

    text = CampaignText.objects.create(
        campaign=campaign, language="ko", slug="ko", summary="김동근 시장에게"
    )
    assert waits_for("김동근") == "posing"
    campaign.summary = "The mayor can stop it."
    campaign.save()
    assert waits_for("Kim Dong-geun") is None
    text.delete()
    assert waits_for("김동근") is None


def test_so_does_the_body_that_a_list_of_officials_is_named_for(waits_for):
    officials = make_letter(make_petition().campaign).recipient_list
    officials.name, officials.place = "Bakersfield City Council", "Bakersfield"
    officials.save()

    assert waits_for("Bakersfield City Council") == "posing"
    assert waits_for("The Council of Bakersfield") == "posing"


@pytest.mark.parametrize(
    "name",
    [
        "Die Jane Roe",
        "DIE, Jane Roe",
        "D.i.e Jane Roe",
        "Kill All Mayors",
        "Jane Roe Murderer",
        "Tötet Jane Roe",
        "TÖTE Jane",
        "Muerte al alcalde",
        "Mort aux maires",
        "Morte ao prefeito",
        "Dood aan Jan",
        "김동근 죽어라",
        "市長死ね",
        "الموت للعمدة",
    ],
)
def test_a_threat_that_is_signed_as_a_name_is_counted_and_waits(waits_for, name):
    words = import_module("safeguards.migrations.0003_words_that_wait_in_names")
    words.add_words(apps, None)
    make_petition()

    assert waits_for(name) == "word"
    assert not Signature.objects.latest("pk").is_held


PEOPLE = """
    Diego Maradona|Die|Dieter Bohlen|Mary Kill|Kill|Will Call|Diek Jansen|Mort Sahl
    Muriel Spark|Shooter Jennings|Tue Nielsen|Mata Hari|Hang Nguyen|Mate Rimac
    Tod Browning|Jan Dood|Morte Olsen|Jo Assassi|Nazım Hikmet|Nazir Ahmed|Adolf Huxley
    Dick Cheney|Fanny Ardant|Cox|Bich Ngoc|Phuc Tran|Fuchs|죽산 김
    김죽림|殺生石 太郎|Terry Burn|Hitlers|قاسم|Nazi Karimi
""".strip().replace("\n", "|")


@pytest.mark.parametrize("name", [n.strip() for n in PEOPLE.split("|")])
def test_these_words_let_people_show(db, name):
    migrations = "safeguards.migrations"
    import_module(f"{migrations}.0003_words_that_wait_in_names").add_words(apps, None)
    import_module(f"{migrations}.0004_nazi_is_a_name").let_the_name_show(apps, None)
    lines = "\n".join(Block.objects.values_list("value", flat=True))
    assert "hitler" in lines

    found = public_text(name=name, city="Kill, Co. Kildare", words_of_names=lines)

    assert found.findings == ()
