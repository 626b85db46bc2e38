"""Which accounts of those that share keys speak of one fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from kg import iris
from kg.merge.account import About, Account, Geography
from kg.merge.decisions import divided, united
from kg.merge.keys import actor, keys, symbol, topic
from kg.merge.saying import content
from kg.model import PartialDate

_MONTH: Final = 31
_NEVER: Final = "9"
"""Sorts after every date."""

_YEAR: Final = 366
_TERMS: Final = {iris.concept("role", role) for role in ("non-permanent-member", "chair")}
_CANDIDATE: Final = iris.concept("role", "candidate")
_MISSION: Final = iris.concept("form", "mission")
_PLANS: Final = {iris.concept("status", status) for status in ("proposed", "planned")}
_AT_WORK: Final = {iris.concept("status", status) for status in ("operating", "closed")}
_COMMON_WORDS: Final = frozenset({
    "un", "united", "nations", "the", "of", "in", "for", "to", "and", "оон", "организации", "объединенных",
    "объединённых", "наций", "по", "в", "на", "и", "бұұ", "үшін",
})  # fmt: skip
_LOOSE_FORMS: Final = {iris.concept("form", form) for form in ("centre", "regional-centre")}

Conflict: TypeAlias = Callable[[Account, Account, Geography], bool]


def components(accounts: Iterable[Account], geography: Geography) -> list[list[Account]]:
    """The accounts in groups that share keys, directly or through others; each group sorted, and the groups too."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    first: list[tuple[Account, str]] = []
    for account in accounts:
        head, *rest = sorted(keys(account, geography))
        for key in rest:
            parent[root(key)] = root(head)
        first.append((account, head))
        root(head)
    groups: dict[str, list[Account]] = {}
    for account, head in first:
        groups.setdefault(root(head), []).append(account)
    return sorted((sorted(g, key=lambda a: a.node) for g in groups.values()), key=lambda g: g[0].node)


class _Cluster:
    """Accounts held to speak of one fact, and among them one for each thing that is said.

    A much-told fact has very many accounts, which say few different things: only those are compared.
    """

    def __init__(self, account: Account) -> None:
        self.accounts: list[Account] = []
        self.distinct: list[Account] = []
        self._said: set[tuple[object, ...]] = set()
        self._by_article: dict[str, list[Account]] = {}
        self.add(account)

    def add(self, account: Account) -> None:
        self.accounts.append(account)
        said = _compares(account)
        if said not in self._said:
            self._said.add(said)
            self.distinct.append(account)
        else:
            self._by_article.setdefault(account.article, []).append(account)

    def against(self, account: Account) -> list[Account]:
        """The accounts to which another one is compared: one for each thing said, and all of its own article.

        Whether two accounts are apart may depend on their being of one article, which keeps more apart, never less.
        """
        return [*self.distinct, *self._by_article.get(account.article, ())]


_COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "presence": ("form", "place", "since", "until", "status"),
    "proposal": ("proposer", "on_behalf_of", "topic", "occasion", "date"),
    "decision": ("body", "instrument", "symbol", "topic", "date"),
    "agreement": ("parties", "topic", "date"),
    "membership": ("role", "since", "until"),
    "relocation": ("from", "date"),
    "count": ("date",),
    "tenure": (),
}
"""Kind of fact → the slots on which it depends whether two accounts are apart."""


def _compares(account: Account) -> tuple[object, ...]:
    """All of an account that clustering compares, but for its article and when that was published."""
    found: tuple[object, ...] | None = account.known.get("compared")
    if found is None:
        found = account.known["compared"] = _said(account)
    return found


def _said(account: Account) -> tuple[object, ...]:
    slots = tuple(account.text(slot) for slot in _COMPARED[account.kind])
    names = account.labels if account.text("form") == _MISSION else ()
    return slots, account.about, names, account.together, account.apart


