"""The texts under content/: full front matter, facts with a source, honest minutes, short reads.

Minutes of a lesson are reading at 180 words a minute, plus what its cells ask for (`MINUTES`). Work
in an annotator and the quiz have their own minutes in course.yml and are not counted twice: the box
at the head of a lesson names them, or a total with them.
"""

from __future__ import annotations

import importlib
import json
import posixpath
import re
import sys
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

import jupytext
import pytest

from labelschool import course
from labelschool.quizzes.questions import item, load

ROOT = course.root()
sys.path.insert(0, str(ROOT / "tools" / "notebooks"))
build = importlib.import_module("build")
CONTENT = ROOT / "content"
LESSONS = sorted((CONTENT / "lessons").glob("*/*.md"))
TEXTS = [path for path in sorted(CONTENT.rglob("*.md")) if "guidelines" not in path.parts]
FACTS = json.loads((CONTENT / "facts.json").read_text(encoding="utf-8"))

WORDS_PER_MINUTE = 180
# "pay" is three handles to move, "decide" a written answer, "annotate" finding one's way round the
# annotator, "check" reading what it found (the repair is annotating), "habits" five sentences of
# one's own, "identifiers" ten decisions, "reality" two rankings, "stop" a rule of one's own,
# "platforms" three looks into a documentation of three minutes each, "resume" six runs of an
# import, "vague" five rows to read and a bound to try in several places,
# "listing" twelve roles,
# "batches" five guesses, "suspects" five rankings, "alarms" ten months and two limits.
# "paradox" three tables and a handle moved along its curve, "missing" nine settings.
# "designer" five numbers to fit to each other, "oc" and "switching" several settings compared,
# "voters" and "onebox" three, "crowd" two crowds of five matrices step by step.
DEMOS = {
    "pay": 3,
    "decide": 3,
    "habits": 7,
    "identifiers": 8,
    "reality": 4,
    "stop": 4,
    "profile": 4,
    "post": 6,
    "platforms": 9,
    "mended": 2,
    "resume": 8,
    "batches": 8,
    "suspects": 9,
    "alarms": 9,
    "vague": 7,
    "listing": 7,
    "gate": 8,
    "designer": 10,
    "voters": 7,
    "crowd": 10,
    "onebox": 6,
    "paradox": 7,
    "missing": 6,
    "oc": 6,
    "switching": 6,
}
MINUTES = {
    "demo": 5,
    "choice": 1.5,
    "number": 2.5,
    "row": 0.75,
    "annotate": 2,
    "check": 2,
    "review": 2,
}
WORDS_BETWEEN = 220
WORDS_BEFORE = 120
SLACK = 0.25

