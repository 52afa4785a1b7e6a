"""Invented patients and the DICOM-like headers of their studies, with what is personal marked.

Values are written with marks, ``[[label|words]]``, which `plain` takes out again and `spans` finds.
Labels are name, contact, id_number, address, birth_date, date, device_id, institution, indirect.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from labelschool.model import TruthSpan

MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]")
NEEDED = {
    "Modality": "CT",
    "SliceThickness": "2.5",
    "PixelSpacing": "2.75\\2.75",
    "Rows": "128",
    "Columns": "128",
    "RescaleSlope": "1",
    "RescaleIntercept": "-1024",
}
"""What measurements and display rest on; dropping one of these spoils the picture."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "FileName": ("replace",),
    "PatientName": ("replace", "drop"),
    "PatientID": ("replace",),
    "PatientBirthDate": ("drop", "replace"),
    "StudyDate": ("replace",),
    "SeriesDate": ("replace",),
    "AcquisitionDate": ("replace",),
    "StudyInstanceUID": ("replace",),
    "PatientAge": ("replace", "drop"),
    "AccessionNumber": ("drop", "replace"),
    "InstitutionName": ("drop", "replace"),
    "ReferringPhysicianName": ("drop", "replace"),
    "OperatorsName": ("drop", "replace"),
    "StationName": ("drop", "replace"),
    "DeviceSerialNumber": ("drop", "replace"),
}
"""What may be done with a tag whose value holds something personal, best first."""
FREE_TEXT = ("replace", "drop")
NOTE = (
    "Remove what names or singles out a person, shift all dates of a patient by the same number of "
    "days, drop private tags, keep what measurement and display need."
)


@dataclass(frozen=True)
class Patient:
    """An invented person; ``born`` in the Gregorian calendar, ``name`` as FAMILY^Given."""

    name: str
    number: str
    born: date
    sex: str
    clinic: str
    physician: str
    serial: str

    @property
    def spoken(self) -> str:
        """Given name and family name."""
        family, given = self.name.split("^")
        return f"{given} {family}"

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


@dataclass(frozen=True)
class Visit:
    """One study: on which ``day``, and the fields that are its own, with marks."""

    patient: str
    day: date
    fields: Mapping[str, str]


PATIENTS = {
    "weir": Patient("Tolvaj^Henrika", "QM-118204", date(1958, 4, 17), "F",
                    "Saltmarsh Infirmary", "Abernot^Jules", "TX-40917"),
    "kiln": Patient("Ostergren^Pavo", "QM-120966", date(1971, 11, 2), "M",
                    "Saltmarsh Infirmary", "Kasprow^Edda", "TX-40917"),
    "lock": Patient("Varganyi^Ilonka", "HB-204417", date(1961, 3, 9), "F",
                    "Harrowbeck Hospital", "Mbeki-Lund^Sorrel", "AR-77120"),
    "quay": Patient("Dunmarrow^Tobiah", "HB-209953", date(1933, 8, 26), "M",
                    "Harrowbeck Hospital", "Mbeki-Lund^Sorrel", "AR-77120"),
    "mill": Patient("Okwuosa^Leandra", "7734-K-02", date(1986, 1, 30), "F",
                    "Clinic at Fenner's Gate", "Rastelli^Ondine", "AR-80355"),
    "dyke": Patient("Hjelmdal^Rurik", "7740-K-19", date(1949, 6, 12), "M",
                    "Clinic at Fenner's Gate", "Quillfeather^Amos", "AR-80355"),
    "ford": Patient("Serrabone^Maite", "NB-55021", date(1990, 12, 5), "F",
                    "North Brack Diagnostics", "Ilvesjarvi^Tuuli", "LM-20148"),
}  # fmt: skip
"""Key -> patient. The key is the scene of all headers and pictures of that patient."""

