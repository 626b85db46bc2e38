"""The README and the commands say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from kg import cli
from kg.export import FORMATS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Every command by its full name, subcommands included."""
    found: dict[str, click.Command] = {}
    context = click.Context(cli.main)
    for name in cli.COMMANDS:
        command = cli.main.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": inner for sub, inner in command.commands.items()}
        else:
            found[name] = command
    return found


def table() -> set[str]:
    """The commands in the table of the README."""
    rows = re.findall(r"^\| `kg ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE)
    return set(rows)


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    assert table() == set(commands())


def test_every_command_used_in_the_readme_exists() -> None:
    known = {name.split()[0] for name in commands()}
    # In the examples a command stands after "kg" at the start of a line, after a pipe, or after a path.
    used = re.findall(r"(?:^|\| |&& |bin/)kg ([a-z]+)", README, re.MULTILINE)
    assert used
    assert set(used) <= known


@pytest.mark.parametrize("name", sorted(commands()))
def test_help_has_an_example(name: str) -> None:
    command = commands()[name]
    assert command.help
    assert command.epilog
    assert f"kg {name}" in command.epilog
    assert re.match(r"Examples?: ", command.epilog)


def test_short_help_says_the_same_as_the_long_one() -> None:
    context = click.Context(cli.main)
    for name, (_, line) in cli.COMMANDS.items():
        command = cli.main.get_command(context, name)
        assert command is not None
        assert command.help
        first = " ".join(command.help.split("\n\n")[0].split())
        if name != "reference":
            assert first.startswith(line.rstrip(".")[:40]), name


def test_every_export_format_is_documented() -> None:
    row = next(line for line in README.splitlines() if line.startswith("| `kg export"))
    assert set(re.findall(r"[a-z]+", row.split("write", 1)[1])) >= set(FORMATS)


def test_ready_questions_in_the_readme_exist() -> None:
    from kg.queries import library

    used = set(re.findall(r"kg query ([a-z][a-z-]+)", README))
    assert used
    assert used <= set(library())


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert re.search(r"^\.venv/bin/pip install .*\[test\].* -m pytest$", README, re.MULTILINE)
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_changelog_knows_this_version() -> None:
    from kg import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
