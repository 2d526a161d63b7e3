"""The browser files of installed blocks: which are served, and which are not."""

from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.test import Client
from django.urls import reverse

from delivery.runtime.assets import find_public_file, public_files, resource_url
from delivery.runtime.sheets import without_foreign_imports

DRAG = "drag-and-drop-v2"
CSS = "public/css/drag_and_drop.css"


def fetch(block_type: str, uri: str) -> Any:
    return Client().get(reverse("block_resource", args=[block_type, uri]))


@pytest.mark.django_db
def test_a_public_file_is_served_with_its_media_type_to_anyone() -> None:
    response = fetch(DRAG, CSS)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/css"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"xblock--drag-and-drop" in b"".join(response.streaming_content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "uri",
    [
        "drag_and_drop_v2.py",
        "public/../drag_and_drop_v2.py",
        "public/css/../../drag_and_drop_v2.py",
        "public/./css/drag_and_drop.css",
        "/etc/passwd",
        "public//etc/passwd",
        "public",
        "public/",
        "public/css",
        "public/nosuch.css",
        "templates/html/drag_and_drop.html",
        "public%2f..%2fdrag_and_drop_v2.py",
        "PUBLIC/css/drag_and_drop.css",
        "public/css/a\x00.css",
        "public/" + "x" * 300 + ".css",
    ],
)
def test_nothing_outside_the_public_folder_is_served(uri: str) -> None:
    assert fetch(DRAG, uri).status_code in (301, 404)
    assert find_public_file(DRAG, uri) is None


@pytest.mark.django_db
def test_files_of_unknown_block_types_are_not_there() -> None:
    assert fetch("teleporter", CSS).status_code == 404


def test_both_ways_to_name_a_file_lead_to_one_place() -> None:
    short = find_public_file("video", "public/css/video.css")
    long = find_public_file("video", "video/public/css/video.css")
    assert short is not None
    assert short == long
    assert short.static_name == "xblock/resources/xblocks_contrib/video/public/css/video.css"


def test_every_public_file_is_found_by_its_static_name() -> None:
    finder = get_finder("delivery.resources.XBlockResourceFinder")
    names = {name for name, _storage in finder.list([])}
    assert {file.static_name for file in public_files()} == names
    assert f"xblock/resources/drag_and_drop_v2/{CSS}" in names
    assert "xblock/resources/xblocks_contrib/problem/public/js/ProblemBlockDisplay.js" in names
    assert not [name for name in names if name.endswith(".py")]
    for name, storage in finder.list([]):
        assert finder.find(name) == storage.path(name)
    missing: object = finder.find("xblock/resources/nosuch/x.js")  # typed as never a list
    assert missing == []


PROBLEM_CSS = "public/css/ProblemBlockDisplay.css"


@pytest.mark.django_db
def test_no_stylesheet_of_a_block_asks_another_site_for_fonts() -> None:
    served = b"".join(fetch("problem", f"problem/{PROBLEM_CSS}").streaming_content)
    assert b"ProblemBlock div.problem" in served
    finder = get_finder("delivery.resources.XBlockResourceFinder")
    sheets = [(name, storage) for name, storage in finder.list([]) if name.endswith(".css")]
    collected = {name: storage.open(name).read() for name, storage in sheets}
    assert collected[f"xblock/resources/xblocks_contrib/problem/{PROBLEM_CSS}"] == served
    assert [name for name, text in collected.items() if b"@import" in text] == []


@pytest.mark.parametrize(
    "rule",
    [
        '@import url("https://fonts.example.org/css?family=A:300,400");',
        "@import url(//fonts.example.org/css2?family=A:wght@300;400) screen;",
        "@IMPORT 'http://fonts.example.org/a;b.css';",
    ],
)
def test_only_what_comes_from_another_site_is_left_out_of_a_stylesheet(rule: str) -> None:
    kept = '@import url("own.css"); a { background: url(https://example.org/a.png); }'
    assert without_foreign_imports(f"{rule}{kept}") == kept


def test_a_resource_has_the_url_of_the_collected_file() -> None:
    assert resource_url(DRAG, CSS) == f"/static/xblock/resources/drag_and_drop_v2/{CSS}"
    assert resource_url(DRAG, "public/nosuch.css") == reverse(
        "block_resource", args=[DRAG, "public/nosuch.css"]
    )
