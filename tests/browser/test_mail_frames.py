"""Staff look at a mail in a frame, and see all of it."""

import math

import pytest
from django.urls import reverse

from tests.factories import make_staff


@pytest.mark.parametrize("width", [390, 1440])
def test_the_frame_of_a_mail_is_as_high_as_the_mail(page, signed_in, width):
    signed_in(make_staff("root", is_superuser=True))
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(reverse("mail-sample", args=["confirm_signature"]))

    mail = page.frame_locator(".mail-frame").locator("html")
    high = mail.evaluate("html => html.getBoundingClientRect().height")
    page.wait_for_function(
        "high => document.querySelector('.mail-frame').clientHeight === high",
        arg=math.ceil(high),
    )
