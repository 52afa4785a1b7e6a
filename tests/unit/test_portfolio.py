"""The portfolio: what it claims, what it must not show yet, and that a learner's text stays."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from labelschool import cli, code_answers, course, datasets, portfolio, start
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.exercises.exercise import exercise
from labelschool.home import portable, results
from labelschool.model import Box, Escalation, ItemAnswer
from labelschool.portfolio import FOLDER, MANIFEST, assignment, claims, first_ten, hundred
from labelschool.quality import annotate_boxes

from .code_solutions import solution

PIECE = f"{FOLDER}/{first_ten.NAME}"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's home with the working directory in the module's folder."""
    folder = tmp_path / "home"
    (folder / "01-foundation").mkdir(parents=True)
    (folder / "start-here.ipynb").touch()
    monkeypatch.chdir(folder / "01-foundation")
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return folder


def draw(missing=0, slack=3.0, *, done=True):
    """Box the counted pictures of 1.A with some slack, without the first `missing` objects."""
    chosen = exercise("1.A")
    edits = {}
    for number, item in enumerate(datasets.task_truth(chosen.task, "counted")):
        must = [o for o in item.objects if o.level == "must" and o.label in chosen.task.classes]
        boxes = tuple(
            Box(id=f"b{o.id}", label=o.label, bbox=(x, y, w + slack, h + slack))
            for o in must[missing:]
            for x, y, w, h in [o.bbox]
        )
        edits[item.item] = ItemAnswer(
            item=item.item,
            annotations=boxes,
            done=done,
            active_ms=30_000,
            escalate=Escalation(rule=11, note="pushed\nor ridden?") if number == 0 else None,
        )
    chosen.file.save(edits, base=chosen.file.read().revision)
    return chosen


def written(home):
    """Every file of the portfolio by name."""
    folder = home / FOLDER
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def text(home, name="README.md"):
    return (home / PIECE / name).read_text(encoding="utf-8")


def evidence(home):
    return json.loads(text(home, "evidence.json"))


def finished(home):
    """Three counted attempts, which open the review."""
    for missing in (2, 1, 0):
        draw(missing).check()
    return portfolio.build(home)


def test_without_work_it_says_what_is_missing_and_claims_nothing(home):
    built = portfolio.build(home)
    assert any("nothing is annotated" in line for line in built.missing)
    assert "nothing is claimed" in text(home)
    assert evidence(home)["claim"] is None
    assert results.read(home).entries == {}
    assert not built.can_give_up


def test_equal_work_gives_equal_bytes(home, tmp_path):
    finished(home)
    before = written(home)
    tries = results.read(home).entries[PIECE].tries
    portfolio.build(home)
    assert written(home) == before
    portfolio.build(home, tmp_path / "elsewhere")
    shutil.rmtree(home / FOLDER)
    shutil.copytree(tmp_path / "elsewhere", home / FOLDER)
    assert written(home) == before
    assert results.read(home).entries[PIECE].tries == tries == 1


def test_a_claim_has_all_that_a_claim_needs_and_is_recorded(home):
    finished(home)
    claim = evidence(home)["claim"]
    entry = results.read(home).entries["exercise/1.A/counted"]
    assert claim["score"] == round(entry.best.score, 4)
    assert (claim["n"], tuple(claim["interval"])) == (entry.best.n, entry.best.interval)
    assert claim["hashes"] == entry.best.hashes
    assert (claim["attempt"], claim["boxes_changed_since"]) == (3, False)
    assert evidence(home)["kind"] == "rendered pictures"
    line = text(home).split("\n\n")[1]
    assert claims.claim_lacks(line) == []
    assert results.read(home).entries[PIECE].best == entry.best
    assert first_ten.NO_PHOTOGRAPHS in text(home)


