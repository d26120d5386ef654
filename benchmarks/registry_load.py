"""
Generates the file of one size and imports it, telling what each cost.

What was already done in a folder that is kept is read from the notes beside it, so that latencies
can be measured again in seconds.
"""

import json
import time
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from threading import Event, Thread

from accounting import anonymous_mib
from registry_engines import Bench
from registry_people import TODAY

from broker.insured.registry.blocks import Cutter, OpenFile
from broker.insured.registry.exporting import write_lines
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.importing import Importer, ImportOrder
from broker.insured.registry.parsing import Parser
from broker.insured.registry.store import builder_of
from broker.sealing import Sealer

FLOOR_ROWS = 100_000
SECRET = "secret-of-the-benchmark-0123456789abcdef"  # noqa: S105 - of no real system


@dataclass(frozen=True)
class Loaded:
    """
    What an import cost: seconds, CPU seconds of the importing process and of the database server,
    MiB of the importing process at the highest. Pages of files, which the system takes back at need
    (SQLite maps those it sorts in), are no memory of the process.
    """

    seconds: float
    cpu_seconds: float
    server_cpu_seconds: float
    mib: float


def generated(folder: Path, rows: int, seed: int) -> tuple[Path, float]:
    """The file of so many persons, and how many a minute of CPU made it."""
    file = folder / f"persons-{rows}-{seed}.csv"
    note = file.with_suffix(".json")
    if not note.exists():
        began = time.process_time()
        write_lines(file, persons(rows, seed, TODAY), lambda _: None)
        note.write_text(json.dumps(rows / (time.process_time() - began) * 60), "utf-8")
    return file, float(json.loads(note.read_text("utf-8")))


def loaded(one: Bench, file: Path) -> Loaded:
    """Import the file, in a process of its own, so that its memory is its own."""
    note = file.with_name(f"{file.stem}-{one.name}.json")
    if not note.exists():
        context = get_context("spawn")
        queue = context.Queue()
        before = one.server_cpu()
        process = context.Process(target=_load, args=(one, file, queue))
        process.start()
        seconds, cpu, mib = queue.get()
        process.join()
        cost = Loaded(seconds, cpu, one.server_cpu() - before, mib)
        note.write_text(json.dumps(asdict(cost)), "utf-8")
    return Loaded(**json.loads(note.read_text("utf-8")))


def floor(one: Bench, file: Path) -> float:
    """
    Rows for each CPU second, client and server, of the database alone: ready columns of the first
    lines are stored and indexed, nothing is read or judged. What an import may cost is a multiple
    of this, whatever else the machine does.
    """
    engine, blocks, parser = one.open(), [], Parser(IbanPrinter.of(Sealer(SECRET)))
    parser.speak(builder_of(engine).form)
    with OpenFile(file) as opened:
        for cut in Cutter(opened.stream):
            blocks.append(parser.rows(cut))
            if sum(rows.count for rows in blocks) > FLOOR_ROWS:
                break
    with builder_of(engine) as builder:
        builder.start()
        began = time.process_time() + one.server_cpu()
        for rows in blocks:
            builder.add(rows)
        builder.finish(parser.labels, {"source": "floor", "built_at": "0"})
        spent = time.process_time() + one.server_cpu() - began
        builder.discard()
    engine.dispose()
    return sum(rows.count for rows in blocks) / spent


def _load(one: Bench, file: Path, queue: "Queue[tuple[float, float, float]]") -> None:
    engine, done, mib = one.open(), Event(), [0.0]
    watcher = Thread(target=_watch, args=(done, mib))
    watcher.start()
    began, began_cpu = time.monotonic(), time.process_time()
    importer = Importer(engine, Sealer(SECRET), time.time, lambda *_: None)
    importer.run(ImportOrder(file, file.with_suffix(".report.csv")))
    seconds, cpu = time.monotonic() - began, time.process_time() - began_cpu
    done.set()
    watcher.join()
    engine.dispose()
    queue.put((seconds, cpu, mib[0]))


def _watch(done: Event, mib: list[float]) -> None:
    """Keep the most MiB that this process ever had."""
    while not done.wait(0.2):
        mib[0] = max(mib[0], anonymous_mib())
