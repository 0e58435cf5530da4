import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save
from sentence_features import BLOCKS, shape_runs, stem_runs, valence_runs, word_runs
from sentence_types import COUNTS_SCALE, TYPES, sentence_model, sentence_types
from valence import BAD, COUNTS, GOOD, valence_counts


def counts_of(text: str) -> dict[str, float]:
    return dict(zip(COUNTS, valence_counts(text), strict=True))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How should we name the tables of the archive?", "issue"),
        ("We could keep the sessions in Redis instead.", "alternative"),
        ("It is much simpler to test.", "rationale"),
        ("Too slow on large repositories.", "objection"),
        ("We decided to store the archive in Parquet.", "decision"),
    ],
)
def test_a_plain_sentence_is_of_the_type_a_reader_would_say(text, kind):
    assert TYPES[int(sentence_types([text])[0].argmax())] == kind


def test_thanks_is_of_no_type():
    assert sentence_types(["Thanks!"])[0].sum() < 0.5


def test_no_texts_give_no_rows():
    assert sentence_types([]).shape == (0, 5)


@given(st.lists(st.text(max_size=80), max_size=4))
def test_every_text_has_five_probabilities_that_do_not_depend_on_the_others(texts):
    together = sentence_types(texts)
    assert together.shape == (len(texts), 5)
    assert (together >= 0).all()
    assert (together.sum(1) <= 1 + 1e-9).all()
    assert all((sentence_types([text])[0] == row).all() for text, row in zip(texts, together, strict=True))


def test_a_model_scores_by_weighted_blocks_of_length_one_plus_scaled_counts():
    width = len(COUNTS)
    coefficients = np.zeros((2 + width, 6), dtype=np.float32)
    coefficients[0, 0], coefficients[1, 1] = 2.0, 1.0
    coefficients[2 + COUNTS.index("good"), 2] = 1.0
    model = sentence_model(
        save(
            {
                "features": np.frombuffer(b"wnice\nwidea", dtype=np.uint8),
                "rarity": np.array([3.0, 4.0], dtype=np.float32),
                "coefficients": coefficients,
                "intercept": np.zeros(6, dtype=np.float32),
            }
        )
    )
    scores = np.array([2.0 * 3 / 5, 1.0 * 4 / 5, COUNTS_SCALE, 0, 0, 0])
    assert model.probabilities("nice idea") == pytest.approx(np.exp(scores) / np.exp(scores).sum())


def test_words_keep_marks_and_ends():
    assert word_runs("Works?") == ["<s>", "works", "?", "</s>", "<s> works", "works ?", "? </s>"]


def test_a_negation_marks_the_stems_of_the_next_four_tokens():
    assert [run for run in stem_runs("not easily tested, but useful") if run.startswith("NOT_")] == [
        "NOT_easili",
        "NOT_test",
        "NOT_but",
    ]


def test_a_negation_reaches_no_further_than_its_sentence():
    assert "NOT_now" in stem_runs("not now. Yes")
    assert "NOT_yes" not in stem_runs("not now. Yes")


def test_other_words_are_seen_by_their_shape_and_ending():
    assert {"Aa-ed", "aA-er", "Aa-ed the", "shorter than 5", "ends ."} <= set(shape_runs("Moved the treeViewer."))


def test_words_of_no_valence_in_a_row_are_one():
    assert "NOT + x" in valence_runs("no easy migration path")


def test_less_of_a_burden_speaks_for_and_more_of_it_against():
    assert counts_of("Less code to write")["speaks-for"] == 1
    assert counts_of("More code to write")["speaks-against"] == 1


def test_a_negated_good_word_speaks_against():
    assert counts_of("not very readable")["speaks-against"] == 1
    assert counts_of("readable")["speaks-for"] == 1


def test_no_word_is_good_and_bad():
    assert not GOOD & BAD


@given(st.text(max_size=200))
def test_features_of_any_text_are_lines_without_breaks(text):
    assert all("\n" not in run for block in BLOCKS.values() for run in block(text))
    assert len(valence_counts(text)) == len(COUNTS)
