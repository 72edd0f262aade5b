"""The part of the suite that needs no platform: what must hold of a connector's value and of what it translates."""

from __future__ import annotations

from sla_sync.connector import CONTRACT, Connector, Gap, Mark, Setup, Translation, bears_mark

__all__ = ["TranslationContract"]


class TranslationContract:
    """What must hold before a connection is opened; a connector that has no reader yet is judged by it alone."""

    def connector(self) -> Connector:
        """Return the connector under test."""
        raise NotImplementedError("Return the connector under test from `connector`.")

    def translation(self) -> Translation:
        """Return a translation with at least one setting that requires another."""
        raise NotImplementedError("Return a translation of an agreement from `translation`.")

    def setup_of(self) -> Setup:
        """Return whose agreement it is, and the people behind its roles."""
        raise NotImplementedError("Return the setup that the translation was made with from `setup_of`.")

    def test_it_speaks_this_contract(self) -> None:
        said = self.connector().contract
        assert said == CONTRACT, f"It says contract {said}; pass sla_sync.connector.CONTRACT, which is {CONTRACT} here."

    def test_every_setting_that_it_asks_for_has_a_type_and_requires_only_what_is_asked_for(self) -> None:
        connector, desired = self.connector(), self.translation().desired
        asked = {each.address for each in desired}
        assert len(asked) == len(desired), "Two settings have one address; an address names one setting."
        assert any(each.requires for each in desired), "Give the suite a setting that requires another."
        for each in desired:
            assert each.address.type in connector.types, f"{each.address} is of a type that `types` does not know."
            assert set(each.requires) <= asked, f"{each.address} requires what is not asked for; leave that to a Ref."

    def test_every_setting_that_is_marked_in_its_description_bears_our_mark_there(self) -> None:
        types, agreement = self.connector().types, self.setup_of().agreement
        for each in self.translation().desired:
            if types[each.address.type].mark is Mark.DESCRIPTION:
                said = str(each.values.get("description"))
                assert bears_mark(said, agreement), f"Write the member description of {each.address} with `describe`."

    def test_every_gap_has_an_id_of_its_own_and_says_what_to_do(self) -> None:
        gaps: tuple[Gap, ...] = self.translation().gaps
        assert len({each.id for each in gaps}) == len(gaps), "Two gaps have one id; steps are named by it."
        assert all(each.advice and each.name for each in gaps), "A gap needs a name, and advice that says what to do."

    def test_a_translation_is_the_same_every_time(self) -> None:
        assert self.translation() == self.translation(), (
            "translate must be pure: no clock, no chance, no order of a set."
        )
