"""Other browser engines than Chromium, driven by WebDriver: Firefox, and WebKit, on which Safari is built."""

import asyncio
import contextlib
import datetime
import ipaddress
import json
import os
import ssl
import subprocess
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from states import ENTRIES, SUBMIT, path
from terminal import leaving

NAMES = ["firefox", "webkit"]

# The programs of the engines that this machine has: `browser` and `driver`. `cargo e2e` sets the variable.
PROGRAMS = json.loads(os.environ.get("INAPP_ENGINES", "{}"))

TIMEOUT_SECONDS = 30

# Firefox reports a broken content security policy in the browser's console only.
WATCH_SCRIPT = """() => addEventListener("securitypolicyviolation",
  (event) => console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI}`))"""


@contextlib.contextmanager
def firefox(programs, cookies, problems):
    options = webdriver.FirefoxOptions()
    options.binary_location = programs["browser"]
    options.add_argument("-headless")
    options.enable_bidi = True
    # Firefox asks before it sends a form again. It asks where a frame without an origin is reloaded after a submit.
    options.unhandled_prompt_behavior = "accept"
    if not cookies:
        # Blocks all cookies, and with them all storage.
        options.set_preference("network.cookie.cookieBehavior", 2)
    driver = webdriver.Firefox(options, webdriver.FirefoxService(programs["driver"]))
    try:
        driver.script.add_javascript_error_handler(lambda entry: problems.append(f"script: {entry.text}"))
        driver.script.add_console_message_handler(
            lambda entry: problems.append(f"console: {entry.text}") if entry.level in ("error", "warn") else None
        )
        driver.script.add_preload_script(WATCH_SCRIPT)
        yield driver
    finally:
        driver.quit()


@contextlib.contextmanager
def webkit(programs, cookies, problems):
    """WebKit, which reports no messages of the console. It has no cookies without TLS, because it refuses `Secure` cookies
    there."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = programs["browser"]
    options.add_argument("--automation")
    options.accept_insecure_certs = cookies
    with display() as name:
        service = webdriver.WebKitGTKService(programs["driver"], env={**os.environ, "DISPLAY": name})
        driver = webdriver.WebKitGTK(options, service)
        try:
            yield driver
        finally:
            driver.quit()


STARTS = {"firefox": firefox, "webkit": webkit}


@contextlib.contextmanager
def display():
    """An X display without a screen. MiniBrowser cannot run without one."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def certificate(directory):
    """A TLS context with a new certificate for 127.0.0.1, which no browser trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = directory / "tls.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextlib.contextmanager
def tls_front(url, directory):
    """The URL of a port that takes TLS and passes the bytes on to the server at `url`."""
    host, port = url.removeprefix("http://").split(":")

    async def pump(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return writer.close()
        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))

    # In a thread of its own, because Playwright's loop runs in this one.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    starting = asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate(directory))
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


class Browser:
    """A running browser. `functions` is the URL at which it reaches the screens, and `problems` what its console reports."""

    def __init__(self, driver, functions, problems):
        self.driver = driver
        self.functions = functions
        self.problems = problems

    def screen_url(self, screen, token, lang="en"):
        return f"{self.functions}{path(screen)}&token={token}&lang={lang}&theme=light"

    def open(self, screen, token):
        self.driver.get(self.screen_url(screen, token))

    def see(self, css, text=""):
        """Waits for a visible element with this text."""

        def found(driver):
            elements = driver.find_elements(By.CSS_SELECTOR, css)
            return next((element for element in elements if element.is_displayed() and text in element.text), None)

        # A page that is being replaced has no element, or no longer the same.
        passing = [NoSuchElementException, StaleElementReferenceException]
        wait = WebDriverWait(self.driver, TIMEOUT_SECONDS, poll_frequency=0.1, ignored_exceptions=passing)
        return wait.until(found, f'no visible {css} with "{text}"')

    def write(self, name, value):
        field = self.see(f"[name={name}]")
        if field.get_attribute("type") == "date":
            # The order of the keys depends on the browser and its language.
            self.driver.execute_script("arguments[0].value = arguments[1]", field, value)
            return
        # WebKit lets no script focus a field of a frame before the trader has tapped into the frame.
        field.click()
        field.clear()
        field.send_keys(value)

    def choose(self, method):
        self.see(f"label:has([name=method][value={method}])").click()

    def fill(self, screen):
        for name, value in ENTRIES[screen][0].items():
            self.write(name, value)
        if screen == "deposit":
            self.choose("bank_transfer")

    def submit(self):
        self.see(SUBMIT).click()

    def reference(self):
        return self.see("#reference").text

    def expect_status(self, status):
        self.see(f"#status[data-status={status}]")

    def reload_frame(self):
        """Reloads the page of the frame. The old page is removed first, so that only the next one can be seen."""
        self.driver.execute_script(leaving("location.reload()"))

    def enter_frame(self, css):
        self.driver.switch_to.default_content()
        self.driver.switch_to.frame(self.see(css))

    def use_new_tab(self):
        """Replaces the tab, and with it its storage, and deletes the cookies."""
        self.driver.switch_to.default_content()
        self.driver.delete_all_cookies()
        old = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        new = self.driver.current_window_handle
        self.driver.switch_to.window(old)
        self.driver.close()
        self.driver.switch_to.window(new)
        self.problems.clear()


@contextlib.contextmanager
def start(engine, cookies, stack, directory):
    """Starts a browser, with or without cookies."""
    with contextlib.ExitStack() as parts:
        functions = stack.functions
        if engine == "webkit" and cookies:
            functions = parts.enter_context(tls_front(functions, directory))
        problems = []
        driver = parts.enter_context(STARTS[engine](PROGRAMS[engine], cookies, problems))
        yield Browser(driver, functions, problems)
