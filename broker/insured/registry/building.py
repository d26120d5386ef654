"""
Builds a registry beside the one in service, and puts it in its place in one step.

SQLite: a new file, renamed over the old one once complete and on disk; connections see it when
they next leave the pool. PostgreSQL: a new schema filled by COPY, renamed in one transaction.
Until then nothing of the registry in service is touched; a build that dies leaves only a file or
a schema that the next one throws away.
"""

import csv
import io
import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, insert, text
from sqlalchemy.exc import IntegrityError

from broker.insured.registry.parsing import Rows
from broker.insured.registry.store import create_indexes, create_tables, describe, registry_path
from broker.insured.registry.tables import FORMER, LABEL, PERSON, SCHEMA

_ROWS_AT_ONCE = 20
_BUILDING = "registry_next"
_REPLACED = "registry_old"
