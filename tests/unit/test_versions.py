"""Versions by content hash: what an id depends on, and what a roll-back does and leaves."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool.errors import LabelSchoolError
from labelschool.operations import versions
from labelschool.operations.versions import Diff, History

NAMES = st.sampled_from(["a.txt", "b.txt", "labels/c.txt", "labels/d.txt"])
CONTENTS = st.binary(max_size=3)
FILES = st.dictionaries(NAMES, CONTENTS)
BATCHES = st.sampled_from(["batch-1", "batch-2", "batch-3"])
STEPS = st.lists(st.tuples(BATCHES, st.dictionaries(NAMES, st.none() | CONTENTS)), max_size=6)


def made(steps, folder) -> History:
    history = History(Path(folder))
    for batch, files in steps:
        history.commit(batch, files)
    return history


def plain(steps, without=()) -> dict[str, bytes]:
    """The files that a list of steps leaves, by a loop."""
    files: dict[str, bytes | None] = {}
    for batch, put in steps:
        if batch not in without:
            files.update(put)
    return {name: content for name, content in files.items() if content is not None}


def kept(folder) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(folder, versions.OBJECTS).glob("*"))]


class TestIds:
    @given(FILES, st.randoms())
    def test_the_order_of_files_does_not_matter(self, files, rng) -> None:
        names = list(files)
        rng.shuffle(names)
        shuffled = versions.manifest({name: files[name] for name in names})
        assert versions.version_id(shuffled) == versions.version_id(versions.manifest(files))

    @given(FILES, FILES)
    def test_ids_are_equal_where_the_files_are(self, a, b) -> None:
        one, other = versions.manifest(a), versions.manifest(b)
        assert (versions.version_id(one) == versions.version_id(other)) == (a == b)
        assert bool(versions.diff(one, other)) == (a != b)

    @given(FILES, FILES)
    def test_a_difference_says_what_to_do(self, a, b) -> None:
        told = versions.diff(versions.manifest(a), versions.manifest(b))
        again = {name: content for name, content in a.items() if name not in told.removed}
        again |= {name: b[name] for name in (*told.added, *told.changed)}
        assert again == b
        assert versions.diff(versions.manifest(a), versions.manifest(a)) == Diff((), (), ())

    def test_a_folder_is_read_with_its_subfolders_and_no_times(self, tmp_path) -> None:
        for place in ("one", "two"):
            (tmp_path / place / "labels").mkdir(parents=True)
            (tmp_path / place / "labels/a.txt").write_bytes(b"0 0.5 0.5 0.1 0.1\n")
        (tmp_path / "two/labels/a.txt").touch()
        one, two = (versions.read(tmp_path / place) for place in ("one", "two"))
        assert one == two == {"labels/a.txt": b"0 0.5 0.5 0.1 0.1\n"}

    def test_an_id_is_the_hash_that_the_lesson_computes(self) -> None:
        """The ids of logs that learners keep: they may not change with the code."""
        assert versions.version_id(versions.manifest({"a.txt": b"1", "b.txt": b""})) == (
            "e4f9a7ad17319d5fc67e8e21459b450a6babc71061dcf55f4798e37e63ab7846"
        )


class TestHistory:
    @given(STEPS)
    @settings(max_examples=40, deadline=None)
    def test_what_stands_is_what_the_batches_put_in_their_order(self, steps) -> None:
        with tempfile.TemporaryDirectory() as folder:
            history = made(steps, folder)
            assert history.files() == plain(steps)
            assert History(Path(folder)).manifest() == versions.manifest(plain(steps))

    @given(STEPS, BATCHES, st.permutations(["batch-1", "batch-2", "batch-3"]))
    @settings(max_examples=60, deadline=None)
    def test_a_roll_back_takes_away_one_batch_and_nothing_else(self, steps, batch, order) -> None:
        with tempfile.TemporaryDirectory() as folder:
            history = made(steps, folder)
            known = {step.batch for step in history.log()}
            lines, contents = history.log(), kept(folder)
            if batch in known:
                once = history.roll_back(batch)
                assert history.files() == plain(steps, [batch])
                assert history.roll_back(batch) == once
                assert len(history.log()) == len(lines) + 1
                assert history.log()[: len(lines)] == lines
                assert kept(folder) == contents
            for other in (each for each in order if each in known):
                history.roll_back(other)
            assert history.files() == plain(steps, {batch, *order} & known)

    def test_later_work_on_the_same_file_stays(self, tmp_path) -> None:
        history = History(tmp_path)
        first = history.commit("batch-13", {"a": b"car", "b": b"car"})
        history.commit("batch-14", {"a": b"van", "b": b"van", "c": b"van"})
        history.commit("batch-15", {"b": b"bus"})
        history.roll_back("batch-14")
        assert history.files() == {"a": b"car", "b": b"bus"}
        assert history.files(first[:8]) == {"a": b"car", "b": b"car"}

    def test_the_last_batch_rolled_back_gives_the_id_from_before(self, tmp_path) -> None:
        history = History(tmp_path)
        before = history.commit("batch-13", {"a": b"car"})
        after = history.commit("batch-14", {"a": b"van", "b": b"van"})
        assert history.roll_back("batch-14") == before != after
        assert history.files(after) == {"a": b"van", "b": b"van"}

    def test_who_confirms_a_file_keeps_it(self, tmp_path) -> None:
        history = History(tmp_path)
        history.commit("batch-13", {"a": b"car"})
        history.commit("batch-14", {"a": b"car"})
        history.roll_back("batch-13")
        assert history.files() == {"a": b"car"}

    def test_a_batch_that_was_rolled_back_gets_a_new_name(self, tmp_path) -> None:
        history = History(tmp_path)
        history.commit("batch-14", {"a": b"van"})
        history.roll_back("batch-14")
        with pytest.raises(LabelSchoolError, match="batch-14-again"):
            history.commit("batch-14", {"a": b"car"})
        history.commit("batch-14-again", {"a": b"car"})
        assert history.files() == {"a": b"car"}

    def test_unknown_batches_and_versions_are_named(self, tmp_path) -> None:
        history = History(tmp_path)
        assert (history.log(), history.manifest()) == ((), {})
        with pytest.raises(LabelSchoolError, match="none yet"):
            history.roll_back("batch-14")
        history.commit("batch-13", {"a": b"car"})
        history.commit("batch-14", {"a": b"van"})
        with pytest.raises(LabelSchoolError, match="it knows batch-13, batch-14"):
            history.roll_back("batch-99")
        with pytest.raises(LabelSchoolError, match="No version in the log begins with 'x'"):
            history.manifest("x")
        with pytest.raises(LabelSchoolError, match="2 versions"):
            history.manifest("")

    @pytest.mark.parametrize(
        "edit",
        [
            lambda text: text.replace('"put": {"a"', '"put": {"b"', 1),
            lambda text: text.split("\n", 1)[1],
            lambda text: text[:-20],
            lambda text: "[]\n" + text,
        ],
    )
    def test_an_edited_log_is_noticed(self, tmp_path, edit) -> None:
        history = History(tmp_path)
        history.commit("batch-13", {"a": b"car"})
        history.commit("batch-14", {"c": b"van"})
        log = tmp_path / versions.LOG
        log.write_text(edit(log.read_text("utf-8")), "utf-8")
        with pytest.raises(LabelSchoolError, match=r"line [12], does not follow"):
            history.log()