# How a lesson names the source of a fact. A source without an author is named by its publisher.
CITED_AS = {
    "F01": "Lin et al. 2014",
    "F05": "cocodataset.org",
    "F06": "Papadopoulos et al. 2017",
    "F07": "Su et al. 2012",
    "F08": "Kuznetsova et al.",
    "F09": "Kirillov et al. 2023",
    "F10": "Papadopoulos et al. 2016",
    "F11": "Cordts et al. 2016",
    "F12": "PASCAL VOC guidelines, 2007 and 2009",
    "F13": "Waymo labeling specifications",
    "F14": "nuScenes annotator instructions",
    "F15": "cvlibs.net",
    "F17": "Armato et al. 2011",
    "F18": "Armato et al. 2007",
    "F19": "Irvin et al. 2019",
    "F20": "RSNA ATLAS",
    "F21": "Northcutt et al. 2021",
    "F22": "Wang et al. 2019",
    "F23": "Reiss et al. 2020",
    "F24": "Hovy et al. 2006",
    "F25": "Ouyang et al. 2022",
    "F26": "Stiennon et al. 2020",
    "F27": "Bai et al. 2022",
    "F28": "Nakano et al. 2021",
    "F29": "Wang et al. 2024",
    "F30": "Freitag et al. 2021",
    "F31": "professionals gives an order that differs sharply",
    "F32": "Krippendorff calls labels",
    "F33": "Gerstman, after Feinstein and Cicchetti 1990",
    "F34": "Lantz and Nebenzahl 1996",
    "F36": "Voorhees 2000",
    "F35": "Snow et al. 2008",
    "F37": "docs.cvat.ai",
    "F39": "docs.labelbox.com",
    "F40": "docs.encord.com",
    "F41": "scale.com/docs",
    "F42": "toloka.ai/en/docs",
    "F43": "docs.v7labs.com",
    "F44": "AWS SDK documentation",
    "F45": "docs.supervise.ly",
    "F46": "published AQL charts",
    "F47": "95, 78 and 23 %",
    "F48": "0 errors in 100",
    "F49": "caught by 10 golds only 62",
    "F50": "89.6 % with three and 94.2 % with five",
    "F52": "97.7 % of the items are right, and 87.8 % by majority",
    "F51": "0.64 | 0.79 | 0.89 | 0.985",
    "F54": "12 % of the months, the CUSUM in 0.9 %",
    "F53": "5.64 an hour",
    "F55": "Rich et al.",
    "F56": "Hara et al. 2018",
    "F57": "Partnership on AI",
    "F58": "TIME, February 2022",
    "F59": "DICOM PS3.15",
    "F60": "Art. 10(2)",
    "F61": "Sambasivan et al. 2021",
    "F62": "LinkedIn Jobs on the Rise 2026",
    "F63": "pin.com",
    "F64": "indiatoday.in",
    "F65": "latimes.com",
    "F66": "Bureau of Labor Statistics",
    "F67": "25.5 to 35.7 dollars",
    "F68": "TRACTIAN",
    "F70": "Andrew Ng",
    "F71": "label-studio-sdk 2.1.2",
    "F72": "cvat-sdk 2.80.0",
    "F73": "labelbox 7.17.0",
    "F74": "supervisely 6.74.51",
    "F75": "the tools' own packages",
    "F76": "COCO keypoint evaluation",
    "F77": "Luiten et al. 2021",
    "F78": "datumaro 1.13",
    "F79": "Label Studio 1.23.2",
}

# Words that a claim under do_not_use would need.
FORBIDDEN = {
    "X1": r"Cityscapes[^.]*\b9[68] ?%",
    "X2": r"\bfour non-expert|\b4 non-expert",
    "X3": r"Wolfe[^.]*\b30 ?%",
    "X4": r"MT-Bench",
    "X5": r"0\.42-0\.49",
    "X6": r"Ground Truth[^.]*\b70 ?%",
    "X7": r"Udemy|Coursera|LinkedIn Learning|Data Annotation Certification",
    "X8": r"r/DataAnnotation",
    "X9": r"\bMATTER\b|Monarch|Artstein",
    "X10": r"1\.73 million|1,294,594",
}


# The page that says of each resource of the career guide whether it was found.
NAMED_AS_NOT_FOUND = {("resources", "X7"), ("resources", "X8")}


@dataclass(frozen=True)
class Cell:
    """A cell of a text and what it asks the learner to do."""

    kind: str
    source: str

    @property
    def words(self) -> int:
        text = re.sub(r"`[^`]*`|[|#>*_\-]+|<[^>]+>", " ", self.source)
        return len(re.findall(r"[\w'.,%/]*\w[\w'.,%/]*", text))

    @property
    def is_work(self) -> bool:
        return self.kind == "code" and bool(re.search(r"\w\(", self.source))


def cells(path: Path) -> list[Cell]:
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    return [Cell(cell.cell_type, cell.source) for cell in notebook.cells]


def header(path: Path) -> dict:
    return course.front_matter(path)[0]


def code(path: Path) -> str:
    return "\n".join(cell.source for cell in cells(path) if cell.kind == "code")


def minutes(path: Path) -> float:
    """What a lesson takes by the formula at the head of this file, without annotating."""
    words = sum(cell.words for cell in cells(path) if cell.kind == "markdown")
    total = words / WORDS_PER_MINUTE
    source = code(path)
    for name in re.findall(r'\bdemo\("([^"]+)"\)', source):
        total += DEMOS.get(name, MINUTES["demo"])
    for call in re.findall(r"\.(annotate|check|review)\(\)", source):
        total += MINUTES[call]
    for question in re.findall(r'\bask\("([^"]+)"\)', source):
        entry = item(question)
        kind = "row" if entry.rows else "number" if entry.answer else "choice"
        total += MINUTES[kind] * max(1, len(entry.rows))
    return total