def test_the_evidence_names_the_hash_of_every_file(home):
    finished(home)
    listed = evidence(home)["files"]
    made = {n: data for n, data in written(home).items() if n.startswith(first_ten.NAME)}
    assert {f"{first_ten.NAME}/{name}" for name in listed} == {
        name for name in made if not name.endswith(("README.md", "evidence.json"))
    }
    for name, sha256 in listed.items():
        assert portfolio.made_files.sha256(made[f"{first_ten.NAME}/{name}"]) == sha256
    answer = home / "01-foundation" / "answers" / "1.A.json"
    assert (home / PIECE / "1.A.json").read_bytes() == answer.read_bytes()


def test_while_the_review_is_closed_nothing_of_the_truth_is_written(home):
    draw(missing=1).check()
    built = portfolio.build(home)
    assert built.can_give_up
    found = evidence(home)
    assert found["review"] == "closed"
    assert {(row["objects"], row["score"]) for row in found["pictures"]} == {(None, None)}
    assert found["claim"]["n"] == 25
    said = text(home)
    assert "the review of 1.A is not open" in said
    assert not re.search(r"\bE\d+ |Rule \d|without a box|\| DetScore \|", said)


def test_pictures_are_the_same_with_and_without_the_review(home):
    """What is drawn is the learner's own: opening the review changes no picture."""
    draw(missing=1).check()
    portfolio.build(home)
    closed = {n: data for n, data in written(home).items() if n.endswith(".jpg")}
    portfolio.build(home, give_up=True)
    assert {n: data for n, data in written(home).items() if n.endswith(".jpg")} == closed
    assert len(closed) == 7


@pytest.mark.parametrize("way", ["attempts", "submitted", "given up"])
def test_an_open_review_groups_the_mistakes_with_their_rules(home, way):
    draw(missing=1).check()
    if way == "attempts":
        for slack in (4, 5):
            draw(1, slack).check()
    elif way == "submitted":
        (home / "labelschool-01-foundation-me.zip").touch()
    portfolio.build(home, give_up=way == "given up")
    said = text(home)
    assert "### E1 missed: 6" in said
    assert "**Rule 8.**" in said
    assert "| DetScore |" in said
    assert evidence(home)["review"] == "open"
    assert all(row["score"] is not None for row in evidence(home)["pictures"])


def test_what_was_given_up_stays_open(home):
    draw(missing=1).check()
    portfolio.build(home, give_up=True)
    before = written(home)
    assert not portfolio.build(home).can_give_up
    assert written(home) == before


def test_without_truth_no_score_is_made_up(home, tmp_path, monkeypatch):
    copy = tmp_path / "course"
    root = course.root()
    for part in ("datasets/starter10", "content"):
        shutil.copytree(root / part, copy / part)
    shutil.copy(root / "course.yml", copy)
    (copy / "datasets/starter10/truth/counted.json").unlink()
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(copy))
    chosen = exercise("1.A")
    box = Box(id="b", label="car", bbox=(5, 5, 50, 40))
    item = datasets.task_items(chosen.task, "counted")[0].name
    chosen.file.save({item: ItemAnswer(item=item, annotations=(box,), done=True)}, base=0)
    built = portfolio.build(home, give_up=True)
    assert any("your instructor scores it" in line for line in built.missing)
    assert evidence(home)["claim"] is None
    assert not built.can_give_up


def test_boxes_changed_after_the_score_prove_nothing_and_say_so(home):
    finished(home)
    best = results.read(home).entries["exercise/1.A/counted"].best
    draw(0, slack=0)
    built = portfolio.build(home)
    assert any("changed after the score" in line for line in built.missing)
    claim = evidence(home)["claim"]
    assert claim["score"] == round(best.score, 4)
    assert claim["boxes_changed_since"]
    assert "prove nothing" in text(home)
    assert results.read(home).entries[PIECE].tries == 1


def test_lost_results_are_computed_again_from_the_counted_answer(home):
    finished(home)
    before = evidence(home)["claim"]
    (home / results.FILE).unlink()
    portfolio.build(home)
    again = evidence(home)["claim"]
    assert (again["score"], again["n"], again["attempt"]) == (before["score"], before["n"], 3)


