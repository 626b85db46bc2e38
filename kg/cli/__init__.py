"""The command ``kg``: each command in a module of its own, loaded when it is called."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from kg import __version__
from kg.cli.common import DEFAULT_STORE, STORE_HELP, tell
from kg.errors import KgError, UsageError

# command → (module, what it does in one line); the line stands here so that `kg --help` loads no command.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "build": ("build", "Read articles and add what they say to the graph."),
    "extract": ("articles", "Print the facts of articles as JSON lines; no store is touched."),
    "prompt": ("prompt", "Show what would be sent to a language model about an article."),
    "evaluate": ("evaluate", "Measure how well facts are read: precision, recall and F1 on annotated articles."),
    "query": ("ask", "Ask the graph a ready question or a SPARQL query."),
    "ask": ("offer", "Find a ready question by topic or by words, and ask it."),
    "queries": ("ask", "List the ready questions, or show one of them."),
    "show": ("show", "Show an entity or an establishment: its facts, dates and quotes."),
    "search": ("search", "Search names, quotes and titles by words in Kazakh, Russian or English."),
    "diff": ("diff", "List what became known between two dates."),
    "sources": ("articles", "List the articles in the graph."),
    "remove": ("articles", "Remove articles and all that only they said."),
    "suggest": ("decide", "Show likely duplicates that nobody has judged yet."),
    "same": ("decide", "Hold two things to be one: entities, or facts."),
    "different": ("decide", "Hold two things to be different, so that they are not joined."),
    "undo": ("decide", "Take back a decision."),
    "decisions": ("decide", "List what people decided, or take over the decisions of a file."),
    "validate": ("check", "Check the graph against its shapes and rules."),
    "stats": ("check", "Count what the graph holds."),
    "export": ("export", "Write the graph, or a part of it, in a format for another program."),
    "backup": ("keep", "Copy the store, also while it is being built."),
    "restore": ("keep", "Make a store from a backup, and check it."),
    "join": ("keep", "Put the articles of other stores into this one, without reading them again."),
    "compact": ("keep", "Compact the store on disk, and the search index beside it."),
    "unlock": ("keep", "Take away the right to write to a store behind an address."),
    "reference": ("check", "Work with the reference tables."),
    "frames": ("frames", "Work with the trigger words by which facts are read."),
    "names": ("show", "Show which names of a text are known, and what they link to."),
    "analyse": ("analyse", "Measure who is where: central organisations and hosts, communities, growth."),
    "docs": ("docs", "Write a site about the ontology and the questions, with their answers."),
    "serve": ("serve", "Serve the graph over HTTP: pages for people, SPARQL, linked data, reconciliation."),
    "link": ("link", "Ask Wikidata for identifiers of entities that have none."),
    "mcp": ("agents", "Offer the graph to an agent on standard input and output."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kg.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, n=3, cutoff=0.5)
            remedy = f"perhaps: {', '.join(near)}" if near else "kg --help lists the commands"
            raise UsageError(f'there is no command "{args[0]}"', remedy=remedy)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run, and turn every error into a message and an exit status: 1 data, 2 usage."""
        if not extra.get("standalone_mode", True):
            return super().main(args, *rest, **extra)
        try:
            status = super().main(args, *rest, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except KgError as error:
            tell("error", str(error))
            sys.exit(error.exit_status)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            tell("error", "interrupted")
            sys.exit(130)
        except BrokenPipeError:
            # Whoever read our output has read enough (`kg sources | head`); keep Python from saying so at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:
            if os.environ.get("KG_DEBUG"):
                raise
            tell("error", f"this should not happen: {type(error).__name__}: {error}")
            tell("note", "run it again with KG_DEBUG=1 for the details, and report them")
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Examples: `kg build`, then `kg show almaty`. `kg COMMAND --help` has more.",
)
@click.version_option(__version__, prog_name="kg")
@click.option(
    "--store", metavar="PATH|URL", envvar="KG_STORE", default=DEFAULT_STORE, show_default=True, help=STORE_HELP
)
@click.pass_context
def main(ctx: click.Context, store: str) -> None:
    """Which international organisations are present where, since when, and who says so.

    A knowledge graph built from news articles in Kazakh, Russian and English.
    """
    ctx.obj = store