def annotating(path: Path) -> list[float]:
    """Minutes of the pools that a lesson works on, as course.yml declares them."""
    found = re.findall(r'exercise\("([\w.]+)"(?:, pool="(\w+)")?\)', code(path))
    pools = dict.fromkeys((task, pool or "counted") for task, pool in found)
    return [course.load().task(task).pools[pool].minutes for task, pool in pools]


def test_facts_are_the_checked_ones() -> None:
    ids = [fact["id"] for fact in FACTS["facts"]]
    assert ids == [f"F{n:02}" for n in range(1, len(ids) + 1)]
    assert all(
        fact["source"] and fact["status"] in FACTS["status_meaning"] for fact in FACTS["facts"]
    )
    assert {claim["id"] for claim in FACTS["do_not_use"]} == set(FORBIDDEN)


def test_every_lesson_of_the_manifest_has_a_text() -> None:
    wanted = {
        CONTENT / "lessons" / module.folder / f"{slug}.md"
        for module in course.load().modules
        for slug in module.lessons
    }
    assert wanted == set(LESSONS)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
class TestLesson:
    def test_front_matter_is_complete(self, path: Path) -> None:
        found = header(path)
        assert set(found) == {"lesson", "title", "minutes", "needs", "objectives", "facts"}
        assert 2 <= len(found["objectives"]) <= 5
        lessons = {header(other)["lesson"] for other in LESSONS}
        tasks = {task.id for module in course.load().modules for task in module.tasks}
        assert set(found["needs"]) <= lessons | tasks

    def test_one_title_then_the_box(self, path: Path) -> None:
        text = "\n".join(cell.source for cell in cells(path) if cell.kind == "markdown")
        number, title = header(path)["lesson"], header(path)["title"]
        title = title if number.endswith(".0") else f"{number} {title}"
        assert re.findall(r"^# (.+)$", text, re.MULTILINE) == [title]
        box = re.search(r"^> .*(?:\n> .*)*", text, re.MULTILINE)[0]
        said, pools = header(path)["minutes"], annotating(path)
        if f"{said} minutes" not in box:
            assert f"{said + sum(pools):g} minutes: {said} of reading" in box
        assert all(re.search(rf"\b{pool:g}\b", box) for pool in pools)
        assert "Needs" in box
        assert text.index(box) < 200

    def test_first_cell_only_imports_from_the_course(self, path: Path) -> None:
        first = next(cell.source for cell in cells(path) if cell.kind == "code")
        imports = re.findall(r"^(?:import|from) .*$", first, re.MULTILINE)
        assert imports
        assert all(re.match(r"from labelschool(\.\w+)* import ", line) for line in imports)

    def test_the_first_thing_to_do_stands_within_one_screen(self, path: Path) -> None:
        before = takewhile(lambda cell: not cell.is_work, cells(path))
        assert sum(cell.words for cell in before) <= WORDS_BEFORE

    def test_minutes_are_honest(self, path: Path) -> None:
        said, found = header(path)["minutes"], minutes(path)
        assert abs(found - said) <= SLACK * said, f"{path.stem}: {found:.0f} minutes, says {said}"

    def test_something_to_do_on_every_screen(self, path: Path) -> None:
        since = 0
        for cell in cells(path):
            since = 0 if cell.is_work else since + (cell.words if cell.kind == "markdown" else 0)
            assert since <= WORDS_BETWEEN, f"{since} words up to: {cell.source[-60:]!r}"

    def test_parts_every_lesson_has(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert "## Take away" in text
        assert len(re.findall(r"^- ", text.split("## Take away")[1], re.MULTILINE)) == 3
        assert "**For your portfolio:**" in text
        assert "> **From your old job.**" in text
        assert path.stem == "first-evening" or "## When this goes wrong in practice" in text

    def test_learner_data_is_not_compared(self, path: Path) -> None:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
        for cell in notebook.cells:
            if re.search(r"\.(check|review)\(", cell.source) and cell.cell_type == "code":
                assert "nbval-ignore-output" in cell.metadata.get("tags", [])

    def test_questions_and_demos_exist(self, path: Path) -> None:
        from labelschool.demos import names

        for question in re.findall(r'\bask\("([^"]+)"\)', code(path)):
            item(question)
        assert set(re.findall(r'\bdemo\("([^"]+)"\)', code(path))) <= set(names())


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
class TestAnyText:
    def test_facts_are_used_and_exist(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        known = {fact["id"] for fact in FACTS["facts"]}
        stated = header(path).get("facts", [])
        assert set(stated) | set(re.findall(r"\bF\d\d\b", text)) <= known
        flat = re.sub(r"\s+", " ", text)
        for fact in stated:
            assert fact in CITED_AS, f"say in CITED_AS how {fact} is cited"
            assert CITED_AS[fact] in flat, f"{fact} is listed, but {CITED_AS[fact]!r} is not cited"
        for fact, name in CITED_AS.items() if "facts" in header(path) else ():
            assert name not in flat or fact in stated, f"{name} is cited, {fact} is not listed"

    def test_a_cell_that_annotates_runs_by_itself(self, path: Path) -> None:
        """A learner goes on there after the kernel was started again."""
        for source in (cell.source for cell in cells(path) if cell.kind == "code"):
            for name in re.findall(r"^(\w+)\.(?:annotate|second_look)\(", source, re.MULTILINE):
                assert re.search(r"^from labelschool import .*\bexercise\b", source, re.MULTILINE)
                assert f"{name} = exercise(" in source

    def test_plain_markdown_outside_code(self, path: Path) -> None:
        for cell in cells(path):
            if cell.kind == "markdown":
                assert not re.search(r"^(:::|```\{|\(\w+\)=)|\{\w+\}`", cell.source, re.MULTILINE)

    def test_no_forbidden_claim(self, path: Path) -> None:
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        for claim, words in FORBIDDEN.items():
            if (path.stem, claim) not in NAMED_AS_NOT_FOUND:
                assert not re.search(words, text), f"{claim} is not to be used"

    def test_figures_have_words_and_files_are_there(self, path: Path) -> None:
        text = "\n".join(cell.source for cell in cells(path) if cell.kind == "markdown")
        assert all(alt.strip() for alt in re.findall(r"!\[([^\]]*)\]\(", text))
        assert len(re.findall(r"<img\b", text)) == len(re.findall(r"<img\b[^>]*\balt=.\w", text))
        for link in re.findall(r"\]\(([^)#\s]+)", text):
            if not link.endswith(".ipynb") and "://" not in link:
                assert (path.parent / link).exists(), link

    def test_links_to_elsewhere_stand_in_the_source_of_a_fact(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for place in re.findall(r"https?://(?:www\.)?([^)\s`>]+)", text):
            paper = re.fullmatch(r"arxiv\.org/abs/([\d.]+)", place)
            wanted = f"arXiv {paper[1]}" if paper else place.rstrip("/")
            assert any(wanted in fact["source"] for fact in FACTS["facts"]), place

    def test_calm_and_plain(self, path: Path) -> None:
        for cell in cells(path):
            if cell.kind == "markdown":
                assert not re.search(r"\w!(\s|$)", cell.source)
                assert not re.search(
                    "[\U0001f300-\U0001faff\u2600-\u27bf\u2013\u2014]", cell.source
                )


def test_every_text_leads_on_and_all_links_lead_somewhere() -> None:
    """Links as they hold in a learner's folder, where all notebooks of a module stand together."""
    places = {path: path.parent.name for path in TEXTS}
    names = {
        f"{'' if folder == 'pages' else folder + '/'}{path.stem}.ipynb"
        for path, folder in places.items()
    }
    for path, folder in places.items():
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)]+\.ipynb)\)", text)
        assert links, path.stem
        assert f"({links[-1]})" in text.rstrip().splitlines()[-1], f"{path.stem} ends without a way"
        base = "" if folder == "pages" else folder
        for link in links:
            assert posixpath.normpath(posixpath.join(base, link)) in names, f"{path.stem}: {link}"


