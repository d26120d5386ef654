"""The post office: pushed requests, signed user information, and a session it can end."""

from providers.dialect import Dialect

POSTAL = Dialect(
    kind="postal",
    defaults={
        "label": "La Poste, L'Identité Numérique",
        "need_fr": "application sur votre téléphone",
        "need_en": "an app on your phone",
        "client_auth": "client_secret_post",
        "id_token_alg": "ES256",
        "userinfo": "jwt",
        "par": True,
        "levels": ["eidas1", "eidas2"],
        "logout": True,
    },
)
