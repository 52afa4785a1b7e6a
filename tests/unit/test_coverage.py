"""The career guide that this course answers: each of its lines has a place, built or planned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labelschool import course, places
from labelschool.career import planner
from labelschool.home import progress
from labelschool.pages import checklist

BRIEF = places.coverage()["brief"]
PLANNED = places.coverage()["planned"]
LINES = {f"{part}: {line}": where for part, lines in BRIEF.items() for line, where in lines.items()}
PARTS = (
    "Title",
    "Overview",
    "Transferable skills",
    "Skills to learn",
    "Phase 1, foundation",
    "Phase 2, tools",
    "Phase 3, quality",
    "Phase 4, domain and certification",
    "Phase 5, job search",
    "Resources",
    "What you will love",
    "What you might miss",
    "Biggest challenges",
    "Frequently asked questions",
    "Ready to start",
)
NUMBERED = r"(?:A|quiz )?(\d)(?:\.(?:\d+|[A-Z]|[a-z]))?"
EXAM_IN = "4"
# What the resource page has to say something about, in the words of the guide.
RESOURCES = (
    "AI for Medical Imaging",
    "Data Labeling Guide",
    "Kaggle",
    "Data Annotation with Labelbox",
    "Labelbox documentation",
    "Quality Assurance in Data Annotation",
    "The Art of Data Annotation",
    "Attention to Detail Training",
    "COCO",
    "ImageNet",
    "r/DataAnnotation",
    "LinkedIn groups",
    "Introduction to Data Annotation",
    "Supervisely Academy",
    "CVAT",
    "Trello",
    "Jira",
    "Data Annotation Certification",
    "certification program",
    "Data Annotation Training",
    "LinkedIn Jobs",
    "Upwork",
    "Toptal",
)
QUESTIONS = (
    "backend",
    "degree",
    "tools .* out of date",
    "time",
    "AI",
    "Freelance",
    "prove",
    "NDA",
    "equipment",
    "English",
    "do to me",
    "back to engineering",
)


def module_of(place_id: str) -> str | None:
    """The number of the module that an id belongs to; None for pages and named lessons."""
    if place_id == "exam":
        return EXAM_IN
    found = re.fullmatch(NUMBERED, place_id)
    return found[1] if found else None


def built() -> set[str]:
    return {module.folder[:2].lstrip("0") for module in course.load().modules}


def page(name: str) -> str:
    return course.front_matter(course.root() / "content" / "pages" / f"{name}.md")[1]


def test_every_part_of_the_guide_is_here() -> None:
    assert tuple(BRIEF) == PARTS
    assert len(LINES) == 41
    assert len(checklist.items()) == 10


@pytest.mark.parametrize("line", LINES)
def test_a_line_leads_to_places_that_are_built_or_planned(line: str) -> None:
    assert LINES[line], "no place"
    for place_id in LINES[line]:
        place = places.find(place_id)
        if place.notebook is None:
            assert module_of(place_id) not in built(), f"{place_id} is of a built module"
        else:
            folder, _, name = place.notebook.rpartition("/")
            kind = "lessons" if folder else "pages"
            stem = name.removesuffix(".ipynb")
            sources = {"exercises", "assignment"} & {stem}
            kind = "assignments" if sources else kind
            assert (course.root() / "content" / kind / folder / f"{stem}.md").is_file()


def test_the_map_shows_everything_that_is_built(tmp_path: Path) -> None:
    for module, shown in zip(course.load().modules, progress.read(tmp_path).modules, strict=True):
        wanted = {*module.lessons, *(task.id for task in module.tasks)}
        if module.quiz:
            wanted.add(f"Quiz {module.quiz.id}")
        assert {step.id for step in shown.steps} == wanted
        assert set(module.core) <= wanted


def test_what_is_planned_is_of_a_module_to_come_and_was_not_built_yet() -> None:
    for place_id, title in PLANNED.items():
        module = module_of(place_id)
        assert module, f"{place_id} is no id of a module"
        assert f"0{module}" in planner.OUTLINE
        assert module not in built(), f"module {module} is built: take {place_id} from the list"
        assert title.strip()


def test_all_lessons_to_come_are_named_in_order() -> None:
    for module in planner.OUTLINE:
        number = module.lstrip("0")
        named = [int(p.split(".")[1]) for p in PLANNED if re.fullmatch(rf"{number}\.\d+", p)]
        assert named == list(range(1, len(named) + 1))
        assert bool(named) == (number not in built())


def test_the_action_plan_leads_somewhere() -> None:
    whens = dict.fromkeys(item.when for item in checklist.items())
    assert tuple(whens) == ("This week", "This month", "In 90 days")
    for item in checklist.items():
        assert [places.find(place_id) for place_id in item.where]
        if item.answered:
            assert course.load().task(item.answered).widget


def test_the_ten_pictures_are_ten() -> None:
    from labelschool import datasets

    item = next(item for item in checklist.items() if item.id == "ten-pictures")
    task = course.load().task(item.answered)
    assert sum(len(datasets.task_items(task, pool)) for pool in task.pools) == 10


def test_the_faq_asks_the_twelve_questions_and_leads_to_a_lesson_each() -> None:
    sections = re.split(r"^## ", page("faq"), flags=re.MULTILINE)[1:]
    assert len(sections) == len(QUESTIONS)
    for number, (section, question) in enumerate(zip(sections, QUESTIONS, strict=True), 1):
        head, text = section.split("\n", 1)
        assert re.fullmatch(rf"{number}\. .*{question}.*\?", head)
        assert ".ipynb)" in text
        assert len(text.split()) <= 130, f"{head} is long"


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_of_the_guide_has_a_finding_and_a_substitute(name: str) -> None:
    rows = [line.split(" | ") for line in page("resources").splitlines() if line.startswith("|")]
    found = [row for row in rows if name in row[0]]
    assert found
    for _, finding, instead in found:
        assert re.match("found|not found|changed|not looked for|not readable", finding)
        assert len(instead.strip(" |")) > 5


def test_the_start_page_leads_to_every_page_and_calls_what_a_learner_needs() -> None:
    text = page("start-here")
    pages = {path.stem for path in (course.root() / "content" / "pages").glob("*.md")}
    linked = set(re.findall(r"\]\(([\w-]+)\.ipynb\)", text))
    assert pages - {"start-here"} == linked
    assert re.findall(r"start\.(\w+)\(\)", text) == [
        "check",
        "map",
        "checklist",
        "kernels",
        "passport",
    ]


def test_privacy_is_described_once() -> None:
    doc = (course.root() / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert "content/pages/what-is-stored.md" in doc
    told = {line.strip() for line in page("what-is-stored").splitlines() if len(line) > 40}
    assert not told & {line.strip() for line in doc.splitlines()}
