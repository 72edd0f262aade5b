"""Where the agreed words of an expression stand on a contact, and what HubSpot keeps there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sla_sync.connector import DataType, KeyPath, Resources
from sla_sync_hubspot.binding import BoundStage, Holds, HubSpotBinding
from sla_sync_hubspot.names import property_name


class UnsayableError(Exception):
    """HubSpot's filters cannot say a part of an expression; the text is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A property of the contact and what it holds."""

    property: str
    holds: Holds


_STOCK: Mapping[str, Holds] = {
    "email": Holds.TEXT,
    "firstname": Holds.TEXT,
    "lastname": Holds.TEXT,
    "company": Holds.TEXT,
    "jobtitle": Holds.TEXT,
    "phone": Holds.TEXT,
    "country": Holds.TEXT,
    "state": Holds.TEXT,
    "city": Holds.TEXT,
    "industry": Holds.TEXT,
    "hs_email_domain": Holds.TEXT,
    "numemployees": Holds.CHOICE,
    "lifecyclestage": Holds.CHOICE,
    "hs_lead_status": Holds.CHOICE,
    "hubspot_owner_id": Holds.CHOICE,
    "hs_analytics_source": Holds.CHOICE,
    "hs_latest_source": Holds.CHOICE,
    "hs_email_optout": Holds.CHECKBOX,
    "hs_analytics_num_page_views": Holds.NUMBER,
    "createdate": Holds.INSTANT,
    "hubspot_owner_assigneddate": Holds.INSTANT,
}
"""What HubSpot's own properties hold, as its pages list them (knowledge base, "HubSpot's default contact properties")."""

_ADDED: Mapping[str, Holds] = {
    "text": Holds.TEXT,
    "long text": Holds.TEXT,
    "checkbox": Holds.CHECKBOX,
    "number": Holds.NUMBER,
    "datetime": Holds.INSTANT,
}
_OURS: Mapping[DataType, Holds] = {
    DataType.TEXT: Holds.TEXT,
    DataType.LONG_TEXT: Holds.TEXT,
    DataType.CHECKBOX: Holds.CHECKBOX,
    DataType.NUMBER: Holds.NUMBER,
    DataType.INSTANT: Holds.INSTANT,
    DataType.CHOICE: Holds.CHOICE,
}


@dataclass(frozen=True)
class Vocabulary:
    """The agreed words of one agreement on one portal."""

    resources: Resources
    binding: HubSpotBinding
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The people behind roles and teams, by the names that the targets file gives them."""

    def place(self, word: str) -> Place:
        """Return where a field stands. Raises UnsayableError where it is unbound or stands on another object."""
        bound = self.binding.fields.get(word)
        if bound is not None:
            if bound.through:
                raise UnsayableError(f"'{word}' is read through {bound.through}, and a filter on contacts cannot")
            holds = _ADDED[bound.add] if bound.add else self._holds(bound.field)
            return Place(bound.field, holds)
        for each in self.resources.fields:
            if each.name == word:
                return Place(property_name(self.binding.prefix, word), _OURS[each.data])
        if word == "owner":
            return Place("hubspot_owner_id", Holds.CHOICE)
        raise UnsayableError(f"'{word}' is bound to no property")

    def place_of_predicate(self, word: str) -> Place:
        """Return where a name inside a predicate of the binding stands: an agreed word, else a property's own name."""
        try:
            return self.place(word)
        except UnsayableError:
            for bound in self.binding.fields.values():
                if bound.field == word and bound.add:
                    return Place(word, _ADDED[bound.add])
            return Place(word, self._holds(word))

    def source_places(self) -> tuple[Place, ...]:
        """Return where the source of a hand-raise is read from, in this order. Raises UnsayableError where it is unbound."""
        names = self.binding.sources.read_from
        if not names:
            raise UnsayableError("the binding does not say where the source is read from (sources.from)")
        return tuple(self.place_of_predicate(name) for name in names)

    def source_values(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Return the stored values that mean one of these sources. Raises UnsayableError where one is unbound."""
        stored: list[str] = []
        for source in sources:
            values = self.binding.sources.values.get(source)
            if not values:
                raise UnsayableError(f"source '{source}' is bound to no value")
            stored.extend(values)
        return tuple(dict.fromkeys(stored))

    def stage(self, name: str) -> BoundStage:
        """Return how a stage shows on the contact. Raises UnsayableError where it is unbound or shows on the deal only."""
        bound = self.binding.stages.get(name)
        if bound is None:
            raise UnsayableError(f"stage '{name}' is bound to nothing")
        if bound.contact_property is None:
            raise UnsayableError(f"stage '{name}' shows on the deal, and a filter on contacts cannot see it")
        return bound

    def threshold(self, model: str | None) -> tuple[Place, float, KeyPath]:
        """Return where a score stands, the points at which it reaches its threshold, and where the agreement says so."""
        thresholds = self.resources.thresholds
        if model is None and len(thresholds) != 1:
            raise UnsayableError("the expression does not say whose score must reach its threshold")
        name = model or next(iter(thresholds))
        if name not in thresholds:
            raise UnsayableError(f"scoring model '{name}' has no threshold in points")
        word = f"{name}_score" if f"{name}_score" in self.binding.fields or len(thresholds) > 1 else "score"
        return self.place(word), thresholds[name], ("scoring", name, "threshold")

    def _holds(self, name: str) -> Holds:
        holds = self.binding.holds.get(name) or _STOCK.get(name)
        if holds is None:
            raise UnsayableError(f"nobody said what the property '{name}' holds (add it to holds in the binding)")
        return holds
