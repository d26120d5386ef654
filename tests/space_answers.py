"""What an insurer answers about Claire's personal space, for a portal without the real one."""

from typing import Any

PAGES = [
    "/mon-compte",
    "/mon-compte/remboursements",
    "/mon-compte/releves/2026-11",
    "/mon-compte/droits",
    "/mon-compte/arrets",
    "/mon-compte/carte",
    "/mon-compte/changements",
    "/mon-compte/changements/adresse",
    "/mon-compte/changements/rib",
    "/mon-compte/changements/medecin",
    "/mon-compte/changements/caisse",
    "/mon-compte/messages",
    "/mon-compte/messages/1",
    "/mon-compte/alertes",
    "/mon-compte/connexions",
    "/mon-compte/acces",
    "/mon-compte/email",
    "/mon-compte/email/code",
    "/mon-compte/fermer",
]
"""The pages of the space that anybody signed in may open."""

PAYMENTS = [
    {
        "reference": "1-202611-1",
        "place": 0,
        "kind": "consultation",
        "label": "Dr Lenoir",
        "care_on": "2026-11-02",
        "paid_on": "2026-11-10",
        "spent": 3000,
        "base": 3000,
        "rate": 70,
        "paid": 1900,
        "insurer": "Mutuelle Exemple",
        "sent_on": "2026-11-12",
    },
    {
        "reference": "1-202610-1",
        "place": 1,
        "kind": "pharmacy",
        "label": "Pharmacie du Port",
        "care_on": "2026-10-03",
        "paid_on": "2026-10-09",
        "spent": 123_450,
        "base": 123_450,
        "rate": 65,
        "paid": 80_142,
        "insurer": "Mutuelle Exemple",
        "sent_on": None,
    },
    {
        "reference": "1-202609-1",
        "place": 0,
        "kind": "optical",
        "label": "=HYPERLINK(1)",
        "care_on": "2026-09-03",
        "paid_on": "2026-09-09",
        "spent": 12_000,
        "base": 300,
        "rate": 60,
        "paid": 180,
        "insurer": None,
        "sent_on": None,
    },
]
HOUSEHOLD = [
    {"place": 0, "name": "Claire", "holder": True},
    {"place": 1, "name": "Léo", "holder": False},
]
LEAVE = {
    "reference": "AT-1",
    "from_on": "2026-11-10",
    "until_on": "2026-12-10",
    "received_on": "2026-11-11",
    "days": 31,
    "waiting_until": "2026-11-12",
    "ongoing": True,
    "daily": 3236,
    "paid": 0,
    "expected": 90_608,
    "instalments": [
        {
            "from_on": "2026-11-13",
            "until_on": "2026-11-26",
            "days": 14,
            "amount": 45_304,
            "paid_on": "2026-11-27",
            "paid": False,
        }
    ],
}
ORDER = {
    "reason": "loss",
    "ordered_at": "2026-11-20T10:00:00+00:00",
    "stage": "prepared",
    "expected_on": "2026-12-10",
}
MESSAGE = {
    "number": 1,
    "topic": "rights",
    "sent_at": "2026-11-20T10:00:00+00:00",
    "answer_from": "2026-11-25",
    "answer_until": "2026-11-27",
    "answered_at": None,
    "read": False,
}
EMAIL_CHANGE = {
    "email_masked": "n•••••@exemple.fr",
    "until": "2026-11-24T11:10:00+00:00",
    "tries_left": 3,
}


