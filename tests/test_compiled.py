"""The compiled build reads what the pure one reads, to the byte; it is built only where there is a C compiler."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from kg.read import CORPUS

ROOT = Path(__file__).parent.parent
GOLD = sorted((ROOT / "tests" / "gold").glob("*.json"))
INNER = """
import sys, sysconfig
import pytest
import kg.extract.features
assert kg.extract.features.__file__.endswith(sysconfig.get_config_var("EXT_SUFFIX"))
sys.exit(pytest.main(sys.argv[1:]))
"""
COMMAND = ("-c", "from kg.cli import main; main()")


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def run(*arguments: str, folder: Path, package: Path | None = None) -> str:
    """What Python prints, with the package of the working copy or the one in a folder."""
    environment = {**os.environ, "COLUMNS": "120", "PYTHONPATH": str(package or ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled wheel, unpacked."""
    for module in ("build", "hatchling", "mypyc", "setuptools"):
        pytest.importorskip(module)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    if missing := hook.missing_tools():
        pytest.skip(f"{' and '.join(missing)} cannot be found")
    folder = tmp_path_factory.mktemp("compiled")
    done = build(folder, KG_COMPILE="1", MYPYC_OPT_LEVEL="0")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    assert not wheel.name.endswith("-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "package")
    return folder / "package"


def test_what_takes_the_time_is_compiled_and_its_source_travels_too(compiled: Path, tmp_path: Path) -> None:
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    built = {path.relative_to(compiled).as_posix().removesuffix(suffix) for path in compiled.glob(f"kg/**/*{suffix}")}
    assert {"kg/extract/features", "kg/extract/candidates/presence", "kg/language/tokens"} <= built
    assert all((compiled / f"{name}.py").is_file() for name in built)
    said = run("-c", "import kg.extract.features as f; print(f.__file__)", folder=tmp_path, package=compiled)
    assert said.strip().endswith(suffix)


def test_the_facts_of_annotated_articles_are_the_same(compiled: Path, tmp_path: Path) -> None:
    script = [str(ROOT / "scripts" / "fingerprint.py"), *map(str, GOLD)]
    pure = run(*script, folder=tmp_path)
    assert GOLD
    assert all(path.name in pure for path in GOLD)
    assert run(*script, folder=tmp_path, package=compiled) == pure


@pytest.mark.parametrize(
    "arguments",
    [
        ("extract", str(CORPUS)),
        ("extract", "--explain", str(CORPUS / "ru.jsonl")),
        ("extract", "--near", str(CORPUS / "kk.jsonl")),
        ("names", "Кеңсе Алматыда ашылды, деді БҰҰ Бас хатшысы Антониу Гутерриш."),
    ],
    ids=["extract", "explain", "near", "names"],
)
def test_commands_say_the_same(compiled: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    pure = run(*COMMAND, *arguments, folder=tmp_path)
    assert len(pure.splitlines()) > 1
    assert run(*COMMAND, *arguments, folder=tmp_path, package=compiled) == pure


def test_the_tests_of_reading_pass(compiled: Path, tmp_path: Path) -> None:
    """Compiled code holds values to their declared types; those that flow through ``Any`` only show when it runs."""
    slow = ("hostile", "long", "parallel", "quality")
    parts = [str(ROOT / "tests" / part) for part in ("language", "extract")]
    parts += [f"--ignore={ROOT}/tests/extract/test_{name}.py" for name in slow]
    said = run("-c", INNER, "-p", "no:cacheprovider", *parts, folder=tmp_path, package=compiled)
    assert " passed" in said


@pytest.mark.skipif(os.name == "nt", reason="setuptools finds its compiler itself there")
def test_without_a_compiler_the_message_says_what_to_do(tmp_path: Path) -> None:
    pytest.importorskip("mypyc")
    done = build(tmp_path, KG_COMPILE="1", CC="no-such-compiler")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "a C compiler (no-such-compiler) cannot be found" in said
    assert "apt install gcc python3-dev" in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
