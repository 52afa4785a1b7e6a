"""The label store and the annotation API of the labs, and one defect found in three ways."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import urllib.error
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from labelschool import course, sql
from labelschool.demos import foundation_skills
from labelschool.errors import LabelSchoolError
from labelschool.labs import AnnotationServer, LabelStore, NoBatch, Platform, api
from labelschool.lint import lint

LESSON = course.root() / "content/lessons/01-foundation/1-3-five-skills.md"
HOST = "http://api.test"
fetch = build_opener(ProxyHandler({})).open


@pytest.fixture(scope="module")
def store() -> LabelStore:
    return LabelStore()


@pytest.fixture(scope="module")
def server(store: LabelStore):
    with AnnotationServer(store) as running:
        yield running


def get(store: LabelStore, address: str) -> api.Response:
    """The answer to a GET, without a socket."""
    return api.respond(Platform(store), api.Request("GET", HOST + address))


def walk(store: LabelStore, batch: str, limit: int) -> list[dict]:
    """The results of every page of a batch, as lists."""
    pages, url = [], f"{HOST}/annotations?batch={batch}&limit={limit}"
    while url:
        page = api.respond(Platform(store), api.Request("GET", url)).content
        pages.append(page["results"])
        url = page["next"]
    return pages


# One defect, three ways -------------------------------------------------------------------------


def queries() -> list[str]:
    """The query of the lesson as it stands in the pad, and as its hint completes it."""
    text = LESSON.read_text(encoding="utf-8")
    return [re.search(pattern, text, re.DOTALL)[1] for pattern in ('"""(.*?)"""', "```sql(.*?)```")]


def by_query(store: LabelStore, query: str) -> list[int]:
    return sorted(row[0] for row in sql.run(store.path, query).rows)


def by_check(store: LabelStore, batch: str, folder: Path) -> list[int]:
    path = folder / f"{batch}.json"
    path.write_text(json.dumps(store.coco(batch)), encoding="utf-8")
    return sorted(finding.id for finding in lint(path, only=["R5"]).findings)


def by_call(store: LabelStore, batch: str) -> list[int]:
    rows = [row for page in walk(store, batch, 100) for row in page]
    return sorted(row["id"] for row in rows if foundation_skills.leaves(row))


def test_the_three_ways_of_the_lesson_find_the_same_five(store: LabelStore, tmp_path: Path) -> None:
    begun, completed = queries()
    five = [11080, 11261, 11750, 11801, 11973]
    assert by_query(store, completed) == five
    assert by_check(store, "batch-15", tmp_path) == five
    assert by_call(store, "batch-15") == five
    assert by_query(store, begun) == [id_ for id_ in five if id_ != 11261]
    assert "A hint if it finds more than five rows" in LESSON.read_text(encoding="utf-8")
    assert len(by_query(store, re.sub(r"[()]", "", completed))) > 5
    first_page = get(store, "/annotations?batch=batch-15").content["results"]
    assert [row["id"] for row in first_page if foundation_skills.leaves(row)] == [11080]


@pytest.mark.parametrize("number", [1, 2, 12, 25])
def test_they_agree_on_other_batches(store: LabelStore, tmp_path: Path, number: int) -> None:
    _, completed = queries()
    wanted = by_query(store, completed.replace("batch_id = 15", f"batch_id = {number}"))
    assert by_check(store, f"batch-{number:02}", tmp_path) == wanted
    assert by_call(store, f"batch-{number:02}") == wanted


def test_numbers_of_the_lesson(store: LabelStore, tmp_path: Path) -> None:
    text = " ".join(LESSON.read_text(encoding="utf-8").split())
    _, completed = queries()
    everywhere = completed.replace("batch_id = 15 AND ", "")
    ids = by_query(store, everywhere)
    live = "FROM labels JOIN items ON items.id = item_id WHERE deleted_at IS NULL"
    [(n,)] = sql.run(store.path, f"SELECT count(*) {live}").rows
    assert f"you see {len(ids)} such boxes among {n:,} live labels" in text
    assert by_check(store, "batch-05", tmp_path) == []
    flat = [row for row in store.coco("batch-05")["annotations"] if row["area"] == 0]
    assert len(flat) == 3
    orphans = "item_id IS NULL OR item_id NOT IN (SELECT id FROM items)"
    assert sql.run(store.path, f"SELECT count(*) FROM labels WHERE {orphans}").rows == ((40,),)
    people = f"""
        SELECT name, sum(labels.id IN ({", ".join(map(str, ids))})), count(*)
        FROM labels JOIN items ON items.id = item_id JOIN annotators ON annotators.id = annotator_id
        WHERE deleted_at IS NULL GROUP BY name"""
    counted = sql.run(store.path, people).rows
    rates = {name: (boxes, 1000 * boxes / n) for name, boxes, n in counted}
    most, highest = (max(rates, key=lambda name: rates[name][at]) for at in (0, 1))
    assert (most, rates[most][0], round(rates[most][1], 1)) == ("Dalia", 7, 4.7)
    assert (highest, rates[highest][0], round(rates[highest][1], 1)) == ("Bela", 1, 6.8)
    assert len(walk(store, "batch-15", 100)) == 8


def test_the_demo_ends_its_five_boxes_at_the_border(store: LabelStore) -> None:
    rows = [row for row in store.annotations("batch-15") if foundation_skills.leaves(row)]
    for row in rows:
        x, y, w, h = foundation_skills.ended(row)
        assert 0 <= x < x + w <= row["image"]["width"]
        assert 0 <= y < y + h <= row["image"]["height"]
    assert [round(foundation_skills.lost(row), 2) for row in rows] == [0.5, 0.33, 0.5, 0.5, 0.5]
    stored, ended = (
        foundation_skills.leaving_figure(rows, shown)
        for shown in (foundation_skills.STORED, foundation_skills.ENDED)
    )
    assert stored.count("<rect") == ended.count("<rect") == 10
    assert stored != ended


# The store --------------------------------------------------------------------------------------


def test_an_export_has_every_picture_and_no_deleted_label(store: LabelStore) -> None:
    table = store.coco("batch-15")
    pictures = {image["id"] for image in table["images"]}
    names = {category["id"] for category in table["categories"]}
    assert len(pictures) == len(table["images"]) == 240
    assert len(table["annotations"]) == store.count("batch-15") == 790
    assert {row["image_id"] for row in table["annotations"]} <= pictures
    assert {row["category_id"] for row in table["annotations"]} == names
    with closing(sqlite3.connect(store.path)) as connection:
        deleted = {id_ for (id_,) in connection.execute("SELECT id FROM labels WHERE deleted_at")}
    assert not deleted & {row["id"] for row in table["annotations"]}


def test_an_instructors_own_store_does_not_change_the_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "datasets" / "labels_db"
    own.mkdir(parents=True)
    (own / "labels.db").write_bytes(b"another store")
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path))
    assert LabelStore().count("batch-15") == 790


def test_a_batch_that_is_not_there(store: LabelStore) -> None:
    with pytest.raises(NoBatch, match="no batch 'batch-99': the store has batch-01 to batch-25"):
        store.coco("batch-99")


# The API without a socket -----------------------------------------------------------------------


@pytest.mark.parametrize("limit", [53, 79, 100])
def test_pages_give_every_label_once(store: LabelStore, limit: int) -> None:
    """790 labels; pages of 79 leave no rest."""
    pages = walk(store, "batch-15", limit)
    assert [row for page in pages for row in page] == store.annotations("batch-15")
    assert {len(page) for page in pages[:-1]} <= {limit}
    assert 1 <= len(pages[-1]) <= limit


def test_a_row_that_goes_between_two_pages_skips_no_other(tmp_path: Path) -> None:
    """Pages counted by their number would lose a label for each one deleted before them."""
    path = tmp_path / "labels.db"
    path.write_bytes(LabelStore().path.read_bytes())
    store = LabelStore(path)
    before = [row["id"] for row in store.annotations("batch-15")]
    first = get(store, "/annotations?batch=batch-15&limit=50").content
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE labels SET deleted_at = 'now' WHERE id = ?", (before[0],))
    second = api.respond(Platform(store), api.Request("GET", first["next"])).content
    assert [row["id"] for row in second["results"]] == before[50:100]


def test_a_page_says_how_many_there_are_and_where_the_next_is(store: LabelStore) -> None:
    answer = get(store, "/annotations?batch=batch-15&limit=7")
    page = answer.content
    assert (answer.status, page["count"], len(page["results"])) == (200, 790, 7)
    following = urlsplit(page["next"])
    assert f"{following.scheme}://{following.netloc}{following.path}" == f"{HOST}/annotations"
    assert parse_qs(following.query)["limit"] == ["7"]
    assert json.loads(json.dumps(page)) == page


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/", 404, "there is /annotations"),
        ("/annotations/", 404, "there is /annotations"),
        ("/annotations", 400, "Say which batch"),
        ("/annotations?batch=", 400, "Say which batch"),
        ("/annotations?batch=batch-99", 404, "no batch 'batch-99'"),
        ("/annotations?batch=batch-15' OR 1=1", 404, "no batch"),
        ("/annotations?batch=batch-15&limit=0", 400, "from 1 to 100, not '0'"),
        ("/annotations?batch=batch-15&limit=101", 400, "from 1 to 100"),
        ("/annotations?batch=batch-15&limit=ten", 400, "not 'ten'"),
        ("/annotations?batch=batch-15&after=-1", 400, "after is a whole number"),
        ("/annotations?batch=batch-15&after=" + "9" * 5000, 400, "after is a whole number"),
    ],
)
def test_a_refusal_says_why(store: LabelStore, address: str, status: int, said: str) -> None:
    answer = get(store, address)
    assert answer.status == status
    assert set(answer.content) == {"error"}
    assert said in answer.content["error"]


def test_another_method_is_told_which_one_is_taken(store: LabelStore) -> None:
    answer = api.respond(
        Platform(store), api.Request("DELETE", f"{HOST}/annotations?batch=batch-15")
    )
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")


# Over a socket ----------------------------------------------------------------------------------


def test_the_socket_carries_what_the_function_answers(
    server: AnnotationServer, store: LabelStore
) -> None:
    with fetch(f"{server.url}/annotations?batch=batch-15&limit=3") as answer:
        page = json.load(answer)
        assert answer.headers["Content-Type"] == "application/json"
    assert page["next"].startswith(f"{server.url}/annotations?")
    expected = get(store, "/annotations?batch=batch-15&limit=3").content
    assert page | {"next": ""} == expected | {"next": ""}


@pytest.mark.parametrize(
    ("method", "address", "status"), [("GET", "/nothing", 404), ("POST", "/annotations", 405)]
)
def test_refusals_come_as_json(
    server: AnnotationServer, method: str, address: str, status: int, capfd: pytest.CaptureFixture
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(Request(server.url + address, method=method))
    assert refused.value.code == status
    assert set(json.load(refused.value)) == {"error"}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("target", ["[::", "//[", "http://elsewhere/annotations", "/%"])
def test_a_strange_target_is_refused_in_silence(
    server: AnnotationServer, target: str, capfd: pytest.CaptureFixture
) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), 20) as line:
        line.sendall(f"GET {target} HTTP/1.0\r\n\r\n".encode())
        answer = line.makefile("rb").readline()
    assert b" 404 " in answer
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_this_machine_alone_and_only_while_it_runs(store: LabelStore) -> None:
    with AnnotationServer(store) as server:
        url = server.url
        place = urlsplit(url)
        assert place.hostname == "127.0.0.1"
        assert server.start().url == url
        assert str(place.port) not in repr(server)
    with pytest.raises(LabelSchoolError, match="not running"):
        _ = server.url
    with pytest.raises(urllib.error.URLError):
        fetch(f"{url}/annotations?batch=batch-15")
    server.stop()
    with server.start():
        assert fetch(f"{server.url}/annotations?batch=batch-15").status == 200
