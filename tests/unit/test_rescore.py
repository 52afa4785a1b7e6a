"""A corrected truth or guideline: offered, shown, taken or kept by choice, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import re
import shutil

import pytest

from labelschool import cli, course, datasets, start
from labelschool.errors import LabelSchoolError
from labelschool.exercises.exercise import exercise
from labelschool.home import corrections, portable, progress, rescore, results, workspace
from labelschool.model import Box, ItemAnswer, Number

ROOT = course.root()
COUNTED = "exercise/1.A/counted"
VAN = 3
"""The van of starter10-04."""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A copy of the course whose truth may be changed."""
    copy = tmp_path / "course"
    for name in ("starter10", "cost_ladder", "needle"):
        shutil.copytree(ROOT / "datasets" / name, copy / "datasets" / name)
    shutil.copytree(ROOT / "content", copy / "content")
    shutil.copytree(ROOT / "modules", copy / "modules")
    shutil.copy(ROOT / "course.yml", copy)
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(copy))
    for name in ("LABELSCHOOL_HOME", "LABELSCHOOL_PRIVATE"):
        monkeypatch.delenv(name, raising=False)
    return copy


@pytest.fixture
def home(root, tmp_path, monkeypatch):
    """A learner's folder; the working directory is its first module."""
    folder = tmp_path / "learner"
    workspace.update(folder)
    monkeypatch.chdir(folder / "01-foundation")
    return folder


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def correct(root, change, *, pool="counted", name="starter10", why=None):
    """Publish another truth: `change` takes its items by name. With `why` it is listed, too."""
    folder = root / "datasets" / name
    file = f"truth/{pool}.json"
    before = sha256(folder / file)
    data = json.loads((folder / file).read_bytes())
    change({item["item"]: item for item in data["items"]})
    (folder / file).write_text(json.dumps(data), encoding="utf-8")
    after = sha256(folder / file)
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text("utf-8").replace(before, after), encoding="utf-8")
    if why:
        listed(root, before, after, why, f"dataset: {name}\n  pool: {pool}")


def listed(root, before, after, why, what):
    path = root / corrections.FILE
    text = path.read_text("utf-8").replace("[]\n", "")
    entry = f"- date: 2027-01-15\n  {what}\n  before: {before}\n  after: {after}\n  why: {why}\n"
    path.write_text(text + entry, encoding="utf-8")


def without_van(items):
    """The van of the first counted picture is no longer asked for."""
    objects = items["starter10-04"]["objects"]
    items["starter10-04"]["objects"] = [o for o in objects if o["id"] != VAN]


def van_is_truck(items):
    for obj in items["starter10-04"]["objects"]:
        obj["label"] = "truck" if obj["id"] == VAN else obj["label"]


def annotated(*, pool="counted", without=None):
    """The truth of now as a saved answer, `without` one object of starter10-04."""
    chosen = exercise("1.A", pool)
    edits = {}
    for item in datasets.task_truth(chosen.task, pool):
        boxes = tuple(
            Box(
                id=f"b{o.id}",
                label=o.label,
                bbox=o.bbox,
                occluded=o.occluded,
                truncated=o.truncated,
            )
            for o in item.objects
            if o.level == "must" and (item.item, o.id) != ("starter10-04", without)
        )
        edits[item.item] = ItemAnswer(item=item.item, annotations=boxes, done=True)
    chosen.file.save(edits, base=chosen.file.read().revision)
    return chosen


def entry(home, key=COUNTED):
    return results.read(home).entries[key]


def offered(home):
    (found,) = rescore.waiting(home)
    return rescore.preview(found)


def text(shown):
    return "\n".join([shown.headline(), *shown.lines])


# What is offered and what it says ----------------------------------------------------------------


def test_an_unchanged_course_offers_nothing(root, home):
    annotated().check()
    assert rescore.outdated(home) == []
    assert rescore.notice(home) == ""


