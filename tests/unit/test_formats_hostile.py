"""Damaged and hostile files: one sentence, exit code 2, and nothing left behind."""

from __future__ import annotations

import json
import os
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import cli, formats
from labelschool.errors import LabelSchoolError
from labelschool.formats import archives, files, json_files, output, xml_files
from labelschool.formats.contract import Defect, Unreadable

IMAGE = {"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}
ROW = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}
TABLE = {"images": [IMAGE], "categories": [{"id": 1, "name": "car"}], "annotations": [ROW]}
COCO = json.dumps(TABLE)


def coco(**changes: object) -> str:
    """A COCO file whose one annotation is changed."""
    return json.dumps(TABLE | {"annotations": [ROW | changes]})


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(path: Path, members: dict[str, str], link: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return path


def yolo(folder: Path, rows: str = "0 0.5 0.5 0.1 0.1\n", **more: str) -> Path:
    put(folder / "labels" / "a.txt", rows)
    for name, content in more.items():
        put(folder / name.replace("_", "."), content)
    return folder


def voc(body: str = "", head: str = "") -> str:
    return f"{head}<annotation><filename>a.jpg</filename>{body}</annotation>"


def linked(folder: Path) -> Path:
    put(folder.parent / "outside.xml", voc())
    folder.mkdir()
    (folder / "a.xml").symlink_to(folder.parent / "outside.xml")
    return folder


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    "<annotation><filename>&y;</filename></annotation>"
)
OBJECT = "<object><name>car</name><bndbox><xmin>{}</xmin></bndbox></object>"

BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no such file": (lambda at: at / "none.json", "does not exist"),
    "truncated JSON": (lambda at: put(at / "a.json", COCO[:-30]), "ends too early"),
    "truncated in a text": (lambda at: put(at / "a.json", COCO[: COCO.index("car") + 1]), "early"),
    "no JSON": (lambda at: put(at / "a.json", COCO.replace(":", ";")), "not valid JSON"),
    "more than JSON": (lambda at: put(at / "a.json", COCO + "]"), "goes on after"),
    "Latin-1": (lambda at: put(at / "a.json", COCO.replace("car", "é").encode("latin-1")), "UTF-8"),
    "UTF-16": (lambda at: put(at / "a.json", COCO.encode("utf-16")), "UTF-16"),
    "a key twice": (
        lambda at: put(at / "a.json", COCO.replace('"bbox"', '"id": 2, "bbox"')),
        "the key 'id' twice",
    ),
    "a list twice": (lambda at: put(at / "a.json", COCO[:-1] + ', "images": []}'), "twice"),
    "NaN": (lambda at: put(at / "a.json", coco(area=float("nan"))), "NaN"),
    "a number too large": (lambda at: put(at / "a.json", COCO.replace("[1,", "[1e999,")), "bbox"),
    "a number too long": (
        lambda at: put(at / "a.json", COCO.replace("[1,", f"[{'9' * 9999},")),
        "not valid JSON",
    ),
    "too deep": (
        lambda at: put(at / "a.json", COCO.replace("[1,", f"[{'[' * 99_999}")),
        "too deep",
    ),
    "text for a number": (lambda at: put(at / "a.json", coco(bbox=[1, 2, "3", 4])), "bbox"),
    "numbers that cancel out": (
        lambda at: put(at / "a.json", coco(bbox=[1, 10**400, -(10**400), 4])),
        "bbox",
    ),
    "a polygon of texts": (lambda at: put(at / "a.json", coco(segmentation=[["1", 2]])), "segm"),
    "an odd polygon": (lambda at: put(at / "a.json", coco(segmentation=[[1, 2, 3]])), "odd number"),
    "broken run lengths": (
        lambda at: put(at / "a.json", coco(segmentation={"size": [48, 64], "counts": "0é"})),
        "COCO's text",
    ),
    "an unknown picture": (lambda at: put(at / "a.json", coco(image_id=9)), "image 9"),
    "an unknown class": (lambda at: put(at / "a.json", coco(category_id=9)), "category 9"),
    "keypoints of nothing": (
        lambda at: put(at / "a.json", coco(keypoints=[1, 2, 2])),
        "does not name any",
    ),
    "a picture by a list": (lambda at: put(at / "a.json", coco(image_id=[1])), "image_id"),
    "a path out": (
        lambda at: put(at / "a.json", COCO.replace("a.jpg", "../../a.jpg")),
        "may leave its folder",
    ),
    "an absolute path": (lambda at: put(at / "a.json", COCO.replace("a.jpg", "/etc/a")), "leave"),
    "a drive": (lambda at: put(at / "a.json", COCO.replace("a.jpg", "c:a.jpg")), "leave"),
    "a backslash": (lambda at: put(at / "a.json", COCO.replace("a.jpg", "..\\\\a")), "leave"),
    "NUL in a name": (lambda at: put(at / "a.json", COCO.replace("a.jpg", "a\\u0000")), "leave"),
    "a pipe": (lambda at: pipe(at / "a.json"), "no file"),
    "truncated XML": (lambda at: put(at / "a.xml", voc()[:-5]), "ends too early"),
    "no XML": (lambda at: put(at / "a.xml", voc("<object></name>")), "not valid XML"),
    "a document type": (
        lambda at: put(at / "a.xml", voc(head='<!DOCTYPE a SYSTEM "http://localhost/x">')),
        "DTD",
    ),
    "entities": (lambda at: put(at / "v" / "a.xml", ENTITIES).parent, "DTD"),
    "XML too deep": (lambda at: put(at / "a.xml", voc("<a>" * 999 + "</a>" * 999)), "too deep"),
    "a box with a text": (lambda at: put(at / "a.xml", voc(OBJECT.format("x"))), "xmin"),
    "a link that leaves": (lambda at: linked(at / "v"), "leaves its folder"),
    "no classes": (lambda at: yolo(at / "y"), "does not say what its classes are called"),
    "an unknown number": (lambda at: yolo(at / "y", "7 0 0 1 1", classes_txt="car"), "picture"),
    "YAML that is none": (lambda at: yolo(at / "y", data_yaml="names: [a"), "not valid YAML"),
    "YAML's no": (lambda at: yolo(at / "y", data_yaml="names: [no, car]"), "in quotes"),
    "nc and names": (lambda at: yolo(at / "y", data_yaml="nc: 3\nnames: [a]"), "nc: 3"),
    "no zip": (lambda at: put(at / "a.zip", b"PK\x03\x04 not a zip"), "damaged zip"),
    "a zip that leaves": (lambda at: zipped(at / "a.zip", {"../a.json": COCO}), "leave"),
    "a link in a zip": (lambda at: zipped(at / "a.zip", {"a.json": COCO}, "b.json"), "link"),
    "an empty folder": (lambda at: put(at / "e" / "x.bin", "").parent, "looks like none"),
}


