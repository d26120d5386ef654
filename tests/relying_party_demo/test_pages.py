"""What every page owes to its reader: a language, a way out, protection, and no dead end."""

import gzip
import html
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from relying_party_demo.pages.languages import catalogues
from relying_party_demo.portal.guide import TOPICS

PUBLIC = [
    "/",
    "/connexion",
    "/creer-un-compte",
    "/creer-un-compte/e-mail-envoye",
    "/compte-active",
    "/code-personnel-oublie",
    "/code-personnel-oublie/termine",
    "/contact",
    "/aide",
    *[f"/aide/{slug}" for slug in TOPICS],
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
]
ENDS = [
    "abandonnee",
    "refusee",
    "inattendue",
    "non-verifiee",
    "indisponible",
    "session-terminee",
]
EVERY = [*PUBLIC, *[f"/connexion/suite/{slug}" for slug in ENDS], "/nowhere"]


def words(page):
    """The text of a page, without its marks and without the name of the other language."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    body = re.sub(r'<(\w+)[^>]*\blang="(?:fr|en)"[^>]*>[^<]*</\1>', " ", body)
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_pages_have_one_title(reader, language):
    """A tab, a bookmark and a screen reader's first word tell the pages apart."""
    same_news = "/code-personnel-oublie/termine"  # a password is kept, as after a creation
    titles = [
        re.search("<title>(.*?)</title>", reader.get(f"{path}?lang={language}").text)[1]
        for path in EVERY
        if path != same_news
    ]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", EVERY)
def test_every_page_is_drawn_in_both_languages(reader, path, language):
    """One h1, the banner, the other language, help, « Mon compte » and the three official links."""
    page = reader.get(f"{path}?lang={language}").text

    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert 'data-testid="mon-compte"' in page
    assert 'href="/aide"' in page
    assert ("service fictif" in page) is (language == "fr")
    for official in ("ameli.fr", "service-public.fr", "franceconnect.gouv.fr"):
        assert official in page


ONLY_FRENCH = re.compile(r"\b(?:vous|votre|vos|une|avec|pour|nous|est|les|des)\b", re.IGNORECASE)
ONLY_ENGLISH = re.compile(r"\b(?:the|your|you|with|and|is|are|of|this)\b", re.IGNORECASE)
JARGON = re.compile(
    r"\b(?:token|scope|claim|callback|client|OpenID|OAuth|veuillez)\b", re.IGNORECASE
)
QUOTED = re.compile(r"“[^”]*”|Ameli \(démonstration\)|Mobile Connect et Moi|Impots\.gouv\.fr")


@pytest.mark.parametrize("path", EVERY)
def test_no_page_mixes_the_two_languages(reader, path):
    """A page in one language holds no sentence of the other, and no word of the trade."""
    french = QUOTED.sub(" ", words(reader.get(f"{path}?lang=fr").text))
    english = QUOTED.sub(" ", words(reader.get(f"{path}?lang=en").text))

    assert ONLY_ENGLISH.findall(french) == []
    assert ONLY_FRENCH.findall(english) == []
    assert JARGON.findall(french) == []
    assert JARGON.findall(english) == []


def test_no_sentence_is_missing_in_french(catalogue):
    """Every sentence has its French one, none is doubtful, and the compiled file is the same."""
    folder = catalogue / "fr" / "LC_MESSAGES"
    written = read_po(BytesIO((folder / "messages.po").read_bytes()))
    compiled = read_mo(BytesIO((folder / "messages.mo").read_bytes()))

    assert [m.id for m in written if m.id and (not m.string or m.fuzzy)] == []
    assert sentences(written) == sentences(compiled)


def sentences(catalogue):
    """Each sentence with its French one; one that counts has several of both."""
    return {whole(m.id): whole(m.string) for m in catalogue if m.id}


def whole(text):
    return text if isinstance(text, str) else tuple(text)


def test_no_sentence_of_the_pages_lacks_in_the_catalogue(catalogue):
    """What the templates and the code say is what was translated."""
    written = read_po(BytesIO((catalogue / "fr/LC_MESSAGES/messages.po").read_bytes()))
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    others = {folder.parent.name for folder in catalogues() if folder != catalogue}
    said = {
        found[2]
        for found in extract_from_dir(
            catalogue.parent, methods, directory_filter=lambda path: Path(path).name not in others
        )
    }

    assert said
    assert said == set(sentences(written))


def test_the_language_chosen_stays(portal):
    """One choice holds for the next pages; before it the browser's wish counts."""
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert '<html lang="en">' in portal.get("/", headers=english).text
    assert '<html lang="fr">' in portal.get("/", headers={"Accept-Language": "de"}).text

    portal.get("/aide?lang=en")

    assert '<html lang="en">' in portal.get("/contact").text
    portal.get("/?lang=xx")
    assert '<html lang="en">' in portal.get("/contact").text