def test_a_correction_that_raises_is_shown_and_then_taken(root, home):
    annotated(without=VAN).check()
    old = entry(home).best
    correct(root, without_van, why="The van of starter10-04 is too small.")
    shown = offered(home)
    assert shown.new.score == 1.0 > old.score
    assert text(shown).startswith("1.A First ten, counted pool: 9")
    assert "would become 100%, passed." in shown.headline()
    assert "Over the whole pool 1 no longer counts as E1 missed." in shown.lines
    assert entry(home).best == old
    rescore.apply(home, shown)
    held = entry(home)
    assert held.best == held.last
    assert held.best.score == 1.0
    assert held.superseded == (old,)
    assert held.tries == 1
    assert rescore.outdated(home) == []


def test_a_correction_that_lowers_is_taken_by_choice_only(root, home):
    annotated().check()
    old = entry(home).best
    correct(root, van_is_truck)
    shown = offered(home)
    assert shown.new.score < old.score == 1.0
    assert entry(home).best == old
    rescore.apply(home, shown)
    assert entry(home).best.score == shown.new.score
    assert entry(home).superseded == (old,)
    step = next(s for s in progress.read(home).steps if s.title == "First ten, counted")
    assert "100% before a correction" in step.note


def test_who_keeps_the_old_score_is_not_asked_again_until_the_next_correction(root, home):
    annotated().check()
    old = entry(home).best
    correct(root, van_is_truck)
    rescore.keep(home, rescore.waiting(home)[0])
    assert entry(home).best == old
    assert rescore.waiting(home) == []
    step = next(s for s in progress.read(home).steps if s.title == "First ten, counted")
    assert "scored by an earlier truth" in step.note
    correct(root, without_van)
    assert [one.id for one in rescore.waiting(home)] == ["1.A"]


def test_a_better_score_ends_what_was_kept(root, home):
    annotated(without=1).check()
    correct(root, van_is_truck)
    rescore.keep(home, rescore.waiting(home)[0])
    annotated(without=2).check()
    assert "earlier truth" in entry(home).remark
    annotated().check()
    assert (entry(home).remark, rescore.outdated(home)) == ("", [])


def test_an_open_review_names_the_items_and_a_closed_one_no_place(root, home):
    chosen = annotated(without=VAN)
    why = "The van of starter10-04 is too small."
    chosen.check()
    whole = json.loads((root / "datasets/starter10/truth/counted.json").read_bytes())
    correct(root, without_van, why=why)
    said = text(offered(home))
    assert "starter10-04" not in said
    assert "15 January 2027: its truth was corrected." in said
    (home / "labelschool-01-foundation-Ada.zip").touch()
    said = text(offered(home))
    assert f"15 January 2027: {why}" in said
    assert "starter10-04" not in said.replace(why, ""), "what was not recorded cannot be told"

    rescore.apply(home, offered(home))
    correct(root, lambda items: [items[one["item"]].update(one) for one in whole["items"]])
    assert "starter10-04: 1 now counts as E1 missed." in offered(home).lines


def test_a_practice_pool_always_names_the_items(root, home):
    annotated(pool="practice").check()

    def another(items):
        first = next(iter(items.values()))["objects"][0]
        first["label"] = "bus" if first["label"] != "bus" else "car"

    correct(root, another, pool="practice")
    shown = offered(home)
    assert re.fullmatch(r"starter10-\d\d: 1 now counts as E8 wrong class\.", shown.lines[-1])


def test_a_reworded_guideline_leaves_the_score_and_says_why(root, home):
    annotated().check()
    path = root / "content/guidelines/G1.v1.md"
    before = sha256(path)
    path.write_text(path.read_text("utf-8") + "\nDoors of buses, too.\n", encoding="utf-8")
    listed(root, before, sha256(path), "Rule 13 names buses.", "guideline: G1.v1")
    shown = offered(home)
    assert shown.headline() == "1.A First ten, counted pool: the score stays 100%, passed."
    assert shown.lines == ("15 January 2027: Rule 13 names buses.",)
    rescore.apply(home, shown)
    assert rescore.outdated(home) == []
    assert entry(home).best.score == 1.0


def test_what_is_not_listed_is_offered_with_a_warning(root, home):
    annotated().check()
    correct(root, van_is_truck)
    assert "does not say why" in text(offered(home))


