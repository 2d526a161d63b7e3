from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dbrules import append_only
from practicum import overlap

APPEND_ONLY = (
    "agreement",
    "attendancesheet",
    "auditevent",
    "checklist",
    "checklisttick",
    "commandreceipt",
    "competencyassessment",
    "entryversion",
    "evaluation",
    "evaluationform",
    "evidencefile",
    "issueddocument",
    "ledgerline",
    "override",
    "programmeversion",
    "signature",
    "weeklyreport",
    "withdrawal",
)


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in APPEND_ONLY:
        append_only.protect(schema_editor.connection, f"libschool_practicum_{name}")
    overlap.protect(schema_editor.connection)


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    overlap.unprotect(schema_editor.connection)
    for name in APPEND_ONLY:
        append_only.unprotect(schema_editor.connection, f"libschool_practicum_{name}")


class Migration(migrations.Migration):
    dependencies = [("libschool_practicum", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
