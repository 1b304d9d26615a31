"""The journey: the map, and what can be counted along it.

`map_journey` draws the map; `touchpoints`, `paths`, `drivers`, `compare_waves`, `priorities`, `opportunities`,
`saturation` and `frequencies` each make one table in which the respondent is the unit and every row leads to its
segments.
"""

from cxtext.journey.change import Changes, compare_waves
from cxtext.journey.driving import Drivers, drivers
from cxtext.journey.inventory import Touchpoints, goal_attainment, touchpoints
from cxtext.journey.mapping import Journey, map_journey
from cxtext.journey.mentions import frequencies, mentions
from cxtext.journey.new_codes import Saturation, saturation
from cxtext.journey.pathways import Paths, contact_steps, paths, story_steps
from cxtext.journey.repairs import PriorityTable, opportunities, priorities, ulwick

__all__ = [
    "Changes",
    "Drivers",
    "Journey",
    "Paths",
    "PriorityTable",
    "Saturation",
    "Touchpoints",
    "compare_waves",
    "contact_steps",
    "drivers",
    "frequencies",
    "goal_attainment",
    "map_journey",
    "mentions",
    "opportunities",
    "paths",
    "priorities",
    "saturation",
    "story_steps",
    "touchpoints",
    "ulwick",
]
