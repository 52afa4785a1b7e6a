"""What a labelling project costs, line by line, from numbers that a pilot measures.

Hours are hours of paid work, money is in the currency of the rates. Storage is billed by gigabyte
and month, what leaves the store by gigabyte. Every price is an input: read it from your provider.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from labelschool.errors import LabelSchoolError


@dataclass(frozen=True, slots=True)
class Project:
    """What a labelling project is made of. Shares are from 0 to 1.

    Attributes:
        items: pictures, texts or clips to be labelled.
        labels_per_item: labels that one annotator makes on an item.
        seconds_per_label: working time of one label.
        redundancy: annotators that label each item, 1 or more; 1.2 is a second one for a fifth.
        gold_share: items with a known answer that are labelled on top, as a share of the items.
        review_share: share of the labels that a reviewer looks at.
        seconds_per_review: working time of one review.
        rework_share: share of the reviewed labels that are sent back, below 1. What comes back is
            labelled and reviewed again, and may be sent back again.
        label_rate: cost of an hour of labelling.
        review_rate: cost of an hour of review.
        gigabytes: size of raw files, labels and their versions.
        months: how long they are kept.
        storage_price: for a gigabyte and a month.
        downloads: how often all of it leaves the store.
        egress_price: for a gigabyte that leaves the store.
    """

    items: float
    labels_per_item: float
    seconds_per_label: float
    label_rate: float
    redundancy: float = 1
    gold_share: float = 0
    review_share: float = 0
    seconds_per_review: float = 0
    rework_share: float = 0
    review_rate: float = 0
    gigabytes: float = 0
    months: float = 0
    storage_price: float = 0
    downloads: float = 0
    egress_price: float = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            least = 1 if field.name == "redundancy" else 0
            if not value >= least:
                raise LabelSchoolError(f"{field.name} is {value:g}; it cannot be below {least}.")
        if self.review_share > 1:
            raise LabelSchoolError(
                f"review_share is {self.review_share:g}; a share is at most 1, and a second review "
                "of everything is rework."
            )
        if self.rework_share >= 1:
            raise LabelSchoolError("rework_share has to be below 1, or no label is ever accepted.")


@dataclass(frozen=True, slots=True)
class Cost:
    """What each line costs, in the currency of the rates."""

    labelling: float
    redundancy: float
    gold: float
    review: float
    rework: float
    storage: float
    egress: float

    @property
    def total(self) -> float:
        """All lines together."""
        return sum(asdict(self).values())


def cost(project: Project) -> Cost:
    """The lines of a project's cost, each on top of those above it.

    Labelling is every item labelled once. Reviews are of all labels but gold, which nobody has to
    review. Of the reviewed labels a share r comes back; with what comes back a second time and so
    on that is r / (1 - r) of them, each labelled and reviewed once more.
    """
    label = project.seconds_per_label / 3600 * project.label_rate
    review = project.seconds_per_review / 3600 * project.review_rate
    once = project.items * project.labels_per_item
    reviewed = once * project.redundancy * project.review_share
    again = reviewed * project.rework_share / (1 - project.rework_share)
    return Cost(
        labelling=once * label,
        redundancy=once * (project.redundancy - 1) * label,
        gold=once * project.gold_share * label,
        review=reviewed * review,
        rework=again * (label + review),
        storage=project.gigabytes * project.months * project.storage_price,
        egress=project.gigabytes * project.downloads * project.egress_price,
    )
