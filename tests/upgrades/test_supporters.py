from django.urls import reverse
from django.utils import timezone

from staff.models import Alert
from supporters.models import Report


def test_a_notice_from_before_is_a_report_of_a_page(upgrade_to):
    upgrade = upgrade_to("supporters", "0002_reports_are_one_model")
    notices = upgrade.model("supporters", "Notice").objects
    law = {"law": "other", "content": "/", "language": "en"}
    notices.create(location="/", received_at=timezone.now(), **law)
    upgrade.model("staff", "Alert").objects.create(
        kind="notice", page="/admin/supporters/notice/"
    )

    upgrade.migrate()

    report = Report.objects.notices().to_decide().get()
    assert (report.subject, report.subject_id, report.reason) == ("page", None, "")
    assert Alert.objects.get().page == reverse("admin:supporters_report_changelist")
