import unicodedata

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 1000


def add_lines(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give everybody a line who takes part in a course already."""
    grades = apps.get_model("libschool_delivery", "LearnerGrade")
    enrolments = apps.get_model("libschool_delivery", "Enrollment").objects.select_related("user")
    lines = []
    for each in enrolments.order_by("pk").iterator(AT_ONCE):
        user = each.user
        name = " ".join(filter(None, (user.last_name, user.first_name))) or user.username
        lines.append(
            grades(
                user_id=each.user_id,
                course_id=each.course_id,
                sort_name=unicodedata.normalize("NFKD", name).casefold()[:400],
                is_listed=each.is_active and each.role == "trainee",
            )
        )
    grades.objects.bulk_create(lines, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("libschool_delivery", "0004_stored_grades")]

    operations = [migrations.RunPython(add_lines, migrations.RunPython.noop)]
