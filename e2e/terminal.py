"""The simulated cTrader terminal, driven as a trader would."""

import time

from playwright.sync_api import expect


def leaving(how):
    """A script that makes its page navigate by a script such as `location.reload()`. It ends before the next page is there, so it
    first removes the old page: only the next page can meet the following expectations."""
    # Stops the timers, which would not find the removed page.
    stop = "for (let timer = setTimeout(() => {}); timer; timer -= 1) clearTimeout(timer);"
    return f"document.documentElement.remove(); {stop} setTimeout(() => {how});"


def leave(page, how):
    """Makes a page or frame navigate by a script."""
    # The page saves its session for the next page when it loads.
    page.wait_for_load_state()
    page.evaluate(f"() => {{ {leaving(how)} }}")


def field(screen, label):
    """An input or text area, by its label."""
    return screen.get_by_label(label).and_(screen.locator("input, textarea"))


class Terminal:
    """The page of the terminal, with its controls."""

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
        # A browser reports every status of 400 and above in the console; the tests cause some.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def choose(self, **choices):
        """Sets controls: user, account, device, lang, theme, fault."""
        for name, value in choices.items():
            if name == "fault":
                # Waits until the simulator has the fault.
                with self.page.expect_response("**/sim/fault"):
                    self.page.select_option("#fault", value)
            else:
                self.page.select_option(f"#{name}", value)
        return self

    def clear(self):
        """Empties the timeline after all events so far have arrived. Otherwise some would arrive later."""
        last = f"before the timeline is emptied, {time.monotonic_ns()}"
        self.stack.control("POST", "/sim/events", {"kind": "build", "state": "done", "message": last})
        self.page.locator("#timeline pre", has_text=last).wait_for(state="attached")
        self.page.click("#clear")

    def open(self, action, landing="**/inapp/**"):
        """Taps a button. Returns the screen in its frame when its URL matches `landing`."""
        custom = f'[data-action="{action}"]'
        button = f"#open-{action}" if action in ("deposit", "kyc", "chat") else custom
        self.page.click(button)
        return self._loaded(landing)

    def _loaded(self, landing):
        """Returns the screen when it has loaded with its script. A tap before that would do nothing."""
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
        """Presses the terminal's reload button, which replaces the frame at once."""
        self.page.click("#host-reload")
        return self._loaded(landing)

    def expect_closed(self):
        expect(self.page.locator("iframe#screen")).to_have_count(0)

    def events(self, *kinds):
        """The events of these kinds since this terminal was opened."""
        return [event for event in self.stack.events()[self._seen :] if event["kind"] in kinds]

    def expect_events(self, kind, count):
        """Waits until there are `count` events of a kind."""
        self.wait_for(lambda: len(self.events(kind)), count)

    def wait_for(self, found, wanted):
        """Waits until `found()` returns `wanted`. Events from the functions' logs come a little later."""
        deadline = time.monotonic() + 30
        while found() != wanted and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        last = found()
        assert last == wanted, f"found {last}, wanted {wanted}"