def test_the_language_link_keeps_the_place(reader):
    """The same page, the same number, in the other language."""
    page = reader.get("/connexion/suite/refusee?numero=B0401&evil=1").text

    assert 'href="/connexion/suite/refusee?numero=B0401&amp;lang=en"' in page


@pytest.mark.parametrize("path", [*PUBLIC, "/mon-compte", "/nowhere", "/healthz", "/session"])
def test_every_answer_is_protected(reader, path):
    """Strict policy, no sniffing, no referrer, nothing cached (row 43)."""
    headers = reader.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_hold_no_inline_script_or_style_and_call_nobody(reader, path):
    """No style or script in the page, and every file it loads is our own."""
    page = reader.get(path).text

    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    assert all(
        a.startswith("/assets/")
        for a in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', page)
    )


def test_no_link_of_any_page_is_dead(portal, broker):
    """Every link inside the site leads to a page, signed in or not."""
    portal.sign_in()
    seen, waiting = set(), ["/", "/mon-compte", "/connexion/suite/refusee"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = portal.get(path)
        assert answer.status_code in {200, 303, 403}, path
        found = re.findall(r'href="(/[^"#]*)"', html.unescape(answer.text))
        waiting += [link for link in found if not link.startswith("/assets/")]

    assert len(seen) > 20


def test_a_page_is_light(portal):
    """Under 80 kB the first time, under 15 kB after; our own stylesheet under 15 kB."""
    page = portal.get("/mon-compte" if portal.sign_in() else "/")
    files = re.findall(r'"(/assets/[^"]+)"', page.text)
    answers = [portal.get(path, headers={"Accept-Encoding": "gzip"}) for path in files]
    weight = sum(len(answer.data) for answer in answers)

    assert len(page.data) < 15_000
    assert len(page.data) + weight < 80_000
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)
    style = gzip.decompress(answers[0].data).decode()
    assert len(style.partition("/* Ours")[2]) < 15_000


def test_files_are_served_plain_to_whoever_does_not_unpack(reader):
    """Without gzip the same file comes as it is; an unknown one is no file."""
    path = re.search(r'"(/assets/site[^"]+)"', reader.get("/").text)[1]
    plain, packed = reader.get(path), reader.get(path, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert reader.get("/assets/other.css").status_code == 404


def test_the_colours_are_those_of_the_settings(make_portal):
    """The brand's colours reach the stylesheet and the icon."""
    visitor = make_portal(accent="#123456", accent_dark="#abcdef")
    page = visitor.get("/").text
    style, icon = (
        visitor.get(re.search(rf'"(/assets/{name}[^"]+)"', page)[1]).text
        for name in ("site", "icon")
    )

    assert ":root{--accent:#123456}" in style
    assert "{:root{--accent:#abcdef}}" in style
    assert 'fill="#123456"' in icon


def test_the_number_of_an_error_is_a_number(reader):
    """Only what looks like one of the broker's numbers is taken from the address."""
    for shown, number in (
        (True, "B0401"),
        (True, "Y04EA6E"),
        (False, "<b>B0401"),
        (False, "0899000000"),
        (False, "B0401 call us"),
    ):
        page = reader.get("/connexion/suite/refusee", query_string={"numero": number}).text
        assert ('data-testid="error-number"' in page) is shown


@pytest.mark.parametrize("slug", ENDS)
def test_the_number_of_an_error_is_small_print(reader, slug):
    """An advisor asks for the case number of the broker's page; who gave up made no error."""
    page = reader.get(f"/connexion/suite/{slug}?numero=B0401").text
    no_error = slug in {"abandonnee", "session-terminee"}

    assert ("<small>Numéro de l" in page) is not no_error
    assert "à donner à un conseiller" not in page


@pytest.mark.parametrize("slug", ENDS)
def test_every_end_leads_to_all_the_ways_in(reader, slug):
    """Whoever signs in with a number and a password is not sent to the broker alone."""
    assert 'href="/connexion" data-testid="all-ways"' in reader.get(f"/connexion/suite/{slug}").text


def test_an_unknown_end_is_an_unknown_page(reader):
    """There is one page for each end and none for another."""
    assert reader.get("/connexion/suite/autre").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["next=https://evil.example", "return_to=//evil.example", "lang=//evil.example", "url=%5C%5Ce"],
)
@pytest.mark.parametrize("path", ["/", "/connexion", "/mon-compte", "/connexion/suite/refusee"])
def test_no_parameter_leads_elsewhere(reader, path, query):
    """No redirect of this site takes its target from the request (row 16)."""
    answer = reader.get(f"{path}?{query}")

    assert answer.headers.get("Location", "/connexion") == "/connexion"
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost:8080.evil.example"])
def test_the_host_header_is_never_used(portal, broker, host):
    """Addresses come from the settings alone (row 34)."""
    page = portal.get("/connexion", headers={"Host": host})

    assert "evil" not in page.text
    assert "http://localhost:8080" in page.text


