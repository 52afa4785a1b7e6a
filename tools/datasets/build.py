"""Make data sets: ``python tools/datasets/build.py --set starter10`` (or ``--all``).

A builder is a module beside this one with ``build(name)``. What needs the renderer starts it as a
subprocess with the Python of ``$SCENES_PYTHON``, for what is missing in ``build/scenes`` only.
"""

from __future__ import annotations

import argparse
import importlib
import sys

BUILDERS = {
    "streets": ("starter10", "street_lite"),
    "mirrors": ("mirrors12",),
    "crops": ("street_tags",),
    "reviews": ("street_batches",),
    "portfolio": ("portfolio100",),
    "parts": ("parts16",),
    "proposals": ("proposals40",),
    "figures": ("figures12",),
    "clips": ("clip_lite",),
    "sweeps": ("lidar_lite",),
    "shelves": ("shelf_lite",),
    "scans": ("lung_lite", "nuclei12", "dicomish"),
    "photographs": ("real_photos",),
    "texts": (
        "tickets",
        "news_ner",
        "pairs",
        "drafts18",
        "factcheck20",
        "codejudge10",
        "search_rel",
        "pii50",
        "job_ads",
        "offers24",
        "messages20",
        "metric_cases",
    ),
    "rules": ("policies8", "disagree48"),
    "estimates": ("cost_ladder",),
    "tables": (
        "needle",
        "crowd120",
        "labels_db",
        "broken_exports",
        "audit_log",
        "board_log",
    ),
}
"""Module -> the sets it makes."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--set", dest="name", help="one data set")
    chosen.add_argument("--all", action="store_true", help="every data set")
    options = parser.parse_args()
    module_of = {name: module for module, names in BUILDERS.items() for name in names}
    if not options.all and options.name not in module_of:
        print(f"There is no set {options.name!r}; there are {', '.join(module_of)}.")
        return 2
    for name in module_of if options.all else [options.name]:
        importlib.import_module(module_of[name]).build(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