def convert(source: Path, out: Path, *more: str) -> int | str | None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["convert", str(source), "--to", "voc", "--out", str(out), *more])
    return exit_.value.code


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_in_a_sentence_and_writes_nothing(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, told = BAD[case]
    (tmp_path / "in").mkdir()
    source = make(tmp_path / "in")
    assert convert(source, tmp_path / "new" / "out") == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert error.rstrip().endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_half_a_character_is_not_written(tmp_path: Path) -> None:
    source = put(tmp_path / "a.json", COCO.replace("car", "\\ud800"))
    with pytest.raises(LabelSchoolError, match="half a character"):
        formats.write(formats.read(source), tmp_path / "out", "coco")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(Unreadable, match="permission"):
        formats.read(closed)


def test_permission_errors_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(Unreadable, match="may not be read"):
        list(files.walk(tmp_path))


def test_a_byte_order_mark_is_no_defect(tmp_path: Path) -> None:
    found = formats.read(put(tmp_path / "a.json", b"\xef\xbb\xbf" + COCO.encode()))
    assert len(list(found.labels)) == 1


def test_a_zip_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"deep/er/a.json": COCO})
    found = formats.read(source)
    for _ in range(2):
        assert [label.id for label in found.labels] == [1]


# Memory -----------------------------------------------------------------------------------------


