"""What happened to the labels of a project: reviews, rework, and all that went wrong with rows."""

from __future__ import annotations

import random
from collections import defaultdict

from labelschool.generators.label_history import (
    DAY,
    DAYS_A_WEEK,
    HONEST_REVIEWERS,
    HOUR,
    LABELS,
    VERSION_DAYS,
    WEEKS,
    History,
    Item,
    Label,
    Person,
    Review,
    draw_box,
    label_item,
    works,
)

REVIEWED_SHARE = 0.68
RUBBER_SHARE = 0.2
OWN_REVIEWS, OTHERS_REVIEWED = 240, 60
REOPENED, STILL_OPEN = 80, 20
CORRECTED_AT_ONCE = 40
"""Items whose last two decisions fall into one second."""

WITHDRAWN, WITHDRAWN_EARLY = 60, 20
DOUBLE_SUBMISSIONS, UNDONE_SUBMISSIONS = 120, 30
PURGED, IMPORTED = 25, 15
"""Labels on items that are gone, and labels whose item is unknown."""
OUTSIDE, FLAT = 50, 25
EARLY_CLASS, LATE_CLASS, ON_THE_BOUNDARY = 20, 25, 3
RESPLIT, RESPLIT_UNDONE = 45, 12
RETRACTED = 420


def review(history: History, rng: random.Random) -> None:
    """Add reviews, and the labels made again because of them.

    Gold is never reviewed. A rejected label is made again by the same person and seen again by the
    same reviewer; a re-opened item goes the same way.
    """
    first = {label.item: label for label in reversed(history.labels)}
    items = [item for item in history.items if not item.gold]
    rng.shuffle(items)
    desk = _Desk(history, rng)
    own = history.person("self_reviewer")
    for item in items:
        label = first[item.id]
        if label.person is own and desk.own < OWN_REVIEWS:
            desk.own += 1
            desk.decide(label, own, "accept", hours=1)
        elif label.person is not own and desk.others < OTHERS_REVIEWED:
            desk.others += 1
            desk.decide(label, own, "reject" if desk.others % 20 == 0 else "accept", hours=4)
        elif label.person is not own and rng.random() < REVIEWED_SHARE:
            desk.queue(item, label)
    desk.reopen(items)
    desk.correct_at_once()


class _Desk:
    """The review desk of one project."""

    def __init__(self, history: History, rng: random.Random) -> None:
        self.history, self.rng = history, rng
        self.own = self.others = 0
        self.end = history.midnight(WEEKS * DAYS_A_WEEK - 1)
        self.honest = [history.person(part) for part in HONEST_REVIEWERS]
        self.rubber = history.person("rubber_stamp")
        self.of_item: dict[int, list[Review]] = defaultdict(list)

    def decide(self, label: Label, reviewer: Person, decision: str, hours: float) -> bool:
        """Add a review some hours after the label; False when the project is over by then."""
        created = label.created + int(hours * HOUR * self.rng.uniform(0.5, 2))
        return self._add(label, reviewer, decision, created)

    def _add(self, label: Label, reviewer: Person, decision: str, created: int) -> bool:
        if created >= self.end:
            return False
        hasty = reviewer is self.rubber or label.person is reviewer
        ms = int((1_150 if hasty else 9_000) * self.rng.lognormvariate(0, 0.3))
        entry = Review(label, reviewer, decision, created, ms)
        self.history.reviews.append(entry)
        self.of_item[label.item].append(entry)
        label.reviewed = True
        return True

    def queue(self, item: Item, label: Label) -> None:
        """Review a label until it is accepted, at most three times."""
        rng = self.rng
        reviewer = self.rubber if rng.random() < RUBBER_SHARE else rng.choice(self.honest)
        for _ in range(3):
            wrong = label.cls.strip().lower() != item.true
            if reviewer is self.rubber:
                rejected = rng.random() < 0.004
            else:
                rejected = rng.random() < (0.9 if wrong else 0.03)
            decision = "reject" if rejected else "accept"
            if not self.decide(label, reviewer, decision, hours=8) or not rejected:
                return
            label = self.again(item, self.history.reviews[-1])

    def again(self, item: Item, last: Review) -> Label:
        """The next version of a label, made some hours after a review."""
        rng, old = self.rng, last.label
        right = rng.random() < 0.95
        label = Label(
            item=item.id,
            person=old.person,
            cls=item.true if right else old.cls.strip().lower(),
            box=draw_box(item, old.person, rng),
            split=item.split,
            created=last.created + int(HOUR * rng.uniform(0.5, 8)),
            ms=max(old.ms, 800),
            version=old.version + 1,
            reviewed=True,
        )
        self.history.labels.append(label)
        return label

    def reopen(self, items: list[Item]) -> None:
        """Some accepted items come back from the customer; not all of them are closed again."""
        by_id = {item.id: item for item in items}
        accepted = [
            rows[-1]
            for rows in self.of_item.values()
            if rows[-1].decision == "accept" and rows[-1].created < self.end - 6 * DAY
        ]
        for number, last in enumerate(self.rng.sample(accepted, REOPENED)):
            reviewer = self.rng.choice(self.honest)
            later = int(DAY * self.rng.uniform(1, 3))
            self._add(last.label, reviewer, "reopen", last.created + later)
            if number >= STILL_OPEN:
                label = self.again(by_id[last.label.item], self.history.reviews[-1])
                self.decide(label, reviewer, "accept", hours=4)

    def correct_at_once(self) -> None:
        """Some reviewers press the wrong button and the right one within the same second: half of
        these items end accepted and half rejected.
        """
        last = [rows[-1] for rows in self.of_item.values() if rows[-1].reviewer in self.honest]
        accepted = [entry for entry in last if entry.decision == "accept"]
        reviews = self.history.reviews
        for number, entry in enumerate(self.rng.sample(accepted, CORRECTED_AT_ONCE)):
            other = Review(entry.label, entry.reviewer, "reject", entry.created, 400)
            reviews.insert(reviews.index(entry) + number % 2, other)


