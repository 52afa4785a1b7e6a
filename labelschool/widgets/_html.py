"""HTML that the kernel makes for a widget to show: whatever a text holds, it stays text."""

from __future__ import annotations

import html
from collections.abc import Iterable


class Html(str):
    """Markup of ours; all other strings are escaped."""

    __slots__ = ()


def tag(kind: str, *children: str, **attributes: str) -> Html:
    """An element: ``tag("td.number", "1")`` is a cell of the class ``ls-number``.

    An attribute such as ``data-insert`` is given as ``data_insert``.
    """
    name, *classes = kind.split(".")
    if classes:
        attributes["class"] = " ".join(f"ls-{one}" for one in classes)
    given = (
        f' {key.replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{''.join(given)}>{join(children)}</{name}>")


def join(children: Iterable[str]) -> Html:
    """Children one after the other."""
    return Html(
        "".join(child if isinstance(child, Html) else html.escape(child) for child in children)
    )
