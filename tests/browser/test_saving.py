"""Nothing that was acknowledged is lost, and what is not saved is told."""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import Annotator, Lab, Notebook, box_cell, wait_until
from playwright.sync_api import Page

Opened = Callable[..., Notebook]

FIRST, SECOND = ((100, 100), (220, 200)), ((300, 100), (400, 200))

NO_LOCAL_STORAGE = """
Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('The request was denied for this document.', 'SecurityError') }
})
"""


def drawn(annotator: Annotator) -> int:
    """How many boxes are on disk."""
    return len(annotator.on_disk()["picture-1"]["annotations"])


def wait_banner(annotator: Annotator, words: str) -> None:
    annotator.banner.filter(has_text=words).wait_for(timeout=15_000)


def test_a_kernel_restart_is_told_and_the_work_restored(notebook: Opened, lab: Lab) -> None:
    opened = notebook()
    annotator = opened.show()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    lab.restart_kernel(opened.name)
    opened.wait_ready()
    annotator.drag(*SECOND)
    wait_banner(annotator, "NOT SAVED: the kernel does not answer. Run this cell again.")
    assert annotator.banner.get_attribute("role") == "alert"
    assert annotator.saved.inner_text() == "NOT SAVED"
    assert drawn(annotator) == 1
    annotator = opened.show()
    assert len(annotator.shapes) == 1
    annotator.banner.get_by_role("button", name="Restore unsaved work (1 change)").click()
    annotator.wait_saved()
    assert drawn(annotator) == 2
    assert annotator.banner.count() == 0
    opened.show()
    assert annotator.banner.count() == 0


def test_a_stale_draft_does_not_replace_newer_work_by_itself(notebook: Opened, lab: Lab) -> None:
    opened = notebook()
    annotator = opened.show()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    lab.restart_kernel(opened.name)
    opened.wait_ready()
    annotator.drag(*SECOND)
    wait_banner(annotator, "NOT SAVED")
    annotator = opened.show()
    wait_banner(annotator, "was not saved")
    annotator.drag((500, 300), (600, 400))
    annotator.wait_saved()
    newer = annotator.on_disk()
    annotator = opened.show()
    wait_banner(annotator, "OLDER unsaved work")
    assert annotator.on_disk() == newer
    annotator.banner.get_by_role("button", name="Discard it").click()
    assert annotator.banner.count() == 0
    annotator = opened.show()
    assert annotator.banner.count() == 0
    assert annotator.on_disk() == newer


def test_a_reload_keeps_all_acknowledged_work(notebook: Opened) -> None:
    opened = notebook()
    annotator = opened.show()
    annotator.drag(*FIRST)
    annotator.press("5", "t")
    annotator.wait_saved()
    opened.page.keyboard.press("Control+s")
    opened.page.reload()
    opened.wait_ready()
    annotator = opened.show()
    [shape] = annotator.shapes
    assert (shape["label"], shape["truncated"]) == ("person", True)


def test_a_busy_kernel_still_saves(notebook: Opened) -> None:
    opened = notebook(box_cell(), "import time\ntime.sleep(20)")
    annotator = opened.show()
    opened.run(1)
    opened.cell(1).locator(".jp-InputPrompt", has_text="*").wait_for()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    assert drawn(annotator) == 1
    assert "*" in opened.cell(1).locator(".jp-InputPrompt").inner_text()


def test_two_kernels_conflict_and_the_learner_decides(notebook: Opened) -> None:
    one = notebook(name="one").show()
    two = notebook(name="two").show()
    one.drag(*FIRST)
    one.wait_saved()
    two.drag(*SECOND)
    wait_banner(two, "another tab saved newer work")
    assert two.saved.inner_text() == "NOT SAVED"
    assert [box["bbox"][0] for box in two.on_disk()["picture-1"]["annotations"]] == [100]
    two.banner.get_by_role("button", name="Load the newer work").click()
    two.wait_saved()
    assert [box["bbox"][0] for box in two.shapes] == [100]
    two.focus()
    two.press("Control+z")
    two.wait_saved()
    assert [box["bbox"][0] for box in two.on_disk()["picture-1"]["annotations"]] == [300]

    one.drag((500, 300), (600, 400))
    wait_banner(one, "another tab saved newer work")
    one.banner.get_by_role("button", name="Keep this tab’s work").click()
    one.wait_saved()
    assert [box["bbox"][0] for box in one.on_disk()["picture-1"]["annotations"]] == [100, 500]
    answers = (one.notebook.lab.folder / one.notebook.name).parent / "answers"
    assert len(list((answers / ".events").glob("*.replaced-*.json"))) == 1