def test_a_form_names_the_lines_that_turned(root, home):
    chosen = exercise("1.F", "practice")
    truth = datasets.task_truth(chosen.task, "practice")
    edits = {
        line.item: ItemAnswer(item=line.item, annotations=(Number(value=line.value),), done=True)
        for line in truth
    }
    chosen.file.save(edits, base=0)
    chosen.check()

    def doubled(items):
        items[truth[0].item]["value"] *= 2

    correct(root, doubled, pool="practice", name="cost_ladder")
    assert f"{truth[0].item}: 1 now counts as wrong." in offered(home).lines


# What is not offered -----------------------------------------------------------------------------


def test_an_answer_that_changed_is_scored_by_the_next_check(root, home):
    annotated().check()
    correct(root, van_is_truck)
    annotated(without=1)
    (found,) = rescore.outdated(home)
    assert "the next check scores it" in found.why_not
    with pytest.raises(LabelSchoolError, match="the next check scores it"):
        rescore.preview(found)


def test_an_answer_that_changed_after_the_last_attempt_keeps_its_score(root, home):
    for number in (None, 1, 2):
        annotated(without=number).check()
    correct(root, van_is_truck)
    assert "the next check scores it" in rescore.outdated(home)[0].why_not
    annotated(without=4)
    assert "all attempts are used" in rescore.outdated(home)[0].why_not


def test_a_damaged_answer_keeps_its_score(root, home):
    chosen = annotated()
    chosen.check()
    correct(root, van_is_truck)
    chosen.file.path.write_text("{", encoding="utf-8")
    (found,) = rescore.outdated(home)
    assert "damaged at line 1" in found.why_not
    chosen.file.path.unlink()
    assert "not in this folder" in rescore.outdated(home)[0].why_not


def test_a_hunt_is_done_once_and_keeps_its_score(root, home):
    found = exercise("1.D")
    evidence = results.Evidence(
        score=1,
        passed=True,
        metric="numbers",
        n=18,
        hashes={"answer": "a", "truth": "0" * 64},
    )
    results.record(f"exercise/{found.task.id}/counted", evidence)
    (found,) = rescore.outdated(home)
    assert found.why_not == "it is done once, so its score stays."


def test_quizzes_and_results_without_hashes_are_not_concerned(root, home):
    for key in ("quiz/1", COUNTED, "exercise/9.Z/counted"):
        results.record(key, results.Evidence(score=1, passed=True, metric="x", n=1))
    assert rescore.outdated(home) == []


def test_truth_that_is_away_or_damaged_or_an_instructors_is_no_correction(
    root, home, tmp_path, monkeypatch
):
    annotated().check()
    truth = root / "datasets/starter10/truth/counted.json"
    whole = truth.read_bytes()
    truth.write_bytes(whole + b" ")
    assert rescore.outdated(home) == []
    truth.unlink()
    assert rescore.outdated(home) == []
    truth.write_bytes(whole)
    own = tmp_path / "private"
    (own / "datasets/starter10/truth").mkdir(parents=True)
    (own / "datasets/starter10/truth/counted.json").write_bytes(whole + b"\n")
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(own))
    assert rescore.outdated(home) == []


def test_an_older_edition_of_the_course_is_no_correction(root, home):
    shipped = (root / corrections.FILE).read_bytes()
    files = [root / "datasets/starter10" / name for name in ("SHA256SUMS", "truth/counted.json")]
    older = [file.read_bytes() for file in files]
    correct(root, van_is_truck, why="It is a truck.")
    annotated().check()
    for file, content in zip(files, older, strict=True):
        file.write_bytes(content)
    (root / corrections.FILE).write_bytes(shipped)
    assert rescore.outdated(home) == []


# Taking it ---------------------------------------------------------------------------------------


