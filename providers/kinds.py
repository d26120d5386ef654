"""Every `kind` a `[providers.<id>]` table may name: a new dialect is one line here."""

from collections.abc import Mapping

from providers.ameli import AMELI
from providers.dialect import Dialect
from providers.mobile import MOBILE
from providers.msa import MSA
from providers.postal import POSTAL
from providers.tax import TAX

OIDC = Dialect("oidc")

KINDS: Mapping[str, Dialect] = {
    dialect.kind: dialect for dialect in (OIDC, TAX, POSTAL, MSA, MOBILE, AMELI)
}
