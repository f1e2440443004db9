from django.utils.translation import gettext_lazy

from outbox.samples import sample


@sample(
    "test_mail",
    gettext_lazy("To an administrator who sets up the site. Does sending work?"),
)
def test_mail():
    return {"username": "bo"}
