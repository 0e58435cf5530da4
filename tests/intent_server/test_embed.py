"""The bundled embedder: its laws, its independence of batch and thread, and its likeness to sentence-transformers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from intent_server.embed import DIMENSIONS, TEXT_LIMIT_CHARS, bundled, embedder, int8_codes

MODEL = files("intent_server") / "model"
TEXTS = (
    "We chose DuckDB because one file is easier to back up than a server.",
    "orderTotal is summed in stg_orders.sql",
    "Ünïcode, naïve café, 日本語, 🙂",
    "ok",
    "",
    "the retry limit " * 400,
)
PARAPHRASES = (
    ("why did we pick Postgres over MySQL?", "We went with PostgreSQL instead of MySQL.", "The lunch menu has pizza."),
    ("increase the request timeout", "Raise how long a call may take before it fails.", "Rename the sidebar icon."),
    ("remove dead code", "Delete functions that nobody calls any more.", "The budget grows by ten percent."),
    (
        "Which battery should the remote control use?",
        "A kinetic battery is too costly; we keep AA cells.",
        "See RFC 9.",
    ),
    ("null values in the customer dimension", "dim_customers has rows whose email is missing.", "Add dark mode."),
    ("flaky test in CI", "The integration tests fail now and then on the build server.", "Use tabs in Makefiles."),
)


def test_the_model_is_named_fingerprinted_and_of_the_declared_size() -> None:
    model = bundled()
    assert (model.name, model.dimensions) == ("bundled-static-v1", DIMENSIONS)
    assert model.revision.startswith("b2:")


def test_the_model_is_loaded_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: bundled(), range(32)))
    assert all(model is loaded[0] for model in loaded)


def test_no_texts_give_no_rows() -> None:
    vectors = bundled().embed([])
    assert vectors.shape == (0, DIMENSIONS)
    assert vectors.dtype == np.float32


@settings(deadline=None)
@given(st.lists(st.text(max_size=200), max_size=8))
def test_every_row_is_a_unit_vector_or_all_zero(texts: list[str]) -> None:
    vectors = bundled().embed(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(norms - 1) < 1e-5) | (norms == 0))


@settings(deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789_.-/ ", min_size=1, max_size=80))
def test_any_plain_english_characters_have_a_vector(text: str) -> None:
    assert bundled().embed([text]).any() == bool(text.strip())


@pytest.mark.parametrize("text", ["", "  \n\t", "🙂🙃", "x" * 500])
def test_a_text_without_known_tokens_is_a_row_of_zeros(text: str) -> None:
    assert not bundled().embed([text]).any()


def test_unknown_tokens_do_not_move_a_vector_away() -> None:
    plain, decorated = bundled().embed(["ship it", "ship it 🙂🙂🙂"])
    assert plain @ decorated == pytest.approx(1, abs=1e-6)


def test_a_special_token_in_a_text_is_only_text() -> None:
    marked, plain = bundled().embed(["[MASK] [CLS]", "[ mask ] [ cls ]"])
    assert np.array_equal(marked, plain)


def test_half_a_surrogate_pair_does_not_stop_a_batch() -> None:
    assert np.array_equal(bundled().embed(["caf\ud83d"]), bundled().embed(["caf?"]))


@settings(deadline=None)
@given(st.permutations(range(len(TEXTS))), st.integers(1, len(TEXTS)))
def test_a_vector_depends_on_its_text_alone(order: list[int], count: int) -> None:
    together = bundled().embed(TEXTS)
    part = bundled().embed([TEXTS[i] for i in order[:count]])
    assert np.array_equal(part, together[order[:count]])


def test_many_texts_give_the_rows_they_give_one_by_one() -> None:
    texts = [f"{text} {i}" for i in range(500) for text in TEXTS]
    assert sum(map(len, texts)) > 3_000_000, "several batches"
    together = bundled().embed(texts)
    for i in range(0, len(texts), 97):
        assert np.array_equal(together[i], bundled().embed([texts[i]])[0])


def test_threads_get_the_same_vectors() -> None:
    expected = bundled().embed(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: bundled().embed(TEXTS), range(64)))
    assert all(np.array_equal(result, expected) for result in results)


def test_of_a_long_text_only_the_stated_part_counts() -> None:
    words = "decision record " * TEXT_LIMIT_CHARS
    whole, cut, other = bundled().embed([words, words[:TEXT_LIMIT_CHARS], "lunch " + words[: TEXT_LIMIT_CHARS - 6]])
    assert np.array_equal(whole, cut)
    assert not np.array_equal(whole, other)


@pytest.mark.parametrize(("text", "same", "unrelated"), PARAPHRASES)
def test_the_same_thing_in_other_words_is_nearer_than_something_else(text: str, same: str, unrelated: str) -> None:
    a, b, c = bundled().embed([text, same, unrelated])
    assert a @ b > a @ c + 0.1


def test_an_identifier_is_read_as_its_words() -> None:
    camel, spaced = bundled().embed(["customerOrderTotal", "customer order total"])
    assert camel @ spaced == pytest.approx(1, abs=1e-6)


def test_nested_sizes_keep_the_paraphrase_order() -> None:
    texts = [text for triple in PARAPHRASES for text in triple]
    short = bundled().embed(texts)[:, :64]
    short /= np.linalg.norm(short, axis=1, keepdims=True)
    right = sum(bool(a @ b > a @ c) for a, b, c in short.reshape(-1, 3, 64))
    assert right == len(PARAPHRASES)


def test_int8_codes_rank_as_the_floats_do() -> None:
    rng = np.random.default_rng(7)
    words = ["store", "lock", "reader", "schema", "query", "plan", "cache", "budget", "meeting", "remote", "page"]
    vectors = bundled().embed([" ".join(rng.choice(words, 5)) for _ in range(2_000)])
    codes = int8_codes(vectors)
    assert codes.dtype == np.int8
    assert codes.shape == vectors.shape
    wide = codes.astype(np.int32)
    for row in range(0, 2_000, 100):
        exact = set(np.argsort(-(vectors @ vectors[row]), kind="stable")[:10].tolist())
        quick = set(np.argsort(-(wide @ wide[row]), kind="stable")[:50].tolist())
        assert exact <= quick


def test_int8_codes_stay_in_range() -> None:
    corner = np.zeros((2, DIMENSIONS), dtype=np.float32)
    corner[0, 0], corner[1, 0] = 1, -1
    assert int8_codes(corner)[:, 0].tolist() == [127, -127]


def test_the_revision_is_stable_and_changes_with_weights_and_tokenizer() -> None:
    weights, tokenizer = _contents()
    assert embedder(weights, tokenizer, name="again").revision == bundled().revision
    tensors = {name: tensor.copy() for name, tensor in load(weights).items()}
    tensors["embeddings"][5, 5] ^= 1
    assert embedder(save(tensors), tokenizer, name="moved").revision != bundled().revision
    spaced = json.dumps(json.loads(tokenizer), indent=1).encode()
    assert embedder(weights, spaced, name="other").revision != bundled().revision


def test_the_folder_is_small_and_says_how_it_was_made() -> None:
    assert sum(len(part.read_bytes()) for part in MODEL.iterdir()) < 10_000_000
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    assert bundled().revision in card, "the card describes these weights"


def test_embedding_loads_no_torch() -> None:
    script = (
        "import sys; from intent_server.embed import bundled; bundled().embed(['why']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'duckdb', 'mcp', 'click', 'scipy')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="compares with sentence-transformers: not installed",
)
@pytest.mark.filterwarnings("default")  # warnings of that library are its own
def test_sentence_transformers_computes_the_same_vectors() -> None:
    sentence_transformers = importlib.import_module("sentence_transformers")
    texts: Sequence[str] = [*TEXTS, *(text for triple in PARAPHRASES for text in triple)]
    theirs = sentence_transformers.SentenceTransformer(str(MODEL), device="cpu").encode(list(texts))
    # float32 sums in another order: 4e-7 for windows, 1.5e-6 for the text of 1,200 words
    np.testing.assert_allclose(bundled().embed(texts), theirs, rtol=0, atol=5e-6)


def _contents() -> tuple[bytes, bytes]:
    return (MODEL / "model.safetensors").read_bytes(), (MODEL / "tokenizer.json").read_bytes()
