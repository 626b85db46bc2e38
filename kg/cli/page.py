"""What ``kg show`` prints: a thing, its facts in the order of time, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from kg import iris
from kg.export.view import PROPERTIES, Quote, View
from kg.model import KINDS

_HEADINGS: Final = {
    "presence": "Establishments", "proposal": "Proposals", "decision": "Decisions", "agreement": "Agreements",
    "membership": "Memberships", "relocation": "Moves", "count": "Counts", "tenure": "Offices held",
}  # fmt: skip
_ORDER: Final = ("proposal", "decision", "agreement", "presence", "relocation", "membership", "tenure", "count")
_SCHEMA: Final = iris.PREFIXES["schema"]


class Page:
    """The page about one entity or establishment.

    Args:
        view: the part of the graph that it needs.
        lang: language of labels.
        quotes: how many quotes a fact shows at most.
    """

    def __init__(self, view: View, lang: str, quotes: int) -> None:
        self.view = view
        self.lang = lang
        self.quotes = quotes
        self.subject = ""

    def head(self, iri: str) -> Iterator[str]:
        """What the thing is: its names, and for an establishment its slots."""
        view = self.view
        yield view.label(iri, self.lang)
        names = dict.fromkeys(view.label(iri, lang) for lang in ("en", "ru", "kk"))
        names.pop(view.label(iri, self.lang), None)
        facts: list[tuple[str, str]] = [("also", " · ".join(names))]
        kind = view.kinds.get(iri, "")
        facts.append(("is", {"presence": "establishment"}.get(kind, kind)))
        for slot, name in PROPERTIES.get(kind, {}).items():
            facts.append((slot.replace("_", " "), self.values(iri, name)))
        facts += [("wikidata", view.wikidata(iri)), ("id", iri)]
        yield from (f"  {name:<13} {value}" for name, value in facts if value)

    def values(self, iri: str, name: str) -> str:
        """All values of a property, as text."""
        return ", ".join(self.view.show(term, self.lang) for term in self.view.values(iri, name))

    def line(self, facts: Iterable[str], indent: str = "  ", subject: str = "") -> Iterator[str]:
        """Facts in the order of time, each with its quotes; *subject*, which they are about, is not named again."""
        self.subject = subject
        for iri in sorted(facts, key=self.sort_key):
            date = self.date(iri) or "no date"
            yield f"{indent}{date:<12}{self.sentence(iri)}"
            yield from self.evidence(iri, indent + " " * 12)
        self.subject = ""

    def groups(self, facts: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """The facts under headings, by kind."""
        by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for iri in facts:
            by_kind[self.view.kinds[iri]].append(iri)
        for kind, found in by_kind.items():
            if found:
                yield _HEADINGS[kind], sorted(found, key=self.sort_key)

    def evidence(self, iri: str, indent: str) -> Iterator[str]:
        """The sentences that say a fact, one an article, with the article."""
        best: dict[str, Quote] = {}
        for quote in sorted(self.view.quotes.get(iri, []), key=lambda q: -q.confidence):
            best.setdefault(quote.article, quote)
        chosen = sorted(list(best.values())[: self.quotes], key=lambda q: (self.published(q.article), q.article))
        for quote in chosen:
            yield f"{indent}“{' '.join(quote.quote.split())}”"
            yield f"{indent}— {self.source(quote.article)}"
        if len(best) > len(chosen):
            more = len(best) - len(chosen)
            yield f"{indent}… and {more} more {'article' if more == 1 else 'articles'}"
        if not best:
            for address, date in self.view.sources.get(iri, []):
                yield f"{indent}— {address}{f', seen {date}' if date else ''} [reference tables]"

    def published(self, article: str) -> str:
        return self.view.articles.get(article, {}).get(f"{_SCHEMA}datePublished", "9999")

    def source(self, article: str) -> str:
        """An article as a reference: title, outlet, date, id."""
        about = self.view.articles.get(article, {})
        identifier = about.get(iris.PREFIXES["dcterms"] + "identifier", article.removeprefix(iris.ARTICLE_PREFIX))
        parts = [about.get(f"{_SCHEMA}{name}", "") for name in ("headline", "publisher", "datePublished")]
        return ", ".join(filter(None, parts)) + f" [{identifier}]"

    def date(self, iri: str) -> str:
        """The date of an event, or the time of a state, as precise as it is known."""
        view = self.view
        date, since, until = (view.text(iri, name) for name in ("date", "since", "until"))
        return date or (f"{since}–{until}" if until else since)

    def sort_key(self, iri: str) -> tuple[str, int, str]:
        order = _ORDER.index(self.view.kinds[iri])
        # A fact without a date of its own stands where it was first reported.
        reported = min((self.published(q.article) for q in self.view.quotes.get(iri, [])), default="9999")
        view = self.view
        date = view.text(iri, "date") or view.text(iri, "since") or view.text(iri, "until") or reported
        return date, order, iri

    def sentence(self, iri: str) -> str:
        """A fact in a line."""
        kind = self.view.kinds[iri]
        parts = list(filter(None, getattr(self, f"_{kind}")(iri)))
        return ", ".join(parts)

    def _of(self, iri: str, slot: str) -> str:
        return self.values(iri, PROPERTIES[self.view.kinds[iri]][slot])

    def _presence(self, iri: str) -> Iterator[str]:
        yield self.view.label(iri, self.lang)
        name_says = self.view.label(iri, self.lang).casefold()
        yield from (v for s in ("form", "place") if (v := self._of(iri, s)) and v.casefold() not in name_says)
        yield self._of(iri, "status")

    def _proposal(self, iri: str) -> Iterator[str]:
        behalf = self._of(iri, "on_behalf_of")
        yield f"{self._of(iri, 'proposer')}{f' ({behalf})' if behalf else ''} proposes {self._about(iri)}".rstrip()
        yield self._of(iri, "occasion")

    def _decision(self, iri: str) -> Iterator[str]:
        yield " ".join(
            filter(None, (f"{self._of(iri, 'body')}:", self._of(iri, "instrument"), self._of(iri, "symbol")))
        )
        votes, of, how = (self._of(iri, slot) for slot in ("in_favour", "of", "adopted_by"))
        if votes:
            yield f"{votes} {f'of {of} ' if of else ''}in favour"
        elif how:
            yield f"by {how}"
        sponsors = self._of(iri, "cosponsors")
        if sponsors:
            yield f"{sponsors} co-sponsors"
        initiator = self._of(iri, "initiator")
        if initiator:
            yield f"tabled by {initiator}"
        yield self._about(iri)

    def _agreement(self, iri: str) -> Iterator[str]:
        yield f"agreement: {self._of(iri, 'parties')}"
        place = self._of(iri, "place")
        yield f"signed in {place}" if place else ""
        yield self._about(iri)

    def _membership(self, iri: str) -> Iterator[str]:
        yield f"{self._of(iri, 'member')}: {self._of(iri, 'role') or 'member'} of {self._of(iri, 'organization')}"

    def _relocation(self, iri: str) -> Iterator[str]:
        start = self._of(iri, "from")
        yield f"{self._of(iri, 'organization')} moves{f' from {start}' if start else ''} to {self._of(iri, 'to')}"

    def _count(self, iri: str) -> Iterator[str]:
        yield f"{self._of(iri, 'place')}: {self._of(iri, 'value')} {self._of(iri, 'what')}"

    def _tenure(self, iri: str) -> Iterator[str]:
        yield f"{self._of(iri, 'person')}: {self._of(iri, 'position')}"
        yield self._of(iri, "of")

    def _about(self, iri: str) -> str:
        if self.subject and self.subject in {term.value for term in self.view.values(iri, "about")}:
            return "it" if self.view.kinds[iri] == "proposal" else ""
        return self.values(iri, "about") or self.values(iri, "topic")

    def record(self, iri: str) -> dict[str, Any]:
        """A fact as a JSON object, with its quotes."""
        view = self.view
        found: dict[str, Any] = {"iri": iri, "kind": view.kinds[iri], "label": view.label(iri, self.lang)}
        for slot, name in PROPERTIES[view.kinds[iri]].items():
            values = [
                {"iri": t.value, "label": view.label(t.value, self.lang)}
                if t.value in view.kinds
                else view.show(t, self.lang)
                for t in view.values(iri, name)
            ]
            if values:
                spec = KINDS[view.kinds[iri]].get(slot)
                found[slot] = values if spec is not None and spec.many else values[0]
        found["quotes"] = [
            {"article": q.article, "quote": q.quote, "start": q.start, "end": q.end, "in": q.where}
            for q in view.quotes.get(iri, [])
        ]
        if iri in view.sources:
            found["sources"] = [address for address, _ in view.sources[iri]]
        return found
