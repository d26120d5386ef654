"""
The tables of a registry, in a schema of their own named `registry`.

On PostgreSQL that is a schema of the insured database; on SQLite a file of its own, attached
under that name. Traits are kept as the insurer gave them; the keys are computed from them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

SCHEMA = "registry"
REGISTRY = MetaData(schema=SCHEMA)

LAYOUT = 4
"""Goes up when the tables or the meaning of a column change; such a registry is built again."""

# The insurer's number is the row number of SQLite: a file sorted by it is only ever appended.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

# Numbers wherever a text is one: each text is copied when it is bound, and takes twice the room.
# What is always there comes first, widest first: PostgreSQL finds these columns without a look at
# those before. The import writes them together.
PERSON = Table(
    "person",
    REGISTRY,
    Column("person_id", _NUMBER, primary_key=True, autoincrement=False),
    Column("nir_number", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("surname_key", Integer, nullable=False),
    Column("given_key", Integer, nullable=False),
    Column("place_key", Integer, nullable=False),
    Column("birthdate", Integer, nullable=False),
    Column("birthplace", Integer, nullable=False),
    Column("sex", SmallInteger, nullable=False),
    Column("flags", SmallInteger, nullable=False),
    Column("scheme", SmallInteger, nullable=False),
    Column("fund", SmallInteger, nullable=False),
    Column("parent_id", BigInteger),
    Column("mobile", BigInteger),
    Column("iban_since", Integer),
    Column("postal_code", Integer),
    Column("family_name", Text, nullable=False),
    Column("given_names", Text, nullable=False),
    Column("usage_name", Text),
    Column("iban", LargeBinary),
    Column("email", Text),
)
"""
One insured person. `person_id` the insurer's number, never re-used; `line` where the row stood in
the file; the keys as in `matching/keys.py`; `birthdate` and `iban_since` read YYYYMMDD with 00
for what is unknown; `sex` 1 male, 2 female; `given_names` separated by a vertical bar; `mobile`
without its plus sign; `nir_number`, `birthplace`, `flags` and `scheme` as in `packing.py`; `fund`
a number of LABEL; `iban` as in `iban.py`.
"""

NUMBER_INDEX = Index("person_by_number", PERSON.c.person_id, unique=True)
"""What stands for the primary key where it is not the row number; also created after the load."""

INDEXES = (
    Index("person_by_nir", PERSON.c.nir_number, unique=True),
    Index("person_by_surname", PERSON.c.surname_key, PERSON.c.birthdate),
    Index("person_by_birth", PERSON.c.birthdate, PERSON.c.place_key, PERSON.c.given_key),
    Index("person_by_names", PERSON.c.surname_key, PERSON.c.given_key, PERSON.c.place_key),
    Index(
        "person_by_parent",
        PERSON.c.parent_id,
        sqlite_where=PERSON.c.parent_id.is_not(None),
        postgresql_where=PERSON.c.parent_id.is_not(None),
    ),
)
"""
Created after the rows are loaded, so that each is sorted once. `person_by_birth` begins with the
birth so that it also serves the advisor, who may know nothing else; `person_by_parent` holds the
children alone, whose care is shown to the parent.
"""

FORMER = Table(
    "former",
    REGISTRY,
    Column("person_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("former_by_person", "person_id"),
    Index("former_by_value", "value"),
)
"""What a person was called or numbered before: `kind` nir or family_name. Never links by itself."""

LABEL = Table(
    "label",
    REGISTRY,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)
"""The names of funds, each stored once."""

ABOUT = Table(
    "about",
    REGISTRY,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What this registry is: layout, number of persons, source, when it was built."""
