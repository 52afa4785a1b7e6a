"""What goes wrong in the audits of 3.G and the report of A3.a: the traps, and how one falls in.

A slip is the right query with one part of it changed. Where an answer has the rows of a slip, the
sentence of its trap is what to say.
"""

from __future__ import annotations

from dataclasses import dataclass

TRAPS = {
    "fan_out": (
        "A join multiplied the rows before you counted them: a label with two reviews counts "
        "twice. Join only what you need, or count distinct ids."
    ),
    "null_in_not_in": (
        "NOT IN is never true for a NULL, so labels without an item fell out. Use a left join or "
        "NOT EXISTS."
    ),
    "utc_day": (
        "These are days of UTC. Shift created_at by utc_offset_min before you take its date."
    ),
    "integer_division": (
        "A whole number divided by a whole number is cut off: write 1.0 * in front of the first."
    ),
    "deleted_rows": "Deleted rows are in it: only labels whose deleted_at is NULL count.",
    "open_end": (
        "valid_to is NULL for the version in force, and no comparison with NULL is true, so its "
        "labels fell out."
    ),
    "newest": (
        "All labels are held against the newest version. Ask which version was in force when each "
        "was made."
    ),
    "ties": (
        "rank() gives two decisions of the same second the same place, so an item has two last "
        "ones. row_number() with the id as the second key has one."
    ),
    "distinct": (
        "DISTINCT hid the duplicates that you were to count: the same person sent the same label "
        "twice."
    ),
    "n_zero": (
        "Somebody or some day without any row is missing, and an inner join or GROUP BY alone "
        "cannot bring it back. Begin with annotators or calendar, and join the rest from the left."
    ),
    "count_star": (
        "count(*) counts the empty row of a left join as 1. Count a column of the joined table."
    ),
    "self_review": "People who review their own labels are in it: leave those reviews out first.",
    "case_and_space": (
        "'Car ' and 'car' are counted as two classes: compare lower(trim(class)), the plain class."
    ),
    "too_plain": (
        "Here class names count letter by letter. lower(trim(class)) repairs what you are to find."
    ),
    "reopened": (
        "An item that was accepted, re-opened and accepted again is dated by its first accept. The "
        "final decision is the last one."
    ),
    "all_versions": (
        "Older versions of a label are in it as opinions of their own. Keep the last of each "
        "annotator and item."
    ),
    "withdrawn": "Withdrawn items are in it.",
    "one_order": (
        "You took each pair of classes in one order only. Bring both into the order of the "
        "alphabet before you group, or half of the pairs are lost."
    ),
    "mean": ("This is the mean where the median is asked: a few long breaks pull the mean up."),
    "one_condition": "Quick alone is no fault: somebody quick and right is in your list.",
    "seven_rows": (
        "ROWS 6 PRECEDING counts rows. Where days without gold have no row it reaches back further "
        "than seven days."
    ),
}
"""Trap -> what to say to somebody who fell in."""


@dataclass(frozen=True)
class Slip:
    """Falling into a trap: in the right query of `queries`, every `old` becomes `new`."""

    query: str
    trap: str
    old: str
    new: str

    def of(self, right: str) -> str:
        """The wrong query."""
        return right.replace(self.old, self.new)


_KEPT = " AND labels.deleted_at IS NULL"
_LOCAL = "date(labels.created_at, annotators.utc_offset_min || ' minutes')"
_POOR = " AND accuracy < (SELECT avg(correct) FROM live WHERE is_gold)"
_LAST = "PARTITION BY labels.item_id ORDER BY reviews.created_at DESC, reviews.id DESC"

