"""What functions return that take plain numbers as well as arrays of them."""

from __future__ import annotations

from typing import Any

import numpy as np


def plain(values: Any) -> Any:
    """A plain number for a result without axes; an array with axes as it is."""
    return values if np.ndim(values) else np.asarray(values).item()