class Undecided(Exception):
    """Some articles of a saying go to one fact and others to another: each date of publication counts then."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.node)
        self.account = account


def clusters(component: Sequence[Account], geography: Geography) -> list[list[Account]]:
    """The accounts of a component, parted into facts.

    The accounts that say most come first and found the clusters; each further one joins the one cluster that
    nothing in it contradicts. The order in which they were read plays no part. What people decided goes before.

    Raises:
        Undecided: if what several articles say alike is of different facts, by when they were published.
    """
    found: list[_Cluster] = []
    decided = divided(component)
    for account in in_order(component, geography):
        conflict = CONFLICTS[account.kind]
        fits = [
            c
            for c in found
            if not any(
                conflict(account, other, geography) or decided(account, other)
                for other in _compared(account, c.against(account))
            )
        ]
        if account.kind == "presence":
            fits = [c for c in fits if not _only_planned(account, c.distinct)]
        chosen = _choose(account, fits)
        if chosen is None:
            found.append(_Cluster(account))
        else:
            chosen.add(account)
    return united([c.accounts for c in found], decided)


def in_order(component: Sequence[Account], geography: Geography) -> list[Account]:
    """The accounts of a component, those that say most first; by what they say, not by who says it.

    Those that say the same, in articles that say the same, come one after the other by their dates.
    """
    said = {account.node: content(account) for account in component}
    beside: dict[str, list[str]] = {}
    for account in component:
        beside.setdefault(account.article, []).append(said[account.node])
    for texts in beside.values():
        texts.sort()
    return sorted(
        component,
        key=lambda a: (*_full(a, geography), said[a.node], beside[a.article], a.published, a.node),
    )


def _compared(account: Account, cluster: Sequence[Account]) -> Sequence[Account]:
    """The accounts of a cluster, as far as they count against another one.

    Reports of one symbol may differ in what the document is about; to agree with one of them is enough then.
    """
    if account.kind != "decision" or not any(o.about and o.about == account.about for o in cluster):
        return cluster
    return [other if other.about == account.about else replace(other, about=None) for other in cluster]


def _choose(account: Account, fits: list[_Cluster]) -> _Cluster | None:
    if len(fits) <= 1:
        return fits[0] if fits else None
    if account.kind == "presence":
        # An office in the country, where several cities have one, may be any of them: it stays on its own.
        fits = [c for c in fits if c.accounts[0].slots.get("place") == account.slots.get("place")]
    elif account.kind == "membership":
        role = account.slots.get("role")
        fits = [c for c in fits if any(a.slots.get("role") == role for a in c.distinct)] or fits
    if len(fits) <= 1:
        return fits[0] if fits else None
    dated = [(str(d.earliest), n) for n, c in enumerate(fits) if (d := _date(c.distinct)) is not None]

    def of(published: str) -> int:
        before = [one for one in dated if one[0] <= (published or _NEVER)]
        return max(before)[1] if before else 0

    chosen = of(account.published)
    if account.weight > 1:
        last = _NEVER if account.undated else account.published
        when = {account.first, last, *(date for date, _ in dated if account.first <= date <= last)}
        if {of(date) for date in when} != {chosen}:
            raise Undecided(account)
    return fits[chosen]


def _only_planned(account: Account, cluster: Sequence[Account]) -> bool:
    """Whether an account has an office at work somewhere in a country, and a cluster only plans for one of its cities.

    What works in the country may work elsewhere in it: a plan neither moves it nor is fulfilled by it.
    """
    place = account.text("place")
    elsewhere = [a.text("status") for a in cluster if a.text("place") != place]
    return account.text("status") in _AT_WORK and bool(elsewhere) and all(s in _PLANS for s in elsewhere)


def _date(cluster: Sequence[Account]) -> PartialDate | None:
    dates = [d for a in cluster for slot in ("date", "since") if (d := a.date(slot))]
    return max(dates, key=lambda d: (len(d.value), d.value)) if dates else None


def _full(account: Account, geography: Geography) -> tuple[object, ...]:
    found: tuple[object, ...] | None = account.known.get("fullness")
    if found is None:
        found = account.known["fullness"] = _fullness(account, geography)
    return found


def _fullness(account: Account, geography: Geography) -> tuple[object, ...]:
    date = account.date() or account.date("since")
    place = account.text("place")
    return (
        not account.text("symbol"),
        geography.country(place) == place,
        -len(date.value) if date else 0,
        date.value if date else "",
        account.about is None,
        account.about or About(""),
        *(account.text(slot) for slot in ("symbol", "topic", "place", "form", "occasion", "from", "role")),
    )


def _apart(a: PartialDate | None, b: PartialDate | None, days: int) -> bool:
    """Whether two dates cannot be the same but for a mistake of some days."""
    if a is None or b is None:
        return False
    return max((a.earliest - b.latest).days, (b.earliest - a.latest).days) > days


def _differ(a: Account, b: Account, slot: str) -> bool:
    """Whether both state the slot, and differently."""
    return slot in a.slots and slot in b.slots and a.slots[slot] != b.slots[slot]


def _places_differ(a: str, b: str, geography: Geography) -> bool:
    return bool(a and b) and a != b and geography.country(a) != b and geography.country(b) != a


def _presence(a: Account, b: Account, geography: Geography) -> bool:
    if _differ(a, b, "form") or _places_differ(a.text("place"), b.text("place"), geography):
        return True
    if _over(a, b) or _over(b, a):
        return True
    if a.text("form") != _MISSION:
        return False
    # An organisation may have several missions in one capital, one after the other or side by side.
    return _named_apart(a, b) or _apart(a.date("since"), b.date("since"), _YEAR)


def _over(a: Account, b: Account) -> bool:
    """Whether the first has ended before the second begins."""
    until, since = a.date("until"), b.date("since")
    return until is not None and since is not None and until.latest < since.earliest


def _named_apart(a: Account, b: Account) -> bool:
    """Whether both have a name in one language, and neither name is a part of the other."""
    names = [{lang: _words(text) for text, lang in account.labels} for account in (a, b)]
    both = set(names[0]) & set(names[1])
    return any(not (names[0][lang] <= names[1][lang] or names[1][lang] <= names[0][lang]) for lang in both)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _COMMON_WORDS


def _about(a: Account, b: Account, geography: Geography) -> bool:
    """Whether two accounts are about different things."""
    if a.about and b.about:
        forms = {f for f in (a.about.form, b.about.form) if f}
        return (
            a.about.organization != b.about.organization
            or _places_differ(a.about.place, b.about.place, geography)
            or (len(forms) > 1 and forms != _LOOSE_FORMS)
        )
    return bool(a.text("topic") and b.text("topic")) and topic(a) != topic(b)


def _proposal(a: Account, b: Account, geography: Geography) -> bool:
    if actor(a, geography) != actor(b, geography) or _about(a, b, geography):
        return True
    if (a.about or a.text("topic")) and (b.about or b.text("topic")):
        return False  # repeated at a later session it is still the same proposal
    return _differ(a, b, "occasion") or _apart(a.date(), b.date(), _MONTH) or _told_apart(a, b)


def _told_apart(a: Account, b: Account) -> bool:
    """Whether one article tells of two things, and nothing but a day or an event says that they are one."""
    same = (a.about and b.about) or (a.text("topic") and b.text("topic"))
    return a.article == b.article and not same


def _decision(a: Account, b: Account, geography: Geography) -> bool:
    if _differ(a, b, "body") or _differ(a, b, "instrument"):
        return True
    if a.text("symbol") and b.text("symbol"):
        return symbol(a) != symbol(b)
    return _about(a, b, geography) or _apart(a.date(), b.date(), _MONTH) or _told_apart(a, b)


def _agreement(a: Account, b: Account, geography: Geography) -> bool:
    mine, other = set(a.text("parties").split()), set(b.text("parties").split())
    if len(mine & other) < min(2, len(mine), len(other)):
        return True
    return _about(a, b, geography) or _apart(a.date(), b.date(), _MONTH) or _told_apart(a, b)


def in_term(account: Account) -> bool:
    """Whether a membership is for a term, so that the next term is another one."""
    role = account.text("role")
    return role in _TERMS or (role == _CANDIDATE and bool(account.date("since") or account.date("until")))


def _membership(a: Account, b: Account, geography: Geography) -> bool:
    del geography
    if in_term(a) != in_term(b):
        return True
    if in_term(a):
        return any(_apart(a.date(slot), b.date(slot), _YEAR) for slot in ("since", "until"))
    if not _differ(a, b, "role") or _CANDIDATE in (a.text("role"), b.text("role")):
        return False
    return _succeeds(a, b) or _succeeds(b, a) or _apart(a.date("since"), b.date("since"), _YEAR)


def _succeeds(a: Account, b: Account) -> bool:
    """Whether the second begins when the first ends, or later."""
    until, since = a.date("until"), b.date("since")
    return until is not None and since is not None and until.earliest <= since.latest


def _relocation(a: Account, b: Account, geography: Geography) -> bool:
    return _places_differ(a.text("from"), b.text("from"), geography) or _apart(a.date(), b.date(), _YEAR)


def _count(a: Account, b: Account, geography: Geography) -> bool:
    del geography
    return _apart(a.date(), b.date(), _YEAR)


def _never(a: Account, b: Account, geography: Geography) -> bool:
    del a, b, geography
    return False


CONFLICTS: Final[Mapping[str, Conflict]] = {
    "presence": _presence, "proposal": _proposal, "decision": _decision, "agreement": _agreement,
    "membership": _membership, "relocation": _relocation, "count": _count, "tenure": _never,
}  # fmt: skip
"""Kind of fact → whether two accounts cannot speak of the same one."""
