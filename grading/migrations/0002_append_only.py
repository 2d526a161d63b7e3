from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dbrules.append_only import protect, unprotect

TABLES = ("libschool_grading_exercisesnapshot", "libschool_grading_submission")


def protect_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        protect(schema_editor.connection, table)


def unprotect_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        unprotect(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("libschool_grading", "0001_initial")]

    operations = [migrations.RunPython(protect_tables, unprotect_tables)]
