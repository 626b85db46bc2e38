"""The library of ready questions: ``queries/<name>.rq``, filled in with checked values and looked over before running.

A question is a SPARQL file that runs anywhere as it is. Its header says what it asks, in three languages, which
parameters it has and what its columns mean; values come in as ``VALUES`` of checked RDF terms, never as pasted text.
"""

from __future__ import annotations

from kg.queries.answer import Answer
from kg.queries.bind import Resolve
from kg.queries.federate import allow, services
from kg.queries.federate import bind as bind_services
from kg.queries.library import Question, column_names, library, nearest, parse, sparql
from kg.queries.lint import lint
from kg.queries.parameters import Parameter
from kg.queries.resolve import resolver, table_resolver
from kg.queries.scan import Finding

__all__ = [
    "Answer",
    "Finding",
    "Parameter",
    "Question",
    "Resolve",
    "allow",
    "bind_services",
    "column_names",
    "library",
    "lint",
    "nearest",
    "parse",
    "resolver",
    "services",
    "sparql",
    "table_resolver",
]
