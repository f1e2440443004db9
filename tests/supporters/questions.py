from outbox.models import OutgoingMail


def no_questions():
    """Delete the mails that ask followers, so that only what they follow is sent."""
    OutgoingMail.objects.filter(purpose="follow_question").delete()
