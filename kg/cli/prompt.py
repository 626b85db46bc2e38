"""The command ``prompt``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import Problems, tell
from kg.cli.output import json_line, write_line
from kg.cli.reading import check_own, names_option

_WIDTH = 72


@click.command(
    epilog="Examples: `kg prompt article.txt`; `kg prompt news.jsonl --price 0.15,0.60`; "
    "`kg prompt article.txt --format json --model gpt-4.1-mini`"
)
@click.argument("articles", nargs=-1, required=True)
@click.option("--model", default="MODEL", show_default=True, help="Name of the model in the requests.")
@click.option("--price", default="", metavar="SENT,RECEIVED", help="What a million tokens cost, to estimate the cost.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="text: for reading; json: the body of each request, one a line, as it would be sent.",
)  # fmt: skip
@names_option
def prompt(articles: tuple[str, ...], model: str, price: str, form: str, names: tuple[Path, ...]) -> int:
    """Show what would be sent to a language model about an article; nothing is sent.

    ARTICLES are files, as `kg extract` reads them. The number of tokens is estimated on the safe side: by script, above
    what the tokenisers in use count.
    """
    check_own((), names)
    from kg import reference
    from kg.extract.mentions import Reader
    from kg.read import read
    from kg.readers.link import Names
    from kg.readers.prompt import prompt_version, requests
    from kg.readers.tokens import Price

    cost = Price.of(price) if price else None
    problems = Problems()
    reader = Reader(reference.load(extra=names))
    sent = received = number = 0
    for article in read(articles, problems):
        for request in requests(Names(article, reader)):
            number += 1
            sent += request.tokens
            received += request.reply_tokens
            if form == "json":
                write_line(json_line(request.body(model)))
                continue
            write_line(f"{article.id}, part {request.part + 1}: about {request.tokens:,} tokens")
            for message in request.messages:
                write_line(f"--- {message['role']} ".ljust(_WIDTH, "-"))
                write_line(message["content"])
            write_line("-" * _WIDTH)
    told = f", about {cost.cost(sent, received):.4f} in the currency of --price" if cost else ""
    tell(
        "note",
        f"{number} requests ({prompt_version()}) with the schema of the reply: about {sent:,} tokens sent and "
        f"{received:,} received{told}",
    )
    return problems.status
