"""The shapes accept every valid example and name what is wrong with every invalid one."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import SH, Graph
from rdflib.compare import isomorphic

from kg import resources

_EXAMPLES = resources.directory("ontology") / "examples"
_VALID = sorted((_EXAMPLES / "valid").glob("*.ttl"))
_INVALID = sorted((_EXAMPLES / "invalid").glob("*.ttl"))


def _messages(data: Graph, shapes: Graph) -> set[str]:
    conforms, report, text = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph), text
    found = {str(message) for message in report.objects(None, SH.resultMessage)}
    assert conforms == (not found)
    return found


def _header(path: Path) -> dict[str, str]:
    lines = [line[2:].split(": ", 1) for line in path.read_text("utf-8").splitlines() if line.startswith("# ")]
    return {line[0]: line[1] for line in lines}


def test_every_pattern_has_a_valid_and_an_invalid_example() -> None:
    assert _VALID
    assert [p.name for p in _VALID] == [p.name for p in _INVALID]


@pytest.mark.parametrize("path", _VALID, ids=lambda p: p.stem)
def test_valid_example_conforms(path: Path, shapes: Graph) -> None:
    assert _messages(Graph().parse(path), shapes) == set()


@pytest.mark.parametrize("path", _INVALID, ids=lambda p: p.stem)
def test_invalid_example_gives_its_message(path: Path, shapes: Graph) -> None:
    written = {str(message) for message in shapes.objects(None, SH.message)}
    found = _messages(Graph().parse(path), shapes)
    assert _header(path)["Message"] in found
    assert found <= written, "a message was made by the engine, not written for a reader"


@pytest.mark.parametrize("path", _INVALID, ids=lambda p: p.stem)
def test_invalid_example_differs_little_from_the_valid_one(path: Path) -> None:
    wrong, right = Graph().parse(path), Graph().parse(_EXAMPLES / "valid" / path.name)
    assert not isomorphic(wrong, right)
    limit = 8
    assert len(set(right) ^ set(wrong)) <= limit or path.stem == "no-evidence"


def test_every_class_of_fact_has_an_example(ontology: Graph) -> None:
    used = {str(o) for p in _VALID for o in Graph().parse(p).objects()}
    prefix = "https://w3id.org/presence-kg/ontology#"
    kinds = ("Presence", "Initiative", "Decision", "Agreement", "Membership", "Relocation", "Count", "Tenure")
    assert {prefix + kind for kind in kinds} <= used
