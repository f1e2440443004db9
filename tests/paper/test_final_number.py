"""Once a number is final, no paper raises it, and what is false still comes off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from paper.models import CannotCount, Match
from petitions.models import Petition
from tests.factories import make_counted, make_paper, make_petition, make_staff
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return make_petition()


@pytest.fixture
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))
    return client


def test_after_the_final_number_no_paper_is_counted(bo, petition):
    make_counted(petition, 1)
    early = make_paper(petition, "Paula Paper")
    early.count(by=make_staff("cy"))
    late = make_paper(petition, "Peter Paper", "Petra Paper")
    Campaign.objects.update(closes_at=timezone.now() - timedelta(days=2))
    petition = Petition.objects.get()
    assert petition.is_final

    with pytest.raises(CannotCount, match="is final"):
        type(late).objects.get(pk=late.pk).count(by=make_staff("di"))
    added = fill_in(
        bo, "/admin/paper/paperbatch/add/", petition=petition.pk, place="Square"
    )

    assert "The number of this petition is final." in added.text
    assert petition.standing.count == 2
    # What turns out to be false still comes off.
    type(early).objects.get(pk=early.pk).uncount()
    assert Petition.objects.get().standing.count == 1


def test_after_the_final_number_no_decision_raises_it(bo, petition):
    make_counted(petition, 1, name="Paula Paper", city="London", country="GB")
    batch = make_paper(petition, "Paula Paper", "Peter Paper")
    batch.lines.get(match=Match.OPEN).decide(is_same=True)
    batch.count(by=make_staff("cy"))
    line, peter = batch.lines.order_by("number")
    Campaign.objects.update(closes_at=timezone.now() - timedelta(days=2))

    page = f"/admin/paper/paperbatch/{batch.pk}/comparison/"
    answer = bo.post(page, {"other": line.pk}, follow=True)

    assert "The number of this petition is final." in answer.text
    line.refresh_from_db()
    assert (line.match, line.counted) == (Match.SAME, False)
    assert Petition.objects.get().standing.count == 2
    # What turns out to be the same person still comes off.
    batch.lines.filter(pk=peter.pk).update(match=Match.OPEN)
    bo.post(page, {"same": peter.pk})
    assert Petition.objects.get().standing.count == 1
