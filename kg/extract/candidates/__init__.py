"""What an article might say: every combination of fillers near a trigger that has the right types.

A candidate has a kind, the fillers of the kind's key, the sentence and the tokens it hangs on, and a
row of numbers (:mod:`kg.extract.features`). :mod:`kg.extract.choice` decides which candidates stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from kg.extract.candidates.acts import DECISION_NAMES, PROPOSAL_NAMES, decisions, proposals
from kg.extract.candidates.base import Candidate, Generator
from kg.extract.candidates.membership import MEMBERSHIP_NAMES, PARTY_NAMES, memberships, parties
from kg.extract.candidates.moves import COUNT_NAMES, RELOCATION_NAMES, counts, relocations
from kg.extract.candidates.presence import PRESENCE_NAMES, presences
from kg.extract.candidates.tenure import TENURE_NAMES, tenures

_MAKERS: Final[tuple[Callable[[Generator, int], Iterator[Candidate]], ...]] = (
    presences,
    relocations,
    counts,
    tenures,
    memberships,
    parties,
    decisions,
    proposals,
)

FEATURES: Final[dict[str, list[str]]] = {
    "presence": PRESENCE_NAMES,
    "relocation": RELOCATION_NAMES,
    "count": COUNT_NAMES,
    "tenure": TENURE_NAMES,
    "membership": MEMBERSHIP_NAMES,
    "agreement": PARTY_NAMES,
    "decision": DECISION_NAMES,
    "proposal": PROPOSAL_NAMES,
}
"""Names of the features of each kind, in the order of :attr:`Candidate.row`."""


def candidates(generator: Generator) -> Iterator[Candidate]:
    """All candidates of a reading, sentence by sentence."""
    reading = generator.reading
    for sentence, span in enumerate(reading.document.sentences):
        if span.last - span.first < 4 and not reading.triggers_of[sentence]:
            continue  # "АСТАНА.": where the report comes from
        asked = reading.document.raw[span.last - 1] == "?"
        for maker in _MAKERS:
            if not asked or maker is tenures:  # a question states nothing, but whoever it names may hold an office
                yield from maker(generator, sentence)


__all__ = ["FEATURES", "Candidate", "Generator", "candidates"]