def damage(history: History, rng: random.Random) -> None:
    """Break what is broken in real stores, and fill up to `LABELS` rows."""
    _withdraw(history, rng)
    plain = [label for label in history.labels if not label.reviewed and label.version == 1]
    rng.shuffle(plain)
    _misname(history, plain, rng)
    _move_splits(history, rng)
    _bend_boxes(history, plain)
    _submit_twice(history, plain, rng)
    _lose_items(history, plain, rng)
    for label in (plain.pop() for _ in range(RETRACTED)):
        _delete(history, label, rng)
    _fill_up(history, rng)


def _delete(history: History, label: Label, rng: random.Random) -> None:
    label.deleted = label.created + rng.randrange(60, 2 * DAY)


def _withdraw(history: History, rng: random.Random) -> None:
    """Withdraw some items, some of them before anybody labelled or reviewed them."""
    chosen = rng.sample([item for item in history.items if not item.gold], WITHDRAWN)
    for item in chosen:
        item.withdrawn = True
    early = {item.id for item in chosen[:WITHDRAWN_EARLY]}
    history.labels = [label for label in history.labels if label.item not in early]
    history.reviews = [entry for entry in history.reviews if entry.label.item not in early]


def _misname(history: History, plain: list[Label], rng: random.Random) -> None:
    """Use a class before its ontology version and one after its last, some on the very second."""
    change = history.midnight(VERSION_DAYS[2])
    early = [label for label in plain if label.cls == "truck" and label.created < change]
    late = [label for label in plain if label.cls == "van" and label.created >= change]
    for label in rng.sample(early, EARLY_CLASS):
        plain.remove(label)
        label.cls = "trailer"
    for number, label in enumerate(rng.sample(late, LATE_CLASS)):
        plain.remove(label)
        label.cls = "vehicle"
        if number < ON_THE_BOUNDARY:
            label.created = change


def _move_splits(history: History, rng: random.Random) -> None:
    """Give older versions of some labels another split; elsewhere the odd one was retracted."""
    newer = {label.item for label in history.labels if label.version == 2}
    others = {label.item for label in history.labels} - newer
    split_of = {item.id: item.split for item in history.items}
    by_item = defaultdict(list)
    for label in history.labels:
        by_item[label.item].append(label)
    for item in rng.sample(sorted(newer), RESPLIT):
        for label in by_item[item]:
            label.split = _other(split_of[item]) if label.version == 1 else label.split
    free = [item for item in sorted(others) if not any(row.reviewed for row in by_item[item])]
    for item in rng.sample(free, RESPLIT_UNDONE):
        label = by_item[item][0]
        label.split = _other(split_of[item])
        _delete(history, label, rng)


def _other(split: str) -> str:
    return {"train": "test", "val": "train", "test": "train"}[split]


def _bend_boxes(history: History, plain: list[Label]) -> None:
    """Boxes that leave the picture, and boxes without an area."""
    by_id = {item.id: item for item in history.items}
    for number in range(OUTSIDE + FLAT):
        label = plain.pop()
        item, (x, y, w, h) = by_id[label.item], label.box
        if number < OUTSIDE:
            label.box = (item.width - w // 2, y, w, h) if number % 2 else (x, -h // 3, w, h)
        else:
            label.box = (x, y, 0, h) if number % 2 else (x, y, w, 0)


def _submit_twice(history: History, plain: list[Label], rng: random.Random) -> None:
    """The same label sent again a moment later; some copies were found and retracted."""
    for number in range(DOUBLE_SUBMISSIONS):
        label = plain.pop()
        for _ in range(2 if number % 10 == 0 else 1):
            copy = Label(
                label.item, label.person, label.cls, label.box, label.split,
                label.created + rng.randint(1, 3), label.ms, deleted=label.deleted,
            )  # fmt: skip
            history.labels.append(copy)
        if number < UNDONE_SUBMISSIONS and number % 10:
            _delete(history, copy, rng)


def _lose_items(history: History, plain: list[Label], rng: random.Random) -> None:
    """Labels whose item was purged, or that an import brought without one."""
    for number in range(PURGED + IMPORTED):
        label = plain.pop()
        label.item = len(history.items) + rng.randint(1, 400) if number < PURGED else None


def _fill_up(history: History, rng: random.Random) -> None:
    """A further label on ordinary items until the store has `LABELS` rows."""
    done = defaultdict(set)
    for label in history.labels:
        done[label.item].add(label.person)
    ordinary = [item for item in history.items if not item.gold and not item.withdrawn]
    for item in rng.sample(ordinary, LABELS - len(history.labels)):
        free = [p for p in history.people if works(p, item.day) and p not in done[item.id]]
        history.labels.append(label_item(history, item, rng.choice(free), rng))