def test_a_button_without_its_token_does_nothing(portal):
    """A form from elsewhere starts no login; the page says so and offers to go on (row 32)."""
    answer = portal.client.post("/connexion/passerelle")

    assert answer.status_code == 400
    assert "Rien n'a été fait" in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 405), ("GET", "/deconnexion", 405), ("PUT", "/contact", 405)],
)
def test_a_senseless_request_gets_a_page(reader, method, path, status):
    """Never a stack trace, never a 5xx."""
    answer = reader.client.open(path, method=method)

    assert answer.status_code == status
    assert "n'a pas pu être lue" in answer.text


def test_a_form_of_a_megabyte_is_refused(portal):
    """What nobody types is not read."""
    answer = portal.post("/connexion/passerelle", {"x": "y" * 1_000_000})

    assert answer.status_code == 413


def test_an_error_of_ours_is_a_page(portal):
    """An unforeseen fault shows a sentence and no trace of the code."""
    portal.app.config["PROPAGATE_EXCEPTIONS"] = False
    portal.app.view_functions["contact"] = lambda: 1 / 0

    answer = portal.get("/contact")

    assert answer.status_code == 500
    assert "Vous n'y êtes pour rien" in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("service", ["portal", "sample"])
def test_each_service_answers_that_it_lives(service, request):
    """/healthz says ok, and makes no cookie."""
    answer = request.getfixturevalue(service).get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


def test_the_login_page_puts_the_broker_first(reader):
    """S37, S62, S63, S73-S75, S78: the button first and above, then "ou", never forced."""
    source = reader.get("/connexion").text
    places = [source.index(text) for text in ('"identify"', 'class="or"', 'id="with-password"')]
    page = words(source)

    assert places == sorted(places)
    assert "rien à saisir, aucun e-mail à attendre" in page
    assert "2 à 3 minutes" in page
    assert "est facultatif" in page
    assert "forte" not in page


def test_the_login_page_names_the_accounts_of_the_guide(reader):
    """S64-S69: which accounts may be used, and for whom Ameli is one of them."""
    page = words(reader.get("/connexion").text)

    for name in ("Impots.gouv.fr", "La Poste", "MSA", "Mobile Connect et Moi", "Ameli"):
        assert name in page
    assert "Ne choisissez Ameli que si vous avez déjà un compte ici" in page


def test_the_login_page_says_what_will_happen(reader):
    """S70, S71: signing in at the provider, then agreeing or not."""
    page = words(reader.get("/connexion").text)

    assert "Votre mot de passe reste là-bas" in page
    assert "vous acceptez ou non" in page


def test_the_first_page_says_what_it_is_for(reader):
    """S1, S4, S6, S9, S37: one space, computer or phone, two ways, free, « Mon compte »."""
    page = words(reader.get("/").text)

    for text in ("assurance maladie", "un ordinateur ou un téléphone", "gratuit", "Deux façons"):
        assert text in page


def test_the_personal_data_page_tells_the_truth_about_the_settings(make_portal):
    """The idle limit it names is the one that holds."""
    visitor = make_portal(idle_seconds=600)

    assert "après 10 minutes sans activité" in words(visitor.get("/donnees-personnelles").text)


def test_the_service_has_its_english_name_in_english(make_portal):
    """What the settings call it in French is not left in an English page; without one it stays."""
    both = make_portal(name="Ameli (démonstration)", name_en="Ameli (demonstration)")
    one = make_portal(name="Assurance Exemple")

    assert " Ameli (demonstration)</title>" in both.get("/?lang=en").text
    assert " Ameli (démonstration)</title>" in both.get("/?lang=fr").text
    assert " Assurance Exemple</title>" in one.get("/?lang=en").text


def test_a_password_has_one_name_explained_once(reader):
    """X8, S87: the words of the guide stand on the link; both pages say that it is the password."""
    door, recovery = reader.get("/connexion").text, reader.get("/code-personnel-oublie").text

    assert "On l'appelle aussi « code personnel »." in door
    assert "J'ai oublié mon code personnel" in door
    assert "Votre code personnel, c'est votre mot de passe." in recovery
