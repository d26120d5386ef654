"""The mobile phone: the client signs its own assertions, and ID tokens come encrypted."""

from providers.dialect import Dialect

MOBILE = Dialect(
    kind="mobile",
    defaults={
        "label": "Mobile Connect et Moi",
        "need_fr": "votre téléphone mobile",
        "need_en": "your mobile phone",
        "client_auth": "private_key_jwt",
        "id_token_alg": "ES256",
        "id_token_encrypted": True,
        "userinfo": "json",
        "levels": ["eidas1", "eidas2"],
    },
)
