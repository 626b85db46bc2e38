"""Which accounts may speak of the same fact: those that share a key, directly or through others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final, TypeAlias

from kg import iris
from kg.merge.account import About, Account, Geography

_MANY_PARTIES: Final = 6
_ROMAN: Final = re.compile("[ivxlc]{2,}")
_KeyFunction: TypeAlias = Callable[[Account, Geography], Iterator[str]]


def establishment_key(organization: str, place: str, geography: Geography) -> str:
    """The key of the establishments of an organisation in a country."""
    return f"presence {_short(organization)} {_short(geography.country(place))}"


def about_key(about: About, geography: Geography) -> str:
    """The key of the establishments that a fact may be about."""
    return establishment_key(about.organization, about.place, geography)


def actor(account: Account, geography: Geography) -> str:
    """For whom a proposal is made: the state or organisation named, else the state whose office the person holds."""
    proposer = account.text("proposer")
    return account.text("on_behalf_of") or geography.states.get(proposer, proposer)


def topic(account: Account) -> str:
    """A free-text topic, so that case and punctuation do not matter."""
    return " ".join(re.findall(r"\w+", account.text("topic").casefold()))


def symbol(account: Account) -> str:
    """The number of a document: ``79/266`` for "A/RES/79/266", for "79/266" and for "res. 79/266 (2025)".

    Letters before the number say which body and what kind of document it is, which the fact says too.
    """
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"\([^)]*\)", " ", account.text("symbol").casefold()))
    number = next((n for n, word in enumerate(words) if word[0].isdigit() or _ROMAN.fullmatch(word)), 0)
    return "/".join(words[number:])


def vague(account: Account) -> bool:
    """Whether an account says so little of the matter that it may be any fact of its kind: it joins no other."""
    if account.kind not in ("proposal", "decision", "agreement"):
        return False
    date = account.date()
    told = account.about or account.text("topic") or account.text("symbol") or account.text("occasion")
    return not told and (date is None or date.precision != "day")


def keys(account: Account, geography: Geography) -> frozenset[str]:
    """The keys of an account; two accounts that share none are never joined directly.

    They are worked out once: the same account has the same keys as long as the tables are the same.
    """
    found: frozenset[str] | None = account.known.get("keys")
    if found is None:
        found = account.known["keys"] = frozenset(_keys(account, geography))
    return found


def _keys(account: Account, geography: Geography) -> set[str]:
    decided = {f"{account.kind} same {group}" for group in account.together}
    if vague(account):
        return {f"{account.kind} alone {iris.digest(account.node)}", *decided}
    return {f"{account.kind} {key}" for key in _KEYS[account.kind](account, geography)} | decided


def _presence(account: Account, geography: Geography) -> Iterator[str]:
    yield establishment_key(account.text("organization"), account.text("place"), geography).partition(" ")[2]


def _proposal(account: Account, geography: Geography) -> Iterator[str]:
    if account.about:
        yield about_key(account.about, geography)
        return
    who = _short(actor(account, geography))
    if account.text("topic"):
        yield f"{who} topic {topic(account)}"
    elif account.text("occasion"):
        yield f"{who} occasion {_short(account.text('occasion'))}"
    else:
        yield f"{who} date {account.text('date')}"


def _decision(account: Account, geography: Geography) -> Iterator[str]:
    base = f"{_short(account.text('body'))} {_short(account.text('instrument'))}"
    found = list(_particulars(account, geography))
    if account.text("symbol"):
        found.append(f"symbol {symbol(account)}")
    for one in found:
        yield f"{base} {one}"


def _particulars(account: Account, geography: Geography) -> Iterator[str]:
    if account.about:
        yield about_key(account.about, geography)
    if account.text("topic"):
        yield f"topic {topic(account)}"
    date = account.date()
    if date is not None and date.precision == "day":
        yield f"date {date}"


def _agreement(account: Account, geography: Geography) -> Iterator[str]:
    parties = [_short(p) for p in account.text("parties").split()]
    if len(parties) > _MANY_PARTIES:
        pairs = [iris.digest(*parties)]
    else:
        pairs = [f"{a} {b}" for a, b in combinations(parties, 2)] or parties
    for one in _particulars(account, geography):
        if one.startswith("presence "):
            yield one
        else:
            yield from (f"{pair} {one}" for pair in pairs)


def _slots(*slots: str) -> _KeyFunction:
    def of(account: Account, geography: Geography) -> Iterator[str]:
        del geography
        yield " ".join(_short(account.text(slot)) for slot in slots)

    return of


def _short(iri: str) -> str:
    return iri.removeprefix(iris.ID_PREFIX).removeprefix(iris.KIND_PREFIX)


_KEYS: Final[dict[str, _KeyFunction]] = {
    "presence": _presence,
    "proposal": _proposal,
    "decision": _decision,
    "agreement": _agreement,
    "membership": _slots("member", "organization"),
    "relocation": _slots("organization", "to"),
    "count": _slots("what", "place", "value"),
    "tenure": _slots("person", "position", "of"),
}
