"""Which value a fact has where its accounts differ, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kg import iris
from kg.merge.account import REFERENCE_ARTICLE, About, Account, Geography, Value
from kg.model import STATUSES, PartialDate

Single: TypeAlias = str | int | PartialDate | About
_STAGES: Final = tuple(iris.concept("status", status) for status in STATUSES)
_CANDIDATE: Final = iris.concept("role", "candidate")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, the rule that chose it, and the values that were not chosen, sorted.

    Rules are ``only``, ``most-precise``, ``most-supported``, ``most-recent``, ``earliest`` and ``status-latest``.
    """

    value: Single
    rule: str
    alternatives: tuple[Single, ...] = ()


def choose(cluster: Sequence[Account], slot: str, geography: Geography) -> Choice | None:
    """The value of a single-valued slot (or ``about``) of a fact, or ``None`` where no account has one."""
    stated: list[tuple[Single, Account]] = []
    if cluster[0].kind == "membership" and slot in ("since", "until"):
        cluster = _in_role(cluster, geography)
    for account in cluster:
        value: Value | About | None = account.about if slot == "about" else account.slots.get(slot)
        if value is not None and not isinstance(value, tuple):
            stated.append((value, account))
    values = {value for value, _ in stated}
    if not values:
        return None
    if len(values) == 1:
        return Choice(stated[0][0], "only")
    if slot == "status":
        chosen, rule = _status(stated), "status-latest"
    elif slot == "symbol":
        chosen, rule = max(values, key=lambda v: (len(str(v)), str(v))), "most-precise"
    elif slot == "role":
        chosen, rule = _role(stated), "most-recent"
    elif slot == "date" and cluster[0].kind == "proposal":
        chosen, rule = _first_date([v for v in values if isinstance(v, PartialDate)]), "earliest"
    else:
        chosen, rule = _best(stated, geography)
    return Choice(chosen, rule, tuple(sorted(values - {chosen}, key=sort_key)))


def _in_role(cluster: Sequence[Account], geography: Geography) -> Sequence[Account]:
    """The accounts that do not tell of another role: who observes since 2005 need not be a member since then."""
    role = choose(cluster, "role", geography)
    return [a for a in cluster if role is None or a.slots.get("role", role.value) == role.value]


def sort_key(value: Single) -> tuple[str, str]:
    """An order over values of any type."""
    return type(value).__name__, f"{value:020d}" if isinstance(value, int) else str(value)


def _status(stated: Sequence[tuple[Single, Account]]) -> Single:
    """The latest report wins, but nothing that is at work or closed becomes a plan again, nor a plan a proposal."""
    done = [one for one in stated if one[0] in _STAGES[2:]]
    if done:
        return max(done, key=lambda one: (one[1].published, _STAGES.index(str(one[0]))))[0]
    return max((v for v, _ in stated), key=lambda v: _STAGES.index(str(v)) if v in _STAGES else -1)


def _role(stated: Sequence[tuple[Single, Account]]) -> Single:
    """The latest report wins, but who belongs is no candidate any more."""
    belongs = [one for one in stated if one[0] != _CANDIDATE] or stated
    return max(belongs, key=lambda one: (one[1].published, sort_key(one[0])))[0]


def _first_date(dates: Sequence[PartialDate]) -> PartialDate:
    first = min(dates, key=lambda d: (d.earliest, d.value))
    return max((d for d in dates if d.compatible(first)), key=lambda d: (len(d.value), -d.earliest.toordinal()))


def _best(stated: Sequence[tuple[Single, Account]], geography: Geography) -> tuple[Single, str]:
    values = {value for value, _ in stated}
    precise = {v for v in values if not any(_more_precise(o, v, geography) for o in values)}
    if len(precise) == 1:
        return next(iter(precise)), "most-precise"
    support = {
        v: _sources(a for value, a in stated if value == v or _more_precise(v, value, geography)) for v in precise
    }
    most = max(support.values())
    leaders = [v for v in precise if support[v] == most]
    if len(leaders) == 1:
        return leaders[0], "most-supported"
    recent = {v: max(a.published for value, a in stated if value == v) for v in leaders}
    last = max(recent.values())
    return min((v for v in leaders if recent[v] == last), key=sort_key), "most-recent"


def _sources(accounts: Iterable[Account]) -> int:
    """How many sources accounts come from. The tables count as two: each of their rows was looked up."""
    return sum({a.article: 2 if a.article == REFERENCE_ARTICLE else a.weight for a in accounts}.values())


def articles(accounts: Iterable[Account]) -> int:
    """How many articles accounts come from, the tables not among them."""
    return sum({a.article: a.weight for a in accounts if a.article != REFERENCE_ARTICLE}.values())


def _more_precise(a: Single, b: Single, geography: Geography) -> bool:
    """Whether *a* says all that *b* says, and more."""
    if a == b:
        return False
    if isinstance(a, PartialDate) and isinstance(b, PartialDate):
        return a.value.startswith(b.value)
    if isinstance(a, About) and isinstance(b, About):
        return (
            a.organization == b.organization
            and (b.place in ("", a.place) or geography.country(a.place) == b.place)
            and b.form in ("", a.form)
        )
    return isinstance(a, str) and geography.countries.get(a) == b


def choose_labels(cluster: Sequence[Account]) -> list[tuple[str, str]]:
    """One name a language: the tables' own, else the most supported, the most recent, the longest."""
    said: dict[tuple[str, str], list[Account]] = {}
    for account in cluster:
        for label in account.labels:
            said.setdefault(label, []).append(account)
    best: dict[str, tuple[tuple[object, ...], str]] = {}
    for (text, lang), accounts in said.items():
        rank = (
            any(a.article == REFERENCE_ARTICLE for a in accounts),
            articles(accounts),
            max(a.published for a in accounts),
            len(text),
            text,
        )
        if lang not in best or rank > best[lang][0]:
            best[lang] = (rank, text)
    return sorted((text, lang) for lang, (_, text) in best.items())
