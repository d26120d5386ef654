"""
Certificates of rights before veraPDF, the reference validator of PDF/UA-1 (ISO 14289-1).

    make verapdf

Certificates of several people, in both languages, are printed as the portal prints them, and one
that must be refused: without its tags. A line for each; status 1 when one was not judged as it
should be.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import click
import pikepdf

from relying_party_demo import settings
from relying_party_demo.outside import Outside
from relying_party_demo.portal.app import create_app
from relying_party_demo.space.account_answers import Certificate
from relying_party_demo.space.certificate import Site, printed

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
_CHILD = {"name": "Léo DURAND", "birthdate": "2016-01-05"}
CLAIRE = {
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
    "children": [_CHILD],
}
_LONG = {"family_name": "d'Œuvré-" * 20 + "Ève", "given_names": ["Anne-Marie"] * 12}
PEOPLE = {
    "claire": CLAIRE,
    "alone": CLAIRE | {"children": [], "fund": None},
    "eighty-children": CLAIRE | {"children": [_CHILD] * 80},
    "long-names": CLAIRE | {"holder": CLAIRE["holder"] | _LONG},
    "born-on-no-day": CLAIRE | {"holder": CLAIRE["holder"] | {"birthdate": "1931"}},
}
_UNTAGGED = "untagged.pdf"


def main():
    """Print, download, validate."""
    with tempfile.TemporaryDirectory(prefix="passerelle-verapdf-") as name:
        folder = Path(name)
        files = _certificates(folder)
        (folder / _UNTAGGED).write_bytes(_without_tags(files[0].read_bytes()))
        shutil.copy(HERE / "pom.xml", folder)
        words = ["dependency:copy-dependencies", "-DoutputDirectory=jars"]
        subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", *words], cwd=folder, check=True)
        good, bad = _judged(folder, files), _judged(folder, [folder / _UNTAGGED])
        click.echo(f"{good.stdout}Without tags, which must be refused:\n{bad.stdout}", nl=False)
        click.echo(good.stderr + bad.stderr, err=True, nl=False)
    return int(good.returncode != 0 or bad.returncode != 1)


def _certificates(folder):
    made = []
    portal = _portal(folder)
    site = Site("Ameli (démonstration)", "http://localhost:8080/verifier")
    for language in ("fr", "en"):
        with portal.test_request_context(f"/?lang={language}"):
            for who, told in PEOPLE.items():
                made.append(folder / f"{who}-{language}.pdf")
                made[-1].write_bytes(printed(Certificate.model_validate(told), language, site))
    return made


def _portal(folder):
    document = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    document["portal"]["database"] = f"sqlite:///{folder}/portal.sqlite"
    return create_app(settings.load(document, {}), Outside())


def _without_tags(certificate):
    """The same document as it looks, with nothing that a screen reader could follow."""
    with pikepdf.open(io.BytesIO(certificate)) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo
        pdf.save(kept := io.BytesIO())
    return kept.getvalue()


def _judged(folder, files):
    words = ["java", "-cp", f"{folder}/jars/*", HERE / "Check.java", *files]
    return subprocess.run(words, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