def peak(call: Callable[[], object]) -> int:
    """Bytes that a call takes at most, while it raises `Unreadable`."""
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match=r"MB|times its size"):
            call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_endless_line_does_not_take_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (json_files, xml_files):
        monkeypatch.setattr(module, "MAX_ENTRY", 1 << 20)
    size = 32 << 20
    cases = {
        "text.json": b'{"images": "' + b"a" * size,
        "list.json": b'{"annotations": [[' + b"1," * (size // 2),
        "number.json": b'{"annotations": [0.' + b"1" * size,
        "a.xml": b"<annotation><a>" + b"a" * size,
        "attribute.xml": b'<annotation a="' + b"a" * size,
        "a.txt": b"0 " * (size // 2),
    }
    for name, content in cases.items():
        path = put(tmp_path / name, content)
        calls = {
            ".json": lambda path=path: list(json_files.rows(path)),
            ".xml": lambda path=path: list(xml_files.children(path)),
            ".txt": lambda path=path: list(files.lines(path, 1 << 20)),
        }
        assert peak(calls[path.suffix]) < 16 << 20, name
    assert peak(lambda: files.text(path, 1 << 20)) < 4 << 20
    assert peak(lambda: xml_files.tree(tmp_path / "a.xml")) < 16 << 20


def test_a_zip_bomb_is_refused_before_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = zipped(tmp_path / "a.zip", {"a.json": " " * (8 << 20)})
    monkeypatch.setattr(archives, "FREE", 1 << 20)
    assert peak(lambda: formats.read(bomb)) < 4 << 20
    monkeypatch.setattr(archives, "MAX_TOTAL", 1 << 20)
    with pytest.raises(Unreadable, match="unpack it yourself"):
        formats.read(bomb)


# Streaming --------------------------------------------------------------------------------------

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=25)
@given(
    st.dictionaries(st.text(max_size=4), st.lists(values, max_size=4) | values, max_size=4),
    st.integers(1, 7),
    st.sampled_from((None, 1)),
)
def test_a_stream_gives_what_the_parser_gives(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object], chunk: int, indent: int
) -> None:
    path = put(tmp_path_factory.getbasetemp() / "stream.json", json.dumps(table, indent=indent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "CHUNK", chunk)
        found = list(json_files.rows(path))
    expected = [
        (key, entry)
        for key, value in table.items()
        for entry in (value if isinstance(value, list) and value else [value])
    ]
    assert repr(found) == repr(expected)


def test_any_order_of_the_lists_gives_the_same(tmp_path: Path) -> None:
    first = formats.read(put(tmp_path / "a.json", COCO))
    for order in (("annotations", "images", "categories"), ("images", "annotations", "categories")):
        shuffled = json.dumps({"info": {"year": 2017}} | {key: TABLE[key] for key in order})
        other = formats.read(put(tmp_path / "b.json", shuffled))
        assert list(other.labels) == list(first.labels)
        assert list(other.labels) == list(first.labels), "a second walk"
        assert other.items == first.items
        assert other.about == {"year": 2017}


def test_defects_are_told_once_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [ROW, ROW | {"id": 2, "bbox": None}, ROW | {"id": 3}, ROW | {"id": 4, "iscrowd": 2}]
    source = put(tmp_path / "a.json", json.dumps(TABLE | {"annotations": rows}))
    told: list[Defect] = []
    found = formats.read(source, on_defect=told.append)
    for _ in range(2):
        assert [label.id for label in found.labels] == [1, 3]
    assert [(defect.rule, defect.id) for defect in told] == [
        ("R2", "annotation 2"),
        ("R11", "annotation 4"),
    ]


# Output -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OSError])
def test_output_appears_whole_or_not_at_all(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "new" / "out"

    def write() -> None:
        with output.new_folder(out) as folder:
            output.Folder(folder).put("a/b.txt", "half")
            assert not out.exists()
            raise error

    with pytest.raises((error, LabelSchoolError)):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_refused_or_kept_beside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(out / "mine.txt", "mine")
    with pytest.raises(LabelSchoolError, match="there already"), output.new_folder(out):
        pass
    for _ in range(2):
        with output.new_folder(out, overwrite=True) as folder:
            put(folder / "new.txt", "new")
    assert (tmp_path / "out.old-1" / "mine.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.old-1", "out.old-2"]


def test_two_pictures_never_share_a_file(tmp_path: Path) -> None:
    images = [IMAGE, IMAGE | {"id": 2, "file_name": "a.png"}]
    found = formats.read(put(tmp_path / "a.json", json.dumps(TABLE | {"images": images})))
    for name in ("voc", "yolo"):
        with pytest.raises(LabelSchoolError, match="share the file"):
            formats.write(found, tmp_path / "out", name)


def test_the_command_converts_and_names_what_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [ROW, ROW | {"id": 2, "category_id": 2}, ROW | {"id": 3, "category_id": 3}]
    names = [{"id": id_, "name": name} for id_, name in ((1, "car"), (2, "van"), (3, "sign"))]
    crowd = ROW | {"id": 4, "iscrowd": 1, "segmentation": {"size": [48, 64], "counts": [3072]}}
    table = TABLE | {"annotations": [*rows, crowd], "categories": names}
    source = put(tmp_path / "a.json", json.dumps(table))
    classes = put(tmp_path / "map.yaml", "van: vehicle\ncar: vehicle\nsign: null\n")
    arguments = [str(source), "--to", "yolo", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as exit_:
        cli.main(["convert", *arguments, "--class-map", str(classes), "--json"])
    assert exit_.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert {(loss["what"], loss["count"]) for loss in told["losses"]} == {
        ("crowds", 1),
        ("labels of 'sign'", 1),
    }
    assert (tmp_path / "out" / "labels" / "a.txt").read_text().count("0 ") == 2
    assert "0: vehicle" in (tmp_path / "out" / "data.yaml").read_text()
    with pytest.raises(SystemExit) as exit_:
        cli.main(["convert", *arguments[:-1], str(tmp_path / "strict"), "--strict"])
    assert exit_.value.code == 2
    assert "1 crowds dropped" in capsys.readouterr().err
    assert not (tmp_path / "strict").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- car", "no class map"),
        ("car: 1", "no class map"),
        ("no: car", "no class map"),
        ("car: [", "not valid YAML"),
        ("bus: car", "no class of the source"),
    ],
)
def test_a_class_map_that_is_none_is_told(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, classes = put(tmp_path / "a.json", COCO), put(tmp_path / "map.yaml", text)
    assert convert(source, tmp_path / "out", "--class-map", str(classes)) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_picture_without_a_size_is_asked_for(tmp_path: Path) -> None:
    source = put(tmp_path / "a.json", COCO.replace('"width": 64, "height": 48', '"width": 0'))
    found = formats.read(source)
    for name in ("yolo", "voc"):
        with pytest.raises(Unreadable, match="--pictures"):
            formats.write(found, tmp_path / "out", name)
