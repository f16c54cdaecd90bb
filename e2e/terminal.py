"""The simulated cTrader terminal, driven as a trader would."""

import time

from playwright.sync_api import expect


def leave(page, how):
    """Has a page, or the one in a frame, leave by a script such as `location.reload()`, which returns long before the next one
    is there. Of the page that is left nothing remains: what is expected next can be met by the next one only."""
    # What it keeps for the next one, it keeps as it is loaded.
    page.wait_for_load_state()
    # A timer that goes off while the next one is on its way would find nothing of the page.
    stop = "for (let timer = setTimeout(() => {}); timer; timer -= 1) clearTimeout(timer);"
    page.evaluate(f"() => {{ document.documentElement.remove(); {stop} setTimeout(() => {how}); }}")


def field(screen, label):
    """What a trader types into, by its label."""
    return screen.get_by_label(label).and_(screen.locator("input, textarea"))


class Terminal:
    """The terminal's page, with the choices beside it."""

    def __init__(self, page, stack):
        self.page = page
        self.stack = stack
        self.problems = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(stack.terminal)
        page.locator("body[data-ready]").wait_for()
        self._seen = len(stack.events())

    def _note(self, message):
        # A browser reports every answer of 400 and above in the console; the tests ask for some of them.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def choose(self, **choices):
        """Sets what is beside the terminal: user, account, device, lang, theme, fault."""
        for name, value in choices.items():
            if name == "fault":
                # The simulator is told, which takes a moment.
                with self.page.expect_response("**/sim/fault"):
                    self.page.select_option("#fault", value)
            else:
                self.page.select_option(f"#{name}", value)
        return self

    def clear(self):
        """Empties the timeline, once the story so far is on it: what comes in later would be there all the same."""
        last = f"before the timeline is emptied, {time.monotonic_ns()}"
        self.stack.control("POST", "/sim/events", {"kind": "build", "state": "done", "message": last})
        self.page.locator("#timeline pre", has_text=last).wait_for(state="attached")
        self.page.click("#clear")

    def open(self, action, landing="**/inapp/**"):
        """Taps a button; the screen in its frame, once its URL is like `landing`."""
        custom = f'[data-action="{action}"]'
        button = f"#open-{action}" if action in ("deposit", "kyc", "chat") else custom
        self.page.click(button)
        return self._loaded(landing)

    def _loaded(self, landing):
        """The screen once it is loaded, script and all: a tap that comes before the script does nothing."""
        self.page.locator("iframe#screen").wait_for()
        self.screen_frame.wait_for_url(landing)
        return self.screen

    @property
    def screen(self):
        return self.page.frame_locator("iframe#screen")

    @property
    def screen_frame(self):
        """The frame itself, to ask for its URL."""
        return self.page.query_selector("iframe#screen").content_frame()

    def reload_screen(self, landing="**/inapp/**"):
        """Presses the host's reload button, which puts a new frame in place of the old one at once."""
        self.page.click("#host-reload")
        return self._loaded(landing)

    def expect_closed(self):
        expect(self.page.locator("iframe#screen")).to_have_count(0)

    def events(self, *kinds):
        """What crossed the wire since this terminal was opened."""
        return [event for event in self.stack.events()[self._seen :] if event["kind"] in kinds]

    def expect_events(self, kind, count):
        """Waits until so many events of a kind have crossed the wire."""
        self.wait_for(lambda: len(self.events(kind)), count)

    def wait_for(self, found, wanted):
        """Waits until what is found is what is wanted: what the functions log comes a little later."""
        deadline = time.monotonic() + 30
        while found() != wanted and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        assert found() == wanted
