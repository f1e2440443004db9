from outbox.samples import sample


@sample("test_mail")
def test_mail():
    """To an administrator who sets the site up: does the mail work?"""
    return {"username": "bo"}
