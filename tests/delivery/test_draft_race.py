"""Authors at the same time lose nothing of each other's work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from delivery.access import Visit
from delivery.authoring import writing
from delivery.authoring.editing import save_fields
from delivery.authoring.publishing import publish_draft
from delivery.authoring.trees import revision_of
from delivery.authoring.writing import WriteRefused
from delivery.models import CourseVersion, Draft, DraftBlock, DraftConflict
from tests.delivery.drafting import Author, author
from tests.delivery.factories import block, make_user
from tests.delivery.sample_blocks import PLAIN

pytestmark = pytest.mark.django_db(transaction=True)

AUTHORS = 4
ROUNDS = 5


def at_once(act: Callable[[int], None], threads: int = AUTHORS) -> list[Exception]:
    """Let ``act`` run in several threads that begin together; what it raised."""
    ready = threading.Barrier(threads, timeout=60)
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            ready.wait()
            act(number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return failures


def visit_draft(ada: Author, user: Any = None) -> Visit:
    return Visit(ada.course, user or ada.user, None, None, on_draft=True)


def several() -> Author:
    names = [f"b{number}" for number in range(AUTHORS)]
    return author(*(block(PLAIN, name, content="") for name in names))


def test_changes_by_authors_at_once_add_up_from_the_first_one_on() -> None:
    ada = several()
    people = [make_user() for _ in range(AUTHORS)]

    def work(number: int) -> None:
        key = ada.made.usage(PLAIN, f"b{number}")
        for turn in range(ROUNDS):
            visit = visit_draft(ada, people[number])
            revision = revision_of(visit.tree, key)
            conflict, _now = save_fields(visit, key, {"content": f"{turn}"}, revision)
            assert conflict is None
            with writing.writing(ada.course, people[number]) as writer:
                writing.add_block(writer, ada.made.unit, PLAIN, {"content": f"{number} {turn}"})

    assert at_once(work) == []
    tree = ada.tree
    children = tree.blocks[ada.made.unit].children
    assert len(children) == AUTHORS + AUTHORS * ROUNDS
    contents = {tree.blocks[key].fields["content"] for key in children[AUTHORS:]}
    assert contents == {f"{n} {t}" for n in range(AUTHORS) for t in range(ROUNDS)}
    last = {tree.blocks[key].fields["content"] for key in children[:AUTHORS]}
    assert last == {f"{ROUNDS - 1}"}
    assert tree.draft_revision == AUTHORS * ROUNDS * 2


def test_of_texts_of_one_block_written_at_once_one_stands_and_the_others_are_kept() -> None:
    ada = several()
    key = ada.made.usage(PLAIN, "b0")
    people = [make_user() for _ in range(AUTHORS)]
    seen = revision_of(ada.tree, key)

    def work(number: int) -> None:
        save_fields(visit_draft(ada, people[number]), key, {"content": f"of {number}"}, seen)

    assert at_once(work) == []
    stands = ada.tree.blocks[key].fields["content"]
    kept = [fields["content"] for fields in DraftConflict.objects.values_list("fields", flat=True)]
    assert sorted([stands, *kept]) == [f"of {number}" for number in range(AUTHORS)]


def test_without_lock_and_revision_one_of_two_changes_is_lost() -> None:
    """The twin of the tests above: it shows that they can fail."""
    ada = several()
    with writing.writing(ada.course, ada.user) as writer:
        writing.add_block(writer, ada.made.unit, PLAIN, {})
    draft = Draft.objects.get()
    ready = threading.Barrier(2, timeout=60)

    def work(number: int) -> None:
        row = DraftBlock.objects.get(draft=draft, usage_key=ada.made.unit)
        row.children = [*(row.children or ()), f"new {number}"]
        ready.wait()
        row.save()

    assert at_once(work, threads=2) == []
    children = DraftBlock.objects.get(usage_key=ada.made.unit).children
    assert children is not None
    assert len(children) == AUTHORS + 1 + 1


def test_a_draft_is_published_once_however_many_press_the_button() -> None:
    ada = several()
    with writing.writing(ada.course, ada.user) as writer:
        writer.set_fields(ada.made.usage(PLAIN, "b0"), {"content": "new"})
    revision = ada.tree.draft_revision
    assert revision is not None

    def work(number: int) -> None:
        publish_draft(visit_draft(ada), revision=revision, note="")

    failures = at_once(work)
    assert all(isinstance(error, WriteRefused) for error in failures)
    assert len(failures) == AUTHORS - 1
    assert CourseVersion.objects.count() == 2
