"""What is so at this moment: read from the databases when somebody asks, never kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from broker.audit.journal import JOURNAL
from broker.database import reading
from broker.insured.schema import OUTBOX
from broker.openid.notices import NOTICE, WAITING

# The rows of the chain follow one another without a gap, so two ends tell its length: both are
# read from the index, however long the journal is.
_CHAINED = select(func.coalesce(func.max(JOURNAL.c.position) - func.min(JOURNAL.c.position) + 1, 0))
_UNCHAINED = select(func.count()).where(JOURNAL.c.position.is_(None)).select_from(JOURNAL)
_OUTBOX = select(func.count()).select_from(OUTBOX)
_NOTICES = select(func.count()).where(WAITING).select_from(NOTICE)

_FIGURES: tuple[tuple[str, str, str, Select[Any]], ...] = (
    ("passerelle_journal_rows", "Rows of the journal that are chained.", "broker", _CHAINED),
    ("passerelle_journal_unchained", "Rows that wait to be chained.", "broker", _UNCHAINED),
    ("passerelle_notices_waiting", "Logout notices to send again.", "broker", _NOTICES),
    ("passerelle_outbox_waiting", "Mails and texts not sent yet.", "insured", _OUTBOX),
)


# Compared by identity: a registry keeps its collectors in a dictionary.
@dataclass(frozen=True, eq=False)
class StoredFigures(Collector):
    """Figures of the databases; one that cannot be read is left out, and the others are told."""

    engines: Mapping[str, Engine]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each figure of a bind that is there (Prometheus calls this)."""
        for name, said, bind, statement in _FIGURES:
            if bind not in self.engines:
                continue
            try:
                with reading(self.engines[bind]) as connection:
                    value = connection.execute(statement).scalar_one()
            except SQLAlchemyError:
                continue
            yield GaugeMetricFamily(name, said, value=value)
