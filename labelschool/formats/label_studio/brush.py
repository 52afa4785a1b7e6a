"""The run lengths of Label Studio's brush.

They go row by row over the four bytes (red, green, blue, alpha) of each pixel, as bits: 32 for the
number of bytes, 5 for the bits of a value, four times 4 for the sizes of run lengths; then for each
run a bit whether one value is repeated, 2 for which size its length has, the length, and the value
or values. All but the first are one less than what they stand for. The scheme is that of
https://github.com/thi-ng/umbrella/tree/develop/packages/rle-pack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelschool.formats.rasters import check_size, runs_of

if TYPE_CHECKING:
    import numpy as np

_SIZES = (3, 4, 8, 16)
_CHANNELS = 4


def decode(data: bytes, width: int, height: int) -> np.ndarray:
    """The mask of a brush: where its alpha is not 0.

    Raises ValueError for what are no run lengths of a picture of this size.
    """
    import numpy as np

    check_size(width, height)
    stream = _Bits(data)
    if stream.take(32) != width * height * _CHANNELS:
        raise ValueError("the runs of the brush do not fill its picture")
    bits = stream.take(5) + 1
    sizes = [stream.take(4) + 1 for _ in range(4)]
    flat = np.zeros(width * height * _CHANNELS, bool)
    at = 0
    while at < len(flat):
        repeated = stream.take(1)
        end = at + 1 + stream.take(sizes[stream.take(2)])
        if end > len(flat):
            raise ValueError("the runs of the brush do not fill its picture")
        if repeated:
            flat[at:end] = stream.take(bits) > 0
        else:
            flat[at:end] = [stream.take(bits) > 0 for _ in range(end - at)]
        at = end
    return flat.reshape(height, width, _CHANNELS)[..., 3]


def encode(mask: np.ndarray) -> list[int]:
    """The bytes of a mask's run lengths, all four bytes of a pixel 255 where it is set."""
    fields = [f"{mask.size * _CHANNELS:032b}", f"{7:05b}", *(f"{size - 1:04b}" for size in _SIZES)]
    value = 0
    for run in runs_of(mask.ravel()):
        left = run * _CHANNELS
        while left:
            length = min(left, 1 << _SIZES[-1])
            size = next(n for n, bits in enumerate(_SIZES) if length <= 1 << bits)
            fields.append(f"1{size:02b}{length - 1:0{_SIZES[size]}b}{value:08b}")
            left -= length
        value ^= 255
    text = "".join(fields)
    text += "0" * (-len(text) % 8)
    return list(int(text, 2).to_bytes(len(text) // 8, "big"))


class _Bits:
    """Numbers of so many bits each, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> int:
        """The next number. Raises ValueError at the end."""
        first, last = self._at // 8, (self._at + size + 7) // 8
        if last > len(self._data):
            raise ValueError("the runs of the brush end too early")
        self._at += size
        number = int.from_bytes(self._data[first:last], "big")
        return (number >> (last * 8 - self._at)) & ((1 << size) - 1)
