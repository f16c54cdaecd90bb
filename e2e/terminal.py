"""The simulated cTrader terminal, driven as a trader would."""

from playwright.sync_api import expect


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
            self.page.select_option(f"#{name}", value)
        return self

    def open(self, action, landing="**/inapp/**"):
        """Taps a button; the screen in its frame, once its URL is like `landing`."""
        custom = f'[data-action="{action}"]'
        button = f"#open-{action}" if action in ("deposit", "kyc", "chat") else custom
        self.page.click(button)
        # Until it is loaded, script and all: a tap that comes before the script does nothing.
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

    def reload_screen(self):
        self.page.click("#host-reload")

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
        for _ in range(80):
            if found() == wanted:
                break
            self.page.wait_for_timeout(100)
        assert found() == wanted
