import time
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from delivery.views import health
from jobs.api import Beat, Effect, enqueue, task


@task("served.shelve")
def shelve(args: Mapping[str, Any], beat: Beat) -> Effect:
    time.sleep(args["seconds"])
    # A group for each effect. Names of groups are unique: the time lets a double show as a row.
    return lambda: Group.objects.create(name=f"shelved {args['book']} {time.monotonic_ns()}")


def hand_in(request: HttpRequest) -> HttpResponse:
    book = request.GET["book"]
    with transaction.atomic():
        Group.objects.create(name=f"handed in {book}")
        enqueue("served.shelve", {"book": book, "seconds": float(request.GET["seconds"])})
    return HttpResponse("kept")


def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("hand-in/", hand_in),
    path("take/", take),
    path("imports/", take, name="imports"),
]