def test_what_is_taken_is_what_was_shown(root, home):
    annotated().check()
    correct(root, van_is_truck)
    shown = offered(home)
    rescore.apply(home, shown)
    before = (home / results.FILE).read_bytes()
    with pytest.raises(LabelSchoolError, match="changed since this was shown"):
        rescore.apply(home, shown)
    assert (home / results.FILE).read_bytes() == before

    correct(root, without_van)
    shown = offered(home)
    path = root / "content/guidelines/G1.v1.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    for act in (lambda: rescore.apply(home, shown), lambda: rescore.keep(home, shown.found)):
        with pytest.raises(LabelSchoolError, match="changed since this was shown"):
            act()
    shown = offered(home)
    annotated(without=1)
    with pytest.raises(LabelSchoolError, match="the next check scores it"):
        rescore.apply(home, shown)
    assert (home / results.FILE).read_bytes() == before


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Crash()])
def test_an_interrupted_write_leaves_the_old_score(root, home, monkeypatch, error):
    annotated().check()
    correct(root, van_is_truck)
    shown, before = offered(home), (home / results.FILE).read_bytes()

    def die(path, content):
        raise error

    monkeypatch.setattr(results, "replace", die)
    with pytest.raises(LabelSchoolError if isinstance(error, OSError) else Crash):
        rescore.apply(home, shown)
    assert (home / results.FILE).read_bytes() == before
    monkeypatch.undo()


def test_a_check_of_the_same_work_says_that_its_scoring_changed(root, home):
    chosen = annotated()
    chosen.check()
    old = entry(home).best
    correct(root, van_is_truck)
    assert "the same work had 1.00 before" in repr(chosen.check())
    assert entry(home).best == old
    correct(root, without_van)
    assert "the same work had 1.00 before" in repr(chosen.check())
    assert entry(home).best == old
    assert [one.id for one in rescore.waiting(home)] == ["1.A"]


def test_a_higher_score_by_a_new_truth_keeps_the_old_one_as_superseded(root, home):
    chosen = annotated(without=VAN)
    chosen.check()
    old = entry(home).best
    correct(root, without_van)
    chosen.check()
    chosen.check()
    assert entry(home).best.score == 1.0
    assert entry(home).superseded == (old,)


# Command line, passport, start page --------------------------------------------------------------