def test_lessons_lead_on_in_the_order_of_the_manifest() -> None:
    for module in course.load().modules:
        for slug, following in pairwise([*module.lessons, "exercises"]):
            path = CONTENT / "lessons" / module.folder / f"{slug}.md"
            last = path.read_text(encoding="utf-8").rstrip().splitlines()[-1]
            assert re.match(rf"\[Next: [^]]+\]\({re.escape(following)}\.ipynb\)", last)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_sources_stand_folded_at_the_end_of_a_lesson(path: Path) -> None:
    """As many lines as the facts have sources; each paper that the text cites is in them."""
    last = build.from_text(path).cells[-1].source
    sources = {fact["source"] for fact in FACTS["facts"] if fact["id"] in header(path)["facts"]}
    assert ("<summary>Sources</summary>" in last) == bool(sources)
    assert len(re.findall("^- ", last, re.MULTILINE)) == len(sources)
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    for author, year in re.findall(r"(\w+) et al\.,? \(?(\d{4})", text):
        assert re.search(rf"{author}\b[^;]*{year}", last), f"{author} {year} is no source"


def test_a_source_links_to_its_address_and_says_what_was_read() -> None:
    said = build.sources(["F01", "F12", "F21", "F61", "F66", "F67"])
    assert "[arXiv 1405.0312](https://arxiv.org/abs/1405.0312), section" in said
    assert said.count("](https://host.robots.ox.ac.uk/pascal/VOC/voc20") == 2
    assert 'Northcutt et al. 2021, "Pervasive Label Errors in Test Sets", NeurIPS' in said
    assert "(CHI) (read at second hand)" in said
    assert "reproduced at [csn.edu](https://csn.edu)" in said
    assert "- Own computation: arithmetic on the median" in said


