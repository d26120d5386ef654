"""
The services of an interoperability run, each built from the examples of the page.

A builder gets an empty folder, the examples, and what a service has to know (its environment); it
is a context manager that gives the version of the library while the service listens.
"""

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.interop.running import BIN, done, running

HERE = Path(__file__).parent
_APACHE = "/usr/sbin/apache2"
_MODULES = Path("/usr/lib/apache2/modules")
# What passerelle.conf needs around it: a server of its own, and a page that shows the environment
# as an application behind Apache would read it.
_AROUND = """
ServerName localhost
ServerRoot {folder}
PidFile {folder}/httpd.pid
Mutex file:{folder} default
ErrorLog /dev/stderr
LogLevel warn
Listen 127.0.0.1:{port}
{modules}
User www-data
Group www-data
DocumentRoot {folder}/pages
<Directory {folder}/pages>
    Options +Includes
    Require all granted
</Directory>
DirectoryIndex index.shtml
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
"""
_NEEDED = "mpm_event authn_core authz_core authz_user mime dir include env auth_openidc"
_SHOWN = """{"sub": "<!--#echo var="OIDC_CLAIM_sub" -->",
 "family_name": "<!--#echo var="OIDC_CLAIM_family_name" -->"}"""


@contextmanager
def flask(folder, code, port, knows):
    """Flask with Authlib, served by the development server of Flask."""
    (folder / "flask_service.py").write_text(code["flask_service.py"])
    words = ("-m", "flask", "--app", "flask_service", "run", "--port", port)
    with running(folder, port, BIN / "python", *words, **knows):
        yield done(folder, BIN / "python", "-c", "import authlib; print(authlib.__version__)")


@contextmanager
def django(folder, code, port, knows):
    """Django with mozilla-django-oidc, in a virtual environment of its own."""
    done(folder, BIN / "python", "-m", "venv", "venv")
    python = folder / "venv" / "bin" / "python"
    wanted = ("--require-hashes", "-r", HERE / "django.txt")
    done(folder, python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted)
    done(folder, python, "-m", "django", "startproject", "service", ".")
    settings = folder / "service" / "settings.py"
    settings.write_text(settings.read_text() + code["settings.py"])
    for name in ("people.py", "urls.py"):
        (folder / "service" / name).write_text(code[name])
    done(folder, python, "manage.py", "migrate", **knows)
    words = ("manage.py", "runserver", "--noreload", f"localhost:{port}")
    with running(folder, port, python, *words, **knows):
        yield _version(python, "mozilla-django-oidc")


@contextmanager
def node(folder, code, port, knows):
    """Node with openid-client, at the version of the lock."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "node" / name, folder)
    done(folder, "npm", "ci", "--no-audit", "--no-fund", "--silent")
    (folder / "service.mjs").write_text(code["service.mjs"])
    with running(folder, port, "node", "service.mjs", **knows):
        ask = "console.log(require('openid-client/package.json').version)"
        yield done(folder, "node", "-e", ask)


@contextmanager
def apache(folder, code, port, knows):
    """Apache with mod_auth_openidc, the Debian packages."""
    (folder / "pages").mkdir()
    (folder / "pages" / "index.shtml").write_text(_SHOWN)
    modules = "\n".join(
        f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in _NEEDED.split()
    )
    around = _AROUND.format(folder=folder, port=port, modules=modules)
    (folder / "httpd.conf").write_text(around + code["passerelle.conf"])
    with running(folder, port, _APACHE, "-X", "-f", folder / "httpd.conf", **knows):
        asked = ("dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-auth-openidc")
        yield subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def _version(python, package):
    ask = f"import importlib.metadata as m; print(m.version('{package}'))"
    return done(Path.cwd(), python, "-c", ask)
