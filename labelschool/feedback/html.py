"""The HTML of a report: fragments in, one self-contained block out.

It reads the colours of JupyterLab's theme where there is one and inherits the page's own elsewhere
(nbgrader feedback, nbviewer); with its style stripped, as on GitHub, headings, lists and pictures
still stand in order. Every text from outside is escaped here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from labelschool.scoring.score import ItemScore, Score
from labelschool.scoring.taxonomy import TAXONOMY

from .answer_words import Passage, Row
from .palette import Style
from .words import name

STYLE = """
.lsr-report{--lsr-line:var(--jp-border-color2,rgba(128,128,128,.35));
--lsr-soft:var(--jp-ui-font-color2,currentColor);--lsr-good:#1a7f4b;--lsr-poor:#b4530a;
max-width:736px;font-family:var(--jp-content-font-family,system-ui,sans-serif);font-size:14px;
line-height:1.5;color:var(--jp-content-font-color1,inherit);font-variant-numeric:tabular-nums}
.lsr-report p{margin:0;padding:0;text-align:left}
.lsr-report .lsr-head{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 11px;margin:3px 0 0}
.lsr-report .lsr-value{font-size:34px;line-height:1.2;font-weight:650}
.lsr-report .lsr-metric{color:var(--lsr-soft)}
.lsr-report .lsr-verdict{margin-left:auto;padding:2px 11px;border-radius:16px;color:#fff;
background:var(--lsr-poor);font-weight:600;font-size:13px}
.lsr-report .lsr-verdict.lsr-pass{background:var(--lsr-good)}
.lsr-report .lsr-bar{position:relative;height:10px;margin:7px 0 26px;border-radius:5px;
background:rgba(128,128,128,.22)}
.lsr-report .lsr-fill{position:absolute;left:0;top:0;bottom:0;border-radius:5px;
background:var(--lsr-poor)}
.lsr-report .lsr-fill.lsr-pass{background:var(--lsr-good)}
.lsr-report .lsr-fill.lsr-plain{background:#3f7cac}
.lsr-report .lsr-range{position:absolute;top:calc(100% + 3px);height:4px;box-sizing:border-box;
border:solid var(--lsr-soft);border-width:0 1px 1px;opacity:.8}
.lsr-report .lsr-mark{position:absolute;top:-4px;bottom:-4px;width:2px;margin-left:-1px;
background:currentColor}
.lsr-report .lsr-mark span{position:absolute;top:calc(100% + 4px);left:50%;
transform:translateX(-50%);font-size:12px;white-space:nowrap;color:var(--lsr-soft)}
.lsr-report .lsr-figures{color:var(--lsr-soft);font-size:13px}
.lsr-report ul.lsr-counts{display:flex;flex-wrap:wrap;gap:6px;margin:11px 0 6px;padding:0;
list-style:none}
.lsr-report ul.lsr-counts li{margin:0;padding:1px 10px;border:1px solid var(--lsr-line);
border-radius:16px;font-size:13px}
.lsr-report ul.lsr-counts b{margin-left:6px}
.lsr-report .lsr-folded{margin:0 0 6px;font-size:13px;color:var(--lsr-soft)}
.lsr-report .lsr-folded summary{cursor:pointer}
.lsr-report .lsr-finding{display:flex;gap:16px;padding:14px 0;border-top:1px solid var(--lsr-line)}
.lsr-report .lsr-crop{flex:none;width:200px;text-align:center}
.lsr-report .lsr-crop img{display:inline-block;max-width:200px;height:auto;margin:0;
border-radius:4px;background:none}
.lsr-report .lsr-words{flex:1;min-width:0}
.lsr-report .lsr-title{display:flex;flex-wrap:wrap;gap:0 10px;font-size:13px;color:var(--lsr-soft)}
.lsr-report .lsr-title b{color:var(--jp-content-font-color1,inherit)}
.lsr-report .lsr-cost{margin-left:auto}
.lsr-report .lsr-what{margin:2px 0 2px;font-weight:600}
.lsr-report .lsr-rule{margin:6px 0 0;padding:1px 0 1px 10px;font-size:13px;
border-left:3px solid var(--lsr-line);color:var(--lsr-soft)}
.lsr-report .lsr-note{margin:0;padding:11px 0 3px;border-top:1px solid var(--lsr-line);
color:var(--lsr-soft)}
.lsr-report .lsr-legend{padding:4px 0 10px;font-size:12px;color:var(--lsr-soft)}
.lsr-report .lsr-key{display:inline-block;width:21px;height:0;margin:0 5px 0 2px;
vertical-align:middle;border-top:3px solid #ff8c1a}
.lsr-report .lsr-key.lsr-reference{border-top:3px dashed #23b866;margin-left:14px}
.lsr-report .lsr-item{padding:16px 0 6px;border-top:2px solid var(--lsr-line)}
.lsr-report .lsr-item>p{margin-bottom:6px}
.lsr-report .lsr-item>img{display:block;max-width:100%;margin:0 0 10px;border-radius:4px}
.lsr-report .lsr-beside{padding:0;border:0}
.lsr-report .lsr-text{margin:0 0 8px;white-space:pre-wrap;overflow-wrap:anywhere}
.lsr-report .lsr-text b{font-weight:650;color:var(--lsr-poor)}
.lsr-report table.lsr-rows{margin:0 0 8px;border:0;border-collapse:collapse;font-size:13px;
table-layout:auto}
.lsr-report table.lsr-rows tr{background:none}
.lsr-report table.lsr-rows th,.lsr-report table.lsr-rows td{padding:2px 16px 2px 0;border:0;
text-align:left;vertical-align:top;max-width:none;white-space:pre-wrap;overflow-wrap:anywhere}
.lsr-report table.lsr-rows th{overflow-wrap:break-word}
.lsr-report table.lsr-rows svg{margin-right:8px;vertical-align:middle;border-radius:2px}
.lsr-report table.lsr-cases th{white-space:nowrap}
@media (max-width:480px){.lsr-report .lsr-finding{display:block}
.lsr-report .lsr-crop{margin-bottom:6px}
.lsr-report table.lsr-cases th{white-space:pre-wrap}}
"""


def page(parts: Iterable[str]) -> str:
    """The parts in one block with its style."""
    return f'<div class="lsr-report"><style>{STYLE}</style>{"".join(parts)}</div>'


def head(
    score: Score, metric: str, pass_mark: float | None, figures: str, *, value: str = ""
) -> str:
    """The score, a bar with the interval and the pass mark, and the figures below.

    `value` is what stands in large where that is not the score itself.
    """
    passed = pass_mark is not None and score.passes(pass_mark)
    kind = " lsr-plain" if pass_mark is None else " lsr-pass" if passed else ""
    verdict = ""
    if pass_mark is not None:
        verdict = f'<span class="lsr-verdict{kind}">{"passed" if passed else "not yet"}</span>'
    mark = ""
    if pass_mark is not None:
        mark = (
            f'<span class="lsr-mark" style="left:{100 * pass_mark:.1f}%">'
            f"<span>pass {pass_mark:.2f}</span></span>"
        )
    interval = ""
    if score.told_interval is not None:
        low, high = score.told_interval
        interval = (
            f'<span class="lsr-range" style="left:{100 * low:.1f}%;'
            f'width:{100 * (high - low):.1f}%"></span>'
        )
    return (
        f'<p class="lsr-head"><b class="lsr-value">{value or f"{score.value:.2f}"}</b> '
        f'<span class="lsr-metric">{escape(metric)}</span> {verdict}</p>'
        f'<div class="lsr-bar"><span class="lsr-fill{kind}" style="width:{100 * score.value:.1f}%">'
        f"</span>{interval}{mark}</div>"
        + (f'<p class="lsr-figures">{escape(figures)}</p>' if figures else "")
    )


def counts(found: Mapping[str, int]) -> str:
    """One chip per error code, and folded below what the codes mean."""
    if not found:
        return ""
    meanings = (f"{code} {name(code)}: {TAXONOMY[code].sentence}" for code in found)
    chips = (
        f'<li title="{escape(TAXONOMY[code].sentence)}">{code} {escape(name(code))} <b>{n}</b></li>'
        for code, n in found.items()
    )
    return f'<ul class="lsr-counts">{"".join(chips)}</ul>' + folded("What the codes mean", meanings)


def folded(summary: str, lines: Iterable[str]) -> str:
    """Lines that show themselves at a click on their summary."""
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<details class="lsr-folded"><summary>{escape(summary)}</summary>{told}</details>'


def legend(answer: str = "your answer", reference: str = "the reference") -> str:
    """What the two kinds of lines mean."""
    return (
        f'<p class="lsr-legend"><span class="lsr-key"></span>orange: {answer} '
        f'<span class="lsr-key lsr-reference"></span>dashed green: {reference}</p>'
    )


def note(text: str) -> str:
    """A line of its own; what stands between backticks is code."""
    told = re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
    return f'<p class="lsr-note">{told}</p>'


def finding(
    *,
    code: str,
    title: str,
    place: str,
    file: str,
    cost: str,
    what: str,
    do: str,
    rule: tuple[int, str] | None,
    picture: bytes | None,
    alt: str,
) -> str:
    """One finding: its picture beside its words; `file` is the tooltip of the place."""
    shown = f'<div class="lsr-crop">{_image(picture, alt)}</div>' if picture else ""
    advice = f"<p>{escape(do)}</p>" if do else ""
    rule_line = ""
    if rule is not None:
        rule_line = f'<p class="lsr-rule">Rule {rule[0]}: {escape(rule[1])}</p>'
    return (
        f'<div class="lsr-finding">{shown}<div class="lsr-words">'
        f'<p class="lsr-title"><b>{code} {escape(title)}</b> '
        f'<span title="{escape(file)}">{escape(place)}</span> '
        f'<span class="lsr-cost">{escape(cost)}</span></p>'
        f'<p class="lsr-what">{escape(what)}</p>{advice}{rule_line}</div></div>'
    )


def item(score: ItemScore, place: str, picture: bytes | None, rows: str) -> str:
    """One item of a review; its file name is the tooltip of its place."""
    image = _image(picture, f"{place}: your answer over the reference", full=True)
    verdict = "" if rows else " Nothing to mend."
    return (
        f'<div class="lsr-item"><p><b title="{escape(score.item)}">{escape(_sentence(place))}</b> '
        f"{score.value:.2f}.{verdict}</p>{image}{rows}</div>"
    )


def saved_item(
    *,
    place: str,
    file: str,
    state: str,
    picture: bytes | None,
    small: bool,
    passages: Iterable[Passage],
    rows: Sequence[Row],
    notes: Iterable[str],
) -> str:
    """One item with what was made on it; `small` puts its picture beside the words."""
    texts = "".join(text(passage) for passage in passages)
    table = "".join(_row(row) for row in rows)
    words = texts + (f'<table class="lsr-rows">{table}</table>' if table else "")
    words += "".join(note(sentence) for sentence in notes)
    alt = "; ".join(f"{row.head}: {row.words}" for row in rows) or place
    image = _image(picture, alt, full=not small)
    if small and image:
        words = (
            f'<div class="lsr-finding lsr-beside"><div class="lsr-crop">{image}</div>'
            f'<div class="lsr-words">{words}</div></div>'
        )
        image = ""
    return (
        f'<div class="lsr-item"><p><b title="{escape(file)}">{escape(_sentence(place))}</b>, '
        f"{escape(state)}</p>{image}{words}</div>"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head and whose first column names the rows."""
    head, *body = ([escape(cell) for cell in row] for row in rows)
    lines = ["".join(f'<th scope="col">{cell}</th>' for cell in head)]
    for first, *others in body:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        lines.append(f'<th scope="row">{first}</th>{cells}')
    told = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="lsr-rows">{told}</table>'


def text(passage: Passage) -> str:
    name = f"<i>{escape(passage.name)}:</i> " if passage.name else ""
    told = "".join(
        f"<b>{escape(piece.words)}</b>" if piece.bracket else escape(piece.words)
        for piece in passage.pieces
    )
    return f'<p class="lsr-text">{name}{told}</p>'


def _row(row: Row) -> str:
    line = "" if row.style is None else _line(row.style)
    head = f'<th scope="row">{line}{escape(row.head)}</th>'
    return f"<tr>{head}<td>{escape(row.words)}</td></tr>"


def _line(style: Style) -> str:
    """A piece of line in a style, on dark ground as in a picture."""
    colour = "#{:02x}{:02x}{:02x}".format(*style.colour)
    dash = " ".join(map(str, style.dash))
    return (
        '<svg width="36" height="10" aria-hidden="true" style="background:#10141a">'
        f'<path d="M2 5H34" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/></svg>'
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _image(picture: bytes | None, alt: str, *, full: bool = False) -> str:
    """A JPEG as a data URL; crops are shown at half their size, sharp on dense screens."""
    if picture is None:
        return ""
    data = base64.b64encode(picture).decode("ascii")
    width = "" if full else f' width="{_width(picture) // 2}"'
    return f'<img src="data:image/jpeg;base64,{data}" alt="{escape(alt)}"{width}>'


def _width(jpeg: bytes) -> int:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.width
