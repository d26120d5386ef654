"""
Names of fictional persons: the commonest French ones, and a model of syllables for the others.

Surnames follow a law fitted to published figures: the first covers 0.22 % of births (178,000 in
109 years), the thousand first about a quarter, the rest is a long tail of 650,000 names.
"""

from bisect import bisect
from functools import lru_cache
from itertools import accumulate

COMMON = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE "
    "LEROY ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT "
    "MULLER LEFEVRE FAURE ANDRE MERCIER BLANC GUERIN BOYER GARNIER CHEVALIER FRANCOIS LEGRAND "
    "GAUTHIER GARCIA PERRIN ROBIN CLEMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON "
    "MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOEL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY "
    "RIVIERE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GERARD ROCHE RENARD SCHMITT ROY LEROUX "
    "COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE "
    "BOURGEOIS PIERRE BENOIT REY LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY "
    "GUILLOT HUBERT BERGER CARPENTIER SANCHEZ DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ "
    "BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT CARRE CHARLES RENAULT "
    "CHARPENTIER MENARD MAILLARD BARON BERTIN BAILLY HERVE SCHNEIDER FERNANDEZ LE-GALL COLLET LEGER "
    "BOUVIER JULIEN PREVOST MILLET PERROT DANIEL LE-ROUX COUSIN GERMAIN BRETON BESSON LANGLOIS REMY "
    "LE-GOFF PELLETIER LEVEQUE PERRIER LEBLANC BARRE LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER "
    "JACOB MONNIER MICHAUD RODRIGUEZ GUICHARD GILLET ETIENNE GRONDIN POULAIN TESSIER CHEVALLIER "
    "COLLIN CHAUVIN DA-SILVA BOUCHET GAY LEMAITRE BENARD MARECHAL HUMBERT REYNAUD ANTOINE HOARAU "
    "PERRET BARTHELEMY CORDIER PICHON LEJEUNE GILBERT LAMY DELAUNAY PASQUIER CARLIER LAPORTE"
).split()
"""The commonest surnames, the commonest first; a hyphen stands for a space."""

_STARTS = (
    "BA BE BO BOU BRA BRE BRI CA CHA CHE CLA COR COU CRE DA DE DO DU FA FE FLO FRA GA GAU GE GI GOU "
    "GRA GUI HA HE HU JA JO LA LE LO LU MA ME MI MO MOU NA NO PA PE PI PO PRA RA RE RI RO SA SE SI "
    "SOU TA TE TOU TRI VA VE VI VO"
).split()
_MIDDLES = (
    "BE CHA CHE DE DI DRE GA GNE LA LE LI LLE LO MA MBE MI NA NE NI NO NTE QUE RA RBE RE RGE RI RLE "
    "RNA RO RTE SE SSE TE TI TRO VA VE VI ZA"
).split()
_ENDS = (
    "BERT CHARD CHET COURT DEAU DEL DIER DON DOUX DREAU FORT GEOT GNAC GNE GNON GUET LAIN LARD LAT "
    "LEAU LET LIN LLARD LLE LLET LLON LOT MIN MOND NARD NAUD NEAU NEL NET NIER QUET RAND RAT RAUD "
    "REAU RET RIER RIN RON ROT ROUX SSET SSIER TARD TEL TIER TIN TON TOT VAL VEL VET VIER VIN ZEL"
).split()

