"""Files from the net that survive a poor connection: resumed, retried, and whole or not at all."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from labelschool.datasets.places import DataError

if TYPE_CHECKING:
    import httpx

TRIES = 4
TIMEOUT = 20.0
"""Seconds without a byte after which a connection is given up and tried again."""
CHUNK = 1 << 16
LOCAL_HEADER = 30
"""Bytes of the fixed part of a local file header (PKWARE APPNOTE 4.3.7)."""

Report = Callable[[int], None]
"""Called with the number of bytes that have just arrived."""


def client() -> httpx.Client:
    """A client for one or many downloads; use it in a ``with`` statement."""
    import httpx

    plain = {"Accept-Encoding": "identity"}
    return httpx.Client(timeout=TIMEOUT, follow_redirects=True, headers=plain)


def download(
    http: httpx.Client,
    url: str,
    target: Path,
    *,
    first: int = 0,
    size: int | None = None,
    report: Report = lambda count: None,
    pause: float = 1.0,
) -> None:
    """Save ``size`` bytes of ``url`` from byte ``first`` on as ``target``; by default all.

    What has arrived stays in ``target.part`` and is continued after a broken connection, a server
    error or a new start. Waits ``pause`` seconds before the second try and twice as long before
    each further one. Raises `DataError` when it cannot be had.
    """
    import httpx

    part = target.with_name(f"{target.name}.part")
    problem = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            _continue(http, url, part, first, size, report)
        except httpx.HTTPStatusError as error:
            problem = f"the server answered {error.response.status_code}"
            if error.response.status_code in (403, 404):
                break
        except httpx.TimeoutException:
            problem = f"nothing came for {TIMEOUT:g} seconds"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = str(error) or type(error).__name__
        except OSError as error:
            raise DataError(f"{target} cannot be written: {error.strerror}.") from error
        else:
            part.replace(target)
            return
    raise DataError(
        f"{url} could not be fetched: {problem.rstrip('.')}. Run the same command again later: "
        "what has arrived is kept."
    )


def _continue(
    http: httpx.Client, url: str, part: Path, first: int, size: int | None, report: Report
) -> None:
    """Bring the rest of a part file."""
    import httpx

    have = part.stat().st_size if part.exists() else 0
    if size is not None and have >= size:
        if have == size:
            return
        part.unlink()
        have = 0
    start = first + have
    end = "" if size is None else first + size - 1
    headers = {"Range": f"bytes={start}-{end}"} if start or size is not None else {}
    with http.stream("GET", url, headers=headers) as response:
        if response.status_code == 416 and size is None:
            part.unlink()
        response.raise_for_status()
        if headers and response.status_code != 206:
            if first or size is not None:
                raise DataError(f"{url} cannot be read in pieces: the server ignores ranges.")
            have = 0
        whole = have + int(response.headers.get("Content-Length", 0))
        with part.open("ab" if have else "wb") as file:
            for chunk in response.iter_raw(CHUNK):
                file.write(chunk)
                report(len(chunk))
    if part.stat().st_size < (size if size is not None else whole):
        raise httpx.RemoteProtocolError("the connection broke off")


class RemoteFile(io.RawIOBase):
    """A file on a server that is read where it is asked for, by range requests."""

    def __init__(self, http: httpx.Client, url: str):
        self._http, self._url, self._place = http, url, 0
        response = http.head(url)
        response.raise_for_status()
        if "Content-Length" not in response.headers:
            raise DataError(f"{url} cannot be read in pieces: the server tells no size.")
        self._size = int(response.headers["Content-Length"])

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: memoryview) -> int:
        """Fill ``buffer`` from the present place; fewer bytes only at the end of the file."""
        last = min(self._place + len(buffer), self._size)
        if last <= self._place:
            return 0
        headers = {"Range": f"bytes={self._place}-{last - 1}"}
        response = self._http.get(self._url, headers=headers)
        response.raise_for_status()
        if response.status_code != 206:
            raise DataError(f"{self._url} cannot be read in pieces: the server ignores ranges.")
        content = response.content
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)


def download_member(
    http: httpx.Client, url: str, member: str, target: Path, *, report: Report = lambda count: None
) -> None:
    """Save one member of a zip on a server without the rest of the archive.

    Its length and CRC-32 are compared with the archive's list. Raises `DataError`.
    """
    import httpx

    try:
        remote = RemoteFile(http, url)
        with zipfile.ZipFile(io.BufferedReader(remote, CHUNK)) as archive:
            info = next((each for each in archive.infolist() if each.filename == member), None)
        if info is None:
            raise DataError(f"{url} holds no {member}.")
        remote.seek(info.header_offset)
        header = remote.read(LOCAL_HEADER)
    except zipfile.BadZipFile as error:
        raise DataError(f"{url} is not a zip file.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DataError(
            f"{url} could not be read: {str(error) or type(error).__name__}."
        ) from error
    names = sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    packed = target.with_name(f"{target.name}.packed")
    first = info.header_offset + LOCAL_HEADER + names
    download(http, url, packed, first=first, size=info.compress_size, report=report)
    content = packed.read_bytes()
    packed.unlink()
    try:
        if info.compress_type == zipfile.ZIP_DEFLATED:
            content = zlib.decompress(content, -zlib.MAX_WBITS)
    except zlib.error:
        content = b""
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise DataError(f"{member} arrived damaged: run the same command again.")
    target.write_bytes(content)
