"""The pages for people: entities, facts, articles, questions, pictures. HTML from the graph, with no server needed.

:mod:`kg.serve.pages` answers with them; ``kg export site`` writes them to a folder.
"""
