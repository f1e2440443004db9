"""The models that hold nothing of a supporter, and why that is so.

All others have a declaration, `personal_data` (database/personal_data.py).
"""

from django.apps import apps

_PUBLIC = "what the organisation says in public, or drafts: it answers for the words"
_STAFF = "an account of somebody who works here, which is theirs"
_NUMBERS = "numbers, dates and names of our own, which nobody types"

HOLDS_NOTHING = {
    label: reason
    for reason, labels in (
        (
            _PUBLIC,
            (
                "branding.Branding campaigns.Campaign campaigns.CampaignText "
                "campaigns.FormerSlug campaigns.OldAddress "
                "campaigns.Reading campaigns.Milestone campaigns.Update "
                "campaigns.UpdateText "
                "campaigns.StoryPicture "
                "petitions.Petition petitions.ReferralLink letters.SuggestedLetter "
                "letters.LetterText "
                "letters.Meeting letters.RecipientList "
                "safeguards.ProtectedName comments.SavedReply "
                + "volunteers.TranslatedText"
                * apps.is_installed("volunteers")
            ),
        ),
        (
            _STAFF,
            (
                "staff.User staff.SignIn account.EmailAddress "
                "account.EmailConfirmation mfa.Authenticator "
                "auth.Group campaigns.CampaignRole"
            ),
        ),
        (
            _NUMBERS,
            (
                "campaigns.PageViews supporters.Mailing "
                "petitions.DayCount "
                "petitions.ReferralDayCount "
                "comments.Thread safeguards.OwnLimit "
                "auth.Permission contenttypes.ContentType"
            ),
        ),
        (
            "the count, whose hashes nobody can open once a signer's salt is gone",
            "petitions.TallyEntry petitions.Link",
        ),
        (
            "keys of rows, and no words",
            (
                "staff.Invitation_groups staff.User_groups "
                "staff.User_user_permissions auth.Group_permissions "
                "procrastinate.ProcrastinateEvent "
                "procrastinate.ProcrastinateWorker "
                "procrastinate.ProcrastinatePeriodicDefer"
            ),
        ),
    )
    for label in labels.split()
}