def test_a_fold_has_room_below_it() -> None:
    """In JupyterLab the next paragraph would stick to it; its sanitizer lets this margin pass."""
    for path in LESSONS:
        text = path.read_text(encoding="utf-8")
        made = "\n".join(cell.source for cell in build.from_text(path).cells)
        assert made.count('<details style="margin-bottom:') >= text.count("<details")
        assert "<details>" not in made
        assert text.count("<details") == len(re.findall(r"^<details><summary>", text, re.MULTILINE))


def test_slack_of_one_pixel_is_computed() -> None:
    """F51, and the worked example of lesson 1.5."""
    shown = [round((side / (side + 2)) ** 2, 2) for side in (8, 16, 32)]
    assert shown == [0.64, 0.79, 0.89]
    assert round((256 / 258) ** 2, 3) == 0.985
    assert (16**2, 18**2) == (256, 324)


def test_quiz_items_make_no_forbidden_claim() -> None:
    for path in sorted((CONTENT / "quizzes").glob("*.yml")):
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        for claim, words in FORBIDDEN.items():
            assert not re.search(words, text), f"{claim} is not to be used"
        assert load(path.stem).quiz == path.stem


class TestGradedNotebooks:
    def test_score_cells_are_what_nbgrader_and_the_manifest_expect(self) -> None:
        for module in course.load().modules:
            tasks = {task.grade_id: task for task in module.tasks}
            found = {}
            for name in ("exercises", "assignment"):
                path = CONTENT / "assignments" / module.folder / f"{name}.md"
                notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
                for cell in notebook.cells:
                    about = cell.metadata.get("nbgrader")
                    if about and about["grade"]:
                        found[about["grade_id"]] = (cell, about)
            counted = {task.grade_id for task in module.tasks if "counted" in task.pools}
            written = {task.grade_id for task in module.tasks if task.widget is None}
            assert set(found) == counted | written
            for grade_id, (cell, about) in found.items():
                task = tasks[grade_id]
                assert (about["grade"], about["task"], about["schema_version"]) == (True, False, 3)
                assert about["points"] == task.points
                assert about["cell_type"] == cell.cell_type
                if grade_id in counted:
                    assert (about["locked"], about["solution"]) == (True, False)
                    assert cell.source.splitlines()[-1] == f'score("{task.id}")'
                else:
                    assert (about["solution"], cell.cell_type) == (True, "markdown")
                    assert re.search(
                        "### BEGIN SOLUTION.*### END SOLUTION$", cell.source, re.DOTALL
                    )


def test_what_was_not_found_is_called_so_wherever_it_is_named() -> None:
    lines = (CONTENT / "pages" / "resources.md").read_text(encoding="utf-8").splitlines()
    named = {"X7": 0, "X8": 0}
    for line in lines:
        for claim in named:
            if re.search(FORBIDDEN[claim], line):
                named[claim] += 1
                assert re.search("not found|not looked for|not readable", line), line
    assert named["X7"] >= 6
    assert named["X8"] == 1