def answers() -> dict[str, Any]:
    """Each answer by method and address below the account, new for each caller."""
    return {
        "GET dashboard": {
            "reimbursements": {"count": 3, "total": 82_222, "latest": PAYMENTS},
            "household": HOUSEHOLD,
            "leave": LEAVE,
            "order": ORDER,
            "unread": 1,
            "coming": [{"kind": "bank", "effective_on": "2026-11-27"}],
            "email_change": EMAIL_CHANGE,
            "password_reminder": True,
        },
        "GET rights": {
            "rights": {"open": True, "scheme": "general", "fund": "CPAM du Rhône"},
            "nir_masked": "2 85 03 •• ••• ••• ••",
            "insurer": "Mutuelle Exemple",
            "doctor": "Dr Lenoir",
            "declared": {},
            "children": [
                {
                    "name": "Léo DURAND",
                    "birthdate": "2016-01-05",
                    "adult_on": "2032-01-05",
                    "minor": True,
                },
                {
                    "name": "Ève DURAND",
                    "birthdate": "2009-00-00",
                    "adult_on": "2025-12-31",
                    "minor": False,
                },
            ],
        },
        "GET payments": {
            "since": "2025-11-24",
            "until": "2026-11-24",
            "household": HOUSEHOLD,
            "count": 3,
            "pages": 1,
            "spent": 138_450,
            "total": 82_222,
            "payments": PAYMENTS,
        },
        "GET statements": {
            "months": [
                {"month": "2026-11", "count": 1, "total": 1900},
                {"month": "2026-10", "count": 0, "total": 0},
            ]
        },
        "GET statements/2026-11": {
            "month": "2026-11",
            "household": HOUSEHOLD,
            "spent": 3000,
            "total": 1900,
            "payments": PAYMENTS[:1],
        },
        "GET leaves": {"leaves": [LEAVE]},
        "GET orders": {"orders": []},
        "POST orders": {"order": 1},
        "POST orders/open": {"outcome": "received"},
        "GET declarations": {"declared": {}, "funds": ["CPAM de Paris", "CPAM du Rhône"]},
        "POST declarations": {"kind": "bank", "effective_on": "2026-11-27"},
        "GET messages": {"messages": [MESSAGE]},
        "GET messages/1": {**MESSAGE, "text": "Une question.\nEt une autre.", "answer": None},
        "POST messages": {"number": 2},
        "GET alerts": {"login": True, "contact": False, "payment": False},
        "PUT alerts": {"login": False, "contact": False, "payment": True},
        "POST reminder": {},
        "GET visits": {
            "visits": [
                {
                    "session": "0" * 32,
                    "way": "federation",
                    "provider": "tax",
                    "device": "Firefox, Windows",
                    "at": "2026-11-24T10:59:00+00:00",
                },
                {
                    "session": "1" * 32,
                    "way": "classic",
                    "provider": None,
                    "device": "?",
                    "at": "2026-11-20T10:59:00+00:00",
                },
            ]
        },
        "POST visits": {"new": True},
        "GET ways": {
            "links": [
                {
                    "number": 7,
                    "provider": "tax",
                    "linked_at": "2026-11-24T11:00:00+00:00",
                    "used_at": "2026-11-24T11:00:00+00:00",
                    "match": "exact",
                }
            ],
            "password_since": None,
            "email_change": EMAIL_CHANGE,
        },
        "DELETE ways/7": {"provider": "tax"},
        "POST email": EMAIL_CHANGE,
        "POST email/code": {"outcome": "changed", "tries_left": 0},
        "POST close": {"status": "closed"},
        "POST certificates": {
            "code": "7K4M-2QXP-9HTR",
            "issued_on": "2026-11-24",
            "valid_until": "2027-11-24",
            "holder": {
                "family_name": "DURAND",
                "usage_name": "MARTIN",
                "given_names": ["Claire", "Anne"],
                "birthdate": "1985-03-27",
            },
            "nir": "285036938300142",
            "scheme": "general",
            "fund": "CPAM du Rhône",
            "children": [{"name": "Léo DURAND", "birthdate": "2016-01-05"}],
        },
        "GET certificates/7K4M2QXP9HTR": {
            "valid": True,
            "initials": "C. D.",
            "issued_on": "2026-11-24",
            "valid_until": "2027-11-24",
        },
    }


def refusal(error: str, description: str = "no", status: int = 409) -> tuple[dict[str, str], int]:
    """A refusal of the insurer, to stand in the place of an answer."""
    return {"error": error, "error_description": description}, status
