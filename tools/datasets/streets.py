"""Street pictures with boxes: render what is missing, then derive pictures, id maps and truth."""

from __future__ import annotations
