"""
Statements of the login path: written by SQLAlchemy once, run on the driver's own cursor.

SQLAlchemy builds the SQL, knows the types, and owns the connection, its transaction and its pool;
what it would do anew at every execution is done once for a dialect. That is three quarters of
what a look-up by key costs, twenty times a login (docs/decisions/0019). Everything else in the
house goes the ordinary way, and so does an engine that somebody listens to.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError, MultipleResultsFound
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    constants: Values
    order: tuple[str, ...] | None
    binds: tuple[tuple[str, _Convert], ...]

    def arguments(self, values: Values) -> Any:
        """The values as the driver takes them: in order, or by name."""
        whole = {**self.constants, **values} if self.constants else values
        if self.binds:
            whole = dict(whole)
            for name, convert in self.binds:
                whole[name] = convert(whole[name])
        return whole if self.order is None else tuple([whole[name] for name in self.order])


@dataclass(frozen=True, slots=True)
class _Reader:
    row: Callable[..., Any]
    results: tuple[tuple[int, _Convert], ...]

    def read(self, found: Sequence[Any]) -> Any:
        """A row with its columns by name."""
        if self.results:
            found = list(found)
            for place, convert in self.results:
                found[place] = convert(found[place])
        return self.row(*found)


class Ready:
    """
    One statement, whose values are all given by name: no default made in Python, no list whose
    length is known only later (TypeError at the first use).

    `row` reads at most one row, `count` tells how many rows were written. Errors are those of
    SQLAlchemy (`sqlalchemy.exc.DBAPIError` and below).
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._plans: dict[tuple[str, frozenset[str]], _Plan] = {}
        self._readers: dict[str, _Reader] = {}

    def row(self, connection: Connection, values: Values) -> Any:
        """The one row, its columns as attributes, or None; MultipleResultsFound beyond one."""
        if _observed(connection):
            return connection.execute(self.statement, values).one_or_none()
        dialect = connection.dialect
        with _cursor(connection, self._plan(dialect, values), values) as cursor:
            found = cursor.fetchmany(2)
            if dialect.name not in self._readers:
                self._readers[dialect.name] = _reader(self.statement, dialect, cursor.description)
        if len(found) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self._readers[dialect.name].read(found[0]) if found else None

    def count(self, connection: Connection, values: Values) -> int:
        """How many rows were inserted, updated or deleted."""
        if _observed(connection):
            return int(connection.execute(self.statement, values).rowcount)
        if not connection.in_transaction():
            connection.begin()
        plan = self._plan(connection.dialect, values)
        with _cursor(connection, plan, values) as cursor:
            return int(cursor.rowcount)

    def _plan(self, dialect: Dialect, values: Values) -> _Plan:
        key = (dialect.name, frozenset(values))
        plan = self._plans.get(key)
        if plan is None:
            self._plans[key] = plan = _planned(self.statement, dialect, list(values))
        return plan


class _cursor:  # noqa: N801 - it reads as the function it is used as
    """Runs a plan, and closes the driver's cursor afterwards."""

    __slots__ = ("connection", "cursor", "plan", "values")

    def __init__(self, connection: Connection, plan: _Plan, values: Values) -> None:
        self.connection, self.plan, self.values = connection, plan, values

    def __enter__(self) -> Any:
        connection, plan = self.connection, self.plan
        self.cursor = connection.connection.cursor()
        try:
            self.cursor.execute(plan.sql, plan.arguments(self.values))
        except connection.dialect.loaded_dbapi.Error as fault:
            self.cursor.close()
            raise _as_sqlalchemy(connection, plan.sql, fault) from fault
        return self.cursor

    def __exit__(self, *_fault: object) -> None:
        self.cursor.close()


def _as_sqlalchemy(connection: Connection, sql: str, fault: Exception) -> Exception:
    dialect, raw = connection.dialect, connection.connection.dbapi_connection
    lost = dialect.is_disconnect(fault, raw, None)  # type: ignore[arg-type]  # whatever the driver raises
    if lost:
        connection.invalidate(fault)
    made = DBAPIError.instance(
        sql,
        None,
        fault,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
    return made if isinstance(made, Exception) else fault


def _observed(connection: Connection) -> bool:
    return bool(connection.engine.dispatch.before_cursor_execute)


def _planned(statement: Executable, dialect: Dialect, given: list[str]) -> _Plan:
    compiled = statement.compile(dialect=dialect, column_keys=given)  # type: ignore[attr-defined]  # every statement can be
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only a statement can be made ready")
    if any(bind.expanding for bind in compiled.binds.values()):
        raise TypeError("a statement with a list cannot be made ready")
    if compiled.insert_prefetch or compiled.update_prefetch:
        raise TypeError("a statement with a default of its own cannot be made ready")
    binds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    into = ((name, kind.bind_processor(dialect)) for name, kind in binds.items())
    positions = compiled.positiontup
    return _Plan(
        sql=str(compiled),
        constants={n: b.effective_value for n, b in compiled.binds.items() if not b.required},
        order=tuple(positions) if positions is not None else None,
        binds=tuple((name, convert) for name, convert in into if convert),
    )


def _reader(statement: Any, dialect: Dialect, described: Sequence[Sequence[Any]]) -> _Reader:
    columns = statement.exported_columns
    kinds = [column.type.dialect_impl(dialect) for column in columns]
    out = [
        (place, kind.result_processor(dialect, described[place][1]))
        for place, kind in enumerate(kinds)
    ]
    return _Reader(
        row=namedtuple("Found", columns.keys()),  # noqa: PYI024 - its fields are known to the statement alone
        results=tuple((place, convert) for place, convert in out if convert),
    )
