"""A chart of the page model as inline SVG: altair describes it once, vl-convert draws it. No numbers are made here.

The drawing has a fixed width and no axis, so it needs no measure of a font and is the same on every machine. It says
nothing to a screen reader: whoever shows it adds the alternative of the model. Colours are those of ``PALETTE``, which
a page may replace by its own.
"""

import json
import re
from functools import cache
from typing import Any

from jos_pipeline.report.model import Chart

WIDTH = 400
ROW = 44
"""Height of a bar with its label above it."""
ROOM = 0.76
"""Part of the width for the longest bar, at most; the rest is for the figure behind it."""
LETTER = 8.5
"""Width of a letter of that figure, at most on average."""
BEHIND = 6
"""Between a bar and the figure behind it."""
PALETTE = {"ink": "#1b2733", "link": "#0b5c7a", "edge": "#6b7a86", "soft": "#4a5a68"}
"""Colours as in ``basis.html.j2``, by the name of their variable there."""
FONT = "system-ui, 'Segoe UI', 'Noto Sans', sans-serif"
_UNNEEDED = re.compile(
    r' (?:role|stroke|xmlns(?::\w+)?|version|class|aria-[a-z]+|pointer-events|stroke-miterlimit)="[^"]*"'
)


def svg(chart: Chart) -> str:
    """The picture of a chart."""
    room = _room(chart)
    rows = [
        {
            "i": number,
            "label": bar.label,
            "shown": bar.shown,
            "length": None if bar.length is None else round(bar.length * room, 4),
            "begin": round(bar.begin * room, 4),
            "start": 0 if bar.length is None else round(bar.length * room, 4),
            "fill": PALETTE["link" if bar.emphasis else "edge"],
            "ink": PALETTE["ink" if bar.length is not None else "soft"],
        }
        for number, bar in enumerate(chart.bars)
    ]
    return _drawn(json.dumps(rows, ensure_ascii=False))


def _room(chart: Chart) -> float:
    """Part of the width for the longest bar, so that no figure behind a bar falls off the drawing."""
    longest = max(len(bar.shown) for bar in chart.bars if bar.length is not None)
    return min(ROOM, 1 - (longest * LETTER + BEHIND) / WIDTH)


@cache
def _drawn(rows: str) -> str:
    import vl_convert  # noqa: PLC0415 - starts a JavaScript engine: only where something is drawn

    found = json.loads(rows)
    drawing = json.loads(_described())
    data = next(one for one in drawing["data"] if "values" in one)
    data["values"] = found
    picture = vl_convert.vega_to_svg(drawing, allowed_base_urls=[])
    return _as_inline(picture, len(found))


def _as_inline(picture: str, bars: int) -> str:
    """Without what only a program that reads SVG as a file needs, and hidden for screen readers."""
    body = _UNNEEDED.sub("", picture)
    body = body[body.index(">", body.index("<svg")) + 1 :]
    return (
        f'<svg aria-hidden="true" focusable="false" width="{WIDTH}" height="{bars * ROW}" '
        f'viewBox="0 0 {WIDTH} {bars * ROW}">{body}'
    )


@cache
def _described() -> str:
    """The chart as Vega, compiled once; only its rows differ."""
    import altair as alt  # noqa: PLC0415 - takes two seconds: only where something is drawn
    import vl_convert  # noqa: PLC0415

    across = alt.X("length:Q", scale=alt.Scale(domain=[0, 1]), axis=None)
    down = alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(alt.Data(values=[{"i": 0}])).encode(y=down)
    bars = base.mark_bar(size=16, yOffset=8).encode(x=across, x2="begin:Q", color=alt.Color("fill:N", scale=None))
    text: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 14, "font": FONT}
    labels = base.mark_text(**text, yOffset=-11).encode(x=alt.value(0), text="label:N", color=alt.value(PALETTE["ink"]))
    figures = base.mark_text(**text, yOffset=8, dx=BEHIND, fontWeight="bold").encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
        text="shown:N",
        color=alt.Color("ink:N", scale=None),
    )
    layers = (
        alt.layer(bars, labels, figures)
        .properties(width=WIDTH, height=alt.Step(ROW), padding=0)
        .configure(background="transparent", view=alt.ViewConfig(stroke="transparent"))
    )
    return json.dumps(vl_convert.vegalite_to_vega(layers.to_dict()))
