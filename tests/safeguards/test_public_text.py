"""What strangers may read: a table of attacks, and the names of real people."""

import pytest

from safeguards.confusables import plain
from safeguards.posing import OFFICE, ORGANISATION, PERSON, TITLE, Names
from safeguards.public_text import addresses_in, public_text, refusal, words_in

NAMES = Names(
    [
        (PERSON, "Harvey L. Hall"),
        (OFFICE, "Mayor Hall"),
        (OFFICE, "Mayor Bakersfield"),
        (PERSON, "Kim Dong-geun"),
        (PERSON, "김동근"),
        (PERSON, "山田 太郎"),
        (PERSON, "Aaron Judge"),
        (PERSON, "Lê Đức"),
        (PERSON, "Иван Кузнецов"),
        (PERSON, "Νίκος Χατζής"),
        (PERSON, "Mayor Rossi"),
        (OFFICE, "Council Member, Ward 2"),
        (OFFICE, "Mayor"),
        (ORGANISATION, "Letters for Animals"),
        (ORGANISATION, "Paws"),
        (TITLE, "Stop dog meat"),
    ]
)


@pytest.mark.parametrize(
    "name",
    [
        "Harvey Hall",
        "Mayor Harvey Hall",
        "HALL, Harvey",
        "Harvey L. Hall",
        "Harvey James Hall",
        "Harvey Hall Mayor of Bakersfield",
        "Hаrvеy Hаll",  # Cyrillic а and е
        "НАRVЕY НАLL",  # Cyrillic capitals
        "Harvey Ha11",
        "Harvey HaII",  # capital I
        "ʜᴀʀᴠᴇʏ ʜᴀʟʟ",
        "Ｈａｒｖｅｙ　Ｈａｌｌ",
        "𝓗𝓪𝓻𝓿𝓮𝔂 𝓗𝓪𝓵𝓵",
        "🅷🅰🆁🆅🅴🆈 Hall",
        "Har\u200bvey\u00adHall",
        "Har\u3164vey Hall",
        "Иван Кузнецов",
        "ИВАН КУЗНЕЦОВ",
        "Kyзнeцoв, Иван",  # Latin K, y, e and o
        "ΗARVEY ΗALL",  # Greek capitals
        "Νίκος Χατζής",
        "ΝΙΚΟΣ ΧΑΤΖΗΣ",
        "H a r v e y H a l l",
        "H.a.r.v.e.y Hall",
        "Har-vey L Hall",
        "HarveyHall",
        "HarveyHall1",
        "1HarveyHall",
        "Harvey2 Hall",
        "MayorHarveyHall2026",
        "Kyзнeцoв7 Иван",
        "김동근1",
        "Harvəy Hall",
        "HⱯRVƎY Hall",  # upside down
        "Ꮒarveყ Haɭɭ",
        "Mayor HallHarvey",
        "MayorHarveyHall",
        "Hárvèy Hâll",
        "Mayor Hall",
        "The Mayor of Bakersfield",
        "Bakersfield’s Mayor",
        "Harvey Hall's office",
        "The Mayor",
        "Kim Donggeun",
        "Mayor Kim Dong Geun",
        "Dong-geun Kim, Uijeongbu",
        "의정부시장 김동근",
        "김 동 근",
        "市長山田太郎",
        "council member ward 2",
        "Aaron Judge for President",
        "AaronJudge",
        "Le Duc Mayor of Hue",
        "Mayor Bo Rossi",
        "LETTERS for Animals",
        "Letters for Animals Team says petition is cancelled",
        "LettersForAnimals",
        "Team Paws",
        "Official PAWS",
        "Paws",
        "Stop dog meat now",
        "Administrator",
        "Campaign Team",
        "The Campaign",
    ],
)
def test_a_name_that_may_pose_as_somebody_waits(name):
    verdict = public_text(name=name, names=NAMES)

    assert verdict.holds
    assert "posing" in [finding.reason for finding in verdict.findings]


def test_name_and_city_are_read_together_and_staff_read_as_whom_it_poses():
    verdict = public_text(name="Harvey", city="Hall", names=NAMES)

    assert verdict.holds
    assert verdict.sentence == "could be taken for somebody else: Harvey L. Hall"
    assert not public_text(name="Harvey Wu", city="Bakersfield", names=NAMES).holds


@pytest.mark.parametrize(
    ("name", "city", "reason"),
    [
        ("Bo 661 555", "0199", "phone"),
        ("six six one", "five five five", "phone"),
        ("Bo Lee 12", "Oak Street", "street"),
        ("Bo Lee", "is a murderer", "sentence"),
        ("Bo Lee", "who says: petition cancelled", "sentence"),
    ],
)
def test_what_is_divided_between_name_and_city_is_read_together(name, city, reason):
    verdict = public_text(name=name, city=city)

    assert reason in [finding.reason for finding in verdict.findings]