def test_time_a_box_is_what_the_annotator_measured(home):
    draw().check()
    portfolio.build(home)
    found = evidence(home)
    assert found["seconds"] == 7 * 30
    assert found["seconds_per_box"] == round(7 * 30 / found["boxes"], 1)


def test_what_was_escalated_is_told_with_its_rule(home):
    draw()
    portfolio.build(home)
    assert "- Picture 1, rule 11, bicycles: pushed or ridden?" in text(home)


def test_a_broken_answer_is_told_and_the_rest_is_made(home):
    file = draw().file
    file.path.write_text("{")
    built = portfolio.build(home)
    assert any("damaged" in line for line in built.missing)
    assert (home / FOLDER / "README.md").is_file()
    assert file.path.read_text() == "{"


def test_texts_of_the_lesson_and_the_plan_come_in(home):
    folder = home / "01-foundation" / "answers" / "1.9"
    folder.mkdir(parents=True)
    for name in ("profile", "headline", "mended"):
        (folder / f"{name}.md").write_text(f"my {name}", encoding="utf-8")
    plan = "# Your roadmap\n\nText\n\n## This week\n\n- a\n\n## Risks\n\n- savings\n"
    (home / "roadmap.md").write_text(plan, encoding="utf-8")
    (home / "roadmap.svg").write_text("<svg/>", encoding="utf-8")
    built = portfolio.build(home)
    files = {name: data.decode() for name, data in written(home).items() if ".jpg" not in name}
    assert "my profile" in files["README.md"]
    assert "my headline" in files["profile.md"]
    assert "my mended" in files[f"{first_ten.NAME}/README.md"]
    assert "savings" not in files["roadmap.md"]
    assert "- a" in files["roadmap.md"]
    assert [line for line in built.missing if "profile" in line or "plan" in line] == []


def test_an_invented_claim_stays_out_of_the_portfolio_and_is_told(home):
    finished(home)
    folder = home / "01-foundation" / "answers" / "1.9"
    folder.mkdir(parents=True)
    true = text(home).split("\n\n")[1].replace("*", "")
    false = true.replace("n = 25", "n = 2500").replace("rendered pictures", "real photographs")
    for line, is_in in ((false, False), (true, True)):
        (folder / "profile.md").write_text(line, encoding="utf-8")
        built = portfolio.build(home)
        for name in ("README.md", "profile.md"):
            assert (line in built.files.get(name, b"").decode()) == is_in
        told = [said for said in built.missing if "profile in lesson 1.9 is left out" in said]
        assert bool(told) != is_in
    assert (folder / "profile.md").read_text(encoding="utf-8") == true


def test_parts_of_the_assignment_enter_once_their_review_is_open(home):
    streets, model = exercise("A1.a"), home / "01-foundation" / "answers" / "A1.d.py"
    box = Box(id="b", label="car", bbox=(5, 5, 50, 40))
    names = [item.name for item in datasets.task_items(streets.task, "counted")]
    edits = {n: ItemAnswer(item=n, annotations=(box,), done=True) for n in names}
    streets.file.save(edits, base=0)
    streets.check()
    model.write_text("def offer(*_):\n    return {}\n", encoding="utf-8")
    exercise("A1.d").check()
    built = portfolio.build(home)
    assert any(said.startswith("A1.a: its score enters once") for said in built.missing)
    assert any(said.startswith("A1.b: no score yet") for said in built.missing)
    assert "A1.a" not in built.files["README.md"].decode()
    assert f"{assignment.NAME}/A1.d.py" in built.files

    (home / "labelschool-01-foundation-me.zip").touch()
    built = portfolio.build(home)
    best = results.read(home).entries["exercise/A1.a/counted"].best
    line = f"DetScore {best.score:.2f}, n = {best.n} objects, 95 % interval"
    for name in ("README.md", f"{assignment.NAME}/README.md"):
        assert line in built.files[name].decode()
    claim = json.loads(built.files[f"{assignment.NAME}/evidence.json"])["claims"][0]
    assert (claim["task"], claim["kind"]) == ("A1.a", "rendered pictures")
    assert claim["hashes"] == best.hashes
    assert built.files[f"{assignment.NAME}/A1.a.json"] == streets.file.path.read_bytes()
    streets.file.save({names[0]: ItemAnswer(item=names[0])}, base=streets.file.read().revision)
    assert "changed since" in portfolio.build(home).files["README.md"].decode()


