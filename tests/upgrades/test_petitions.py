from django.db import connection

from petitions.models import Petition
from tests.factories import make_campaign, make_counted, sign


def test_a_petition_of_before_has_no_earlier_wording_and_takes_signatures(
    upgrade_to, client
):
    upgrade = upgrade_to("petitions", "0002_earlier_wordings_of_an_ask")
    campaign = make_campaign(slug="bucheon")
    made = upgrade.model("petitions", "Petition").objects
    made.create(campaign_id=campaign.pk, ask="Close the market.")

    connection.check_constraints()  # nothing waits for the end of the transaction

    upgrade.migrate()

    petition = Petition.objects.get()
    assert petition.earlier == ()
    make_counted(petition, 2)
    assert sign(petition, email="zoe@mail.example").petition.is_signed
    assert "Earlier wording" not in client.get("/bucheon/count/").text
