"""Erasing: all a learner made goes, nothing else does, and a second run finishes a broken first."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import answers, code_answers
from labelschool.errors import LabelSchoolError
from labelschool.home import erasing, made_files, portable, results, workspace
from labelschool.home.results import Evidence
from labelschool.model import Box, ItemAnswer

MADE = (
    "results.json",
    "results.json.broken-1",
    "results.json.before-restore-2",
    "planner.json",
    "roadmap.md",
    "roadmap.mine-1.md",
    "roadmap.ics",
    "passport.zip",
    ".passport-taken",
    ".saving-ab12_cd9",
    "labelschool-01-foundation-Jörg Müller.zip",
    "start-here.mine-2026-11-23.ipynb",
    "01-foundation/assignment.before-restore-1.ipynb",
    "01-foundation/assignment.mine-2026-11-23-2.before-restore-1.ipynb",
    "01-foundation/.ipynb_checkpoints/draw-me-checkpoint.ipynb",
    "01-foundation/answers/1.A.json",
    "01-foundation/answers/1.A.practice.json.broken-3",
    "01-foundation/answers/A1.b.json.before-restore-1",
    "01-foundation/answers/.saving-12345678",
    "01-foundation/answers/.events/1.A.counted.jsonl",
    "01-foundation/answers/1.D/focus.csv",
    "01-foundation/answers/1.3/batch-15.json",
    "01-foundation/answers/1.7/reality.md",
    "01-foundation/answers/.ipynb_checkpoints/1.A-checkpoint.json",
    "02-tools/answers/2.J.py",
    "03-quality/answers/3.G/Q12.sql",
    "03-quality/answers/3.D/design.json",
    "03-quality/answers/3.J/board.json",
    "03-quality/answers/3.K/guideline.v2.md",
    "portfolio/README.md",
    "portfolio/README.mine-2.md",
    "portfolio/01-first-ten/evidence.json",
    "portfolio/01-first-ten/evidence.json.before-restore-1",
    "portfolio/manifest.json",
)
PORTFOLIO_LIST = "portfolio/manifest.json"
OWN = (
    "notes.txt",
    "results.csv",
    "results.json.bak",
    "my-passport.zip",
    "labelschool-notes.zip",
    "Untitled.ipynb",
    "roadmap.txt",
    "portrait/1.A.json",
    "portfolio/.git/config",
    "portfolio/cv.md",
    "portfolio/01-first-ten/extra.png",
    "data/deep/down/results.json",
    ".git/config",
    "01-foundation/mine.ipynb",
    "01-foundation/draw-me-Copy1.ipynb",
    "01-foundation/mine.before-restore-1.ipynb",
    "01-foundation/.ipynb_checkpoints/mine-checkpoint.ipynb",
    "01-foundation/results.json",
    "01-foundation/answers/notes.md",
    "01-foundation/answers/1.A.txt",
    "01-foundation/answers/1.A/sketch.png",
    "01-foundation/answers/old/1.A.json",
    "01-foundation/answers/.events/read.me",
)


def tree(home: Path) -> dict[str, bytes]:
    """Name -> content of every file."""
    files = (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def seeded(folder: str) -> Path:
    home = Path(folder) / "work"
    workspace.update(home)
    return home


@settings(max_examples=40)
@given(
    made=st.sets(st.sampled_from(MADE)),
    own=st.sets(st.sampled_from(OWN)),
    edited=st.sets(st.sampled_from(["start-here.ipynb", "01-foundation/assignment.ipynb"])),
    stop_after=st.integers(0, 8),
)
def test_what_is_left_is_a_fresh_folder_and_what_was_the_learners_own(
    small_course_for_module, kit, made, own, edited, stop_after
):
    """Also when the first run is interrupted after any number of files."""
    with tempfile.TemporaryDirectory() as folder:
        home = seeded(folder)
        fresh = tree(home)
        if any(name.startswith("portfolio") for name in made):
            made |= {PORTFOLIO_LIST}
        contents = {name: f"content of {name}".encode() for name in made | own}
        if PORTFOLIO_LIST in made:
            files = {"README.md": "", "01-first-ten/evidence.json": "", "../../outside": ""}
            contents[PORTFOLIO_LIST] = json.dumps({"files": files}).encode()
        for name, content in contents.items():
            kit.write(home / name, content)
        for name in edited:
            kit.write(home / name, kit.notebook("changed", name))
        found = erasing.look(home)
        assert set(found.goes) == made
        assert set(found.renewed) == edited
        kept = tuple(name.rstrip("/") for name in found.stays)
        assert all(name.startswith(kept) for name in own)
        steps = iter(range(stop_after))

        def interrupted(path, *words, **options):
            if next(steps, None) is None:
                raise KeyboardInterrupt
            return unlink(path, *words, **options)

        unlink = Path.unlink
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "unlink", interrupted)
            try:
                erasing.erase(found)
            except KeyboardInterrupt:
                erasing.look(home)
        erasing.erase(erasing.look(home))
        assert tree(home) == fresh | {name: contents[name] for name in own}
        assert not erasing.look(home)


def test_whatever_the_course_writes_is_known(home, kit, monkeypatch):
    """The writers themselves, so that a new name of a file is noticed here."""
    from labelschool import portfolio
    from labelschool.demos import reality
    from labelschool.pages import planner_form
    from labelschool.portfolio.claims import TEXTS
    from labelschool.text_answers import Page, TextAnswers
    from labelschool.widgets import guideline, kanban

    fresh = tree(home)
    module = home / "01-foundation"
    monkeypatch.chdir(module)
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    for pool in ("practice", "counted"):
        file = answers.AnswerFile("1.A", pool, "G1.v1", module)
        file.save({"boxes-1": ItemAnswer(item="boxes-1", annotations=(box,))}, base=0)
    code_answers.save("1.A", "x = 1", module)
    files = {
        "focus": "focus.csv",
        "guideline": f"{guideline.NAME}.md",
        "Q1": "Q1.sql",
        **kanban.FILES,
        **{name: f"{name}.md" for names in TEXTS.values() for name in names},
    }
    TextAnswers("1.A", files, module).save(dict.fromkeys(files, "x"), base="")
    Page("1.2", "habits", str).keep({"Refactor it": "I report it."})
    reality.keep_values({"stop": "If nothing comes of it by May 2027, I stop."})
    results.record("quiz/1", Evidence(score=1, passed=True, metric="quiz", n=10))
    planner_form.keep(home, inputs={"country": "Chile"})
    for name in planner_form.FILES:
        answers.replace(home / name, "x")
    labels = "02-portfolio100/labels/portfolio100-001.txt"
    made_files.put(home / portfolio.FOLDER, {"README.md": b"x", labels: b""}, {})
    listed = json.dumps({"files": {"README.md": "", labels: ""}})
    kit.write(home / portfolio.FOLDER / portfolio.MANIFEST, listed)
    portable.refresh(home)
    portable.mark_taken(home)
    portable.submission(home, "01-foundation", "Ada").save(home)
    assert erasing.look(home).not_carried == ()
    tried = ("scratch/2.8/yolo/labels/north/a.b.txt", "2-L/boxes/annotations.json")
    for name in (*tried, "2-L/decisions.csv", "exports/label-studio-2.A.json"):
        kit.write(module / name, "x")
    found = erasing.look(home)
    assert found.stays == ()
    made = len(tree(home)) - len(fresh)
    assert erasing.erase(found) == f"{made} files erased."
    assert tree(home) == fresh
    assert not (module / "answers").exists()


def test_an_edited_notebook_is_put_back_without_a_copy(home, kit):
    name = "01-foundation/assignment.ipynb"
    delivered = (home / name).read_bytes()
    (home / name).write_bytes(kit.notebook("mine"))
    assert "1 notebook put back" in erasing.erase(erasing.look(home))
    assert (home / name).read_bytes() == delivered
    assert not list(home.rglob("*.mine-*"))
    assert not workspace.is_edited(home, name)


def test_a_new_edition_takes_the_place_of_an_edited_old_one(home, small_course, kit):
    name = "01-foundation/assignment.ipynb"
    edition = kit.notebook("# A note, second edition")
    kit.write(small_course / "assignments" / name, edition)
    (home / name).write_bytes(kit.notebook("mine"))
    erasing.erase(erasing.look(home))
    assert (home / name).read_bytes() == edition
    assert not workspace.is_edited(home, name)


def test_a_second_run_still_knows_the_files_of_the_portfolio(home, kit, monkeypatch):
    names = ("README.md", "profile.md", "roadmap.svg")
    for name in names:
        kit.write(home / "portfolio" / name, "x")
    kit.write(home / PORTFOLIO_LIST, json.dumps({"files": dict.fromkeys(names, "")}))
    unlink, steps = Path.unlink, iter(range(2))

    def interrupted(path, **options):
        if next(steps, None) is None:
            raise KeyboardInterrupt
        unlink(path, **options)

    found = erasing.look(home)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", interrupted)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(found)
    erasing.erase(erasing.look(home))
    assert not (home / "portfolio").exists()


def test_a_notebook_that_was_only_run_holds_results_and_is_put_back(home):
    path = home / "start-here.ipynb"
    delivered = path.read_bytes()
    path.write_text(json.dumps(json.loads(delivered), indent=4), encoding="utf-8")
    erasing.erase(erasing.look(home))
    assert path.read_bytes() == delivered


def test_nothing_outside_is_reached_by_a_link(home, tmp_path, kit):
    outside = tmp_path / "outside"
    kit.write(outside / "1.A.json", "mine")
    kit.write(outside / "results.json", "mine")
    (home / "01-foundation/answers").symlink_to(outside)
    (home / "02-tools").symlink_to(outside.parent)
    (home / "results.json").symlink_to(outside / "results.json")
    (home / "start-here.ipynb").unlink()
    (home / "start-here.ipynb").symlink_to(outside / "results.json")
    found = erasing.look(home)
    assert not found
    assert {"01-foundation/answers/", "02-tools/", "results.json"} <= set(found.stays)
    before = tree(outside)
    erasing.erase(found)
    assert tree(outside) == before
    assert (home / "results.json").is_symlink()


def test_a_folder_that_turned_into_a_link_since_the_list_is_spared(home, tmp_path, kit):
    kit.write(home / "01-foundation/answers/1.A.json", "old")
    found = erasing.look(home)
    kit.write(tmp_path / "outside/1.A.json", "precious")
    (home / "01-foundation/answers/1.A.json").unlink()
    (home / "01-foundation/answers").rmdir()
    (home / "01-foundation/answers").symlink_to(tmp_path / "outside")
    erasing.erase(found)
    assert (tmp_path / "outside/1.A.json").read_text(encoding="utf-8") == "precious"


def test_a_home_behind_a_link_is_erased_where_it_is(home, tmp_path, kit):
    kit.write(home / "results.json", "{}")
    (tmp_path / "link").symlink_to(home)
    erasing.erase(erasing.look(tmp_path / "link"))
    assert not (home / "results.json").exists()


def test_only_what_was_listed_goes(home, kit):
    kit.write(home / "results.json", "{}")
    found = erasing.look(home)
    kit.write(home / "01-foundation/answers/1.A.json", "newer")
    (home / "results.json").unlink()
    erasing.erase(found)
    assert (home / "01-foundation/answers/1.A.json").is_file()


@pytest.mark.parametrize("name", [".", "some/where"])
def test_any_other_folder_is_refused(tmp_path, kit, name):
    kit.write(tmp_path / name / "results.json", "{}")
    with pytest.raises(LabelSchoolError, match="no work folder"):
        erasing.look(tmp_path / name)
    assert (tmp_path / name / "results.json").is_file()


def test_a_file_that_would_not_go_is_named_and_the_others_are_gone(home, kit, monkeypatch):
    for name in ("results.json", "passport.zip"):
        kit.write(home / name, "x")
    unlink = Path.unlink

    def held(path, *words, **options):
        if path.name == "passport.zip":
            raise PermissionError
        unlink(path, *words, **options)

    found = erasing.look(home)
    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(LabelSchoolError, match=r"1 file could not be removed \(passport.zip\)"):
        erasing.erase(found)
    assert not (home / "results.json").exists()


def test_in_the_courses_own_folder_notebooks_are_left_to_git(small_course, kit):
    modules = small_course / "modules"
    kit.write(modules / "01-foundation/answers/1.A.json", "x")
    before = tree(modules)
    found = erasing.look(modules)
    assert found.goes == ("01-foundation/answers/1.A.json",)
    assert "git checkout" in erasing.listing(found)
    erasing.erase(found)
    assert tree(modules) == {n: c for n, c in before.items() if n not in found.goes}


def test_the_passport_kept_before_brings_all_of_it_back(home, kit):
    kit.write(home / "01-foundation/answers/1.A.json", "mine")
    kit.write(home / "01-foundation/assignment.ipynb", kit.notebook("my text"))
    work = {path: path.read_bytes() for path in portable.work_files(home)}
    found = erasing.look(home)
    kept = [erasing.keep_passport(found), erasing.keep_passport(found)]
    assert len({path.name for path in kept}) == 2
    assert all(path.parent == home.parent for path in kept)
    with pytest.raises(LabelSchoolError, match="another place"):
        erasing.keep_passport(found, home / "01-foundation/answers/1.A.json")
    erasing.erase(found)
    portable.restore(home, kept[0])
    assert {path: path.read_bytes() for path in portable.work_files(home)} == work


def test_what_a_passport_does_not_carry_is_said(home, kit):
    kit.write(home / "labelschool-01-foundation-Ada.zip", "x")
    kit.write(home / "results.json", "{}")
    assert erasing.look(home).not_carried == ()
    assert "does not carry" not in erasing.listing(erasing.look(home))


class TestPanel:
    @pytest.fixture
    def act(self, home):
        panel = erasing.panel(home)
        told = []
        panel.send = lambda message, buffers=None: told.append(message)

        def act(action):
            panel._on_message(panel, {"action": action}, [])
            return told[-1], panel.html

        return act

    def test_it_asks_before_anything_goes(self, home, kit, act):
        kit.write(home / "results.json", "{}")
        assert "Erase it now" not in act("again")[1]
        assert "Erase it now" in act("ask")[1]
        assert act("keep")[0]["status"] == "Nothing was erased."
        assert act("erase")[0]["state"] == "warn"
        assert (home / "results.json").is_file()
        act("ask")
        assert act("erase")[0]["status"].startswith("1 file erased.")
        assert not (home / "results.json").exists()

    def test_work_made_meanwhile_is_listed_before_it_goes(self, home, kit, act):
        kit.write(home / "results.json", "{}")
        act("ask")
        kit.write(home / "01-foundation/answers/1.A.json", "x")
        assert "has changed" in act("erase")[0]["status"]
        assert (home / "results.json").is_file()

    def test_names_cannot_become_html(self, home, kit, act):
        kit.write(home / "<img src=x>.txt", "x")
        assert "<img" not in act("again")[1]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_folder_stays(home, kit):
    folder = kit.write(home / "01-foundation/answers/1.A.json", "x").parent
    folder.chmod(0)
    try:
        assert "01-foundation/answers/" in erasing.look(home).stays
    finally:
        folder.chmod(0o755)


@pytest.fixture(scope="module")
def small_course_for_module(kit, tmp_path_factory):
    root = kit.make_course(tmp_path_factory.mktemp("course"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELSCHOOL_ROOT", str(root))
        patch.delenv("LABELSCHOOL_HOME", raising=False)
        yield root
