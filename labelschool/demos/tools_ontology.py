"""Demo of lesson 2.1: `configs`, one ontology in YAML as the configuration of four tools."""

from __future__ import annotations

import html

import ipywidgets as widgets

from labelschool.demos.frame import Frame, note, words
from labelschool.errors import LabelSchoolError
from labelschool.formats import ontology

CROSSING = """\
project: Crossing, batch 1
classes:
  - {name: car, shape: box, attributes: [occluded, truncated]}
  - {name: road, shape: mask}
  - name: person
    shape: keypoints
    points: [head, hip, foot]
    bones: [[head, hip], [hip, foot]]
attributes:
  - {name: occluded, choose: one, values: ["0", "1", "2", "3"]}
  - {name: truncated}
tags:
  - {name: weather, choose: one, values: [dry, wet]}
spans: [PLACE, TIME]
"""


def config_shown(config: ontology.Config) -> str:
    """The text of a configuration, and what it leaves out."""
    lost = ", ".join(f"{loss.count} {loss.what}" for loss in config.losses) or "nothing"
    lines = config.text.count("\n")
    said = f"<b>{config.tool}</b>, <code>{config.file}</code>, {lines} lines. Left out: {lost}."
    return note(said) + (
        f'<pre tabindex="0" aria-label="{config.file}" style="max-height:340px;overflow:auto;'
        f'margin:8px 0 0;font-size:12px;line-height:1.35">{html.escape(config.text)}</pre>'
    )


def configs() -> Frame:
    """An ontology to edit, and what becomes of it in each tool."""
    return Frame("demo configs", "One ontology in four configurations", _configs)


def _configs() -> list[widgets.Widget]:
    own = widgets.Textarea(
        value=CROSSING,
        rows=CROSSING.count("\n") + 2,
        description="Ontology",
        layout=widgets.Layout(width="100%"),
    )
    own.add_class("lsd-code")
    tools = [(made.tool, name) for name, made in ontology.configs(ontology.parse(CROSSING)).items()]
    choice = widgets.ToggleButtons(
        options=tools, description="Tool", style={"button_width": "auto"}
    )
    text = words(live=True)

    def show(_: object = None) -> None:
        try:
            made = ontology.configs(ontology.parse(own.value))
        except LabelSchoolError as error:
            text.value = note(html.escape(str(error)), "wrong")
        else:
            text.value = config_shown(made[choice.value])

    own.observe(show, "value")
    choice.observe(show, "value")
    show()
    monospace = words("<style>.lsd-code textarea{font-family:monospace;font-size:12px}</style>")
    return [monospace, own, choice, text]
