// Runs in a page, and returns the problems of its layout as sentences.
({ palette, checkReach, maxBars }) => {
  const problems = [];
  const root = document.documentElement;
  const name = (element) => {
    const text = (element.getAttribute("aria-label") || element.value || element.textContent).trim().slice(0, 30);
    return `<${element.localName}${element.className ? "." + element.className : ""}> "${text}"`;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const within = (inner, outer, tall = 0) =>
    inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 - tall && inner.bottom <= outer.bottom + 1 + tall;
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const stickyParent = (element) => {
    for (let e = element; e; e = e.parentElement) if (/sticky|fixed/.test(getComputedStyle(e).position)) return e;
    return null;
  };

  if (root.scrollWidth > innerWidth) problems.push(`scrolls sideways: ${root.scrollWidth} in ${innerWidth}`);

  // The visible pieces: lines of text, and controls. A line box is higher than its letters, so it is reduced to them.
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const holder = node.parentElement;
    if (!node.textContent.trim() || holder.closest("script, style, textarea, .visually-hidden") || !shown(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const letters = parseFloat(getComputedStyle(holder).fontSize);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const spare = Math.max(0, box.height - letters) / 2;
      const line = { left: box.left, right: box.right, top: box.top + spare, bottom: box.bottom - spare };
      pieces.push({ element: holder, box: line, sticky: stickyParent(holder), text: true });
    }
  }
  const controls = [...document.querySelectorAll("a, button, input:not([type=hidden]), textarea, select, summary")].filter(shown);
  for (const element of controls) pieces.push({ element, box: element.getBoundingClientRect(), sticky: stickyParent(element) });

  for (const { element, box, text } of pieces) {
    if (box.left < -1 || box.right > innerWidth + 1) problems.push(`is cut by the screen's edge: ${name(element)}`);
    for (let outer = text ? element : element.parentElement; outer && outer !== root; outer = outer.parentElement) {
      if (/inline$|contents/.test(getComputedStyle(outer).display)) continue;
      if (!within(box, outer.getBoundingClientRect(), 2)) {
        problems.push(`sticks out of ${name(outer)}: ${name(element)}`);
        break;
      }
    }
  }
  pieces.forEach((a, index) => {
    for (const b of pieces.slice(index + 1)) {
      // A sticky element may cover scrolled content; a label and its own control belong together.
      if (a.sticky !== b.sticky || a.element === b.element) continue;
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const label = a.element.closest("label");
      if (label && label === b.element.closest("label") && !(a.text && b.text)) continue;
      if (overlap(a.box, b.box)) problems.push(`overlap: ${name(a.element)} and ${name(b.element)}`);
    }
  });

  // Tap targets have at least 44 px.
  for (const element of controls) {
    const target = (/radio|checkbox|file/.test(element.type) && element.closest("label")) || element;
    const box = target.getBoundingClientRect();
    if (box.width < 43.5 || box.height < 43.5) {
      problems.push(`is too small to tap, ${box.width} x ${box.height}: ${name(element)}`);
    }
  }

  // Sticky bars leave room for the rest. On a phone the button is visible without scrolling.
  const bars = [...new Set(pieces.map((piece) => piece.sticky).filter(Boolean))];
  const covered = bars.reduce((sum, element) => sum + element.getBoundingClientRect().height, 0);
  if (covered > innerHeight * maxBars) problems.push(`sticky bars cover ${covered} of ${innerHeight}`);
  const button = checkReach && document.querySelector("main .button");
  if (button) {
    scrollTo(0, 0);
    const box = button.getBoundingClientRect();
    if (box.bottom > innerHeight || box.top < 0) problems.push(`is out of reach: ${name(button)}`);
  }

  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown).map((element) => +element.localName[1]);
  if (headings.filter((level) => level === 1).length !== 1 || headings[0] !== 1) problems.push(`headings ${headings}`);
  if (headings.some((level, index) => index && level > headings[index - 1] + 1)) problems.push(`headings skip: ${headings}`);

  // X is at the end of the line, the heading at its start; from right to left they are mirrored.
  const x = document.querySelector(".x"), title = document.querySelector("h1");
  if (x && title) {
    const left = x.getBoundingClientRect().left < title.getBoundingClientRect().left;
    if (left !== (root.dir === "rtl")) problems.push("X is on the wrong side");
  }

  // Only colours of the theme. Firefox cannot list them.
  if (!root.computedStyleMap) return [...new Set(problems)];
  const probe = document.createElement("i");
  document.body.append(probe);
  const resolved = (value) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  for (const [token, value] of Object.entries(palette)) {
    const used = resolved(`var(--${token})`);
    if (used !== resolved(value)) problems.push(`--${token} is ${used}, not ${value}`);
  }
  const page = resolved("var(--page)");
  const tokens = new Set();
  for (const [property] of root.computedStyleMap()) if (property.startsWith("--")) tokens.add(resolved(`var(${property})`));
  probe.remove();
  if (getComputedStyle(document.body).backgroundColor !== page) problems.push("the page has another colour than --page");
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (!shown(element) || style.opacity === "0" || element.localName === "script") continue;
    const used = { text: style.color, background: style.backgroundColor };
    if (parseFloat(style.borderTopWidth)) used.border = style.borderTopColor;
    for (const [what, colour] of Object.entries(used)) {
      const isVisible = !/^rgba\(.*, 0\)$/.test(colour);
      if (isVisible && !tokens.has(colour)) problems.push(`${what} in a colour that is not a token, ${colour}: ${name(element)}`);
    }
  }
  return [...new Set(problems)];
}
