"""How people are found by names, in tables of marks and in pasted lists alike."""

from __future__ import annotations

import pytest

from delivery.groups import add_members
from delivery.models import Enrollment
from delivery.people import index_people
from tests.delivery.factories import make_user
from tests.delivery.reading_room import make_room


def test_an_address_that_several_have_names_none_and_a_user_name_wins() -> None:
    people = [
        (1, "Ana", "desk@x.org"),
        (2, "borna", "Desk@x.org"),
        (3, "c@x.org", ""),
        (4, "d", "C@x.org"),
    ]
    assert index_people(people) == {"ana": 1, "borna": 2, "c@x.org": 3, "d": 4}


@pytest.mark.django_db
def test_a_shared_address_puts_nobody_into_a_group() -> None:
    course = make_room([]).course
    for name in ("ana", "borna"):
        user = make_user(name)
        user.email = "desk@x.org"
        user.save()
        Enrollment.objects.create(user=user, course=course)
    group = course.groups.create(name="Evening")
    added = add_members(group, ["desk@x.org", "Ana"])
    assert (added.added, added.unknown) == (1, ("desk@x.org",))
    assert group.members.get().user.username == "ana"