# Names and places of real people: nothing of them waits.
PEOPLE = """
    Sun Li|O'Brien|Seán O’Casey|Dr. Anna Street|Harvey Milk|Monty Hall|Anna Hall
    Ann Mayor|Animal Collins|Maria da Conceição dos Santos e Silva de Oliveira
    Jean-Luc Picard|Nguyễn Thị Minh Khai|김지우|김동|山田花子|李明|Дмитрий Иванович
    Νίκος Παπαδόπουλος|محمد بن سلمان|שרה כהן|गीता शर्मा|สมชาย ใจดี|Łukasz Żółć
    Þórður Ægisson|J. R. R. Tolkien|X Æ A-12|Ng|Ólafur|Martin Luther King Jr.
    Anna-Lena von der Straße|Will Call|Elizabeth II|Are Kalvø|P!nk|St.John Smith
    M.de Silva|Anne at Sea|Abdullah bin Ali Al Saud|Mary Road|Rose Court|Via Müller
    Carmen Calle|Kurt Weill|Wei Xin|Ｙａｍａｄａ　Ｔａｒｏ
    Letters Smith|Aaron Rossi|Duc Tran|Dong Kim|Ward Council Bluffs|Pawel Pawlak
    Meat Loaf|Bo Dot Com|Dr.Anna Meier|Prof.Kim|Ma.Cristina Santos|J.R. Tolkien|st.john
    Əli Həsənov|Kɔfi Mensah|Ŋaba Ɗan|Harvy Hall|Harley Hall|Harvey Hill|Hu Jin2|3Jane
    Ulrich Punkt Weber|Lena Point|Jo Chat|Ali Live|Ida World|Kim.Lee|anna.meier
""".strip().replace("\n", "|")
PLACES = """
    St. Mary's Road Town|100 Mile House|1770|29 Palms, CA|Bakersfield, CA 93301
    Bakersfield CA 93301-1234|10115 Berlin|SW1A 1AA London|01310-100 São Paulo
    Mumbai 400001|서울|의정부시|東京|İstanbul|Washington, D.C.|Street, Somerset
    Court-Saint-Étienne|St.Gallen/Wil|Kill, Co. Kildare|Saint-Dié-des-Vosges|
    Truth or Consequences|Halle (Saale)
    Ho Chi Minh City, District 1|Kópavogur
""".strip().replace("\n", "|")


@pytest.mark.parametrize("name", [name.strip() for name in PEOPLE.split("|")])
def test_the_name_of_a_person_shows(name):
    assert public_text(name=name, names=NAMES).findings == ()
    assert refusal(name) == ""


@pytest.mark.parametrize("city", [city.strip() for city in PLACES.split("|")])
def test_the_name_of_a_place_shows(city):
    assert public_text(name="Bo", city=city, names=NAMES).findings == ()
    assert refusal(city) == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Cheap pills 555-123-4567", "phone"),
        ("Call +44 20 7946 0000", "phone"),
        ("Ada (661) 555 0199", "phone"),
        ("Ada 6 6 1 5 5 5 0 1", "phone"),
        ("Ada ６６１５５５０１９９", "phone"),
        ("Ada ٦٦١٥٥٥٠١", "phone"),
        ("Ada 661.555.O1gg 66l-555-Ol99", "phone"),
        ("six six one five five five", "phone"),
        ("Ada 6️⃣6️⃣1️⃣5️⃣5️⃣5️⃣0️⃣1️⃣", "phone"),
        ("Bo Lee kills dogs 12 Oak Street", "street"),
        ("Bo, 1600 Pennsylvania Ave", "street"),
        ("221b Upper Baker St.", "street"),
        ("Bo Hauptstraße 5", "street"),
        ("Bo Lindenstr. 12a", "street"),
        ("5 rue de la Paix", "street"),
        ("Calle Mayor 5", "street"),
        ("ул. Ленина 12", "street"),
        ("테헤란로 152", "street"),
        ("ada at mail dot example", "email"),
        ("ada (at) mail.example", "email"),
        ("telegram adas_pills", "handle"),
        ("cheap-pills.ru", "link"),
        ("cheap-pills。ru", "link"),
        ("Visit spam.example", "link"),
        ("Visit spam.website now", "link"),
        ("Ann x.com", "link"),
        ("Pills bo.blog/pills", "link"),
        ("dogmeat shop dot com", "link"),
        ("dogmeat (dot) shop", "link"),
        ("dogmeat punto info", "link"),
        ("개고기닷컴", "link"),
        ("ペットドットコム", "link"),
        ("Bo Lee is a murderer", "sentence"),
        ("Close the farm down now!", "sentence"),
        ("a b c d e f g h i j k", "sentence"),
        ("Жohn Smith", "scripts"),
        ("Hסrvey Smith", "scripts"),
    ],
)
def test_what_may_be_contact_data_or_no_name_waits(line, reason):
    verdict = public_text(name=line)

    assert verdict.holds
    assert reason in [finding.reason for finding in verdict.findings]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Bo <b>Lee</b>", "markup"),
        ("Bo [url=x]Lee[/url]", "markup"),
        ("[Bo](x)", "markup"),
        ("Bo ＜script＞", "markup"),
        ("https://pills.example", "link"),
        ("www.pills.example", "link"),
        ("Ｗww.pills.example", "link"),
        ("cheap-pills.com", "link"),
        ("pills . com", "link"),
        ("pіlls.cоm", "link"),
        ("pills。com", "link"),
        ("Pills bit.ly/pills", "link"),
        ("t.me/abc", "link"),
        ("Ann http//x.com", "link"),
        ("Ann https x", "link"),
        ("ada@mail.example", "email"),
        ("ada＠mail.example", "email"),
    ],
)
def test_what_its_writer_can_mend_is_refused(line, reason):
    assert refusal(line) == reason
    assert public_text(name=line).refuses
    assert public_text(name="Bo", city=line).refuses
    assert not public_text(name=line).holds


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("I live at St. Mary's. Look at this. Please!", []),
        ("On 26.11.2026, 1,250,000 dogs; see 2024-11-26, 2023-2024 and 10 pm.", []),
        ("They sleep in the street 24 hours, 3 dogs on the road.", []),
        ("See https://news.example/2026/1.html, @Anna.", []),
        ("버스로 20분 걸려요. 2026년 11월 26일.", []),
        ("그는 테헤란로 152에 산다.", ["street"]),
        ("We telegram & write: 3 < 5.", []),
        ("Call him: 661 555 0199", ["phone"]),
        ("He lives at 12 Oak Street.", ["street"]),
        ("Write to boss@farm.example", ["email"]),
        ("<a href='https://x.example'>cheap</a>", ["markup"]),
        ("Go to www.casino-win.example for your bonus", ["advert"]),
        ("Go to ww\u200bw.cas\u200bino.example, b.o.n.u.s!", ["advert"]),
        ("best-slots.com: big b o n u s", ["advert"]),
        ("No new casino here: https://news.example/2026", []),
        ("They win a bonus for each dog they sell.", []),
    ],
)
def test_a_longer_text_is_never_refused(text, reasons):
    verdict = public_text(name="Ada", text=text, names=NAMES)

    assert [finding.reason for finding in verdict.findings] == reasons
    assert not verdict.refuses


