"""Custom actions with a backend or a redirect, through the terminal and the sample backend."""

import re

import pytest
from playwright.sync_api import expect

from terminal import Terminal, field


@pytest.fixture
def terminal(page, stack):
    terminal = Terminal(page, stack).choose(user="ada", lang="en", theme="dark", device="phone")
    yield terminal
    assert terminal.problems == [], "the console has errors, or a policy was broken"


def claim(terminal, code, label="Bonus code"):
    screen = terminal.open("bonus")
    field(screen, label).fill(code)
    screen.locator("button[data-busy]").click()
    return screen


def expect_codes(terminal, *codes):
    """Waits for the codes that the function `action` logged for the submits. Other functions may log late answers of an
    earlier test."""

    def submits():
        answered = terminal.events("answered")
        return [event["code"] for event in answered if (event["action"], event["method"]) == ("action", "POST")]

    terminal.wait_for(submits, list(codes))


def test_the_backend_answers_and_done_closes_the_screen(terminal):
    screen = claim(terminal, "WELCOME")
    expect(screen.get_by_role("heading", name="Done")).to_be_visible()
    expect(screen.locator(".words")).to_have_text("We have credited 50.00 EUR to your account.")
    expect(screen.locator("#reference")).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    screen.locator("#done").click()
    terminal.expect_closed()
    terminal.expect_events("closed", 1)
    closed = terminal.events("closed")[0]
    assert (closed["by"], closed["eventName"]) == ("success", "bonus_claimed")
    expect_codes(terminal, "SUCCEEDED")


def test_the_backends_message_is_in_the_traders_language(terminal):
    terminal.choose(lang="ar")
    screen = claim(terminal, "WELCOME", "رمز المكافأة")
    expect(screen.locator(".words")).to_have_text("أضفنا 50.00 يورو إلى حسابك.")


def test_a_failure_says_why_and_can_be_tried_again(terminal):
    screen = claim(terminal, "NONSENSE")
    expect(screen.get_by_role("heading", name="This could not be done")).to_be_visible()
    expect(screen.locator(".words")).to_contain_text("We do not know this code")
    first = screen.locator("#reference").inner_text()
    screen.get_by_role("button", name="Try again").click()
    field(screen, "Bonus code").fill("WELCOME")
    screen.locator("button[data-busy]").click()
    expect(screen.locator(".words")).to_contain_text("We have credited")
    expect(screen.locator("#reference")).not_to_have_text(first)


def test_close_after_a_failure_leads_to_the_failure_url(terminal):
    screen = claim(terminal, "NONSENSE")
    screen.locator("#close").click()
    terminal.expect_events("failed", 1)
    assert terminal.events("closed") == []


@pytest.mark.parametrize("code", ["HANG", "500"])
def test_a_lost_answer_is_shown_after_check_again(terminal, code):
    screen = claim(terminal, code)
    expect(screen.get_by_role("heading", name="We are checking your request")).to_be_visible()
    reference = screen.locator("#reference").inner_text()
    terminal.reload_screen()
    expect(screen.locator("#reference")).to_have_text(reference)
    screen.get_by_role("button", name="Check again").click()
    expect(screen.locator(".words")).to_have_text("We have credited 50.00 EUR to your account.")
    expect(screen.locator("#reference")).to_have_text(reference)
    expect_codes(terminal, "UNKNOWN", "SUCCEEDED")


@pytest.mark.parametrize("code", ["LIE", "ELSEWHERE"])
def test_an_invalid_answer_of_the_backend_shows_that_we_are_checking(terminal, code):
    screen = claim(terminal, code)
    expect(screen.get_by_role("heading", name="We are checking your request")).to_be_visible()
    expect(screen.locator("#continue")).to_have_count(0)
    screen.locator("#close").click()
    terminal.expect_closed()
    terminal.expect_events("closed", 1)
    assert "eventName" not in terminal.events("closed")[0]


def test_the_backend_can_redirect_the_trader_by_a_button(terminal, stack):
    screen = claim(terminal, "TERMS")
    screen.locator("#continue").click()
    expect(screen.get_by_role("heading", name="Bonus terms")).to_be_visible()
    assert terminal.screen_frame.url == f"{stack.sample}/bonus/terms"
    screen.get_by_role("link", name="Done").click()
    terminal.expect_closed()


def test_the_brokers_page_knows_the_trader(terminal, stack):
    screen = terminal.open("documents", landing=f"{stack.sample}/documents?*")
    expect(screen.get_by_role("heading", name="Your documents")).to_be_visible()
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    expect(screen.locator("html")).to_have_attribute("data-theme", "dark")
    assert len(terminal.events("redeemed")) == 1
    screen.get_by_role("link", name="Done").click()
    terminal.expect_closed()


def test_an_assertion_works_once(terminal, stack, page):
    terminal.open("documents", landing=f"{stack.sample}/documents?*")
    url = terminal.screen_frame.url
    page.goto(url)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    terminal.problems.clear()
