from django.utils import timezone

from staff.models import User


def test_who_wanted_a_summary_gets_one_still(upgrade_to):
    upgrade = upgrade_to(
        "campaign_editor", "0002_weekly_summary_is_a_choice_of_the_account"
    )
    wishes = upgrade.model("campaign_editor", "WeeklySummary").objects
    users = upgrade.model("staff", "User").objects
    wishes.create(user_id=users.create(username="min-ji").pk)
    wishes.create(user_id=users.create(username="bo").pk, stopped_at=timezone.now())
    users.create(username="di")

    upgrade.migrate()

    wanting = User.objects.filter(gets_summary=True)
    assert [user.username for user in wanting] == ["min-ji"]
    wanting.get().delete()  # the row of before does not hold the account
