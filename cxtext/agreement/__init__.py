"""How far two or more coders, people or the machine, agree, and where they differ."""

from cxtext.agreement.alignment import Gamma, gamma
from cxtext.agreement.coefficients import (
    brennan_prediger,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    set_alpha,
    specific_agreement,
)
from cxtext.agreement.comparison import agreement
from cxtext.agreement.continuum import continuum, layer
from cxtext.agreement.result import Agreement
from cxtext.agreement.studies import agreement_in
from cxtext.agreement.unitizing import UnitizingAlpha, unitizing_alpha
from cxtext.agreement.units import units

__all__ = [
    "Agreement",
    "Gamma",
    "UnitizingAlpha",
    "agreement",
    "agreement_in",
    "brennan_prediger",
    "cohen_kappa",
    "continuum",
    "gamma",
    "gwet_ac1",
    "krippendorff_alpha",
    "layer",
    "percent_agreement",
    "set_alpha",
    "specific_agreement",
    "unitizing_alpha",
    "units",
]
