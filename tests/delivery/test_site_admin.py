import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from unfold.admin import ModelAdmin

from delivery.models import Asset, Course, Enrollment
from tests.delivery.factories import make_user
from tests.delivery.reading_room import make_room, words

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = [model for model in MODELS if model._meta.app_label.startswith("libschool_")]


def label(model: type[Model]) -> str:
    return model._meta.label_lower


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def ada(client: Client) -> User:
    user = make_user("ada", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_list_opens_in_the_theme_and_can_be_searched(
    client: Client, ada: User, model: type[Model]
) -> None:
    room = make_room()
    Enrollment.objects.create(user=ada, course=room.course)
    response = client.get(list_url(model), {"q": "leaf"}, headers=PAGE)
    assert response.status_code == 200
    assert isinstance(admin.site.get_model_admin(model), ModelAdmin)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_table_of_ours_can_be_filtered_or_searched(model: type[Model]) -> None:
    found = admin.site.get_model_admin(model)
    assert found.list_display != ("__str__",)
    assert found.list_filter or found.search_fields


def test_the_admin_is_for_administrators(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/admin/", headers=PAGE).status_code == 403
    client.logout()
    asked = client.get("/admin/", headers=PAGE)
    assert asked["Location"].startswith("/accounts/login/?next=/admin/")


def test_the_admins_own_sign_in_leads_to_the_schools(client: Client) -> None:
    asked = client.get("/admin/login/?next=/admin/auth/user/")
    assert asked["Location"] == "/accounts/login/?next=/admin/auth/user/"
    elsewhere = client.get("/admin/login/?next=//evil.example/")
    assert elsewhere["Location"] == "/accounts/login/?next=/admin/"


def test_the_looser_policy_reaches_no_further_than_the_admin(client: Client, ada: User) -> None:
    def policy(path: str) -> dict[str, str]:
        parts = client.get(path, headers=PAGE)["Content-Security-Policy"].split("; ")
        return dict(part.split(" ", 1) for part in parts)

    site, within = policy("/"), policy("/admin/")
    assert site["script-src"] == "'self'"
    assert site["style-src"] == "'self'"
    assert set(within["script-src"].split()) == {"'self'", "'unsafe-eval'"}
    assert set(within["style-src"].split()) == {"'self'", "'unsafe-inline'"}
    del site["script-src"], site["style-src"], within["script-src"], within["style-src"]
    assert within == site


def test_content_cannot_be_changed_by_hand(client: Client, ada: User) -> None:
    room = make_room()
    block = room.version.blocks.first()
    assert block is not None
    url = reverse("admin:libschool_delivery_block_change", args=[block.pk])
    assert client.get(url, headers=PAGE).status_code == 200
    assert client.post(url, {"usage_key": "changed"}).status_code == 403
    assert client.post(f"{list_url(type(block))}add/", {}).status_code == 403
    assert client.post(url.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
    block.refresh_from_db()
    assert block.usage_key != "changed"


def test_a_course_is_taken_out_of_the_catalogue_in_its_list(client: Client, ada: User) -> None:
    room = make_room()
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": room.course.pk}
    client.post(list_url(Course), {**form, "_save": "Save"})
    room.course.refresh_from_db()
    assert not room.course.is_listed
    assert "Reading leaves" in words(client.get(list_url(Course), headers=PAGE))


def test_an_administrator_makes_somebody_an_instructor(client: Client, ada: User) -> None:
    room, teacher = make_room(), make_user("ivo")
    url = reverse("admin:libschool_delivery_enrollment_add")
    assert client.get(url, headers=PAGE).status_code == 200
    given = {"user": teacher.pk, "course": room.course.pk, "role": "instructor", "is_active": "on"}
    client.post(url, given)
    assert Enrollment.objects.get(user=teacher).role == "instructor"


def test_enrolments_are_deactivated_and_activated_but_never_deleted(
    client: Client, ada: User
) -> None:
    room = make_room()
    enrolment = Enrollment.objects.create(user=make_user(), course=room.course)
    for action, is_active in (("deactivate", False), ("activate", True)):
        client.post(list_url(Enrollment), {"action": action, "_selected_action": [enrolment.pk]})
        enrolment.refresh_from_db()
        assert enrolment.is_active is is_active
    url = reverse("admin:libschool_delivery_enrollment_delete", args=[enrolment.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_a_list_of_stored_files_reads_none_of_their_bytes(
    client: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_room()
    with django_assert_max_num_queries(9) as queries:
        client.get(list_url(Asset), headers=PAGE)
    assert not [query for query in queries.captured_queries if '"data"' in query["sql"]]


def test_an_account_is_added_and_changed_with_the_themes_forms(client: Client, ada: User) -> None:
    assert client.get("/admin/auth/user/add/", headers=PAGE).status_code == 200
    assert client.get(f"/admin/auth/user/{ada.pk}/change/", headers=PAGE).status_code == 200
    assert client.get(f"/admin/auth/user/{ada.pk}/password/", headers=PAGE).status_code == 200
