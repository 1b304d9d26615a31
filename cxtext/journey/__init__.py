"""The journey map: phases, what happens in each, and how it felt."""

from cxtext.journey.mapping import Journey, map_journey

__all__ = ["Journey", "map_journey"]
