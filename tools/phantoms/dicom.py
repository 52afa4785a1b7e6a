"""Real DICOM files of synthetic pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from headers import unique
from marking import NOTICE
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

MAKER = "TARNWORKS"
"""Invented maker, owner of the private tags."""
NO_TAGS = {"FileName"}


def write_ct(values: np.ndarray, fields: Mapping[str, str], path: Path) -> None:
    """A CT picture of 12 stored bits with the fields of a header; HU = value - 1024.

    ``values`` are 8-bit values of `tomography.encode`. Raises ValueError where pydicom knows no
    keyword or the value does not fit it.
    """
    dataset = _new(path, CTImageStorage, ExplicitVRLittleEndian, fields["StudyInstanceUID"])
    for field, value in fields.items():
        if field not in NO_TAGS:
            _put(dataset, field, value)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.ImagePositionPatient = [0, 0, 0]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.KVP = "120"
    dataset.FrameOfReferenceUID = unique(path.name, "frame")
    _pixels(dataset, values.astype(np.uint16) * 8, stored=12)
    dataset.save_as(path, enforce_file_format=True)


def write_capture(values: np.ndarray, fields: Mapping[str, str], path: Path) -> None:
    """A secondary capture of 8 bits, deflated."""
    dataset = _new(path, SecondaryCaptureImageStorage, DeflatedExplicitVRLittleEndian, path.name)
    for field, value in fields.items():
        _put(dataset, field, value)
    dataset.ConversionType = "WSD"
    _pixels(dataset, values, stored=8)
    dataset.save_as(path, enforce_file_format=True)


def _new(path: Path, kind: str, syntax: str, study: str) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = kind
    meta.MediaStorageSOPInstanceUID = unique(path.name, study)
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = kind, meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = unique(study, "study")
    dataset.SeriesInstanceUID = unique(path.name, "series")
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.Manufacturer = MAKER
    for empty in ("StudyTime", "StudyID", "SeriesNumber", "InstanceNumber"):
        setattr(dataset, empty, None)
    for empty in ("StudyDate", "AccessionNumber", "ReferringPhysicianName", "PatientBirthDate"):
        setattr(dataset, empty, None)
    dataset.DerivationDescription = NOTICE
    dataset.BurnedInAnnotation = "NO"
    return dataset


def _put(dataset: FileDataset, field: str, value: str) -> None:
    """Set a keyword, or a private tag written as (gggg,eeee)."""
    if field.startswith("("):
        group, element = (int(part, 16) for part in field.strip("()").split(","))
        block = dataset.private_block(group, MAKER, create=True)
        dataset.add_new((group, block.get_tag(element & 0xFF).element), "LO", value)
        return
    setattr(dataset, field, int(value) if field in ("Rows", "Columns") else value)


def _pixels(dataset: FileDataset, pixels: np.ndarray, stored: int) -> None:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.BitsAllocated = 8 * pixels.itemsize
    dataset.BitsStored, dataset.HighBit = stored, stored - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = pixels.tobytes()
