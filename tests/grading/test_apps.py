import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import RequestFactory
from edx_django_utils.plugins import get_plugin_apps

from grading.models import (
    BankComment,
    ExerciseSnapshot,
    LineOverride,
    RegradeChange,
    StudentItem,
    Submission,
    TaskAnswer,
    TaskFile,
    TaskGrading,
    TaskStep,
    TaskWork,
)

SHOWN = (
    *(ExerciseSnapshot, StudentItem, Submission, RegradeChange, LineOverride, BankComment),
    *(TaskWork, TaskAnswer, TaskFile, TaskGrading, TaskStep),
)


@pytest.mark.parametrize("project", ["lms.djangoapp", "cms.djangoapp"])
def test_open_edx_finds_the_apps_by_their_entry_points(project: str) -> None:
    found = get_plugin_apps(project)
    assert "grading.apps.GradingConfig" in found
    assert "jobs.apps.JobsConfig" in found


@pytest.mark.parametrize("model", SHOWN)
def test_an_administrator_looks_and_changes_nothing(
    model: type[Model], admin_user: User, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = admin_user
    page = admin.site.get_model_admin(model)
    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
