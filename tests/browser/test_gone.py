"""What a reader is told when something is not there."""

import pytest
from pages import CHOOSE, OPERATIONS, SKIEN, with_language


@pytest.mark.parametrize("path", [
    "/municipality/9999", "/municipality/4003?edition=nothing-2026&year=2026"])
def test_what_there_is_not_is_said_in_words(open_page, path):
    page, _ = open_page(path, ready=False, failing=True)
    page.wait_for_selector("main h1, main .failure")
    page.wait_for_function("() => !document.querySelector('main .loading')")
    text = page.locator("main").inner_text()
    assert len(text) > 20 and "undefined" not in text and "[object" not in text
    assert page.locator("a[href='/'], main input").count() > 0, "no way on"


def test_without_a_board_the_reader_is_told_and_may_try_again(open_page, boarded, shelf):
    shelf.forget()
    page, watch = open_page(CHOOSE)
    watch.expect_failures()
    boarded.kill_board()
    try:
        page.evaluate("() => document.querySelector('main details').open = true")
        page.locator("main details a").first.click()
        page.wait_for_selector("main .failure")
        assert "svarer ikke" in page.locator("main .failure").inner_text()
    finally:
        boarded.start_board()
    page.get_by_role("button", name="Prøv igjen").click()
    page.wait_for_selector("main h1")
    page.wait_for_function("() => !document.querySelector('main .failure')")


def test_a_section_without_figures_says_why(look_at, oracle):
    page = look_at(with_language(SKIEN, "nb"))
    given = oracle.article("4003", "demography-2026-mmmm", 2026)["sections"]
    assert "production" not in given and "unit-cost" not in given
    sections = page.locator("main section.without")
    reasons = [reason.inner_text() for reason in sections.locator(".no-figures").all()]
    assert len(reasons) == sections.count() >= 3
    assert all(len(reason) > 40 for reason in reasons), reasons


def test_without_kafka_the_operators_are_told_and_the_articles_stay(browser, tmp_path):
    """On a real Kafka, which keeps its topics while it is away."""
    from boarded import Boarded
    from broker import Broker
    from conftest import Opener, wait_ready
    with Broker() as broker, Boarded(tmp_path / "kafka", broker) as boarded:
        boarded.feed("asss")
        opener = Opener(browser, boarded.address)
        page, _ = opener(OPERATIONS)
        article, _ = opener("/municipality/1103?edition=asss-2010&year=2010")
        shown = article.locator("main").inner_text()
        broker.kill()
        page.wait_for_function("""() => /borte|venter|kobler til/.test(
          document.querySelector(".facts")?.innerText ?? "")""")
        article.reload()
        wait_ready(article)
        assert article.locator("main").inner_text() == shown
        broker.start()
        page.wait_for_function("""() => /følger med/.test(
          document.querySelector(".facts")?.innerText ?? "")""")
        opener.close_all()
        assert not opener.faults
