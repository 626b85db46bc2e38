"""Commands that look after the graph and the tables: ``validate``, ``stats``, ``reference``."""