def test_a_second_view_of_one_annotator_follows(notebook: Opened) -> None:
    opened = notebook(
        box_cell().replace("BoxAnnotator(\n", "shown = BoxAnnotator(\n") + "\nshown", "shown"
    )
    annotator = opened.show()
    opened.run(1)
    views = opened.frame.locator(".ls")
    wait_until(lambda: views.count() == 2, 10, "the second view")
    second = Annotator(opened)
    second.root = views.nth(1)
    second.wait_ready()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    wait_until(lambda: len(second.shapes) == 1, 10, "the second view to follow")
    second.drag(*SECOND)
    second.wait_saved()
    wait_until(lambda: len(annotator.shapes) == 2, 10, "the first view to follow")
    assert drawn(annotator) == 2
    assert annotator.banner.count() == second.banner.count() == 0


def test_checking_a_counted_pool_is_no_newer_work(notebook: Opened) -> None:
    opened = notebook(box_cell(pool="counted"), "len(answers.add_attempt().attempts)")
    annotator = opened.show()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    opened.run(1)
    wait_until(lambda: opened.output(1) == "1", 10, "the attempt")
    annotator.drag(*SECOND)
    annotator.wait_saved()
    assert annotator.banner.count() == 0
    assert len(annotator.on_disk("answers/1.A.json")["picture-1"]["annotations"]) == 2


@contextmanager
def page_around(url: str) -> Iterator[str]:
    """A page of another origin whose only content is a frame with this address."""
    html = f'<iframe src="{url}" style="width:100%;height:960px;border:0"></iframe>'.encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_foreign_frame_without_local_storage(
    lab: Lab, folder: Path, new_page: Callable[..., Page]
) -> None:
    lab.write_notebook(f"{folder.name}/work.ipynb", [box_cell()])
    page = new_page(viewport={"width": 1400, "height": 1000})
    opened = Notebook(lab, page, f"{folder.name}/work.ipynb")
    with page_around(lab.url(opened.name)) as address:
        page.goto(address)
        opened.frame = page.frame_locator("iframe")
        opened.wait_ready()
        # Only now: JupyterLab itself does not start without it.
        page.frames[1].evaluate(NO_LOCAL_STORAGE)
        annotator = opened.show()
        denied = "() => { try { localStorage; return false } catch { return true } }"
        assert annotator.root.evaluate(denied)
        annotator.drag(*FIRST)
        annotator.wait_saved()
        assert drawn(annotator) == 1
        lab.restart_kernel(opened.name)
        opened.wait_ready()
        annotator.drag(*SECOND)
        wait_banner(annotator, "Your work is kept as long as this page stays open.")
        annotator = opened.show()
        annotator.banner.get_by_role("button", name="Restore unsaved work").click()
        annotator.wait_saved()
        assert drawn(annotator) == 2


DISK_FULL = """
import errno, os
from pathlib import Path
import labelschool.answers as answers_module

really_replace = answers_module.replace

def replace(path, content):
    if Path("full").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    really_replace(path, content)

answers_module.replace = replace
"""


def test_a_full_disk_is_told_and_tried_again(notebook: Opened, folder: Path) -> None:
    annotator = notebook(DISK_FULL + box_cell()).show()
    annotator.drag(*FIRST)
    annotator.wait_saved()
    (folder / "full").touch()
    annotator.drag(*SECOND)
    wait_banner(annotator, "NOT SAVED: The disk is full")
    assert drawn(annotator) == 1
    (folder / "full").unlink()
    annotator.banner.get_by_role("button", name="Try again").click()
    annotator.wait_saved()
    assert drawn(annotator) == 2
    assert annotator.banner.count() == 0


def test_a_killed_kernel_loses_nothing_acknowledged(notebook: Opened) -> None:
    opened = notebook("import os\nprint(os.getpid())", box_cell())
    opened.run(0)
    wait_until(lambda: opened.cell(0).locator(".jp-OutputArea-output").count(), 20, "the pid")
    pid = int(opened.output(0))
    annotator = opened.show(1)
    for number in range(4):
        annotator.drag((100 + 60 * number, 300), (140 + 60 * number, 340))
    annotator.wait_saved()
    os.kill(pid, signal.SIGKILL)
    assert drawn(annotator) == 4


def test_a_damaged_answer_file_is_told_and_kept(notebook: Opened, folder: Path) -> None:
    (folder / "answers").mkdir()
    damaged = folder / "answers" / "1.A.practice.json"
    damaged.write_text("{ damaged", encoding="utf-8")
    annotator = notebook().show()
    wait_banner(annotator, "cannot be read")
    assert damaged.read_text(encoding="utf-8") == "{ damaged"
    annotator.drag(*FIRST)
    annotator.wait_saved()
    assert drawn(annotator) == 1
    assert (folder / "answers" / "1.A.practice.json.broken-1").read_text() == "{ damaged"


def test_a_removed_answer_file_is_told(annotator: Annotator) -> None:
    annotator.drag(*FIRST)
    annotator.wait_saved()
    folder = (annotator.notebook.lab.folder / annotator.notebook.name).parent
    shutil.rmtree(folder / "answers")
    annotator.drag(*SECOND)
    wait_banner(annotator, "removed or put back")
    annotator.banner.get_by_role("button", name="Keep this tab’s work").click()
    annotator.wait_saved()
    assert drawn(annotator) == 2
