"""Rules on names of classes and files: R13, R20 to R23, R28 and R29."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from labelschool.formats.contract import printable
from labelschool.formats.dataset import Attributes, Category, Span, Track
from labelschool.lint.export import Export, Place
from labelschool.lint.rules import Problem, rule


@rule("R13", "Class names are those of the ontology, letter by letter")
def names_of_the_ontology(export: Export) -> Iterator[Problem]:
    """No class is missing from the ontology, or is another one but for case and spaces."""
    wrong = dict(_unknown(export) if export.project.ontology else _variants(export))
    for category in export.categories:
        if said := wrong.get(id(category)):
            fix = "Rename it to the name of the ontology; a trainer takes it for another class."
            for place in _where(export, category):
                yield place, f"the class {printable(category.name)!r} {said}.", fix


def _where(export: Export, category: Category) -> Iterator[Place]:
    """The class in the list of its file, or each label of it where files have no such list."""
    if export.classes_file:
        yield Place(export.classes_file, category.id, "class")
    else:
        yield from (export.at(label) for label in export.labels if label.category is category)


def _unknown(export: Export) -> Iterator[tuple[int, str]]:
    known = {_plain(name): name for name in export.project.ontology or ()}
    for category in export.categories:
        if category.name not in known.values():
            near = known.get(_plain(category.name))
            yield id(category), f"is written {near!r} in the ontology" if near else "is not in it"


def _variants(export: Export) -> Iterator[tuple[int, str]]:
    used = Counter(id(label.category) for label in export.labels)
    alike: dict[tuple[str, str], list[Category]] = {}
    for category in export.categories:
        alike.setdefault((category.group, _plain(category.name)), []).append(category)
    for group in alike.values():
        right = max(group, key=lambda each: (each.name == each.name.strip(), used[id(each)]))
        for category in group:
            if category is not right:
                same = category.name == right.name
                yield (
                    id(category),
                    "is there twice" if same else f"is {printable(right.name)!r} elsewhere",
                )
            elif category.name != category.name.strip():
                yield id(category), "begins or ends with a space"


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


# Privacy ----------------------------------------------------------------------------------------

_PRIVATE = re.compile(
    r"""(?P<address>[\w.+-]+@[\w-]+\.[\w.]+)
    | (?P<phone>\+\d[\d ()/-]{7,}\d)
    | (?P<path>^(?:/\S*/\S|~/|[A-Za-z]:[\\/]|\\\\\w|file:))""",
    re.VERBOSE,
)
_KINDS = {"address": "an e-mail address", "phone": "a phone number", "path": "an absolute path"}


@rule("R20", "No personal data and no absolute path in names or attributes")
def nothing_private(export: Export) -> Iterator[Problem]:
    """No address, phone number or path of somebody's machine."""
    for name in export.names:
        if kind := _private_name(name):
            yield (
                Place(name, kind="picture"),
                f"the file name holds {kind}.",
                "Rename the file, in every list that names it.",
            )
    for label in export.labels:
        # The words of a span are the material itself.
        hidden = ("text",) if isinstance(label.shape, Span) else ()
        attributes = [label.attributes]
        if isinstance(label.shape, Track):
            attributes += [keyframe.attributes for keyframe in label.shape.keyframes]
        for name, kind in _private_values(attributes, hidden):
            yield export.at(label), f"the attribute {printable(name)} holds {kind}.", _DELETE
    for item in export.items.values():
        for name, kind in _private_values([item.attributes], ()):
            place = Place(export.file, item.id, "picture")
            yield place, f"the attribute {printable(name)} holds {kind}.", _DELETE


_DELETE = "Delete the value, and ask for an export without it."


def private(text: str) -> str:
    """What a text tells that it should not; nothing where it is clean."""
    found = _PRIVATE.search(text)
    return _KINDS[found.lastgroup] if found else ""


def _private_name(name: str) -> str:
    """As `private`, without the suffix of a file: ``icon@2x.png`` is no address."""
    stem, dot, suffix = name.rpartition(".")
    return private(stem if dot and "/" not in suffix else name)


