"""
The agricultural scheme: no discovery document, the claim names of an older time.

Its dates are written DD/MM/YYYY and its sexes M and F.
"""

from providers.dialect import Dialect

MSA = Dialect(
    kind="msa",
    defaults={
        "label": "MSA",
        "need_fr": "numéro de sécurité sociale et mot de passe",
        "need_en": "social security number and password",
        "discovery": False,
        "client_auth": "client_secret_basic",
        "id_token_alg": "ES256",
        "userinfo": "json",
        "levels": ["eidas1"],
        "claims": {
            "family_name": "nom_naissance",
            "given_name": "prenoms",
            "birthdate": "date_naissance",
            "date_format": "DD/MM/YYYY",
            "gender": "sexe",
            "gender_values": {"M": "male", "F": "female", "I": "unspecified"},
            "birthplace": "lieu_naissance_cog",
            "birthcountry": "pays_naissance_cog",
            "preferred_username": "nom_usage",
        },
    },
)
