"""The documentation site of ``kg docs``: ontology, vocabularies, how the data is laid out, questions with answers."""

from kg.docs.site import write

__all__ = ["write"]
