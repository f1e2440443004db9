"""The fields of a form are read as Django reads them, and a long body at once."""

from time import thread_time
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from pages.form_body import fields_of

SENT = {
    "name": "Ada & Bo = 100 % + é 개 🐕 ~*-._/",
    "text": "one\r\ntwo\x00\tthree",
    "": "of no name",
    "empty": "",
    "of many": ["1", "2"],
}


@pytest.mark.parametrize(
    "body",
    [
        urlencode(SENT, doseq=True),
        "",
        "&&a&b=&=c&",
        "a=%C3%A9%c3%A9+%2b%2B",
        "a=b=c==&d==%3D",
        "a=1\r\n2\n\r",
        "a=%ff%C3",
        "a=é 개",
    ],
)
def test_a_body_says_what_django_reads_in_it(body):
    fields = fields_of(body.encode())

    assert fields == QueryDict(body.encode())
    with pytest.raises(AttributeError):
        fields["a"] = "changed"


@pytest.mark.parametrize(
    "text", ["50% off", "%", "%%41", "%4", "%\n41", "%\r4\n", "%é"]
)
def test_a_percent_sign_that_no_browser_sends_is_refused(text):
    with pytest.raises(ValueError, match="a percent sign"):
        fields_of(f"a={text}".encode())


@pytest.mark.parametrize("sign", ["%26", "%F0%9F%98%80", "+", "a"])
def test_the_longest_body_takes_a_tenth_of_what_it_took(sign):
    body = f"a={sign * (250_000 // len(sign))}".encode()

    def seconds(read):
        begun = thread_time()
        read(body)
        return thread_time() - begun

    slowly = min(seconds(QueryDict) for _try in range(3)) if "%" in sign else 0.04
    assert min(seconds(fields_of) for _try in range(5)) < slowly / 10
