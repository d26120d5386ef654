"""
The desk of the advisors (36 46).

Read by the portal, which has words of its own for each `error`: these are for whoever reads the
answer of the endpoint or the log.
"""

from broker.errors.record import Fate, PasserelleError


class _DeskError(PasserelleError):
    """The root of the refusals of the desk."""

    fate = Fate.JSON
    title_fr = "Cette adresse est réservée aux conseillers"
    title_en = "This address is for advisors only"
    next_fr = ("Retournez sur la page précédente et recommencez.",)
    next_en = ("Go back to the previous page and start again.",)


class StaffSessionError(_DeskError):
    """No session of an advisor, or one that was idle for too long or closed."""

    number, status, oauth = "B0270", 401, "staff_session"
    public_fr = "La session du conseiller n'est pas ou n'est plus ouverte."
    public_en = "The session of the advisor is not open, or not any more."
    operator = "Sessions end after 20 idle minutes, at closing time, and when staff is disabled."


class StaffRefusedError(_DeskError):
    """Name, password or code are wrong, or the name is locked; the answer does not tell which."""

    number, status, oauth = "B0271", 403, "staff_refused"
    public_fr = "Le nom, le mot de passe ou le code ne conviennent pas, ou le nom est bloqué."
    public_en = "The name, the password or the code does not fit, or the name is locked."
    operator = (
        "A code serves once. Five failures lock a name for 15 minutes, doubling; ten until "
        "`passerelle staff reset-totp`, which gives a new secret. `passerelle staff list` shows it."
    )


class DeskClosedError(_DeskError):
    """Outside opening hours only staff on call comes in."""

    number, status, oauth = "B0273", 403, "desk_closed"
    public_fr = "Le bureau des conseillers est fermé."
    public_en = "The desk of the advisors is closed."
    operator = "Monday to Friday 8:30 to 17:30, public holidays excepted; `--on-call` lifts it."


class DeskFieldError(_DeskError):
    """A field of the call is missing or malformed; the detail names the rule."""

    number, status, oauth = "B0274", 400, "invalid_field"
    public_fr = "Un champ manque ou ne peut pas être lu."
    public_en = "A field is missing or could not be read."
    operator = "The parameter and the rule are in the description."


class TooManyConsultationsError(_DeskError):
    """More files an hour than an advisor needs: an alert is in the journal."""

    number, status, oauth = "B0275", 429, "consultation_limit"
    public_fr = "Le nombre de consultations par heure est atteint."
    public_en = "The number of consultations per hour has been reached."
    operator = "insured.desk.consultations_per_hour; look for desk:limit:reached in the journal."


class ConsultationUnknownError(_DeskError):
    """No such consultation of this advisor, or nothing of that kind in it."""

    number, status, oauth = "B0276", 404, "consultation_unknown"
    public_fr = "Cette consultation n'existe pas ou n'est plus ouverte."
    public_en = "This consultation does not exist or is closed."
    operator = "A consultation opens what it names to the advisor who made it, for twelve hours."


class CaseUnknownError(_DeskError):
    """No case has this number."""

    number, status, oauth = "B0277", 404, "case_unknown"
    public_fr = "Aucun dossier de refus ne porte ce numéro."
    public_en = "No case has this number."
    operator = "Cases are kept six months; see broker/insured/accounts/retention.py."


class DeskConflictError(_DeskError):
    """The account is not, or is no longer, in a state that allows this."""

    number, status, oauth = "B0278", 409, "conflict"
    public_fr = "Le compte ne permet pas cette opération."
    public_en = "The account does not allow this operation."
    operator = "The detail names the state; somebody else may have been faster."


class DeskEmailTakenError(_DeskError):
    """Another account has this e-mail address."""

    number, status, oauth = "B0279", 409, "email_taken"
    public_fr = "Un autre compte utilise cette adresse e-mail."
    public_en = "Another account uses this e-mail address."
    operator = "One e-mail, one account (S81): the person gives another."


class AccountNotLockedError(_DeskError):
    """Nothing bars the holder: there is nothing to unlock, and nobody is told."""

    number, status, oauth = "B0280", 409, "not_locked"
    public_fr = "Ce compte n'est pas bloqué : il n'y a rien à débloquer."
    public_en = "This account is not locked: there is nothing to unlock."
    operator = "Neither the account nor the tries of its number are locked; no letter was sent."


class CallerUnverifiedError(_DeskError):
    """The advisor has not written down how they made sure who calls."""

    number, status, oauth = "B0281", 409, "caller_unverified"
    public_fr = "Il faut d'abord vérifier qui appelle."
    public_en = "The caller must be verified first."
    operator = "Three questions answered, in this consultation, within the last half hour."
