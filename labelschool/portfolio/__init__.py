"""The portfolio: files to publish, made from what a learner measured and wrote.

::

    portfolio/README.md                   the index: profile line, pieces, rule for claims
    portfolio/profile.md                  profile line and headline of lesson 1.9
    portfolio/roadmap.md, roadmap.svg     the plan, without what is nobody's business
    portfolio/manifest.json               the hash of each file as made; attempts given up
    portfolio/01-first-ten/               the piece of module 1, see `first_ten`
    portfolio/01-assignment/              the measured parts of assignment 1, see `assignment`
    portfolio/02-portfolio100/            the data set of assignment 2, see `hundred`
    portfolio/02-label-api-client/        the client of exercise 2.K, see `api_client`
    portfolio/03-qa-rescue/               the audit of assignment 3, see `qa_rescue`
    portfolio/03-labelcheck/              the command of exercise 3.H, see `label_check`
    portfolio/03-board/                   the board of assignment 3, see `board`

Equal work gives equal bytes. A file that was changed by hand is kept aside before it is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from labelschool.career import roadmap
from labelschool.home import made_files, passport_file, results
from labelschool.home.portable import count
from labelschool.pages.panel import Panel, Reply
from labelschool.portfolio import (
    api_client,
    assignment,
    board,
    claims,
    first_ten,
    hundred,
    label_check,
    proofs,
    qa_rescue,
)
from labelschool.portfolio.pieces import EVIDENCE, Piece

FOLDER = "portfolio"
MANIFEST = "manifest.json"
SCHEMA = "labelschool/portfolio/1"
ZIP = "portfolio.zip"
RULE = (
    "Every number here comes with n, the metric, an interval, the kind of data and the file that "
    "reproduces it. What has no such file is not claimed."
)


@dataclass(frozen=True)
class Built:
    """What `build` did: the folder, its files, copies kept by file, and what is not done yet.

    `can_give_up` says that a score is counted and the review still closed.
    """

    folder: Path
    files: Mapping[str, bytes]
    kept: Mapping[str, str]
    missing: tuple[str, ...]
    can_give_up: bool = False

    def __str__(self) -> str:
        lines = [f"{self.folder.name}/ holds {count(len(self.files), 'file')}."]
        lines += made_files.told(self.kept)
        return "\n".join(lines + [f"Not done yet: {sentence}" for sentence in self.missing])


def build(home: Path, out: Path | None = None, *, give_up: bool = False) -> Built:
    """Write the portfolio of a home, by default into ``portfolio/`` there, and record its evidence.

    What the review of 1.A would show is left out while it is closed, unless the attempts that are
    left are given up, which the folder's manifest remembers. Raises `LabelSchoolError` where a file
    cannot be written.
    """
    folder = out or home / FOLDER
    known, given_up = _known(folder)
    work = first_ten.read(home, give_up=give_up or given_up)
    pieces = (
        first_ten.piece(work),
        assignment.piece(home),
        hundred.piece(home),
        api_client.piece(home),
        qa_rescue.piece(home),
        label_check.piece(home),
        board.piece(home),
    )
    made = {f"{one.name}/{name}": data for one in pieces for name, data in one.files.items()}
    proven = [
        proof
        for one in pieces
        if EVIDENCE in one.files
        for proof in proofs.proven_by(json.loads(one.files[EVIDENCE]))
    ]
    texts, missing = _texts(home, pieces, proven)
    files = {**texts, **made}
    kept = made_files.put(folder, files, known)
    listed = {"files": made_files.hashes(files), "given_up": give_up or given_up, "schema": SCHEMA}
    manifest = json.dumps(listed, indent=1, sort_keys=True) + "\n"
    made_files.put(folder, {MANIFEST: manifest.encode()}, {MANIFEST: _hash_of(folder / MANIFEST)})
    if work.claim and not work.claim.changed_since:
        _record(home, work.claim.evidence)
    missing = (*(line for one in pieces for line in one.missing), *missing)
    can_give_up = work.has_truth and work.is_closed and work.claim is not None
    return Built(folder, {**files, MANIFEST: manifest.encode()}, kept, missing, can_give_up)


def panel(home: Path) -> Panel:
    """The button that builds, with what came of it."""
    last: list[Built] = []

    def made(give_up: bool) -> Reply:
        last[:] = [build(home, give_up=give_up)]
        said = f"{count(len(last[0].files), 'file')} in {FOLDER}/, beside start-here.ipynb."
        return Reply("\n".join([said, *made_files.told(last[0].kept)]), "good")

    def take(_: str) -> Reply:
        zipped = passport_file.zip_bytes(dict(last[0].files))
        return Reply(f"{ZIP} is in your browser's downloads.", "good", ZIP, zipped)

    return Panel(
        "portfolio",
        "Your portfolio",
        lambda: _page(last[0] if last else None),
        {
            "build": lambda _: made(give_up=False),
            "give-up": lambda _: made(give_up=True),
            "take": take,
        },
    )


def _page(built: Built | None) -> str:
    parts = [
        "<h3>Your portfolio</h3><p>Made from your answers, results and texts, as often as you "
        "like. What you change by hand is kept aside, never lost.</p>"
    ]
    if built and built.missing:
        lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in built.missing)
        parts.append(f"<h4>Not done yet</h4><ul>{lines}</ul>")
    parts.append(
        "<p><button class='ls-main' data-action='build' data-key='build'>Build my portfolio"
        "</button>"
    )
    if built:
        parts.append(f"<button data-action='take' data-key='take'>Download {ZIP}</button>")
    parts.append("</p>")
    if built and built.can_give_up:
        parts.append(
            "<p class='ls-soft'>You can give up the attempts that are left in 1.A. Then the piece "
            "shows every mistake with its rule, and whatever you check afterwards is practice.</p>"
            "<p><button data-action='give-up' data-key='give-up'>Give up the attempts and build"
            "</button></p>"
        )
    return "".join(parts)


def _texts(
    home: Path, pieces: Sequence[Piece], proven: Sequence[proofs.Proof]
) -> tuple[dict[str, bytes], list[str]]:
    """The files beside the pieces, and what is not written yet or not proven and so left out."""
    said, files, missing = claims.read(home), {}, []
    for name in ("profile", "headline"):
        if name in said and (why := proofs.unproven(said[name], proven)):
            missing.append(f"Your {name} in lesson 1.9 is left out. {why}")
            said[name] = ""
    profile, headline = said.get("profile", ""), said.get("headline", "")
    if profile or headline:
        parts = ["# Profile", profile, f"**Headline:** {headline}" if headline else ""]
        files["profile.md"] = _joined(parts)
    if "profile" not in said:
        missing.append("Your profile line: lesson 1.9.")
    try:
        plan = (home / "roadmap.md").read_text(encoding="utf-8")
        files["roadmap.md"] = roadmap.public(plan).encode()
        files[roadmap.PICTURE] = (home / roadmap.PICTURE).read_bytes()
    except (OSError, UnicodeDecodeError):
        missing.append("Your plan: make it on the planner's page.")
    table = ["| piece | measured | kind of data | file |", "|---|---|---|---|"]
    table += [one.index() for one in pieces if one.files]
    index = [
        "# Annotation portfolio",
        profile,
        "\n".join(table),
        f"{RULE} {first_ten.NO_PHOTOGRAPHS}",
        "[My plan](roadmap.md)" if "roadmap.md" in files else "",
    ]
    return {"README.md": _joined(index), **files}, missing


def _joined(parts: list[str]) -> bytes:
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _known(folder: Path) -> tuple[dict[str, str], bool]:
    """What the manifest says: the hash of each file as it was made last, and whether the attempts
    were given up; nothing where it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = {str(name): str(sha256) for name, sha256 in manifest["files"].items()}
        return listed, manifest.get("given_up") is True
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, False


def _hash_of(path: Path) -> str:
    return made_files.sha256(path.read_bytes()) if path.is_file() else ""


def _record(home: Path, evidence: results.Evidence) -> None:
    """Record the evidence of a piece once: building it again measures nothing new."""
    key = f"{FOLDER}/{first_ten.NAME}"
    old = results.read(home).entries.get(key)
    if old is None or old.last != evidence:
        results.record(key, evidence, home)
