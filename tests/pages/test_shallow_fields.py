"""Each form has fields of its own, as far as forms change them."""

from comments.forms import CommentForm
from petitions.signing.forms import SignForm


def test_what_one_form_changes_of_its_fields_is_in_no_other():
    first = SignForm(likely_country="KR")
    first.fields["name"].label = "Changed"
    first.fields["name"].required = False
    first.fields["name"].widget.attrs["data-x"] = "changed"
    del first.fields["city"]

    other = SignForm()

    assert other.fields["name"].label == "Full name"
    assert other.fields["name"].required
    assert "data-x" not in other.fields["name"].widget.attrs
    assert "city" in other.fields
    assert other.fields["country"].widget.likely == ""
    assert first.fields["country"].widget.likely == "KR"


def test_a_form_that_derives_from_another_has_its_own_fields():
    assert list(CommentForm().fields)[:2] == ["name", "email"]
    assert SignForm().fields["shown_as"] is not SignForm().fields["shown_as"]
