"""The parts of building a graph: accounts made ready, what can be asked, views in memory, storing in batches."""
