"""What rules ask about the interface of an application and the data behind it; made when first asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlint.project.interface.handed_bodies import HandedBodies
    from archlint.project.interface.kept_keys import KeptKeys
    from archlint.project.interface.open_bodies import OpenBodies
    from archlint.project.interface.own_account import OwnAccount
    from archlint.project.interface.page_sizes import PageSizes
    from archlint.project.interface.paging import Paging
    from archlint.project.interface.query_strings import QueryStrings
    from archlint.project.interface.raw_bodies import RawBodies
    from archlint.project.interface.schemas import Schemas
    from archlint.project.interface.sent_dicts import SentDicts
    from archlint.project.interface.shown import Shown
    from archlint.project.tables.data_access import DataAccesses
    from archlint.project.tables.layers import Layers
    from archlint.project.tables.listing import Listing
    from archlint.project.tables.writes import Writes
    from archlint.project.world import World


class Api:
    """The questions, by subject."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def accesses(self) -> DataAccesses:
        """What functions do with the database themselves."""
        from archlint.project.tables.data_access import DataAccesses

        return DataAccesses(self.world)

    @cached_property
    def layers(self) -> Layers:
        """Whether there is a layer for that."""
        from archlint.project.tables.layers import Layers

        return Layers(self.world)

    @cached_property
    def listing(self) -> Listing:
        """Lists without an end."""
        from archlint.project.tables.listing import Listing

        return Listing(self.world)

    @cached_property
    def writes(self) -> Writes:
        """What is written, through any number of calls."""
        from archlint.project.tables.writes import Writes

        return Writes(self.world)

    @cached_property
    def schemas(self) -> Schemas:
        """Models of bodies and responses."""
        from archlint.project.interface.schemas import Schemas

        return Schemas(self.world)

    @cached_property
    def shown(self) -> Shown:
        """What serializers show."""
        from archlint.project.interface.shown import Shown

        return Shown(self.world)

    @cached_property
    def page_sizes(self) -> PageSizes:
        """Page sizes that clients choose."""
        from archlint.project.interface.page_sizes import PageSizes

        return PageSizes(self.world)

    @cached_property
    def query_strings(self) -> QueryStrings:
        """What handlers read from the query string."""
        from archlint.project.interface.query_strings import QueryStrings

        return QueryStrings(self.world)

    @cached_property
    def paging(self) -> Paging:
        """Lists that are cut into pages."""
        from archlint.project.interface.paging import Paging

        return Paging(self.world)

    @cached_property
    def own_account(self) -> OwnAccount:
        """What people may change of their own account."""
        from archlint.project.interface.own_account import OwnAccount

        return OwnAccount(self.world)

    @cached_property
    def kept_keys(self) -> KeptKeys:
        """Bodies whose schema keeps keys that it does not name."""
        from archlint.project.interface.kept_keys import KeptKeys

        return KeptKeys(self.world)

    @cached_property
    def open_bodies(self) -> OpenBodies:
        """Bodies whose schema lets a client choose too much."""
        from archlint.project.interface.open_bodies import OpenBodies

        return OpenBodies(self.world)

    @cached_property
    def raw_bodies(self) -> RawBodies:
        """Bodies that no schema has looked at."""
        from archlint.project.interface.raw_bodies import RawBodies

        return RawBodies(self.world)

    @cached_property
    def handed_bodies(self) -> HandedBodies:
        """Raw bodies that handlers leave to others."""
        from archlint.project.interface.handed_bodies import HandedBodies

        return HandedBodies(self.raw_bodies)

    @cached_property
    def sent_dicts(self) -> SentDicts:
        """Answers that are plain dicts."""
        from archlint.project.interface.sent_dicts import SentDicts

        return SentDicts(self.world)
