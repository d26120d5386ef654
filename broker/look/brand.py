"""The brand: a name and two colours from the settings, as custom properties of the stylesheet."""

import re
from collections.abc import Iterator
from typing import Protocol

PAGE_LIGHT, PAGE_DARK = "#ffffff", "#10181b"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LEAST_CONTRAST = 4.5


class Brand(Protocol):
    """What the settings say of the look; colours are `#rrggbb`."""

    @property
    def name(self) -> str:
        """Shown in headers and titles."""

    @property
    def accent(self) -> str:
        """Links and buttons on a light page."""

    @property
    def accent_dark(self) -> str:
        """Links and buttons on a dark page."""


def brand_css(brand: Brand) -> str:
    """The end of the stylesheet: the colours of the brand."""
    return (
        f":root{{--accent:{brand.accent};--on-accent:{PAGE_LIGHT}}}"
        f"@media(prefers-color-scheme:dark){{"
        f":root{{--accent:{brand.accent_dark};--on-accent:{PAGE_DARK}}}}}"
    )


def brand_problems(brand: Brand) -> Iterator[str]:
    """Every reason to refuse these colours (WCAG 2.2 §1.4.3), as sentences naming the key."""
    for key, colour, page in (
        ("accent", brand.accent, PAGE_LIGHT),
        ("accent_dark", brand.accent_dark, PAGE_DARK),
    ):
        if not _COLOUR.fullmatch(colour):
            yield f"brand.{key}: must be a colour written #rrggbb"
        elif contrast(colour, page) < _LEAST_CONTRAST:
            yield (
                f"brand.{key}: has a contrast of {contrast(colour, page):.1f} on the page, "
                f"{_LEAST_CONTRAST} is the least that can be read"
            )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    threshold = 0.04045
    return channel / 12.92 if channel <= threshold else ((channel + 0.055) / 1.055) ** 2.4
