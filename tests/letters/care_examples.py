"""What the gentle check points out, and what it leaves alone.

Run through letters/writing/private_details.py and, in a browser, through
static/js/letter.js.
"""

# The text, and what is noticed of it: (number of the kind in care.KINDS, the words).
CARD, IDENTITY, PHONE, STREET = range(4)
NOTICED = [
    ("Call me at 555-123-4567 please", [(PHONE, "555-123-4567")]),
    ("Call (555) 123-4567.", [(PHONE, "(555) 123-4567")]),
    ("+44 20 7946 0958", [(PHONE, "+44 20 7946 0958")]),
    ("전화 010-1234-5678 입니다", [(PHONE, "010-1234-5678")]),
    ("Tel. +49 (0) 30 1234 5678", [(PHONE, "+49 (0) 30 1234 5678")]),
    ("My card 4111 1111 1111 1111", [(CARD, "4111 1111 1111 1111")]),
    ("5555555555554444", [(CARD, "5555555555554444")]),
    ("SSN 078-05-1120", [(IDENTITY, "078-05-1120")]),
    ("주민등록번호 800101-1234567", [(IDENTITY, "800101-1234567")]),
    ("NI QQ 12 34 56 C", [(IDENTITY, "QQ 12 34 56 C")]),
    ("I live at 12 Main Street.", [(STREET, "12 Main Street")]),
    ("10b Great Portland St, London", [(STREET, "10b Great Portland St")]),
    ("Wohne Hauptstraße 12 in Bonn", [(STREET, "Hauptstraße 12")]),
    ("J'habite 12, rue de la Paix", [(STREET, "12, rue de la Paix")]),
    ("Moro na Rua Augusta, 12", [(STREET, "Rua Augusta, 12")]),
    (
        "Ada, 12 Main Street, 555-123-4567",
        [(PHONE, "555-123-4567"), (STREET, "12 Main Street")],
    ),
    ("555-123-4567 or 555-765-4321", [(PHONE, "555-123-4567")]),
]
LEFT_ALONE = [
    "",
    "Please help the dogs.",
    "On 2016-09-27 and on 27.09.2016 and 27/09/2016",
    "In 2015, 2016 and 2017; 2015 2016 2017",
    "3,000,000 dogs; 3 000 000 dogs; 3.000.000",
    "ZIP 93301-1234",
    "Ordinance 12-345, section 4.2.1",
    "Room 12, at 10:30 am",
    "$1,234.56 a year",
    "Call 911",
    "The Main Street market",
    "12 dogs in the shelter",
    "x" * 5000,
    "1 " * 2000,
    "A B C D E " * 500,
    "((((((((((" * 300,
]
