"""Heads as scikit-learn estimators."""

import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks

from cxtext.tag.estimators import CodeClassifier


@parametrize_with_checks([CodeClassifier()])
def test_the_head_keeps_the_rules_of_scikit_learn(estimator, check):
    """It can stand in any pipeline, grid search or cross-validation."""
    check(estimator)


def test_probabilities_are_calibrated_and_folds_are_by_respondent():
    """A code that depends on the respondent alone is not learned by heart."""
    random = np.random.default_rng(0)
    cases = np.repeat(np.arange(30), 10)
    X = np.hstack([random.normal(size=(300, 3)), np.eye(30)[cases] * 5])
    y = np.repeat(random.integers(0, 2, 30), 10)
    seen = CodeClassifier().fit(X, y).held_out_[:, 1]
    unseen = CodeClassifier().fit(X, y, groups=cases).held_out_[:, 1]
    assert np.corrcoef(seen, y)[0, 1] > 0.9
    assert abs(np.corrcoef(unseen, y)[0, 1]) < 0.4
