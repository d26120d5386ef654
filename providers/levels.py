"""Levels of assurance, weakest first (eIDAS regulation 910/2014, article 8)."""

from enum import StrEnum


class Level(StrEnum):
    """
    An eIDAS level as it travels in `acr` and `acr_values`.

    Compare with `rank`: the strings themselves have no order.
    """

    LOW = "eidas1"
    SUBSTANTIAL = "eidas2"
    HIGH = "eidas3"

    @property
    def rank(self) -> int:
        """1 for the weakest level, 3 for the strongest."""
        return int(self.value[-1])
