from versions.models import PendingUpload


def test_a_file_that_was_kept_is_there_still(upgrade_to):
    upgrade = upgrade_to("versions", "0002_a_kept_file_has_no_preview")
    files = upgrade.model("versions", "PendingUpload").objects
    files.create(key="k" * 43, name="fox.png", content=b"a", shown=b"b", width=1)

    upgrade.migrate()

    assert PendingUpload.objects.get().name == "fox.png"
    PendingUpload.objects.create(name="owl.png", content=b"c")  # by defaults of before