@pytest.mark.parametrize("name", ["README.md", f"{first_ten.NAME}/README.md"])
def test_a_file_changed_by_hand_is_kept_beside(home, name):
    portfolio.build(home)
    mine = home / FOLDER / name
    mine.write_text("my own words", encoding="utf-8")
    draw().check()
    built = portfolio.build(home)
    kept = home / FOLDER / built.kept[name]
    assert kept.read_text(encoding="utf-8") == "my own words"
    assert kept.name in str(built)
    assert mine.read_text(encoding="utf-8") != "my own words"
    assert portfolio.build(home).kept == {}


@pytest.mark.parametrize("broken", [None, "{", '{"files": 3}', "[]"])
def test_without_a_record_everything_that_differs_is_kept(home, broken):
    portfolio.build(home)
    (home / FOLDER / "README.md").write_text("mine")
    path = home / FOLDER / MANIFEST
    path.unlink() if broken is None else path.write_text(broken)
    assert portfolio.build(home).kept == {"README.md": "README.mine-1.md"}


def test_a_folder_that_cannot_be_is_one_sentence(home):
    (home / FOLDER).write_text("in the way")
    with pytest.raises(LabelSchoolError, match="cannot be written"):
        portfolio.build(home)
    assert (home / FOLDER).read_text() == "in the way"


def test_the_passport_carries_it_without_hidden_folders_and_giants(home, tmp_path):
    finished(home)
    (home / FOLDER / "README.md").write_text("mine")
    (home / FOLDER / ".git").mkdir()
    (home / FOLDER / ".git" / "config").write_text("x")
    (home / FOLDER / "film.mp4").write_bytes(bytes(portable.MAX_PORTFOLIO_FILE_BYTES + 1))
    other = tmp_path / "other"
    other.mkdir()
    portable.restore(other, portable.passport_bytes(home))
    carried = written(other)
    assert carried["README.md"] == b"mine"
    assert set(written(home)) - set(carried) == {".git/config", "film.mp4"}


def test_the_command_writes_where_it_is_told(home, tmp_path, capsys):
    draw(missing=1).check()
    out = tmp_path / "out"

    def run(*words):
        with pytest.raises(SystemExit) as left:
            cli.main(["portfolio", "build", "--home", str(home), *words])
        return left.value.code, capsys.readouterr().out

    code, said = run("--out", str(out))
    assert code == 0
    assert str(out) in said
    assert "Not done yet: 1.A:" in said
    assert not (home / FOLDER).exists()
    readme = out / first_ten.NAME / "README.md"
    assert "E1 missed" not in readme.read_text()
    run("--out", str(out), "--give-up")
    assert "E1 missed" in readme.read_text()


def test_the_button_builds_hands_out_and_offers_to_give_up(home):
    draw(missing=1).check()
    panel = start.portfolio()
    told = []
    panel.send = lambda message, buffers=None: told.append((message, buffers))
    panel._on_message(None, {"action": "build", "value": ""}, [])
    assert told[-1][0]["state"] == "good"
    assert "give-up" in panel.html
    panel._on_message(None, {"action": "take", "value": ""}, [])
    assert told[-1][0]["download"] == "portfolio.zip"
    assert told[-1][1][0].startswith(b"PK")
    panel._on_message(None, {"action": "give-up", "value": ""}, [])
    assert "give-up" not in panel.html
    assert "E1 missed" in text(home)


