import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dbrules.append_only import protect, unprotect

TABLES = tuple(
    f"libschool_grading_{name}"
    for name in ("lineoverride", "taskanswer", "taskgrading", "taskstep")
)


def protect_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        protect(schema_editor.connection, table)


def unprotect_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        unprotect(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [
        ("libschool_grading", "0003_regrade"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("course_id", models.CharField(max_length=255, verbose_name="course key")),
                ("by", models.CharField(max_length=64, verbose_name="by")),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared")),
                ("text", models.TextField(verbose_name="text")),
                ("used", models.PositiveIntegerField(default=0, verbose_name="times used")),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "comment of the bank",
                "verbose_name_plural": "comments of the bank",
                "ordering": ("-used", "pk"),
                "indexes": [models.Index(fields=["course_id", "by"], name="libschool_bank_owner")],
            },
        ),
        migrations.CreateModel(
            name="LineOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempt", models.PositiveIntegerField(verbose_name="attempt")),
                ("code", models.CharField(max_length=200, verbose_name="code")),
                ("where", models.CharField(blank=True, max_length=300, verbose_name="place")),
                (
                    "occurrence",
                    models.PositiveIntegerField(default=0, verbose_name="which of several"),
                ),
                ("points", models.FloatField(blank=True, null=True, verbose_name="points")),
                ("machine_points", models.FloatField(verbose_name="points of the machine")),
                ("comment", models.TextField(verbose_name="comment")),
                ("by", models.CharField(max_length=64, verbose_name="by")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="libschool_grading.studentitem",
                        verbose_name="learner's exercise",
                    ),
                ),
            ],
            options={
                "verbose_name": "changed score line",
                "verbose_name_plural": "changed score lines",
                "ordering": ("pk",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TaskAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("answer", models.JSONField(verbose_name="answer")),
                (
                    "answer_sha256",
                    models.CharField(max_length=64, verbose_name="digest of the answer"),
                ),
                (
                    "idempotency_key",
                    models.CharField(max_length=64, verbose_name="idempotency key"),
                ),
                ("submitted_at", models.DateTimeField(verbose_name="handed in")),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="libschool_grading.exercisesnapshot",
                        verbose_name="rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a task",
                "verbose_name_plural": "answers to tasks",
                "ordering": ("pk",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TaskFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="digest")),
                ("is_handed_in", models.BooleanField(default=False, verbose_name="handed in")),
                ("added_at", models.DateTimeField(verbose_name="uploaded")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="libschool_grading.studentitem",
                        verbose_name="learner's exercise",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a task",
                "verbose_name_plural": "files of tasks",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="TaskGrading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("by", models.CharField(max_length=64, verbose_name="by")),
                ("role", models.CharField(max_length=20, verbose_name="as")),
                ("marks", models.JSONField(default=dict, verbose_name="marks")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("pins", models.JSONField(default=list, verbose_name="pinned comments")),
                ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                ("given_at", models.DateTimeField(verbose_name="given")),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gradings",
                        to="libschool_grading.taskanswer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="libschool_grading.exercisesnapshot",
                        verbose_name="rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "grading",
                "verbose_name_plural": "gradings",
                "ordering": ("pk",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TaskWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("course_key", models.CharField(max_length=255, verbose_name="course key")),
                ("usage_key", models.CharField(max_length=255, verbose_name="usage key")),
                ("state", models.CharField(max_length=20, verbose_name="state")),
                (
                    "first_by",
                    models.CharField(blank=True, max_length=64, verbose_name="first grader"),
                ),
                ("held_by", models.CharField(blank=True, max_length=64, verbose_name="in hand of")),
                (
                    "held_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="in hand until"),
                ),
                (
                    "due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revision due"),
                ),
                ("appeal", models.TextField(blank=True, verbose_name="review asked for")),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="when asked"),
                ),
                ("appeal_answer", models.TextField(blank=True, verbose_name="answer to it")),
                (
                    "appeal_answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="when answered"),
                ),
                ("waiting_since", models.DateTimeField(verbose_name="waiting since")),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                (
                    "current",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="libschool_grading.taskanswer",
                        verbose_name="latest answer",
                    ),
                ),
                (
                    "graded",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="libschool_grading.taskgrading",
                        verbose_name="grading that counts",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work",
                        to="libschool_grading.studentitem",
                        verbose_name="learner's exercise",
                    ),
                ),
            ],
            options={
                "verbose_name": "work on a task",
                "verbose_name_plural": "works on tasks",
            },
        ),
        migrations.CreateModel(
            name="TaskStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=30, verbose_name="what")),
                ("by", models.CharField(blank=True, max_length=64, verbose_name="by")),
                ("state", models.CharField(max_length=20, verbose_name="state after it")),
                ("data", models.JSONField(default=dict, verbose_name="data")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="libschool_grading.taskwork",
                        verbose_name="work",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a work",
                "verbose_name_plural": "steps of works",
                "ordering": ("pk",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="taskanswer",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="libschool_grading.taskwork",
                verbose_name="work",
            ),
        ),
        migrations.CreateModel(
            name="TaskFilePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("data", models.BinaryField(verbose_name="bytes")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="libschool_grading.taskfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a file",
                "verbose_name_plural": "parts of files",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "number"), name="libschool_task_file_part"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskGradingDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=64, verbose_name="by")),
                ("content", models.JSONField(default=dict, verbose_name="notes")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("saved_at", models.DateTimeField(verbose_name="saved")),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="libschool_grading.taskanswer",
                        verbose_name="answer",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a grading",
                "verbose_name_plural": "drafts of gradings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("answer", "by"), name="libschool_task_draft_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="taskwork",
            index=models.Index(
                fields=["course_key", "usage_key", "state", "waiting_since"],
                name="libschool_task_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskanswer",
            constraint=models.UniqueConstraint(
                fields=("work", "idempotency_key"), name="libschool_task_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskanswer",
            constraint=models.UniqueConstraint(
                fields=("work", "number"), name="libschool_task_answer_no"
            ),
        ),
        migrations.RunPython(protect_tables, unprotect_tables),
    ]