def _private_values(
    attributes: Iterable[Attributes], hidden: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for each in attributes:
        for name, value in each.items():
            if isinstance(value, str) and name not in hidden and (kind := private(value)):
                yield name, kind


# Numbers and names that tools stumble over --------------------------------------------------------


@rule(
    "R21",
    "YOLO: the class numbers go with the order of the ontology",
    needs="ontology",
    pitfalls=("YOLO: classes.txt is in another order than the ontology, and labels swap names",),
)
def classes_in_order(export: Export) -> Iterator[Problem]:
    """The list of classes has the order of the ontology."""
    if not export.is_yolo:
        return
    place = {name: number for number, name in enumerate(export.project.ontology or ())}
    listed = [category for category in export.categories if category.name in place]
    for category, right in zip(
        listed, sorted(listed, key=lambda each: place[each.name]), strict=True
    ):
        if category.name != right.name:
            yield (
                Place(export.classes_file, category.id, "class"),
                f"class {category.id} is {category.name!r}, where the ontology has {right.name!r}.",
                "Find out by the pictures which order the labels were written in; then sort the "
                "list, or number the labels anew.",
            )
            return


@rule(
    "R22",
    "COCO: the ids of categories begin at 1",
    "warning",
    pitfalls=("COCO: an id of 0 or ids moved by one; gaps in the ids are allowed",),
)
def category_ids(export: Export) -> Iterator[Problem]:
    """No category has an id below 1."""
    if export.format != "coco":
        return
    for category in export.categories:
        if not isinstance(category.id, int) or category.id < 1:
            yield (
                Place(export.file, category.id, "class"),
                f"the category {printable(category.name)!r} has the id {printable(category.id)}.",
                "Count in whole numbers from 1: many trainers take 0 for the background.",
            )


@rule(
    "R23",
    "A picture is listed once",
    pitfalls=("CVAT: two files of one name, of different folders or cases, become one",),
)
def pictures_once(export: Export) -> Iterator[Problem]:
    """No two pictures of a split have one name, but for case."""
    seen: dict[tuple[str, str], str] = {}
    for item in export.items.values():
        key = (item.split, unicodedata.normalize("NFC", item.name).casefold())
        if item.name and key in seen:
            yield (
                Place(export.file or item.name, item.id, "picture"),
                f"the file name {printable(item.name)} is there twice.",
                "List a picture once, with all its labels; give different pictures different "
                "names.",
            )
        seen.setdefault(key, item.name)


@rule(
    "R28",
    "Names are whole Unicode text",
    "warning",
    pitfalls=("CVAT: names with other letters than English ones come back encoded or broken",),
)
def whole_unicode(export: Export) -> Iterator[Problem]:
    """No name is percent-encoded, decoded wrongly, or composed in two ways."""
    for name in export.names:
        if said := _broken(name):
            yield Place(name, kind="picture"), f"the file name {said}.", _DECODE
    for category in export.categories:
        if said := _broken(category.name):
            yield (
                Place(export.classes_file or export.file, category.id, "class"),
                f"the class {printable(category.name)!r} {said}.",
                _DECODE,
            )


_DECODE = "Write the name as UTF-8 in the composed form (NFC), the same in every file."
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")


def _broken(name: str) -> str:
    if _PERCENT.search(name):
        return "is percent-encoded"
    if "\ufffd" in name:
        return "has lost a letter on its way"
    if name != unicodedata.normalize("NFC", name):
        return "has letters that are composed of two characters"
    if not name.isascii():
        for encoding in ("latin-1", "cp1252"):
            try:
                name.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            return "is UTF-8 that was read as another encoding"
    return ""


@rule(
    "R29",
    "File names come through other tools as they are",
    "warning",
    pitfalls=("pylabel, YOLO: names are cut at a dot or a space, and /images/ becomes /labels/",),
)
def plain_file_names(export: Export) -> Iterator[Problem]:
    """No file name has a space, a second dot, or a second folder "images"."""
    for name in export.names:
        *folders, last = name.split("/")
        if _private_name(name) or "://" in name or not _PICTURE.search(last):
            continue
        said = (
            "has a space"
            if " " in name
            else "has a dot before its suffix"
            if "." in last.rpartition(".")[0]
            else "has two folders named images"
            if folders.count("images") > 1
            else ""
        )
        if said:
            yield (
                Place(name, kind="picture"),
                f"the file name {said}.",
                "Use letters, digits, - and _ alone, in every list that names the file.",
            )


_PICTURE = re.compile(r"\.\w{2,5}$")