FIRST_NAMES: dict[tuple[str, int], tuple[str, ...]] = {
    ("F", 0): tuple(
        "Marie Jeanne Monique Jacqueline Denise Yvonne Françoise Simone Paulette Andrée Madeleine "
        "Nicole Marie-Thérèse Christiane Michèle Colette Suzanne Germaine Yvette Thérèse Odette "
        "Marcelle Georgette Geneviève Renée Janine Lucienne Ginette Annie Hélène Huguette Josette "
        "Gisèle Raymonde Claudine Danielle Marguerite Marie-Louise Henriette Liliane Arlette "
        "Louise Bernadette Éliane Marie-Claude Solange Lucette Rolande Pierrette Micheline".split()
    ),
    ("M", 0): tuple(
        "Jean Pierre Michel André Jacques Claude Roger René Bernard Marcel Robert Georges Louis "
        "Henri Gérard Daniel Maurice Raymond Christian Paul Guy Yves Lucien François Roland Gilbert "
        "Serge Fernand Jean-Claude Jean-Pierre Émile Gilles Charles Albert Joseph Alain Francis "
        "Marc Jean-Paul Hubert Gaston Julien Léon Eugène Guillaume Antoine Alfred Étienne Xavier "
        "Jean-Marie".split()
    ),
    ("F", 1): tuple(
        "Nathalie Isabelle Sylvie Catherine Martine Christine Véronique Sandrine Valérie Patricia "
        "Stéphanie Sophie Brigitte Céline Corinne Laurence Anne Chantal Dominique Pascale Karine "
        "Florence Virginie Sabrina Delphine Aurélie Laetitia Émilie Élodie Caroline Carole Agnès "
        "Béatrice Évelyne Magali Séverine Anne-Marie Marie-Christine Claire Muriel Hélène Estelle "
        "Audrey Vanessa Julie Cécile Myriam Fabienne Anne-Sophie Jessica Laura Mélanie".split()
    ),
    ("M", 1): tuple(
        "Philippe Patrick Thierry Christophe Stéphane Pascal Laurent Frédéric Nicolas Éric David "
        "Olivier Sébastien Bruno Didier Jérôme Julien Franck Vincent Fabrice Alexandre Dominique "
        "Cédric Guillaume Arnaud Gilles Emmanuel Ludovic Jean-Marc Hervé Sylvain Benoît Yannick "
        "Jean-François Denis Fabien Mickaël Régis Benjamin Grégory Jean-Luc Anthony Romain Jonathan "
        "Matthieu Thomas Pierre-Yves Rémi Damien Xavier Jean-Philippe Yann".split()
    ),
    ("F", 2): tuple(
        "Léa Manon Emma Chloé Camille Marie Océane Inès Sarah Clara Laura Jade Louise Alice Lola "
        "Mathilde Pauline Zoé Anaïs Lucie Juliette Lina Margaux Eva Charlotte Maëlys Ambre Romane "
        "Rose Anna Noémie Mila Léna Julia Agathe Lisa Louna Célia Elsa Jeanne Nina Capucine Lou "
        "Éléna Victoire Adèle Margot Yasmine Salomé Anouk Clémence Gabrielle Apolline Inaya".split()
    ),
    ("M", 2): tuple(
        "Lucas Thomas Hugo Enzo Théo Louis Nathan Gabriel Léo Raphaël Jules Maxime Arthur Adam "
        "Mathis Clément Antoine Paul Alexandre Ethan Tom Noah Sacha Mohamed Axel Baptiste Quentin "
        "Noé Valentin Victor Mathéo Maël Liam Timéo Gabin Rayan Nolan Martin Yanis Aaron Samuel "
        "Robin Simon Eliott Augustin Titouan Kylian Malo Ibrahim Oscar Isaac Malik Jean-Baptiste "
        "Corentin".split()
    ),
}
"""(sex, era) -> first names, the commonest first; the eras end in 1955 and 1985."""

_FIRST = 0.0022
_HEAD, _HEAD_SHARE, _HEAD_SLOPE, _HEAD_SHIFT = 1000, 0.25, 0.75, 25
_TAIL_SLOPE = 0.05
_AT_HEAD_END = 9.8e-5
_TAIL_NAMES = 650_000


def _head_weights() -> list[float]:
    slopes = [(rank + _HEAD_SHIFT) ** -_HEAD_SLOPE for rank in range(2, _HEAD + 1)]
    scale = (_HEAD_SHARE - _FIRST) / sum(slopes)
    return [_FIRST, *(scale * slope for slope in slopes)]


_CUMULATED = list(accumulate(_head_weights()))


def surname(chance: float) -> str:
    """The surname at this point, 0 to 1, of the distribution of births."""
    if chance < _CUMULATED[-1]:
        return surname_of_rank(bisect(_CUMULATED, chance))
    # The tail in closed form: the density falls as rank ** -0.95.
    share = (chance - _HEAD_SHARE) / (_AT_HEAD_END * _HEAD)
    rank = int(_HEAD * (1 + share * _TAIL_SLOPE) ** (1 / _TAIL_SLOPE))
    return surname_of_rank(min(rank, _TAIL_NAMES))


@lru_cache(maxsize=1 << 16)
def surname_of_rank(rank: int) -> str:
    """The surname of this rank, 0 the commonest."""
    if rank < len(COMMON):
        return COMMON[rank].replace("-", " ")
    rest, end = divmod(rank - len(COMMON), len(_ENDS))
    rest, start = divmod(rest, len(_STARTS))
    parts = [_STARTS[start]]
    while rest:
        rest, middle = divmod(rest - 1, len(_MIDDLES))
        parts.append(_MIDDLES[middle])
    return "".join(parts) + _ENDS[end]
