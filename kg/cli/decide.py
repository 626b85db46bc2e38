"""Commands by which people decide what is one: ``same``, ``different``, ``undo``, ``decisions``, ``suggest``."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import pyoxigraph as ox

from kg import iris
from kg.cli import gather
from kg.cli.common import format_option, store_option, tell, write_bytes
from kg.cli.graph import opened
from kg.cli.output import json_line, write_line, write_table
from kg.errors import KgError, UsageError
from kg.merge.outside import namespace, outside

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph
    from kg.merge.decisions import Decision
    from kg.merge.suggest import Quoted, Suggestion

_F = TypeVar("_F", bound=Callable[..., Any])
_SAME = ox.NamedNode(iris.PREFIXES["owl"] + "sameAs")
_MERGED = ox.NamedNode(iris.GRAPH_MERGED)


def _said(function: _F) -> _F:
    """The options ``--why`` and ``--by``."""
    by = click.option("--by", metavar="NAME", help="Who decides (also KG_AUTHOR); else you, as this machine knows you.")
    why = click.option("--why", metavar="TEXT", help="The reason, for whoever reads the file of decisions.")
    return by(why(function))


@click.command(
    epilog='Examples: `kg same person/x-qasim-toqaev tokayev --why "the president"`; '
    '`kg same presence/un.centre.almaty presence/un.regional-centre.almaty --why "one house"`; '
    '`kg same organization/x-steppe-council Q4242 --why "as kg link suggests"`'
)
@click.argument("a")
@click.argument("b")
@_said
@store_option
def same(a: str, b: str, why: str | None, by: str | None, store: str) -> None:
    """Hold two things to be one: entities, or facts.

    A and B are names, ids or IRIs, as for `kg show`. The graph is merged again by it, as of now and for articles to
    come. One of two entities may be in the tables, and gives the name. B may also be the IRI that somebody else has for
    an entity, as `kg link` suggests them (a Wikidata item by its number, too): the graph then says owl:sameAs. The
    decision stands in decisions.csv in the folder of the store, with who made it, when and why; `kg undo` takes it
    back.
    """
    _decide("same", a, b, why, by, store)


@click.command(
    epilog="Examples: `kg different person/x-aset person/x-aset-omarov --why namesakes`; "
    '`kg different presence/un.mission.kz@news-1 presence/un.mission.kz@news-2 --why "two missions"`'
)
@click.argument("a")
@click.argument("b")
@_said
@store_option
def different(a: str, b: str, why: str | None, by: str | None, store: str) -> None:
    """Hold two things to be different, so that they are not joined or suggested.

    A and B are names, ids or IRIs. To part a fact that merging made from several reports, name what two articles say
    of it: FACT@ARTICLE, where ARTICLE is an id that `kg show` gives in brackets.
    """
    _decide("different", a, b, why, by, store)


def _decide(judgement: str, a: str, b: str, why: str | None, by: str | None, store: str) -> None:
    if why is None and sys.stdin.isatty():
        why = click.prompt("Why", err=True)
    if not (why or "").strip():
        raise UsageError("a decision needs a reason", remedy='say it: --why "…"')
    from kg.merge.decisions import Decision

    author = _author(by)
    with opened(store, read_only=False) as graph:
        one, other = (_side(graph, name) for name in (a, b))
        if one == other and judgement == "same":
            tell("note", f"{a} and {b} are one already: {one}")
            return
        if one == other:
            raise UsageError(
                f"{a} and {b} are one thing already: {one}",
                remedy="undo that, or name what two articles say: FACT@ARTICLE",
            )
        made = Decision.of(judgement, one, other, author, _now(), why or "")
        before = graph.decisions()
        found = next((d for d in before if (d.a, d.b) == (made.a, made.b)), None)
        if found is not None and found.judgement == judgement:
            tell("note", f"that was decided before: {_line(found)}")
            return
        _look(graph, made)
        graph.decide([*(d for d in before if d != found), made])
    write_line(_line(made))
    if found is not None:
        tell("note", f"in the place of: {_line(found)}")


def _now() -> str:
    return dt.datetime.now().isoformat(timespec="seconds")


def _author(by: str | None) -> str:
    return by or os.environ.get("KG_AUTHOR") or _user()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a machine without names of users
        return "unknown"


def _side(graph: KnowledgeGraph, name: str) -> str:
    """How a decision names what is meant."""
    if (elsewhere := outside(name)) and not _holders(graph, elsewhere):
        return elsewhere
    name, at, article = (_holders(graph, elsewhere)[0], "", "") if elsewhere else name.partition("@")
    iri, others = gather.find(graph, name)
    if others and not name.startswith(("http", *iris.PREFIXES)) and "/" not in name:
        tell("note", f"{name} is taken as {iris.local(iri)}; it also fits: {'; '.join(others)}")
    return graph.side(iri, article) if at else graph.side(iri)


def _holders(graph: KnowledgeGraph, elsewhere: str) -> list[str]:
    """The IRIs of the entities that are said to be what somebody else has under this IRI."""
    quads = graph.store.match(None, _SAME, ox.NamedNode(elsewhere), _MERGED)
    return sorted(q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode))


def _look(graph: KnowledgeGraph, one: Decision) -> None:
    """Check that an identifier elsewhere is nobody else's, and that the entity has none of the kind.

    Raises:
        KgError: if so.
    """
    if not one.about_others or one.judgement != "same":
        return
    entity = ox.NamedNode(iris.entity(one.a))
    for other in _holders(graph, one.b):
        if other != entity.value:
            raise KgError(f"{one.b} is {iris.local(other)}", remedy=f"kg same {one.a} {iris.local(other)}, if it is")
    for quad in graph.store.match(entity, _SAME, None, _MERGED):
        known = getattr(quad.object, "value", "")
        if known != one.b and namespace(known) == namespace(one.b):
            raise KgError(f"{one.a} is {known} already", remedy="undo that, or mend the tables, if it is wrong")


def _line(one: Decision) -> str:
    told = ", ".join(filter(None, (one.author, one.date)))
    return f"{one.a} and {one.b}: {one.judgement}" + (f" ({told}: {one.reason})" if told else "")


@click.command(epilog="Examples: `kg undo`; `kg undo person/x-qasim-toqaev`; `kg undo A B`")
@click.argument("names", nargs=-1, metavar="[A [B]]")
@store_option
def undo(names: tuple[str, ...], store: str) -> None:
    """Take back a decision: the last one, or the one about A, or about A and B.

    The graph is then as if it had never been made. `kg decisions` lists them.
    """
    if len(names) > 2:
        raise UsageError("a decision is about two things", remedy="kg undo A B")
    with opened(store, read_only=False) as graph:
        every = graph.decisions()
        if not every:
            raise KgError("nothing was decided", where=store)
        wanted = {outside(name) or iris.local(name) for name in names}
        found = [d for d in every if wanted <= {d.a, d.b}]
        if not names:
            found = [max(every, key=lambda d: (d.date, d))]
        if not found:
            raise KgError(f"nothing was decided about {' and '.join(names)}", remedy="kg decisions lists them")
        if len(found) > 1:
            raise KgError(
                f"{len(found)} decisions are about {names[0]}", remedy=f"name both: kg undo {found[0].a} {found[0].b}"
            )
        graph.decide(d for d in every if d != found[0])
    write_line(f"undone: {_line(found[0])}")


@click.command(
    epilog="Examples: `kg decisions`; `kg decisions --format csv > mine.csv`; `kg decisions theirs.csv`; "
    "`kg link -o links.csv`, then `kg decisions links.csv`"
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@format_option
@store_option
def decisions(file: Path | None, form: str, store: str) -> None:
    """List what people decided, or take over the decisions of a FILE.

    FILE has the form that --format csv writes: judgement,a,b,author,date,reason; or it is one of `kg link`, in which
    you have written same or different. What is decided in it is added; a pair that was judged otherwise before is an
    error.
    """
    from kg.merge.decisions import COLUMNS

    if file is not None:
        _take(file, store)
        return
    with opened(store) as graph:
        every = sorted(graph.decisions(), key=lambda d: (d.date, d))
    rows = [{column: getattr(one, column) for column in COLUMNS} for one in every]
    if form == "json":
        write_line(json_line(rows))
    elif form == "jsonl":
        for row in rows:
            write_line(json_line(row))
    elif form == "csv":
        from kg.merge.decisions import write

        write_bytes(write(every).encode())
    else:
        write_table(COLUMNS, [list(row.values()) for row in rows], form)


def _take(file: Path, store: str) -> None:
    from kg.merge.judged import read_file

    found = read_file(file)
    with opened(store, read_only=False) as graph:
        before = {(d.a, d.b): d for d in graph.decisions()}
        for one in found:
            old = before.get((one.a, one.b))
            if old is not None and old.judgement != one.judgement:
                raise KgError(f"judged otherwise before: {_line(old)}", where=str(file), remedy="kg undo it first")
        new = [one for one in found if (one.a, one.b) not in before]
        for one in new:
            _look(graph, one)
        if by_hand := [one for one in new if one.about_others and not one.author and not one.date]:
            # A file of kg link has no columns for these.
            author, now = _author(None), _now()
            new = [replace(one, author=author, date=now) if one in by_hand else one for one in new]
        graph.decide([*before.values(), *new])
    write_line(f"{len(new)} decisions taken over, {len(found) - len(new)} were there")


@click.command(epilog="Examples: `kg suggest`; `kg suggest --limit 50 --format jsonl`")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many pairs, at most.")
@click.option("--quotes", type=click.IntRange(0), default=2, show_default=True, help="Quotes on each side, at most.")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@store_option
def suggest(limit: int, quotes: int, form: str, store: str) -> None:
    """Show likely duplicates that nobody has judged yet, with the evidence on both sides.

    Entities that no table has are compared with all others by their names in any script, facts with those that merging
    kept apart. Decide with `kg same` or `kg different`.
    """
    from kg.merge.decisions import Decisions
    from kg.merge.suggest import suggest as likely

    with opened(store) as graph:
        found = likely(graph.store, Decisions(graph.decisions()), limit, quotes)
    if form != "text":
        records = [_record(one) for one in found]
        for line in [records] if form == "json" else records:
            write_line(json_line(line))
        return
    for number, one in enumerate(found, 1):
        write_line(f"{number}. {one.names[0]} – {one.names[1]}   {one.score:.2f}: {one.why}")
        for identifier, evidence in zip((one.a, one.b), one.evidence, strict=True):
            write_line(f"   {identifier}")
            for quoted in evidence:
                write_line(f"      “{' '.join(quoted.quote.split())}” — {_source(quoted)}")
            if not evidence and quotes:
                write_line("      (the tables)")
        write_line(f"   kg same {one.a} {one.b} --why …   or   kg different …\n")
    if not found:
        tell("note", "nothing looks like a duplicate")


def _source(quoted: Quoted) -> str:
    return ", ".join(filter(None, (quoted.article, quoted.published)))


def _record(one: Suggestion) -> dict[str, Any]:
    sides = zip((one.a, one.b), one.names, one.evidence, strict=True)
    return {
        "score": one.score,
        "why": one.why,
        "sides": [
            {
                "id": identifier,
                "name": name,
                "quotes": [{"quote": q.quote, "article": q.article, "published": q.published} for q in evidence],
            }
            for identifier, name, evidence in sides
        ],
    }
