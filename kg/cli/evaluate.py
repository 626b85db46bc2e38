"""The command ``evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import Problems, progress
from kg.cli.model import Asking, model_options
from kg.cli.output import json_line, write_line, write_table
from kg.cli.reading import extractor, failed, frames_option, names_option, workers_options
from kg.errors import UsageError


@click.command(
    epilog="Examples: `kg evaluate annotated.json`; `kg evaluate annotated.json --misses`; "
    "`kg evaluate annotated.json --reader model --model qwen3 --base-url http://127.0.0.1:8080/v1`"
)
@click.argument("sets", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SET…")
@click.option("--misses", is_flag=True, help="List the facts that were missed, and those that are not annotated.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "tsv", "markdown"]), default="table",
    show_default=True,
)  # fmt: skip
@frames_option
@names_option
@model_options
@workers_options
def evaluate(
    sets: tuple[Path, ...],
    misses: bool,
    form: str,
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    asking: Asking,
    workers: int,
    cluster: str,
) -> int:
    """Measure how well facts are read: precision, recall and F1 on annotated articles, by kind and language.

    SET is a JSON file of entities and articles with their facts, as in tests/gold. A fact counts as read if its kind
    and its key are right; "slots" are the values beside the key of the facts that were read. "refused" counts the facts
    of a model that the gate kept back, or those of the rules that it would keep back.
    """
    from kg.extract.rules import show
    from kg.readers.both import gated
    from kg.readers.link import Names
    from kg.readers.score import Score, read_set

    if misses and form != "table":
        raise UsageError("--misses writes plain text", remedy="leave --format out")
    annotated = [one for path in sets for one in read_set(path)]
    score, problems = Score(), Problems()
    read_all = asking.outcomes(frames, names, workers, cluster)
    rules = extractor(frames, names) if asking.reader == "rules" else None
    refused = 0
    with asking, progress(read_all(one.article for one in annotated), "reading") as outcomes:
        for one, outcome in zip(annotated, outcomes, strict=True):
            if outcome.error:
                problems(failed(outcome))
                score.unread += 1
            refused += len(outcome.refused)
            if rules is not None:  # what the rules read is not kept back, but told: it is a fault of theirs
                refused += len(gated(Names(one.article, rules.reader), outcome.facts)[1])
            score.add(one, outcome.facts)
    for word, facts in (("missed", score.missed), ("wrong ", score.wrong)) if misses else ():
        for article, fact in facts:
            write_line(f"{word}  {article}  {show(fact)}")
    if form == "json":
        figures = {
            group: {"p": round(f.precision, 3), "r": round(f.recall, 3), "f1": round(f.f1, 3),
                    "matched": f.matched, "read": f.read, "annotated": f.annotated}
            for group, f in score.rows()
        }  # fmt: skip
        quotes = {"verbatim": score.quotes["verbatim"], "facts": score.quotes["all"]}
        write_line(json_line({**figures, "evidence": quotes, "refused": refused, "unread": score.unread}))
        return problems.status
    write_table(
        ("", "precision", "recall", "F1", "matched", "read", "annotated"),
        [
            [g, f"{f.precision:.3f}", f"{f.recall:.3f}", f"{f.f1:.3f}", f"{f.matched:g}", str(f.read), str(f.annotated)]
            for g, f in score.rows()
        ],
        form,
    )
    if form == "table":
        write_line(f"quotes letter for letter: {score.quotes['verbatim']} of {score.quotes['all']}; refused: {refused}")
    return problems.status
