"""Addresses can be shared: what is chosen stands in them, and they bring it back."""

import pytest
from pages import CHOOSE, OPERATIONS, SKIEN, STAVANGER, figures, with_language


def text_of(page):
    return page.locator("main").inner_text()


@pytest.mark.parametrize("path", [SKIEN, STAVANGER])
def test_an_address_brings_the_same_article_to_somebody_else(open_page, path):
    page, _ = open_page(path)
    shared = page.url.partition("/municipality")
    other, _ = open_page(shared[1] + shared[2])
    assert other.url == page.url
    assert figures(other) == figures(page)
    assert text_of(other) == text_of(page)


def test_a_reader_gets_the_language_of_his_browser(open_page):
    norwegian, _ = open_page(SKIEN, locale="nb-NO")
    english, _ = open_page(SKIEN, locale="en-GB")
    assert norwegian.locator("html").get_attribute("lang") == "nb"
    assert english.locator("html").get_attribute("lang") == "en"
    assert text_of(norwegian) != text_of(english)


@pytest.mark.parametrize("path", [CHOOSE, SKIEN, OPERATIONS])
def test_the_language_of_the_address_is_that_of_the_page(open_page, path):
    for language, other in (("nb", "en-GB"), ("en", "nb-NO")):
        page, _ = open_page(with_language(path, language), locale=other)
        assert page.locator("html").get_attribute("lang") == language


def test_switching_the_language_changes_words_and_no_number(open_page):
    page, _ = open_page(with_language(SKIEN, "nb"))
    before, numbers = text_of(page), {(f["figure"], f["value"]) for f in figures(page)}
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    page.wait_for_selector("[data-usable]", state="attached")
    assert "lang=en" in page.url
    assert text_of(page) != before
    assert {(f["figure"], f["value"]) for f in figures(page)} == numbers
    page.get_by_role("button", name="Norsk").click()
    page.wait_for_selector("html[lang=nb]")
    assert text_of(page) == before


def test_reading_on_and_going_back_is_as_everywhere(open_page):
    page, _ = open_page(CHOOSE)
    page.goto(page.url.rstrip("/") + SKIEN)
    page.wait_for_selector("h1:has-text('Skien')")
    page.go_back()
    page.wait_for_selector("main input")


def test_an_edition_and_year_are_chosen_into_the_address(open_page):
    page, _ = open_page(SKIEN)
    page.get_by_label("År", exact=True).select_option("2024")
    page.wait_for_url("**year=2024**")
    page.wait_for_selector("[aria-busy=false] .asked:has-text(', 2024')")
    page.wait_for_selector("[data-usable]", state="attached")
    assert any("/2024/" in figure["figure"] for figure in figures(page))
