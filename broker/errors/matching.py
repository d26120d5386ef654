"""
Why no account is opened or linked (decision table D0-D12).

D3, D4, D5 and D6 are one class: one text, one number, one status, so that nobody learns whether a
file exists. D0 shows the same text. D7 to D11 come only after a unique match. D12 refuses nothing.
Leaving any of these pages returns access_denied to the service.
"""

from typing import ClassVar

from broker.errors.record import Fate, Language, Lines, PasserelleError, spaced


class MatchingRefusedError(PasserelleError):
    """The root of the refusals of the matching; `causes` are the most frequent ones, if any."""

    status, oauth = 403, "access_denied"
    fate = Fate.SHOWN
    title_fr = "Votre situation ne permet pas la création d'un compte"
    title_en = "Your situation does not allow an account to be created"
    causes_fr: ClassVar[Lines] = ()
    causes_en: ClassVar[Lines] = ()
    classic_way: ClassVar[bool] = False
    """Whether the classic creation may succeed where this login did not."""
    other_account: ClassVar[bool] = False
    """Whether another account on the page of providers may succeed."""

    @classmethod
    def causes(cls, language: Language) -> Lines:
        """The most frequent causes, four lines at most."""
        return tuple(map(spaced, cls.causes_fr)) if language == "fr" else cls.causes_en


class NoAccountPossibleError(MatchingRefusedError):
    """D3, D4, D5, D6: ambiguous, usage name, near miss or nobody. One text for the four."""

    number, alias = "B0401", "Y010008"
    classic_way = other_account = True
    public_fr = "Nous n'avons pas pu retrouver votre dossier avec les informations de votre compte."
    public_en = "We could not find your file with the information from your account."
    causes_fr = (
        (
            "Vos informations ne sont pas écrites de la même façon dans votre compte "
            "et dans les fichiers de votre CPAM."
        ),
        "Votre nom de naissance est mal orthographié : particule, trait d'union ou accent.",
        (
            "Votre nom d'usage (celui de votre conjoint par exemple) est à la place de votre nom "
            "de naissance."
        ),
        "Un prénom, la date ou le lieu de naissance est incomplet.",
    )
    causes_en = (
        (
            "Your details are not written the same way in your account and in the records of your "
            "health insurance fund (CPAM)."
        ),
        "Your birth name is misspelt: a particle, a hyphen or an accent.",
        "The name you use (your spouse's, for instance) stands where your birth name should be.",
        "A first name, the date of birth or the place of birth is incomplete.",
    )
    next_fr = (
        (
            "Vérifiez dans votre compte que votre nom de naissance est celui de votre acte de "
            "naissance, puis recommencez."
        ),
        (
            "Ou créez votre compte avec le formulaire. Le code postal doit être celui déclaré à "
            "votre CPAM ; si votre RIB vient de changer, attendez 2 à 3 jours ouvrés."
        ),
        "Si rien ne marche, demandez à votre CPAM de vérifier votre dossier.",
    )
    next_en = (
        (
            "Check in your account that your birth name is the one on your birth certificate, "
            "then start again."
        ),
        (
            "Or create your account with the form. The postcode must be the one your CPAM knows; "
            "if your bank details have just changed, wait 2 to 3 working days."
        ),
        "If nothing works, ask your CPAM to check your file.",
    )
    operator = "The journal and the advisor's ticket hold the outcome (D3 to D6)."


class IdentityUnusableError(NoAccountPossibleError):
    """D0: a trait is missing or malformed; nothing was searched. Same text as no match."""

    number, alias = "B0400", "Y600006"
    operator = "The log names the trait and the rule, for the provider's operator."