SLIPS = (
    Slip("Q1", "fan_out", "\nGROUP", "\nLEFT JOIN reviews ON reviews.label_id = labels.id\nGROUP"),
    Slip("Q1", "utc_day", _LOCAL, "date(labels.created_at)"),
    Slip("Q1", "deleted_rows", f"\n {_KEPT}", ""),
    Slip("Q1", "n_zero", "LEFT JOIN", "JOIN"),
    Slip("Q1", "count_star", "count(labels.id)", "count(*)"),
    Slip("Q2", "deleted_rows", "deleted_at IS NULL AND ", ""),
    Slip(
        "Q2",
        "distinct",
        "FROM labels",
        "FROM (SELECT DISTINCT item_id, annotator_id, class, geometry_hash, deleted_at\n"
        "  FROM labels)",
    ),
    Slip(
        "Q3",
        "null_in_not_in",
        "(items.id IS NULL OR items.withdrawn = 1)",
        "item_id NOT IN (SELECT id FROM items WHERE withdrawn = 0)",
    ),
    Slip("Q3", "deleted_rows", "labels.deleted_at IS NULL AND ", ""),
    Slip("Q5", "open_end", " OR version.valid_to IS NULL", ""),
    Slip(
        "Q5",
        "open_end",
        "labels.created_at >= version.valid_from\n"
        "  AND (labels.created_at < version.valid_to OR version.valid_to IS NULL)",
        "labels.created_at BETWEEN version.valid_from AND version.valid_to",
    ),
    Slip(
        "Q5",
        "newest",
        "labels.created_at >= version.valid_from\n"
        "  AND (labels.created_at < version.valid_to OR version.valid_to IS NULL)",
        "version.valid_to IS NULL",
    ),
    Slip("Q5", "deleted_rows", "labels.deleted_at IS NULL AND ", ""),
    Slip("Q5", "too_plain", "= labels.class", "= lower(trim(labels.class))"),
    Slip("Q6", "deleted_rows", "\n  WHERE deleted_at IS NULL", ""),
    Slip("Q6", "case_and_space", "lower(trim(class)) AS class", "class"),
    Slip("Q6", "all_versions", "WHERE a.place = 1 AND b.place = 1", ""),
    Slip("Q6", "withdrawn", " AND items.withdrawn = 0", ""),
    Slip(
        "Q6",
        "one_order",
        "min(a.class, b.class) AS class_a, max(a.class, b.class) AS class_b",
        "a.class AS class_a, b.class AS class_b",
    ),
    Slip("Q7", "integer_division", "1.0 * correct / n", "correct / n"),
    Slip("Q7", "n_zero", "LEFT JOIN", "JOIN"),
    Slip("Q7", "case_and_space", "lower(trim(labels.class))", "labels.class"),
    Slip("Q7", "deleted_rows", _KEPT, ""),
    Slip("Q8", "one_condition", _POOR, ""),
    Slip("Q9", "utc_day", _LOCAL, "date(labels.created_at)"),
    Slip("Q9", "integer_division", "1.0 * sum(errors)", "sum(errors)"),
    Slip("Q9", "case_and_space", "lower(trim(labels.class))", "labels.class"),
    Slip("Q9", "deleted_rows", f"\n   {_KEPT}", ""),
    Slip("Q9", "seven_rows", "LEFT JOIN", "JOIN"),
    Slip("Q10", "self_review", "\n  WHERE labels.annotator_id <> reviews.reviewer_id", ""),
    Slip("Q10", "mean", "avg(iif(place IN ((n + 1) / 2, (n + 2) / 2), ms, NULL))", "avg(ms)"),
    Slip("Q11", "deleted_rows", "WHERE deleted_at IS NULL\n", ""),
    Slip(
        "Q12",
        "ties",
        f"row_number() OVER (\n      {_LAST}\n    )",
        "rank() OVER (PARTITION BY labels.item_id ORDER BY reviews.created_at DESC)",
    ),
    Slip(
        "Q12",
        "reopened",
        _LAST,
        "PARTITION BY labels.item_id\n"
        "      ORDER BY reviews.decision <> 'accept', reviews.created_at, reviews.id",
    ),
    Slip("Q12", "withdrawn", " AND items.withdrawn = 0", ""),
    Slip("Q12", "integer_division", "3600.0", "3600"),
    Slip("opinions", "deleted_rows", "\n  WHERE deleted_at IS NULL", ""),
    Slip("opinions", "case_and_space", "lower(trim(class))", "class"),
    Slip("opinions", "all_versions", "\nWHERE place = 1", ""),
    Slip("opinions", "withdrawn", " AND items.withdrawn = 0", ""),
)
"""Of slips with the same rows the first is told."""
