"""Names and countries of fictional persons born abroad, grouped by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Some countries (COG codes) whose names are alike, and their share among births abroad."""

    share: float
    countries: tuple[str, ...]
    surnames: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    presumed: float = 0.0


ORIGINS = (
    Origin(
        0.36,
        ("99352", "99350", "99351"),
        tuple(
            "BENALI BOUZID HADDAD MANSOURI BELKACEM SAIDI KADDOUR AMRANI ZERROUKI CHERIF BRAHIMI "
            "TOUMI BENSAID LAHLOU IDRISSI ALAOUI TRABELSI GHARBI JAZIRI HAMDI KHELIFI MEZIANE SLIMANI "
            "BOUDIAF".split()
        ),
        tuple("Fatima Aïcha Khadija Yamina Zohra Nadia Samira Malika Houria Leïla Naïma Farida".split()),
        tuple("Mohamed Ahmed Ali Karim Rachid Abdelkader Omar Hassan Youssef Farid Said Mustapha".split()),
        0.10,
    ),
    Origin(
        0.19,
        ("99335", "99341", "99326", "99331", "99322", "99312", "99324", "99330", "99337"),
        tuple(
            "TRAORE DIALLO COULIBALY DIARRA KONE KEITA CAMARA DIOP NDIAYE FALL CISSE TOURE BARRY SOW "
            "SYLLA SISSOKO KOUASSI KOFFI OUATTARA MBAYE GUEYE DOUMBIA SANGARE MENDY".split()
        ),
        tuple("Aminata Fatoumata Mariam Awa Kadiatou Adama Bintou Oumou Rokia Aïssata Salimata".split()),
        tuple("Moussa Mamadou Ibrahima Ousmane Abdoulaye Issa Boubacar Amadou Cheick Sékou".split()),
        0.20,
    ),
    Origin(
        0.22,
        ("99139", "99134", "99127"),
        tuple(
            "SILVA SANTOS FERREIRA PEREIRA OLIVEIRA COSTA RODRIGUES MARTINS SOUSA FERNANDES GONÇALVES "
            "GOMES LOPES MARQUES ALVES GARCIA LOPEZ MARTINEZ SANCHEZ GONZALEZ ROSSI RUSSO ESPOSITO "
            "BIANCHI".split()
        ),
        tuple("Maria Ana Isabel Rosa Teresa Carmen Lucia Giulia Fernanda Manuela Paula Elena".split()),
        tuple("Manuel António José João Carlos Francisco Giuseppe Antonio Luis Paulo Pedro".split()),
    ),
    Origin(
        0.13,
        ("99208", "99243", "99216", "99223", "99246", "99235", "99212"),
        tuple(
            "NGUYEN TRAN LE PHAM HUYNH CHEN WANG LI ZHANG LIN YILMAZ KAYA DEMIR SAHIN CELIK AYDIN "
            "SINGH KUMAR AHMED KHAN SILVA RAJ HOSSAIN LO".split()
        ),
        tuple("Thi Lan Mei Ayse Fatma Emine Ling Priya Hoa Xin Nesrin Yan".split()),
        tuple("Van Minh Wei Mehmet Mustafa Ali Ravi Hung Jun Ahmet Hasan Bao".split()),
        0.04,
    ),
    Origin(
        0.10,
        ("99131", "99109", "99132", "99140", "99122", "99114", "99155", "99123"),
        tuple(
            "PEETERS JANSSENS MAES DUBOIS SCHMIDT FISCHER WAGNER SMITH JONES TAYLOR KELLER KOWALSKI "
            "NOWAK WISNIEWSKI POPESCU IONESCU SHEVCHENKO BONDARENKO IVANOV PETROV HOFFMANN BROWN "
            "LAMBERT CLAES".split()
        ),
        tuple("Anna Ingrid Katarzyna Elena Mary Olga Ioana Monika Julia Ursula Emma".split()),
        tuple("Jan Peter Krzysztof Ivan John Andrei Hans Piotr David Thomas Mihai".split()),
    ),
)
"""All births abroad; `presumed` is the share whose day, or day and month, is presumed."""
