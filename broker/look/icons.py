"""
Icons drawn for this product, as inline SVG: never a logo of anybody.

Each stands beside a word, hence is hidden from screen readers. A template writes `<icon back>`.
"""

_BRIDGE = "M2 18h28M4 18C7 9 11.5 5 16 5s9 4 12 13M10 18v-7M16 18V5M22 18v-7"

_SHAPES = {
    "next": "M8 4.5 13.5 10 8 15.5",
    "back": "M16 10H4.5M9.5 5l-5 5 5 5",
    "question": (
        "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16"
        "M7.8 7.8a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.8-1.1 1.6M10 14v.1"
    ),
    "warning": "M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.3v.1",
    "done": "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16M6.5 10.3l2.5 2.5 4.7-5.3",
    "phone": (
        "M5 3h3l1.5 4-2 1.5a9 9 0 0 0 4 4l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.5 1.5"
        "A13 13 0 0 1 3.5 4.5 1.5 1.5 0 0 1 5 3"
    ),
    "shield": "M10 2.5l6 2v5c0 4-2.5 6.6-6 8-3.5-1.4-6-4-6-8v-5zM7.3 9.8l2 2 3.5-3.8",
}


def icon(name: str) -> str:
    """The SVG of an icon; KeyError when there is no such drawing."""
    if name == "bridge":
        return _svg("bridge", 32, 24, _BRIDGE)
    return _svg("icon", 20, 20, _SHAPES[name])


def _svg(kind: str, width: int, height: int, shape: str) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-hidden="true" focusable="false"><path d="{shape}"/></svg>'
    )
