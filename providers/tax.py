"""The tax office: RSA signatures, plain user information, the weakest level; the most used."""

from providers.dialect import Dialect

TAX = Dialect(
    kind="tax",
    defaults={
        "label": "Impots.gouv.fr",
        "need_fr": "numéro fiscal et mot de passe",
        "need_en": "tax number and password",
        "client_auth": "client_secret_post",
        "id_token_alg": "RS256",
        "userinfo": "json",
        "levels": ["eidas1"],
    },
)