@pytest.fixture
def run(root, home, capsys):
    """Run the command on this home; (exit code, stdout, stderr)."""

    def call(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([*words, "--home", str(home)])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return call


def test_update_offers_and_changes_nothing_until_it_is_told(root, home, run):
    annotated().check()
    annotated(pool="practice").check()
    correct(root, van_is_truck)
    path = root / "content/guidelines/G1.v1.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    before = (home / results.FILE).read_bytes()
    code, out, _ = run("update")
    assert code == 0
    assert "1.A First ten, practice pool: the score stays 100%, passed." in out
    assert "1.A First ten, counted pool: 100%, passed, would become" in out
    assert "`labelschool update --rescore 1.A` takes the new score" in out
    assert (home / results.FILE).read_bytes() == before
    code, out, _ = run("update", "--rescore", "1.A")
    assert (code, out.count("The old result stays in results.json.")) == (0, 2)
    assert {len(held.superseded) for held in results.read(home).entries.values()} == {1}
    code, out, _ = run("update", "--rescore", "1.A")
    assert "1.A has no score that a correction outdated." in out
    assert run("update")[1] == "Your work folder is up to date.\n"


def test_update_keeps_an_old_score_and_can_still_take_the_new(root, home, run):
    annotated().check()
    correct(root, van_is_truck)
    assert "the score stays 100%, by an earlier truth." in run("update", "--keep", "all")[1]
    assert run("update")[1] == "Your work folder is up to date.\n"
    assert run("update", "--rescore", "all")[1] == "Your work folder is up to date.\n"
    assert "is now" in run("update", "--rescore", "1.A")[1]


@pytest.mark.parametrize("words", [["--rescore", "9.Z"], ["--rescore", "1.A", "--keep", "1.A"]])
def test_a_wrong_choice_is_one_line_and_exit_code_2(run, words):
    code, _, err = run("update", *words)
    assert (code, len(err.splitlines())) == (2, 1)


def test_damaged_results_are_told_and_left_alone(root, home, run):
    (home / results.FILE).write_text("{", encoding="utf-8")
    code, out, _ = run("update", "--rescore", "all")
    assert (code, "results.json is damaged" in out) == (0, True)
    assert (home / results.FILE).read_text("utf-8") == "{"
    assert "results.json is damaged" in start.check().html


def test_a_passport_in_a_corrected_course_says_so(root, home, run, tmp_path):
    annotated().check()
    passport = tmp_path / "passport.zip"
    passport.write_bytes(portable.passport_bytes(home))
    (home / results.FILE).unlink()
    assert portable.restore(home, passport).corrected == ""
    correct(root, van_is_truck)
    assert "1 result rests on a truth" in run("passport", "import", str(passport))[1]


def answer(panel, action, value=""):
    """Send what the browser would send; what the panel tells it."""
    told = []
    panel.send = lambda message, buffers=None: told.append(message)
    panel._on_message(panel, {"action": action, "value": value}, [])
    return told[-1]


def test_the_start_page_offers_takes_and_keeps(root, home):
    assert "earlier truth" not in start.check().html
    for pool in ("counted", "practice"):
        annotated(pool=pool).check()
    correct(root, van_is_truck, why="It is a <truck>.")
    path = root / "content/guidelines/G1.v1.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    panel = start.check()
    assert "1.A First ten, counted pool: 100%, passed, would become" in panel.html
    assert "<truck>" not in panel.html
    assert answer(panel, "keep", "exercise/1.A/practice")["state"] == "good"
    assert "practice pool" not in panel.html
    assert answer(panel, "rescore", COUNTED)["state"] == "good"
    assert "earlier truth" not in panel.html
    assert len(entry(home).superseded) == 1
    assert answer(panel, "hello")["state"] == ""


def test_the_start_page_refuses_what_it_did_not_show(root, home):
    annotated().check()
    correct(root, van_is_truck)
    panel = start.check()
    correct(root, without_van)
    said = answer(panel, "rescore", COUNTED)
    assert (said["state"], "look again" in said["status"]) == ("bad", True)
    assert entry(home).superseded == ()
    assert answer(panel, "rescore", COUNTED)["state"] == "good"


def test_the_start_page_lists_notebooks_kept_aside(root, home, monkeypatch):
    monkeypatch.chdir(home)
    assert "from before an update" not in start.check().html
    (home / "01-foundation/1-1-the-job.mine-2026-11-23.ipynb").write_text("{}", encoding="utf-8")
    html = start.check().html
    assert "href='01-foundation/1-1-the-job.mine-2026-11-23.ipynb'" in html


# The list of corrections -------------------------------------------------------------------------


def test_every_listed_correction_leads_to_the_file_of_now():
    """A correction names a file that exists, and the last one of a file ends at its hash."""
    ends = {}
    for correction in corrections.load():
        if correction.guideline:
            ends["guideline", correction.guideline] = correction.after
            assert course.guideline(correction.guideline)
        else:
            assert correction.pool in datasets.pools(correction.dataset)
            ends[correction.dataset, correction.pool] = correction.after
    for (kind, name), after in ends.items():
        if kind == "guideline":
            assert course.guideline_sha256(name) == after
        else:
            assert datasets.truth_sha256(kind, name) == after


def test_corrections_lead_on_from_one_another_and_back(root):
    a, b, c = ("a" * 64, "b" * 64, "c" * 64)
    for before, after, why in ((a, b, "One."), (b, c, "Two."), (c, a, "Back.")):
        listed(root, before, after, why, "guideline: G1.v1")
    assert [one.why for one in corrections.between(a, c)] == ["One.", "Two."]
    assert [one.why for one in corrections.between(b, a)] == ["Two.", "Back."]
    assert corrections.between(c, b) == ()
    (root / corrections.FILE).unlink()
    assert corrections.load() == ()


@pytest.mark.parametrize(
    "entry",
    ["x", "- date: 2027-01-15", "- {", "- {date: 2027-01-15, guideline: G1.v1, before: a}"],
)
def test_a_wrong_list_is_a_sentence(root, entry):
    (root / corrections.FILE).write_text(entry, encoding="utf-8")
    with pytest.raises(course.CourseError, match=r"corrections\.yml is"):
        corrections.load()


def test_two_files_in_one_correction_are_refused(root):
    listed(root, "a" * 64, "b" * 64, "Both.", "guideline: G1.v1\n  dataset: starter10\n  pool: x")
    with pytest.raises(course.CourseError, match="either a guideline"):
        corrections.load()
