"""Who a query truly is, and when nobody could tell it from somebody else."""

from dataclasses import dataclass

from matching_slips import Sent, plain

from broker.cog.table import relations
from broker.insured.matching.records import RegistryRecord
from providers.identity import PartialDate, PivotIdentity


@dataclass(frozen=True, slots=True)
class Query:
    """
    One login. `truth` is the person's number in the registry, None for somebody absent; `meant`
    who an absent person is before a keyboard or a form changed how it is written.
    """

    kind: str
    identity: PivotIdentity
    truth: int | None
    meant: Sent | None = None

    def tells_apart(self, record: RegistryRecord) -> bool:
        """Whether anything sent, or meant, is not the record's letter for letter."""
        meant = self.meant is not None and indistinguishable(self.meant.identity(), record)
        return not (meant or indistinguishable(self.identity, record))


def indistinguishable(identity: PivotIdentity, record: RegistryRecord) -> bool:
    """
    Whether what was sent is, letter for letter and as far as both sides state it, this record.

    Told apart from the product's rules: no code of before independence, no name joined. Of two
    lists of first names the shorter one counts, of two codes of a place the wider one (a city says
    less than its quarter); words without array count as words. A date that the registry flags as
    presumed states no day, and the day that forms put in its place states none either.
    """
    place = record.birthplace or ""
    return (
        plain(identity.family_name) == plain(record.family_name)
        and _same_date(identity.birthdate, record)
        and identity.gender is record.gender
        and identity.birthcountry == record.birthcountry
        and tied(identity.birthplace or "", place)
        and _same_first_names(identity, record.given_names)
    )


def _same_date(sent: PartialDate, record: RegistryRecord) -> bool:
    kept, text = record.birthdate, str(sent)
    if not record.presumed or kept.day:
        return sent == kept
    filled = (f"{kept.year:04d}-01-01", f"{kept.year:04d}-12-31")
    months = (f"{kept.year:04d}-{kept.month:02d}-01",) if kept.month else filled
    return text in (str(kept), *months)


def _same_first_names(identity: PivotIdentity, kept: tuple[str, ...]) -> bool:
    sent = [plain(name) for name in identity.given_names]
    names = [plain(name) for name in kept]
    words = [plain(word) for word in " ".join(kept).replace("-", " ").split()]
    split = not identity.tokens_given and not any("-" in name for name in identity.given_names)
    shorter = min(len(sent), len(names))
    return sent[:shorter] == names[:shorter] or (split and sent == words)


def tied(one: str, other: str) -> bool:
    """Whether the codes are one, or one is above the other in the public dataset."""
    above = relations().above
    return one == other or one in above.get(other, ()) or other in above.get(one, ())