VISITS = {
    "practice": (
        Visit("weir", date(2023, 2, 14), {
            "FileName": "IM000101.dcm",
            "StudyDescription": "CT chest, plain",
            "ImageComments": "Compared with CT of [[date|9 November 2022]].",
        }),
        Visit("weir", date(2023, 8, 21), {
            "FileName": "[[name|TOLVAJ_HENRIKA]]_CT.dcm",
            "StudyDescription": "CT chest follow-up",
            "(0019,1008)": "OPERATOR [[name|N. Fairweather]]",
        }),
        Visit("kiln", date(2023, 5, 3), {
            "FileName": "IM000103.dcm",
            "StudyDescription": "CT chest low dose",
            "PatientComments": "Wife [[name|Marit]], phone [[contact|0555 0142]].",
        }),
        Visit("kiln", date(2024, 5, 6), {
            "FileName": "IM000104.dcm",
            "StudyDescription": "CT chest, second read for [[institution|Harrowbeck Hospital]]",
            "AcquisitionComments": "Valsalva manoeuvre, breath hold 8 s.",
        }),
    ),
    "counted": (
        Visit("lock", date(2024, 3, 12), {
            "FileName": "IM000201.dcm",
            "StudyDescription": "CT chest, plain",
            "ImageComments": "Nodule seen on [[date|20230605]] at "
                             "[[institution|Saltmarsh Infirmary]], please measure again.",
        }),
        Visit("lock", date(2024, 6, 18), {
            "FileName": "[[name|VARGANYI_I]]_[[date|20240618]].dcm",
            "StudyDescription": "CT chest follow-up 3 months",
            "SeriesDescription": "Thorax 2.5 B60",
        }),
        Visit("lock", date(2025, 1, 7), {
            "FileName": "IM000203.dcm",
            "StudyDescription": "CT chest follow-up",
            "(0019,1008)": "PAT [[name|Varganyi Ilonka]] / TABLE 141",
            "AcquisitionComments": "Valsalva manoeuvre, breath hold 10 s.",
        }),
        Visit("quay", date(2024, 2, 29), {
            "FileName": "IM000204.dcm",
            "StudyDescription": "CT chest, plain",
            "AdditionalPatientHistory": "Former smoker, lives at "
                                        "[[address|14 Weir Lane, Tolmin]]; two brothers.",
        }),
        Visit("quay", date(2024, 9, 5), {
            "FileName": "IM000205.dcm",
            "StudyDescription": "CT chest follow-up",
            "(0029,1020)": "LAST QA [[date|20240828]] SN [[device_id|AR-77120]]",
        }),
        Visit("quay", date(2024, 12, 30), {
            "FileName": "IM000206.dcm",
            "StudyDescription": "CT chest for [[name|Dr Mbeki-Lund]], urgent",
            "SeriesDescription": "Lung 2.5 high",
        }),
        Visit("mill", date(2023, 10, 2), {
            "FileName": "IM000207.dcm",
            "StudyDescription": "CT chest low dose",
            "PatientComments": "Prefers calls on [[contact|0555 0188]] after six.",
        }),
        Visit("mill", date(2024, 10, 9), {
            "FileName": "[[id_number|7734-K-02]]_scan2.dcm",
            "StudyDescription": "CT chest low dose, year 2",
            "ImageComments": "Motion at the base, repeated once.",
        }),
        Visit("dyke", date(2024, 4, 22), {
            "FileName": "IM000209.dcm",
            "StudyDescription": "CT chest with contrast",
            "RequestedProcedureDescription": "Staging asked for by "
                                             "[[institution|Saltmarsh Infirmary]].",
        }),
        Visit("dyke", date(2024, 11, 11), {
            "FileName": "IM000210.dcm",
            "StudyDescription": "CT chest with contrast",
            "(0019,1010)": "REF [[contact|r.hjelmdal@post.example]]",
        }),
        Visit("ford", date(2025, 3, 18), {
            "FileName": "IM000211.dcm",
            "StudyDescription": "CT chest, plain",
            "ImageComments": "Worn at upload: badge of [[name|T. Ilvesjarvi]], "
                             "scan of [[date|18 March]] replaces the one of [[date|11 March]].",
        }),
        Visit("ford", date(2025, 9, 23), {
            "FileName": "CT_[[birth_date|19901205]]_b.dcm",
            "StudyDescription": "CT chest follow-up 6 months",
            "SeriesDescription": "Thorax 2.5 B30",
        }),
    ),
}  # fmt: skip
"""Pool -> its studies in order."""


def header(visit: Visit, serial: int) -> dict[str, str]:
    """All fields of a study, keyword or private tag -> value with marks.

    ``serial`` numbers the studies and goes into accession numbers and unique identifiers.
    """
    person = PATIENTS[visit.patient]
    day = f"{visit.day:%Y%m%d}"
    years = person.age(visit.day)
    age = f"{years:03}Y"
    shared = {
        "StudyInstanceUID": f"[[id_number|{unique(person.number, str(serial))}]]",
        "StudyDate": f"[[date|{day}]]",
        "SeriesDate": f"[[date|{day}]]",
        "AcquisitionDate": f"[[date|{visit.day + timedelta(days=serial % 7 == 3):%Y%m%d}]]",
        "AccessionNumber": f"[[id_number|A{visit.day:%y}{4000 + 37 * serial}]]",
        "InstitutionName": f"[[institution|{person.clinic}]]",
        "ReferringPhysicianName": f"[[name|{person.physician}]]",
        "DeviceSerialNumber": f"[[device_id|{person.serial}]]",
        "PatientName": f"[[name|{person.name}]]",
        "PatientID": f"[[id_number|{person.number}]]",
        "PatientBirthDate": f"[[birth_date|{person.born:%Y%m%d}]]",
        "PatientSex": person.sex,
        "PatientAge": f"[[indirect|{age}]]" if years > 89 else age,
    }
    first = {"FileName": visit.fields["FileName"]}
    return first | shared | dict(visit.fields) | NEEDED


def unique(*parts: str) -> str:
    """A unique identifier of DICOM (PS3.5 B.2) that follows from ``parts`` alone."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def plain(value: str) -> str:
    """A value without its marks."""
    return MARK.sub(r"\2", value)


def spans(field: str, value: str) -> Iterator[TruthSpan]:
    """The marks of a value as spans of the plain value."""
    removed = 0
    for mark in MARK.finditer(value):
        label, words = mark.groups()
        start = mark.start() - removed
        removed += len(mark.group()) - len(words)
        end = start + len(words)
        yield TruthSpan(start=start, end=end, label=label, text=words, field=field)


def accepted(field: str, value: str) -> tuple[str, ...]:
    """What may be done with a field, best first: keep, drop, replace.

    A private tag goes, since nobody can know what it holds.
    """
    if field.startswith("("):
        return ("drop",)
    if not MARK.search(value):
        return ("keep",)
    return CHOICES.get(field, FREE_TEXT)


def edge_cases(visit: Visit, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The situations a header was written for."""
    marked = {field for field, value in fields.items() if MARK.search(value)}
    free = marked - set(CHOICES) - {field for field in fields if field.startswith("(")}
    cases = {
        "free_text": bool(free),
        "private_tag": any(field.startswith("(") for field in fields),
        "dates": any("[[date|" in value for value in fields.values()),
        "file_name": "FileName" in marked,
        "needed_tag": set(NEEDED) <= set(fields),
        "over_89": "PatientAge" in marked,
        "eponym": "Valsalva" in fields.get("AcquisitionComments", ""),
    }
    return tuple(case for case, holds in cases.items() if holds)
