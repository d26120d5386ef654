"""
An existing Ameli account: the provider that keeps insured accounts itself.

It names the account that vouched for the person, so that the broker can refuse to create an
account for, or link one to, anybody else.
"""

from providers.dialect import Dialect

AMELI = Dialect(
    kind="ameli",
    defaults={
        "label": "Ameli",
        "need_fr": "si vous avez déjà un compte",
        "need_en": "if you already have an account",
        "client_auth": "client_secret_basic",
        "id_token_alg": "ES256",
        "userinfo": "json",
        "levels": ["eidas1"],
        "account_claim": "sub",
    },
)
