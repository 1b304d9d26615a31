"""The journey: the map, and what can be counted along it.

`map_journey` draws the map; `touchpoints`, `paths`, `drivers`, `compare_waves`, `priorities`, `opportunities`,
`saturation`, `frequencies`, `principles_card`, `experience_gap`, `outside_in`, `questions`, `contact_peaks`, `goals`
and `organisations` each make one table in which the respondent is the unit and every row leads to its segments.
"""

from cxtext.journey.activities import activity_steps
from cxtext.journey.change import Changes, compare_waves
from cxtext.journey.contacts import ContactPeaks, contact_log, contact_peaks, opening_hours
from cxtext.journey.desired import ExperienceGap, experience_gap
from cxtext.journey.driving import Drivers, drivers
from cxtext.journey.expectations import expectation_gaps, expectations
from cxtext.journey.experience_drivers import fitting_themes, load_experience_drivers
from cxtext.journey.experiences import Experience, Product, experience_journeys, load_experiences
from cxtext.journey.goals import Goals, asked_goals, goals
from cxtext.journey.inventory import Touchpoints, goal_attainment, touchpoints
from cxtext.journey.mapping import Journey, map_journey
from cxtext.journey.mentions import frequencies, mentions
from cxtext.journey.new_codes import Saturation, saturation
from cxtext.journey.organisations import organisations
from cxtext.journey.pathways import Paths, paths
from cxtext.journey.principles import PrinciplesCard, principles_card
from cxtext.journey.questions import Questions, questions
from cxtext.journey.rated import SCALES, Rated, rated_questions, scale_of
from cxtext.journey.repairs import PriorityTable, opportunities, priorities, ulwick
from cxtext.journey.steps import contact_steps, story_steps
from cxtext.journey.wording import OutsideIn, outside_in

__all__ = [
    "SCALES",
    "Changes",
    "ContactPeaks",
    "Drivers",
    "Experience",
    "ExperienceGap",
    "Goals",
    "Journey",
    "OutsideIn",
    "Paths",
    "PrinciplesCard",
    "PriorityTable",
    "Product",
    "Questions",
    "Rated",
    "Saturation",
    "Touchpoints",
    "activity_steps",
    "asked_goals",
    "compare_waves",
    "contact_log",
    "contact_peaks",
    "contact_steps",
    "drivers",
    "expectation_gaps",
    "expectations",
    "experience_gap",
    "experience_journeys",
    "fitting_themes",
    "frequencies",
    "goal_attainment",
    "goals",
    "load_experience_drivers",
    "load_experiences",
    "map_journey",
    "mentions",
    "opening_hours",
    "opportunities",
    "organisations",
    "outside_in",
    "paths",
    "principles_card",
    "priorities",
    "questions",
    "rated_questions",
    "saturation",
    "scale_of",
    "story_steps",
    "touchpoints",
    "ulwick",
]
