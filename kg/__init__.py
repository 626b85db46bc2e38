"""A knowledge graph of the presence of international organisations, from news articles to SPARQL."""

__version__ = "0.1.0"