class TestHundred:
    """The piece of assignment 2, made by the functions of the assignment's own solutions."""

    @pytest.fixture
    def done(self, at_desk, monkeypatch):
        """A home in which all hundred pictures are boxed and the three functions are written."""
        (at_desk / "02-tools").mkdir()
        monkeypatch.chdir(at_desk / "02-tools")
        task = course.load().task(hundred.TASK)
        truth = datasets.task_truth(task, "counted")
        made = annotate_boxes(truth, "expert", 5, classes=task.classes)
        file = AnswerFile(task.id, "counted", task.guideline)
        file.save(
            {
                name: ItemAnswer(item=name, annotations=tuple(boxes), done=True)
                for name, boxes in made.items()
            },
            0,
        )
        for part in hundred.FUNCTIONS:
            code_answers.save(part, solution(part))
        return at_desk

    def test_the_exports_hold_the_boxes_and_the_card_counts_them(self, done):
        piece = hundred.piece(done)
        table = json.loads(piece.files["annotations.json"])
        card = json.loads(piece.files["card.json"])
        answer = AnswerFile(hundred.TASK, "counted", None, done / "02-tools").read()
        boxes = sum(len(item.annotations) for item in answer.items)
        assert len(table["annotations"]) == boxes == card["boxes"]
        assert card["pictures"] == 100
        labels = [name for name in piece.files if name.startswith("labels/")]
        assert len(labels) == 100
        assert json.loads(piece.files["evidence.json"])["findings"] == []
        assert b"passing" in piece.files[hundred.BADGE]
        scenes = {t.item: t.scene for t in datasets.truth("portfolio100", "counted")}
        names = {image["id"]: image["file_name"][:-4] for image in table["images"]}
        parts = [{scenes[names[n]] for n in ids} for ids in card["split"].values()]
        assert not set.intersection(*parts)
        assert sum(map(len, parts)) == len(set().union(*parts))

    def test_the_score_is_claimed_only_once_the_review_is_open(self, done):
        assert "no score yet" in hundred.piece(done).rows[0].measured
        part = exercise("A2.a")
        part.check()
        assert "no score yet" in hundred.piece(done).rows[0].measured
        built = portfolio.build(done)
        assert "02-portfolio100/annotations.json" in built.files
        for number in (1, 2):
            answer = part.file.read()
            first = answer.items[0]
            moved = first.annotations[0].model_copy(update={"occluded": number})
            edited = first.model_copy(update={"annotations": (moved, *first.annotations[1:])})
            part.file.save({first.item: edited}, answer.revision)
            part.check()
        assert "DetScore 0.9" in hundred.piece(done).rows[0].measured

    @pytest.mark.parametrize("path", ["evidence.json", "./evidence.json", "Evidence.JSON"])
    def test_an_export_does_not_write_its_own_evidence(self, done, path):
        forged = f"return {{**honest(project), {path!r}: 'a score of 1.00'}}"
        code = f"{solution('A2.b')}\n\nhonest = export\n\ndef export(project):\n    {forged}\n"
        code_answers.save("A2.b", code)
        files = hundred.piece(done).files
        assert "a score of 1.00" not in [data.decode("latin-1") for data in files.values()]
        assert json.loads(files["evidence.json"])["piece"] == hundred.NAME

    def test_what_is_not_written_yet_is_told(self, done):
        code_answers.path("A2.d", done / "02-tools").unlink()
        piece = hundred.piece(done)
        assert not piece.files
        assert "A2.d is not written yet" in piece.missing[0]

    @pytest.mark.parametrize(
        "path",
        [
            "../evil.txt",
            "labels/../../evil.txt",
            "/evil.txt",
            "..\\evil.txt",
            "C:\\evil.txt",
            "C:evil.txt",
            "evil\0.txt",
            "",
        ],
    )
    def test_an_export_that_climbs_out_is_not_written(self, done, path):
        climbing = f"def export(project):\n    return {{{path!r}: 'x', 'annotations.json': '{{}}'}}"
        code_answers.save("A2.b", climbing)
        piece = hundred.piece(done)
        assert not piece.files
        assert "outside of the delivery" in piece.missing[0]
