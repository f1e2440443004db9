"""Enter my page, as the owner of an address does."""


def enter(client, mailbox, work, email="ada@mail.example"):
    """Ask for my page, open it from the mail; returns its path."""
    asked = client.post("/mine/", {"email": email})
    work()
    opened = client.post(mailbox.path_to("opening"))
    assert opened.url == asked.url
    return asked.url
