"""`data fetch coco-val2017` against a local server that serves a small COCO-shaped archive, well
and badly.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from labelschool import datasets
from labelschool.datasets import DataError, download, fetch

LICENCES = [
    {"id": 1, "name": "Attribution-NonCommercial-ShareAlike License", "url": "http://x.example/1"},
    {"id": 4, "name": "Attribution License", "url": "http://x.example/4"},
    {"id": 7, "name": "No known copyright restrictions", "url": "http://x.example/7"},
]
CATEGORIES = [{"id": 1, "name": "person"}, {"id": 3, "name": "car"}, {"id": 44, "name": "bottle"}]


def coco_table(pictures=30):
    """Every third photograph may not be published, every fifth shows one object only."""
    images, annotations = [], []
    for number in range(1, pictures + 1):
        images.append(
            {
                "id": number,
                "file_name": f"{number:012d}.jpg",
                "width": 64,
                "height": 48,
                "license": 1 if number % 3 == 0 else (4, 7)[number % 2],
                "flickr_url": f"http://photos.example/{number}",
            }
        )
        for index in range(1 if number % 5 == 0 else 3):
            annotations.append(
                {
                    "id": number * 10 + index,
                    "image_id": number,
                    "category_id": (1, 3, 44)[index] if index < 2 else 3,
                    "bbox": [4 + index, 5, 20 - 5 * index, 30],
                    "area": 500,
                    "iscrowd": 0,
                }
            )
    return {
        "licenses": LICENCES,
        "categories": CATEGORIES,
        "images": images,
        "annotations": annotations,
    }


def jpeg(number):
    content = io.BytesIO()
    Image.effect_noise((64, 48), number).save(content, "JPEG", quality=90)
    return content.getvalue()


class Server:
    """Files by path, and what goes wrong: path -> list of faults, one used up by each answer."""

    def __init__(self, files):
        self.files, self.faults, self.asked, self.ranges = files, {}, Counter(), True
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                content = server.files.get(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()

            def do_GET(self):
                server.asked[self.path] += 1
                content, status = server.files.get(self.path), 200
                fault = server.faults.get(self.path, [])
                fault = fault.pop(0) if fault else None
                if content is None or fault == "500":
                    self.send_response(500 if fault else 404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                wanted = self.headers.get("Range")
                if wanted and server.ranges:
                    first, last = wanted.removeprefix("bytes=").split("-")
                    content, status = content[int(first) : int(last) + 1 if last else None], 206
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if fault == "truncated":
                    self.wfile.write(content[: len(content) // 2])
                    self.close_connection = True
                elif fault == "silent":
                    server.released.wait(5)
                    self.close_connection = True
                else:
                    self.wfile.write(content)

        self.released = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def coco():
    table = coco_table()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("annotations/captions_val2017.json", "x" * 500_000)
        file.writestr(fetch.MEMBER, json.dumps(table))
        file.writestr("annotations/instances_train2017.json", b"".join(jpeg(n) for n in range(99)))
    files = {f"/{fetch.ARCHIVE}": archive.getvalue()}
    files |= {f"/val2017/{image['file_name']}": jpeg(image["id"]) for image in table["images"]}
    server = Server(files)
    yield server
    server.released.set()
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("LABELSCHOOL_DATA", str(tmp_path))
    monkeypatch.setattr(download, "TIMEOUT", 0.4)
    monkeypatch.setattr(download.time, "sleep", lambda seconds: None)
    return tmp_path


def pictures(folder):
    return {path.name: path.read_bytes() for path in (folder / "images").iterdir()}


def test_only_publishable_photographs_with_enough_objects_are_drawn(coco):
    fetch.fetch_coco(8, seed=3, mirror=coco.url)
    items = datasets.items(fetch.SET, "counted")
    assert len(items) == 8
    numbers = {int(item.name) for item in items}
    assert not any(number % 3 == 0 or number % 5 == 0 for number in numbers)
    truth = datasets.truth(fetch.SET, "counted")
    assert all({obj.label for obj in entry.objects} <= set(fetch.CLASSES) for entry in truth)
    assert {obj.level for entry in truth for obj in entry.objects} == {"must", "ignore"}
    assert datasets.verify(fetch.SET) == []


def test_every_photograph_is_named_with_its_licence_and_source(coco):
    folder = fetch.fetch_coco(5, seed=3, mirror=coco.url)
    page = (folder / "datasheet.md").read_text(encoding="utf-8")
    for item in datasets.items(fetch.SET, "counted"):
        row = next(line for line in page.splitlines() if item.image.name in line)
        assert f"http://photos.example/{int(item.name)}" in row
        assert any(f"[{entry['name']}]({entry['url']})" in row for entry in LICENCES[1:])


def test_a_seed_draws_the_same_and_a_larger_number_adds(coco):
    few = pictures(fetch.fetch_coco(4, seed=9, mirror=coco.url))
    more = pictures(fetch.fetch_coco(7, seed=9, mirror=coco.url))
    assert few.items() <= more.items()
    assert all(count <= 1 for path, count in coco.asked.items() if "val2017/" in path)
    assert pictures(fetch.fetch_coco(4, seed=10, mirror=coco.url)).keys() != few.keys()


def test_only_the_member_asked_for_crosses_the_line(coco, own_data):
    sizes = []
    with download.client() as http:
        download.download_member(
            http, f"{coco.url}/{fetch.ARCHIVE}", fetch.MEMBER, own_data / "a.json",
            report=sizes.append,
        )  # fmt: skip
    assert json.loads((own_data / "a.json").read_bytes()) == coco_table()
    assert sum(sizes) < len(coco.files[f"/{fetch.ARCHIVE}"]) / 10


@pytest.mark.parametrize("fault", ["truncated", "500", "silent"])
def test_a_fault_that_passes_is_overcome(coco, fault):
    name = next(path for path in coco.files if "val2017/" in path and path != f"/{fetch.ARCHIVE}")
    coco.faults[name] = [fault, fault]
    target = datasets.places.fetched("any").parent / "one.jpg"
    with download.client() as http:
        download.download(http, coco.url + name, target)
    assert target.read_bytes() == coco.files[name]
    assert coco.asked[name] == 3
    assert not target.with_name("one.jpg.part").exists()


def test_what_has_arrived_is_not_asked_for_again(coco, own_data):
    name, target, sizes = f"/{fetch.ARCHIVE}", own_data / "all.zip", []
    coco.faults[name] = ["truncated"] * download.TRIES
    with download.client() as http:
        with pytest.raises(DataError, match=r"broke off|closed.*what has arrived is kept"):
            download.download(http, coco.url + name, target, report=sizes.append)
        assert not target.exists()
        download.download(http, coco.url + name, target, report=sizes.append)
    assert target.read_bytes() == coco.files[name]
    assert sum(sizes) == len(coco.files[name])


def test_a_fault_that_stays_is_told_in_one_sentence_and_nothing_is_lost(coco):
    fetch.fetch_coco(3, seed=1, mirror=coco.url)
    before = datasets.items(fetch.SET, "counted")
    fresh = [p for p in coco.files if "val2017/" in p and coco.asked[p] == 0]
    coco.faults |= {path: ["500"] * download.TRIES for path in fresh}
    with pytest.raises(DataError, match=r"the server answered 500\. Run the same command again"):
        fetch.fetch_coco(9, seed=1, mirror=coco.url)
    assert datasets.items(fetch.SET, "counted") == before
    assert datasets.verify(fetch.SET) == []


def test_a_damaged_photograph_is_refused_and_fetched_again(coco):
    chosen = fetch.draw(coco_table(), 2, 1)
    broken = f"/val2017/{chosen[1]['file_name']}"
    good, coco.files[broken] = coco.files[broken], coco.files[broken][:200] + b"\0" * 300
    with pytest.raises(DataError, match="arrived damaged"):
        fetch.fetch_coco(2, seed=1, mirror=coco.url)
    coco.files[broken] = good
    assert len(pictures(fetch.fetch_coco(2, seed=1, mirror=coco.url))) == 2


def test_a_damaged_archive_is_refused(coco):
    path = f"/{fetch.ARCHIVE}"
    with zipfile.ZipFile(io.BytesIO(coco.files[path])) as archive:
        start = archive.getinfo(fetch.MEMBER).header_offset + 200
    coco.files[path] = coco.files[path][:start] + b"\xff" * 50 + coco.files[path][start + 50 :]
    with pytest.raises(DataError, match="arrived damaged"):
        fetch.fetch_coco(2, mirror=coco.url)
    coco.files[path] = b"<html>maintenance</html>" * 100
    with pytest.raises(DataError, match="not a zip file"):
        fetch.fetch_coco(2, mirror=coco.url)


def test_a_name_that_is_not_cocos_is_never_written(coco, own_data):
    table = coco_table()
    for image in table["images"]:
        image["file_name"] = f"../../escaped/{image['id']}.jpg"
    with pytest.raises(DataError, match="Only 0 photographs"):
        fetch.draw(table, 1, 1)


def test_more_photographs_can_be_fetched_and_read_in_the_same_process(coco):
    fetch.fetch_coco(2, seed=1, mirror=coco.url)
    assert len(datasets.truth(fetch.SET, "counted")) == 2
    fetch.fetch_coco(3, seed=1, mirror=coco.url)
    assert len(datasets.truth(fetch.SET, "counted")) == 3
    assert datasets.verify(fetch.SET) == []


def test_a_picture_left_damaged_by_a_kill_is_fetched_again(coco):
    chosen = fetch.draw(coco_table(), 1, 1)[0]["file_name"]
    folder = datasets.places.fetched(fetch.SET) / "images"
    folder.mkdir(parents=True)
    (folder / chosen).write_bytes(b"not a picture")
    fetch.fetch_coco(1, seed=1, mirror=coco.url)
    assert (folder / chosen).read_bytes() == coco.files[f"/val2017/{chosen}"]


def test_annotations_of_another_kind_are_refused_and_not_kept(coco, own_data):
    folder = datasets.places.fetched(fetch.SET)
    folder.mkdir(parents=True)
    (folder / fetch.ANNOTATIONS).write_text('{"images": []}', encoding="utf-8")
    with pytest.raises(DataError, match="arrived damaged"):
        fetch.fetch_coco(1, mirror=coco.url)
    assert len(pictures(fetch.fetch_coco(1, mirror=coco.url))) == 1


def test_a_server_without_ranges_is_told(coco):
    coco.ranges = False
    with pytest.raises(DataError, match="ignores ranges"):
        fetch.fetch_coco(2, mirror=coco.url)


def test_no_server_and_no_set_are_told_with_what_to_do(coco):
    with pytest.raises(DataError, match="data fetch coco-val2017"):
        datasets.items(fetch.SET, "counted")
    with pytest.raises(DataError, match="could not be read"):
        fetch.fetch_coco(2, mirror="http://127.0.0.1:9")
    with pytest.raises(DataError, match="could not be read"):
        fetch.fetch_coco(2, mirror="http://host:port")
    with pytest.raises(DataError, match="Only 16 photographs are suited"):
        fetch.fetch_coco(500, mirror=coco.url)
