import pytest

from intent_server.link import Record, Stated, called, supersessions


def record(number: str, folder: str = "/shop/adr", project: str | None = "shop") -> Record:
    return Record(f"d{number}", f"s{number}", f"{project}/{number}", f"{folder}/{number}.md", project)


OLD, NEW, THIRD = record("0001-mart"), record("0002-mart"), record("0003-retries")


@pytest.mark.parametrize(
    "target", ["0001-mart.md", "0001-mart", "ADR-0001", "ADR 1", "adr_1", "1", "0001", "../adr/0001-mart.md"]
)
def test_a_record_is_known_by_name_and_number(target: str) -> None:
    assert supersessions([Stated(NEW, target, is_inverse=False)], [OLD, NEW, THIRD]) == (("d0002-mart", "d0001-mart"),)


def test_the_other_way_round_gives_the_same_pair() -> None:
    both = [Stated(OLD, "ADR-0002", is_inverse=True), Stated(NEW, "0001", is_inverse=False)]
    assert supersessions(both, [OLD, NEW]) == (("d0002-mart", "d0001-mart"),)


@pytest.mark.parametrize("target", ["0001-other-name.md", "ADR-0009", "mart", "", "2026-01-02"])
def test_a_name_that_fits_no_record_links_nothing(target: str) -> None:
    assert supersessions([Stated(NEW, target, is_inverse=False)], [OLD, NEW, THIRD]) == ()


def test_a_number_that_two_records_have_links_nothing() -> None:
    twin = record("0001-another")
    assert supersessions([Stated(NEW, "ADR-0001", is_inverse=False)], [OLD, twin, NEW]) == ()


def test_the_same_number_in_another_folder_is_not_meant() -> None:
    far = record("0001-mart", folder="/other/adr", project="other")
    assert supersessions([Stated(NEW, "ADR-0001", is_inverse=False)], [far, NEW]) == ()


def test_a_record_of_the_same_project_is_meant_when_the_folder_has_none() -> None:
    near = record("0001-mart", folder="/shop/old")
    assert supersessions([Stated(NEW, "ADR-0001", is_inverse=False)], [near, NEW]) == (("d0002-mart", "d0001-mart"),)


def test_two_that_each_claim_to_replace_the_other_are_left_alone() -> None:
    both = [Stated(OLD, "0002", is_inverse=False), Stated(NEW, "0001", is_inverse=False)]
    assert supersessions(both, [OLD, NEW]) == ()


def test_a_record_does_not_replace_itself() -> None:
    assert supersessions([Stated(OLD, "0001", is_inverse=False)], [OLD]) == ()


@pytest.mark.parametrize("target", ["0001-mart", "0001-mart.md", "docs/0001-mart.md", "ADR-0001", "MADR 1", "1"])
def test_a_name_from_elsewhere_calls_the_record_that_has_it(target: str) -> None:
    assert called(target, [OLD, NEW, THIRD]) == {"d0001-mart"}


@pytest.mark.parametrize("target", ["SHOP-1", "0001-other-name.md", "9", ""])
def test_a_name_from_elsewhere_that_no_record_has_calls_none(target: str) -> None:
    assert called(target, [OLD, NEW, THIRD]) == frozenset()


def test_a_number_from_elsewhere_calls_every_record_that_has_it() -> None:
    far = record("0001-retries", folder="/other/adr", project="other")
    assert called("1", [OLD, far]) == {"d0001-mart", "d0001-retries"}
