import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import RequestFactory
from edx_django_utils.plugins import get_plugin_apps

REGISTERED = [
    model
    for model in apps.get_app_config("libschool_practicum").get_models()
    if admin.site.is_registered(model)
]


@pytest.mark.parametrize("project", ["lms.djangoapp", "cms.djangoapp"])
def test_open_edx_finds_the_app_by_its_entry_point(project: str) -> None:
    assert "practicum.apps.PracticumConfig" in get_plugin_apps(project)


@pytest.mark.django_db
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.model_name)
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
    shown = str(page.get_fieldsets(request))
    assert "sealed_" not in shown
