// What can be told from a page itself; each answers a list of words, empty where nothing is wrong.
({
  all: (selector, from = document) => [...from.querySelectorAll(selector)].filter((e) => e.checkVisibility()),
  short: (text) => (text || "").trim().replace(/\s+/g, " ").slice(0, 60),

  // Where one is: language, one heading of the first level, no level skipped, title, breadcrumb.
  place() {
    const wrong = [], heads = this.all("h1, h2, h3, h4, h5, h6");
    if (!document.documentElement.lang) wrong.push("no language");
    const ones = heads.filter((h) => h.tagName === "H1").length;
    if (ones !== 1) wrong.push(`${ones} headings of the first level`);
    let last = 0;
    for (const h of heads) {
      const level = Number(h.tagName[1]);
      if (last && level > last + 1) wrong.push(`a heading skips a level: ${this.short(h.textContent)}`);
      last = level;
    }
    if (/^(onesystem)? *\u2013/.test(document.title)) wrong.push("a title that does not say where one is");
    const menus = [...document.querySelectorAll(".top a")].map((a) => a.pathname);
    const told = ".crumbs a, .tabs [aria-current], .page-actions a, main form[action*=purpose], main input[name=choice]";
    if (document.querySelector(".loop") && !menus.includes(location.pathname) && !this.all(told).length) wrong.push("no breadcrumb");
    return wrong;
  },

  // What stands there: tables, advice where there is nothing, the source of a figure, odd words.
  content() {
    const wrong = [];
    for (const table of this.all("main table")) {
      if (!table.querySelector("td, tbody th")) wrong.push(`an empty table: ${this.short(table.caption?.textContent)}`);
      if (!table.caption && !table.closest("[aria-label], [aria-labelledby]")) wrong.push("a table without a name");
    }
    for (const box of this.all("main .empty")) if (box.children.length < 2) wrong.push(`nothing here, and no advice: ${this.short(box.textContent)}`);
    for (const figure of this.all("main .figure")) {
      if (!figure.querySelector(".figure-source, .figure-note, a") && !figure.parentElement.matches(":has(+ .figures-source)")) wrong.push(`a figure without a source: ${this.short(figure.querySelector(".figure-label")?.textContent)}`);
    }
    const odd = document.querySelector("main").innerText.match(/\b(undefined|NaN)\b|\[object Object\]|\{\{|\{%|<\/?(li|ul|p)>/);
    if (odd) wrong.push(`it says ${odd[0]}`);
    return wrong;
  },

  // Whoever goes by keyboard sees where they are, in the order of the page.
  focus() {
    const kept = document.activeElement, wrong = [];
    if ([...document.querySelectorAll("[tabindex]")].some((e) => e.tabIndex > 0)) wrong.push("an order of focus of its own");
    const stops = this.all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    for (const e of stops.filter((e) => !e.disabled && !e.closest("dialog")).slice(0, 120)) {
      e.focus({ focusVisible: true, preventScroll: true });
      if (document.activeElement !== e) continue;
      const look = getComputedStyle(e), box = e.getBoundingClientRect();
      const ring = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
      if (ring && ((box.width && box.height) || e.ownerSVGElement)) continue;
      wrong.push(`focus cannot be seen: ${e.outerHTML.slice(0, 80)}`);
      break;
    }
    document.activeElement?.blur();
    kept?.focus?.({ preventScroll: true });
    return wrong;
  },

  // On paper: no navigation, and nothing cut.
  paper() {
    const wide = document.documentElement.clientWidth;
    const menus = this.all(".loop, .search, .top-end, .filters, .tabs, .pager, .skip").filter((e) => e.offsetWidth > 1);
    const cut = this.all("main table, main svg, main pre, main .figures").filter((e) => e.getBoundingClientRect().right > wide + 2);
    return [
      ...menus.slice(0, 1).map((e) => `printed: ${e.className}`),
      ...cut.slice(0, 1).map((e) => `cut on paper by ${Math.round(e.getBoundingClientRect().right - wide)} px: ${this.short(e.caption?.textContent || e.getAttribute("aria-label"))}`),
    ];
  },

  // Words of a chart stand out from what is behind them: axe does not look into a drawing.
  drawn() {
    const said = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const seen = ([r, g, b, a = 1]) => a > 0.9 && b !== undefined;
    const light = (rgb) => rgb.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
    const wrong = new Set();
    for (const text of this.all("main svg text").filter((e) => e.textContent.trim()).slice(0, 200)) {
      const box = text.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
      let under = null;
      for (const e of text.ownerSVGElement.querySelectorAll("rect, circle")) {
        const at = e.getBoundingClientRect(), look = getComputedStyle(e), fill = said(look.fill);
        const before = e.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (before && at.left <= x && x <= at.right && at.top <= y && y <= at.bottom && seen(fill) && look.fillOpacity * look.opacity > 0.9) under = fill;
      }
      for (let e = text.ownerSVGElement; e && !under; e = e.parentElement) {
        const fill = said(getComputedStyle(e).backgroundColor);
        if (seen(fill)) under = fill;
      }
      const [low, high] = [light(said(getComputedStyle(text).fill)), light(under || [255, 255, 255])].sort((a, b) => a - b);
      if ((high + 0.05) / (low + 0.05) < 4.4) wrong.add(`drawn words hardly seen: ${text.getAttribute("class") || text.parentElement.getAttribute("class") || this.short(text.textContent)}`);
    }
    return [...wrong].slice(0, 2);
  },

  // Of a long table axe looks at the first rows: the others are alike, and take seconds.
  fold(hide) {
    for (const body of document.querySelectorAll("main tbody")) for (const row of [...body.rows].slice(6)) row.hidden = hide;
  },

  links: () => [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")),
})
