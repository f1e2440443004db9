"""Mails to signers, in the language in which they signed."""

from pages.addresses import absolute_reverse


def send(signature, template):
    """Mail a signer this, with the button to confirm and the way to withdraw.

    Raises what Confirmation.send() raises. The mail holds no text that a visitor typed:
    not even the name, which could be somebody else's advertisement.
    """
    campaign, confirmation = signature.campaign, signature.confirmation
    language = confirmation.language

    def address(view, **key):
        return absolute_reverse(
            f"petitions:{view}", language, slug=campaign.slug, **key
        )

    context = {
        "petition": signature.petition,
        "campaign": campaign,
        "confirmation_url": address("confirmation", token=confirmation.mail_token),
        "withdrawal_url": address("withdrawal", key=signature.withdrawal_key),
        "campaign_url": absolute_reverse(
            "campaigns:campaign", language, slug=campaign.slug
        ),
    }
    confirmation.send(template, context)