class HolderDeceasedError(MatchingRefusedError):
    """D7: the only match is a person recorded as deceased. Soft wording, contact only."""

    number, alias = "B0407", "Y010015"
    title_fr = "Nous avons besoin de vous parler"
    title_en = "We need to talk to you"
    public_fr = "Nous ne pouvons pas ouvrir de compte en ligne pour ce dossier."
    public_en = "We cannot open an online account for this file."
    next_fr = (
        "Appelez-nous : un conseiller regardera le dossier avec vous.",
        "Si vous vous occupez des démarches d'un proche, dites-le au conseiller.",
    )
    next_en = (
        "Call us: an advisor will look at the file with you.",
        "If you are handling the affairs of a relative, tell the advisor.",
    )
    operator = "The fraud desk was told; a relative or an identity theft."


class Under16Error(MatchingRefusedError):
    """D8: not yet 16 on the day."""

    number = "B0408"
    title_fr = "Un compte personnel s'ouvre à partir de 16 ans"
    title_en = "A personal account can be opened from the age of 16"
    public_fr = "Avant 16 ans, vos remboursements s'affichent dans le compte de votre parent."
    public_en = "Before 16, your reimbursements are shown in your parent's account."
    next_fr = (
        "Demandez à votre parent de regarder dans son compte.",
        "Revenez ici le jour de vos 16 ans : vous pourrez créer votre compte.",
    )
    next_en = (
        "Ask your parent to look in their account.",
        "Come back here on your 16th birthday: you will be able to create your account.",
    )
    operator = "Age in Europe/Paris; a presumed date counts as the latest possible one."


class NoOpenRightsError(MatchingRefusedError):
    """D9: rights closed, or another scheme."""

    number = "B0409"
    title_fr = "Vos droits ne sont pas ouverts chez nous"
    title_en = "Your rights are not open with us"
    public_fr = (
        "Votre dossier dépend d'un autre régime, ou vos droits sont fermés : "
        "nous ne pouvons pas créer de compte."
    )
    public_en = (
        "Your file belongs to another scheme, or your rights are closed: "
        "we cannot create an account."
    )
    next_fr = (
        "Si vous avez changé de régime (agricole, par exemple), contactez votre nouvelle caisse.",
        "Si vous pensez que vos droits devraient être ouverts, appelez-nous.",
    )
    next_en = (
        "If you changed scheme (to the farming one, for instance), contact your new fund.",
        "If you believe that your rights should be open, call us.",
    )
    operator = "Creation only: an existing account stays readable."


class TemporaryNumberError(MatchingRefusedError):
    """D10: the social security number does not start with 1 or 2."""

    number = "B0410"
    title_fr = "Votre numéro de sécurité sociale est encore provisoire"
    title_en = "Your social security number is still temporary"
    public_fr = "Un compte ne peut s'ouvrir qu'avec un numéro définitif, qui commence par 1 ou 2."
    public_en = "An account needs a final number, which begins with 1 or 2."
    next_fr = (
        "Attendez le courrier qui vous donnera votre numéro définitif.",
        "Si votre caisse vous a demandé des papiers, envoyez-les : le numéro définitif en dépend.",
        "Pour savoir où en est votre dossier, appelez-nous.",
    )
    next_en = (
        "Wait for the letter that gives you your final number.",
        "If your fund asked you for documents, send them: the final number depends on them.",
        "To know how your file is getting on, call us.",
    )
    operator = "Numbers in 3, 4, 7 and 8 are being registered or temporary."


class AlreadyLinkedError(MatchingRefusedError):
    """D11: the account is linked to another person of the broker; never overwritten."""

    number = "B0411"
    title_fr = "Un conseiller doit vérifier votre compte"
    title_en = "An advisor must check your account"
    public_fr = (
        "Pour votre sécurité, nous ne pouvons pas relier ce compte sans l'avoir vérifié avec vous."
    )
    public_en = "For your safety, we cannot link this account without checking it with you."
    next_fr = (
        "Appelez-nous et donnez votre numéro de dossier.",
        "Ayez avec vous votre carte Vitale et une pièce d'identité.",
    )
    next_en = (
        "Call us and give your case number.",
        "Have your carte Vitale and an identity document with you.",
    )
    operator = "Two persons of the broker lead to one insured person: advisor, possible theft."
