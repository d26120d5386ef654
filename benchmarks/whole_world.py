"""
How soon the sandbox is ready, how much memory it takes, how long a login in it takes a test.

`python benchmarks/whole_world.py` starts `passerelle demo` on ports of its own, visits every site,
and then walks logins in a world without sockets, as a test does.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from accounting import cpu_seconds, pss_mib

from sandbox.document import find, read
from sandbox.world import World

PORT_BASE = 16_000
PROVIDERS = ("tax", "postal", "msa", "mobile")
PEOPLE = frozenset({"found", "names", "places", "dates"})


def moved_config(folder: Path) -> Path:
    """The configuration of the demonstration, with its databases in `folder`."""
    text = find().read_text(encoding="utf-8").replace("sqlite:///var/demo/", f"sqlite:///{folder}/")
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def demonstration(base: int, starts: int) -> None:
    """Print the seconds until every address answers, first and later starts, and the memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"PASSERELLE_CONFIG": str(moved_config(folder))}
        command = [sys.executable, "-c", "from sandbox.command import main; main()", "demo"]
        for number in range(starts):
            begun = time.perf_counter()
            process = subprocess.Popen(
                [*command, "--port-base", str(base)],
                env=environment,
                stdout=subprocess.DEVNULL,
            )
            try:
                wait_for(f"http://localhost:{base}/readyz")
                wait_for(f"http://localhost:{base + 25}/")
                kind = "first start, databases made and seeded" if number == 0 else "start"
                wall, cpu = time.perf_counter() - begun, cpu_seconds(process.pid)
                print(f"ready_s={wall:.2f}  ({kind}; CPU {cpu:.2f})")
                visit(base)
                print(f"pss_mib={pss_mib(process.pid):.0f}  (every site visited)")
            finally:
                process.terminate()
                process.wait(20)


def wait_for(url: str) -> None:
    """Until that address answers."""
    for _ in range(6000):
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.01)
    raise SystemExit(f"Nothing answers at {url}.")


def visit(base: int) -> None:
    """Make every application of the demonstration."""
    for port in (1, 2, 3, 4, 5, 9, 25, 80, 81):
        requests.get(f"http://localhost:{base + port}/", timeout=20)


def logins(count: int) -> None:
    """Print the wall time of logins in a world, consent included, by their median and worst."""
    begun = time.perf_counter()
    with World.build() as world:
        print(f"world_s={time.perf_counter() - begun:.2f}  (the first world of a process)")
        begun = time.perf_counter()
        World.build().close()
        print(f"world_s={time.perf_counter() - begun:.2f}  (another one)")
        for via in PROVIDERS:
            world.browser().login(world.sample, as_="marc", via=via)
        took, spent = [], []
        # A new person each time, so that each is asked for consent.
        cast = world.upstream("tax").issuer.cast
        people = [one.key for one in cast if one.group in PEOPLE and not one.locked][:count]
        for number, persona in enumerate(people):
            browser = world.browser()
            started, cpu = time.perf_counter(), time.process_time()
            page = browser.login(
                world.sample, as_=persona, via=PROVIDERS[number % len(PROVIDERS)]
            ).accept()
            took.append(time.perf_counter() - started)
            spent.append(time.process_time() - cpu)
            assert page.url.startswith(world.sample.url)
    print(
        f"login_ms={statistics.median(took) * 1000:.0f}  (median of {len(took)}; worst "
        f"{max(took) * 1000:.0f}; CPU {statistics.median(spent) * 1000:.0f})"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port-base", type=int, default=PORT_BASE)
    options.add_argument("--starts", type=int, default=3)
    options.add_argument("--logins", type=int, default=60)
    chosen = options.parse_args()
    read(find())
    demonstration(chosen.port_base, chosen.starts)
    logins(chosen.logins)
