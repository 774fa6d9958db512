"""Public holidays of a country and a part of it, by the library that knows them."""

from collections.abc import Iterable, Mapping
from datetime import date

from deskterm.domain.errors import UsageError


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> Mapping[date, str]:
    """Give date → name in English where there is one; raises UsageError for an unknown place."""
    import holidays  # noqa: PLC0415 - 50 ms; only where a calendar is written, or a year has passed

    known = holidays.list_supported_countries()
    if country not in known:
        raise UsageError(
            f"no public holidays are known of {country[:20]!r}: write a country like DE, CH or US."
        )
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(known[country][:30])
        said = f"it has {parts}" if parts else "it has none"
        raise UsageError(f"{country} has no part {subdivision[:20]!r}; {said}.")
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=list(years), language="en_US"
    )
    return {day: str(name) for day, name in sorted(found.items())}
