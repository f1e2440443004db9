from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    """PostgreSQL, its queue of jobs, and what is deleted from it after its time."""

    name = "database"
    verbose_name = _("Database")

    def ready(self) -> None:
        from procrastinate.contrib.django.models import ProcrastinateJob

        from database import checks, retention  # noqa: F401  checks of a deployment
        from database.kept import Kept
        from database.personal_data import PersonalData

        ProcrastinateJob.add_to_class(
            "personal_data",
            PersonalData(
                about_nobody=(
                    "queue_name",
                    "task_name",
                    "args",
                    "lock",
                    "queueing_lock",
                ),
                kept=(
                    Kept(
                        name="jobs",
                        words=_("notes of work that the site has finished"),
                        period="KEEP_FINISHED_JOBS_HOURS",
                        due=retention.finished_jobs,
                        do=retention.delete_jobs,
                    ),
                ),
            ),
        )
