"""The command itself: help, start-up, exit statuses, messages."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import __version__
from kg.cli import COMMANDS, main
from kg.cli import common as cli_common
from kg.errors import KgError
from tests.cli.conftest import run

KG = [sys.executable, "-c", "from kg.cli import main; main(prog_name='kg')"]


def test_help_lists_every_command() -> None:
    done = run("--help")
    assert done.exit_code == 0
    assert all(name in done.stdout for name in COMMANDS)


def test_version() -> None:
    assert __version__ in run("--version").stdout


def test_help_loads_no_library_and_is_quick() -> None:
    code = "import sys\nfrom kg.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert time.perf_counter() - begun < 2
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"pyoxigraph", "rdflib", "networkx", "rich", "numpy", "trafilatura", "pymorphy3"}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["biuld"], 2, "perhaps: build"),
        (["zzzz"], 2, "kg --help"),
        (["extract"], 2, "Missing argument"),
        (["extract", "a.txt", "--frmat", "json"], 2, "--format"),
        (["query"], 2, "Missing argument"),
        (["export", "docx"], 2, "one of turtle"),
        (["export", "csv"], 2, "-o FOLDER"),
        (["show"], 2, "Missing argument"),
        (["extract", "missing.txt"], 1, "no such file"),
        (["build", "missing.txt"], 1, "no such file"),
        (["reference", "zzz"], 2, "No such command"),
    ],
)
def test_wrong_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert not list(tmp_path.iterdir())
    assert done.exit_code == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["sources", "stats", "validate", "show almaty", "export nquads", "query ASK{}"])
def test_a_store_that_is_not_there(tmp_path: Path, command: str) -> None:
    done = run(*command.split(), "--store", tmp_path / "nothing")
    assert done.exit_code == 1
    assert "kg build" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_the_store_is_given_by_option_variable_or_default(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run("sources", "--store", built).stdout
    assert expected
    assert run("--store", built, "sources").stdout == expected
    monkeypatch.setenv("KG_STORE", str(built))
    assert run("sources").stdout == expected
    assert run("sources", "--store", tmp_path / "nothing").exit_code == 1
    monkeypatch.delenv("KG_STORE")
    (tmp_path / "kg-store").symlink_to(built)
    monkeypatch.chdir(tmp_path)
    assert run("sources").stdout == expected


def test_an_unexpected_error_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr("kg.cli.gather.find", fail)
    monkeypatch.setattr("kg.cli.show.opened_at", lambda *_: _Nothing())
    done = run("show", "almaty")
    assert done.exit_code == 1
    assert "KG_DEBUG=1" in done.stderr
    assert "Traceback" not in done.stderr


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.read.read", stop)
    done = run("extract", "a.txt")
    assert done.exit_code == 130
    assert "interrupted" in done.stderr


def test_a_closed_pipe_is_no_error(built: Path) -> None:
    environment = {**os.environ, "KG_STORE": str(built)}
    command = f'{KG[0]} -c "from kg.cli import main; main()" export nquads | head -c 10'
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_results_are_utf_8_whatever_the_locale(built: Path) -> None:
    environment = {**os.environ, "KG_STORE": str(built), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*KG, "show", "almaty", "--lang", "kk"], env=environment, capture_output=True, check=True)
    assert "Алматы" in done.stdout.decode()


def test_problems_count() -> None:
    problems = cli_common.Problems()
    problems(KgError("a", where="b", remedy="c").problem())
    assert (problems.errors, problems.status) == (1, 1)


def test_every_help_is_wrapped_and_whole() -> None:
    for name in COMMANDS:
        done = run(name, "--help")
        assert done.exit_code == 0
        assert "Example" in done.stdout
        assert main.get_command(None, name) is not None  # type: ignore[arg-type]
