import pytest

from intent_server.link_anchors import Anchor
from intent_server.link_mentions import mentions
from intent_server.link_resolve import Home, Known, NodeName, Symbol, meant, paths_of, stated_node

SHOP, OTHER = "example.org/acme/shop", "example.org/acme/other"
FILES = {
    "retry.py": [(SHOP, "src/pay/retry.py")],
    "setup.py": [(SHOP, "setup.py"), (SHOP, "tools/setup.py")],
    "install.sh": [(OTHER, "install.sh")],
    "sample.py": [(SHOP, "tests/sample.py")],
}
SYMBOLS = {
    name: [Symbol(SHOP, name, path, 1)]
    for name, path in {
        "RetryPolicy": "src/pay/retry.py",
        "wait": "src/pay/retry.py",
        "max_wait": "src/pay/retry.py",
        "made_up": "tests/sample.py",
    }.items()
}
NODE = NodeName(
    "dbt", "shop", "model.shop.orders", "model", "orders", "main.orders", "models/orders.sql", frozenset({"day"})
)
KNOWN = Known(
    files=FILES,
    commits=[(SHOP, "0a1b2c3d" + 32 * "0"), (OTHER, "0a1b2c3e" + 32 * "0")],
    requests={(SHOP, "12"): "pull_request", (SHOP, "7"): "issue"},
    nodes=[NODE],
    symbols=SYMBOLS,
    repositories=frozenset({SHOP, OTHER}),
)


def home(*changed: str, folder: str = "") -> Home:
    return Home(SHOP, folder, frozenset(changed) if changed else None)


def found(text: str, place: Home, which: int = -1) -> list[tuple[str, str, str]]:
    mention = mentions(text)[which]
    fits = meant(mention, text[: mention.start_char], place, KNOWN)
    return [(fits.method, one.kind, one.name) for one in fits.anchors]


def test_a_path_is_explicit_and_a_bare_file_name_is_a_name() -> None:
    assert found("in pay/retry.py", home()) == [("explicit", "file", "src/pay/retry.py")]
    assert found("in retry.py", home("src/pay/retry.py")) == [("name", "file", "src/pay/retry.py")]


def test_of_several_files_of_a_name_none_is_meant_though_one_lies_at_the_top() -> None:
    assert len(found("in setup.py", home())) == 2


def test_of_several_files_of_a_name_the_one_that_changed_along_is_meant() -> None:
    assert found("in setup.py", home("tools/setup.py")) == [("name", "file", "tools/setup.py")]


def test_a_name_said_in_one_repository_is_never_a_file_of_another() -> None:
    assert found("in install.sh", home()) == []
    assert found("in install.sh", Home(None)) == [("name", "file", "install.sh")]


@pytest.mark.parametrize("words", ["`wait`", "`max_wait`", "max_wait"])
def test_a_plain_name_counts_where_its_file_changed_along(words: str) -> None:
    assert [one[2] for one in found(words if words != "max_wait" else "now max_wait", home("src/pay/retry.py"))] == [
        f"src/pay/retry.py::{words.strip('`')}"
    ]
    assert found(words, home("README.md")) == []


def test_a_name_of_parts_counts_where_no_change_is_known_and_a_small_word_does_not() -> None:
    assert len(found("`max_wait`", home())) == 1
    assert found("`wait`", home()) == []


def test_a_telling_name_counts_by_itself() -> None:
    assert found("`RetryPolicy`", home("README.md")) == [("name", "symbol", "src/pay/retry.py::RetryPolicy")]


def test_a_product_of_two_humps_in_prose_is_not_a_definition() -> None:
    assert found("we like RetryPolicy here", home()) == []


def test_what_is_defined_in_tests_is_meant_only_where_they_changed() -> None:
    assert found("`made_up`", home()) == []
    assert len(found("`made_up`", home("tests/sample.py"))) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see #12", ["12"]),
        ("let's take option #12", []),
        ("items #3, #12", []),
        ("let's do #7", []),
        ("fixes #7", ["7"]),
        ("#99 is not known", []),
        ("PR 99", ["99"]),
        ("acme/shop#99", ["99"]),
    ],
)
def test_a_number_is_a_request_unless_it_counts_something_else(text: str, names: list[str]) -> None:
    assert [one[2] for one in found(text, home())] == names


def test_a_short_hash_is_the_commit_that_begins_so() -> None:
    assert [one[2][:8] for one in found("since 0a1b2c3d", home())] == ["0a1b2c3d"]
    assert len(found("since 0a1b2c3", home())) == 2


def test_nodes_tables_and_columns_resolve_by_what_they_are_called() -> None:
    assert found("model.shop.orders", home()) == [("explicit", "node", "model.shop.orders")]
    assert found("main.orders", home()) == [("explicit", "node", "model.shop.orders")]
    assert found("orders.day", home()) == [("name", "column", "model.shop.orders.day")]
    assert stated_node("model.shop.orders.day", KNOWN) == Anchor(
        "column", "shop", "model.shop.orders.day", "models/orders.sql"
    )


@pytest.mark.parametrize(
    "path", ["/home/ada/shop/src/pay/retry.py", "src/pay/retry.py", "./src/pay/retry.py", "src\\pay\\retry.py"]
)
def test_an_edited_path_is_the_tracked_file_it_ends_in(path: str) -> None:
    assert paths_of(path, home(folder="/home/ada/shop"), KNOWN) == ((SHOP, "src/pay/retry.py"),)


def test_a_path_below_a_persons_home_is_found_by_its_end() -> None:
    assert paths_of("~/work/shop/src/pay/retry.py", home(), KNOWN) == ((SHOP, "src/pay/retry.py"),)
    assert paths_of("~/elsewhere/retry.py", home(), KNOWN) == ()
