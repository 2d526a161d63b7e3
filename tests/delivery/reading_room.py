"""A course with several sections for the tests of the site's pages, and eyes to read the pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from delivery.models import Asset, Block, Course, CourseFile, CourseVersion
from tests.delivery.factories import Spec, block, scored, usage_key

numbers = count(1)
PAST = "2020-01-01T00:00:00Z"
FUTURE = "2999-03-03T09:00:00Z"
POLICY = {
    "GRADER": [
        {"type": "Exercises", "short_label": "Ex", "min_count": 2, "drop_count": 0, "weight": 0.5},
        {"type": "Test", "short_label": "Test", "min_count": 1, "drop_count": 0, "weight": 0.5},
    ],
    "GRADE_CUTOFFS": {"Distinction": 0.85, "Pass": 0.6},
}
ABOUT = {
    "overview": '<h2>What it is</h2><p>About <img src="/static/plan.png" alt="A plan"></p>'
    "<script>alert(1)</script>",
    "short_description": "Learn to read the leaves.",
    "effort": "Ten hours",
}
FILES = {
    "cover.svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "plan.png": ("image/png", b"\x89PNG plan"),
    "inside.pdf": ("application/pdf", b"%PDF-1.4 inside"),
}


@dataclass
class Room:
    """A course in the database."""

    course: Course
    version: CourseVersion

    @property
    def key(self) -> str:
        return self.course.key

    def usage(self, block_type: str, name: str) -> str:
        return usage_key(self.key, block_type, name)

    def unit(self, name: str) -> str:
        return self.usage("vertical", name)

    def url(self, rest: str = "") -> str:
        return f"/courses/{self.key}/{rest}"

    def unit_url(self, name: str) -> str:
        return self.url(f"units/{self.unit(name)}/")


def page(name: str, *blocks: Spec, **fields: Any) -> Spec:
    """A unit; an html block of its own if none are given."""
    blocks = blocks or (text(f"{name}_text"),)
    return block("vertical", name, *blocks, display_name=f"Page {name}", **fields)


def text(name: str, **fields: Any) -> Spec:
    return block("html", name, data=f"<p>Text of {name}.</p>", **fields)


def problem(name: str, points: float = 1.0, **fields: Any) -> Spec:
    return scored(block("problem", name, data="<problem/>", **fields), points)


def sections() -> list[Spec]:
    """Two sections: reading, then an exercise, a test, something closed and something hidden."""
    reading = block(
        "sequential", "reading", page("one"), page("two"), page("three"), display_name="Reading"
    )
    exercises = block(
        "sequential",
        "exercises",
        page("work", problem("sum", 4.0), problem("guess", 1.0, graded=False)),
        display_name="Exercise",
        graded=True,
        format="Exercises",
    )
    test = block(
        "sequential",
        "test",
        page("exam", problem("question", 2.0, weight=10)),
        display_name="Test",
        graded=True,
        format="Test",
        due=FUTURE,
    )
    later = block("sequential", "later", page("future"), display_name="Later", start=FUTURE)
    hidden = block(
        "sequential", "hidden", page("secret"), display_name="Hidden", visible_to_staff_only=True
    )
    return [
        block("chapter", "first", reading, display_name="First section"),
        block("chapter", "second", exercises, test, later, hidden, display_name="Second section"),
    ]


def make_room(
    chapters: list[Spec] | None = None,
    *,
    name: str = "Reading leaves",
    listed: bool = True,
    policy: dict[str, Any] | None = None,
    about: dict[str, str] | None = None,
    **settings: Any,
) -> Room:
    """A course with one version, which is served."""
    key = f"course-v1:Leaf+READ{next(numbers)}+2026"
    course = Course.objects.create(key=key, display_name=name, is_listed=listed)
    version = add_version(course, chapters, policy=policy, about=about, **settings)
    course.current_version = version
    course.save()
    return Room(course, version)


def add_version(
    course: Course,
    chapters: list[Spec] | None = None,
    *,
    policy: dict[str, Any] | None = None,
    about: dict[str, str] | None = None,
    **settings: Any,
) -> CourseVersion:
    """Another version of a course, which is not served yet."""
    settings = {"start": PAST, "course_image": "cover.svg", **settings}
    root = block(
        "course",
        "course",
        *(sections() if chapters is None else chapters),
        display_name=course.display_name,
        **settings,
    )
    version = CourseVersion.objects.create(
        course=course,
        number=course.versions.count() + 1,
        root=usage_key(course.key, "course", "course"),
        grading_policy=POLICY if policy is None else policy,
        about=ABOUT if about is None else about,
    )
    rows: list[Block] = []
    _collect(rows, version, root, "")
    Block.objects.bulk_create(rows)
    for path, (media_type, data) in FILES.items():
        sha256 = f"{path:0>64}"[:64]
        Asset.objects.get_or_create(sha256=sha256, defaults={"data": data})
        CourseFile.objects.create(
            version=version, path=path, asset_id=sha256, media_type=media_type, size=len(data)
        )
    return version


def _collect(rows: list[Block], version: CourseVersion, spec: Spec, parent: str) -> None:
    key = usage_key(version.course.key, spec.block_type, spec.name)
    rows.append(
        Block(
            version=version,
            usage_key=key,
            block_type=spec.block_type,
            parent=parent,
            position=len(rows),
            fields=spec.fields,
            has_score=spec.has_score,
            max_score=spec.max_score,
        )
    )
    for child in spec.children:
        _collect(rows, version, child, key)


# --- Reading pages ------------------------------------------------------------------------------


def words(response: Any) -> str:
    """What a page says, on one line."""
    tree: HtmlElement = html.fromstring(response.content)
    for quiet in tree.xpath("//script|//style|//noscript|//template"):
        quiet.drop_tree()
    return " ".join(" ".join(tree.itertext()).split())


def faults(response: Any) -> list[str]:
    """What is wrong with a page: headings, labels, ids, alternatives, inline code."""
    tree: HtmlElement = html.fromstring(response.content)
    found = []
    if len(tree.xpath("//h1")) != 1:
        found.append(f"{len(tree.xpath('//h1'))} h1")
    if not tree.get("lang"):
        found.append("no language")
    if len(tree.xpath("//main")) != 1:
        found.append("no main")
    if not (tree.findtext("head/title") or "").split("·")[0].strip():
        found.append("no title")
    ids = tree.xpath("//@id")
    found += [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    found += [f"no alt: {image.get('src')}" for image in tree.xpath("//img[not(@alt)]")]
    found += [f"style on {node.tag}" for node in tree.xpath("//*[@style]")]
    found += ["inline style" for _node in tree.xpath("//style")]
    found += [
        "inline script"
        for node in tree.xpath("//script[not(@src)]")
        if node.get("type") != "application/json"
    ]
    found += [
        f"{name} on {node.tag}" for node in tree.iter() for name in node.attrib if name[:2] == "on"
    ]
    found += [f"no label: {field.get('name')}" for field in _unlabelled(tree)]
    found += [f"no name: {html.tostring(node)[:80]!r}" for node in _nameless(tree)]
    found += _broken_references(tree, set(ids))
    return found


def _unlabelled(tree: HtmlElement) -> list[HtmlElement]:
    fields = tree.xpath("//input[not(@type='hidden')]|//select|//textarea")
    labelled = set(tree.xpath("//label/@for"))
    return [
        field
        for field in fields
        if not (
            field.get("id") in labelled
            or field.get("aria-label")
            or field.get("aria-labelledby")
            or field.xpath("ancestor::label")
        )
    ]


def _nameless(tree: HtmlElement) -> list[HtmlElement]:
    """Links, buttons and summaries without a word in them."""
    return [
        node
        for node in tree.xpath("//a[@href]|//button|//summary")
        if not (node.text_content().strip() or node.get("aria-label"))
        and not node.xpath(".//img[@alt!='']")
    ]


def _broken_references(tree: HtmlElement, ids: set[str]) -> list[str]:
    found = []
    for attribute in ("aria-labelledby", "aria-describedby", "for", "popovertarget"):
        for value in tree.xpath(f"//@{attribute}"):
            found += [f"{attribute} {name}" for name in value.split() if name not in ids]
    for target in tree.xpath("//a/@href[starts-with(., '#')]"):
        if target[1:] not in ids:
            found.append(f"href {target}")
    return found
