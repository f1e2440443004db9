from campaign_site.addresses import absolute
from campaign_site.mail_samples import sample


@sample("password_reset")
def password_reset():
    """To staff who have forgotten their password: the link to choose a new one."""
    link = absolute("/admin/account/password/reset/1-abc/")
    return {"username": "bo", "reset_url": link}