@pytest.mark.parametrize(
    "text",
    [
        "casino",
        "Our CASINO!",
        "ｃａｓｉｎｏ",
        "ca\u200bsi\u2060no",
        "cаsinо",
        "cásino",
        "𝐜𝐚𝐬𝐢𝐧𝐨",
        "ᴄᴀsɪɴᴏ",
        "c.a.s.i.n.o",
        "C A S I N O",
        "c.a.s.i.n.o-bonus",
        "ca.si.no",
        "c_a_s_i_n_o",
        "ca-si*no now",
        "www.casino-win.example",
    ],
)
def test_a_blocked_word_is_found_in_all_its_spellings(text):
    verdict = public_text(name="Bo", text=text, words=["casino"])

    assert [(f.reason, f.detail) for f in verdict.findings] == [("word", "casino")]


@pytest.mark.parametrize("text", ["казино", "Казино", "КАЗИНО", "Kaзино", "ΚΑΖΙΝΟ"])
@pytest.mark.parametrize("word", ["казино", "Казино"])
def test_capitals_make_no_other_word_in_any_script(text, word):
    assert words_in(f"Ваше {text}!", [word, "καζίνο"]) != []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("casinos and an occasion", "casino"),
        ("my pom is small", "porn"),
        ("what the hell", "heil"),
        ("He'll go. He\u2019ll stay.", "hell"),
        ("the case, in our view", "casein"),
        ("cas ino", "casino"),
        ("한국", "하"),
    ],
)
def test_other_words_are_not_blocked_with_it(text, word):
    assert words_in(text, [word]) == []


@pytest.mark.parametrize("word", ["\u200b", "\u0301", "\u00ad \u2060"])
def test_a_blocked_word_of_which_nothing_is_seen_holds_nobody(word):
    assert words_in("Ada Lovelace", [word]) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://www.a.example http://b.example", 2),
        ("casino-win.com and www.x.example", 2),
        ("https://a.com/b.com/c?d=e.com", 1),
        ("shop.pills[.]com", 1),
        ("pі\u200blls。com", 1),
        ("Mayor.Please, ask ada@mail.com. At the top. Shop less.", 0),
    ],
)
def test_web_addresses_are_counted_as_they_are_read(text, number):
    assert addresses_in(text) == number


def test_words_of_scripts_without_spaces_are_found_inside():
    assert words_in("개고기를 그만", ["개고기", "개미"]) == ["개고기"]
    assert words_in("💣💣", ["💣"]) == ["💣"]


def test_signs_that_stand_for_many_letters_are_not_written_out():
    assert len(plain("\ufdfa\u3316" * 1000 + "a")) == 1
    assert public_text(name="Muhammad \ufdfa").findings == ()
