"""The class colours of the annotators, as colour-blind readers see them."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

PALETTE = Path(__file__).parents[2] / "labelschool" / "widgets" / "js" / "ui" / "palette.js"
STYLES = re.findall(r'colour: "#(\w{6})", dash: (\[.*?\])', PALETTE.read_text(encoding="utf-8"))[:8]

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
SIMULATIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def gamma(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("name", SIMULATIONS)
def test_colours_are_at_least_10_apart(name: str) -> None:
    rgb = np.array([list(bytes.fromhex(colour)) for colour, _ in STYLES]) / 255
    seen = gamma(np.clip(linear(rgb) @ np.transpose(SIMULATIONS[name]), 0, 1))
    lab = rgb2lab(seen[np.newaxis])[0]
    apart = {pair: deltaE_ciede2000(*lab[list(pair)]) for pair in combinations(range(8), 2)}
    assert min(apart.values()) >= 10, min(apart, key=apart.get)


def test_every_colour_has_a_line_style_of_its_own() -> None:
    assert len({dash for _, dash in STYLES}) == len(STYLES) == 8
