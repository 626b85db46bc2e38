"""Readers beside the rules: a language model behind an OpenAI-compatible address, and both readers together.

Nothing here is imported while articles are read by the rules alone. The way of an article: :mod:`kg.readers.prompt`
makes the request, :mod:`kg.readers.client` sends it (or :mod:`kg.readers.batch` writes it to a file),
:mod:`kg.readers.reply` reads the answer, :mod:`kg.readers.link` finds its names in the article and the tables, and
:mod:`kg.readers.gate` lets through what the article supports.
"""
