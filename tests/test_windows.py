"""Documents as windows of tokens."""

from hypothesis import given
from hypothesis import strategies as st

from cxtext.tag.windows import END, NOBODY, START, cut

TOKENS = st.lists(st.integers(5, 99), max_size=150)


@st.composite
def documents(draw):
    """Segments with their questions and documents, and a limit."""
    segments, questions, names = [], [], []
    for name in range(draw(st.integers(0, 3))):
        for _ in range(draw(st.integers(1, 6))):
            segments.append(draw(TOKENS))
            questions.append(draw(st.lists(st.integers(100, 199), max_size=40)))
            names.append(str(name))
    return segments, questions, names, draw(st.sampled_from([40, 80, 128]))


@given(documents())
def test_every_token_is_once_its_own_segments(case):
    """Nothing is lost, doubled or put in another order, however long a segment or its question is."""
    segments, questions, names, limit = case
    own = [[] for _ in segments]
    for window in cut(segments, questions, names, limit=limit, before=0 if limit < 128 else 40):
        assert len(window) <= limit
        assert window.tokens[0] == START
        for token, owner in zip(window.tokens, window.owners, strict=True):
            if owner != NOBODY:
                own[owner].append(token)
    assert [[token for token in tokens if token != END] for tokens in own] == segments
    assert all(tokens.count(END) >= 1 for tokens in own)


@given(documents())
def test_a_window_holds_one_document(case):
    """A respondent is never read in the light of another one."""
    segments, questions, names, limit = case
    for window in cut(segments, questions, names, limit=limit, before=0):
        assert len({names[owner] for owner in window.owners if owner != NOBODY}) == 1


def test_a_second_window_repeats_what_stood_before_as_context():
    """A segment at a cut is read with the one before it, which is not coded twice."""
    windows = list(cut([[7] * 60, [8] * 20, [9] * 60], [[], [], []], ["a"] * 3, limit=128, before=40))
    assert [set(window.owners) for window in windows] == [{NOBODY, 0, 1}, {NOBODY, 2}]
    assert windows[1].tokens[1:21] == [8] * 20


def test_a_question_is_read_before_its_first_answer_only():
    """The interviewer's question is context for the answer, and is not repeated for each sentence of it."""
    (window,) = cut([[7], [8], [9]], [[101], [101], [102]], ["a"] * 3)
    assert window.tokens == [START, 101, END, 7, END, 8, END, 102, END, 9, END]
    assert [owner for owner in window.owners if owner != NOBODY] == [0, 0, 1, 1, 2, 2]
