"""The pivot identity of an insured person, as a provider of identities states it in claims."""

from broker.insured.matching.records import RegistryRecord


def pivot_claims(record: RegistryRecord, email: str | None) -> dict[str, str | None]:
    """
    The claims of the pivot identity, from the file of the insurer; `birthplace` is empty for a
    birth abroad, `email` the address of the account.
    """
    return {
        "family_name": record.family_name,
        "given_name": " ".join(record.given_names),
        "birthdate": str(record.birthdate),
        "gender": record.gender.value,
        "birthplace": record.birthplace or "",
        "birthcountry": record.birthcountry,
        "email": email,
    }
