// Search, sorting, filters, light and dark. Without it the book can still be read.
"use strict";
(() => {
  const html = document.documentElement;
  const root = html.dataset.root || "";
  const asked = new URLSearchParams(location.search);
  const MAX_SHOWN = 12;
  const MAX_LISTED = 200;

  // Small letters without accents: "ä" finds "a".
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");

  // Light or dark.
  const THEME = "hexmarch-theme";
  const recall = () => { try { return localStorage.getItem(THEME); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(THEME, theme); } catch { /* Then not. */ } };
  const theme = asked.get("theme") || recall();
  if (theme === "dark" || theme === "light") html.dataset.theme = theme;
  document.getElementById("theme")?.addEventListener("click", () => {
    const isDark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = isDark ? "light" : "dark";
    remember(html.dataset.theme);
  });

  // Search: every word must occur; names that begin with what was typed come first.
  const index = (window.bookIndex || []).map(([name, folder, id, tier, hint]) =>
    ({ name, folder, id, tier, hint, folded: fold(name), more: fold(hint) }));
  const rank = (entry, words, whole) => {
    let sum = 0;
    for (const word of words) {
      const at = entry.folded.indexOf(word);
      if (at === 0) sum += 0;
      else if (at > 0) sum += /[\p{L}\p{N}]/u.test(entry.folded[at - 1]) ? 2 : 1;
      else if (entry.more.includes(word)) sum += 5;
      else return -1;
    }
    return entry.folded === whole ? -0.5 : sum;
  };
  const find = (query) => {
    const whole = fold(query).trim();
    if (!whole) return [];
    const words = whole.split(/\s+/);
    const found = [];
    for (const entry of index) {
      const place = rank(entry, words, whole);
      if (place !== -1) found.push({ entry, place });
    }
    found.sort((a, b) => a.place - b.place || a.entry.tier - b.entry.tier || a.entry.name.length - b.entry.name.length
      || (a.entry.name < b.entry.name ? -1 : 1));
    return found.map((hit) => hit.entry);
  };
  const line = (entry, number) => {
    const link = document.createElement("a");
    link.className = `hit t${entry.tier}`;
    link.href = `${root}${entry.folder}/${entry.id}.html`;
    const name = document.createElement("span");
    name.textContent = entry.name;
    const hint = document.createElement("small");
    hint.textContent = entry.hint;
    link.append(name, hint);
    if (number !== undefined) {
      link.id = `hit-${number}`;
      link.role = "option";
      link.tabIndex = -1;
      link.setAttribute("aria-selected", "false");
    }
    return link;
  };
  const none = (words) => {
    const text = document.createElement("p");
    text.className = "none";
    text.textContent = words;
    return text;
  };

  const box = document.getElementById("q");
  const hits = document.getElementById("hits");
  let chosen = -1;
  const choose = (next) => {
    const all = [...hits.querySelectorAll(".hit")];
    if (!all.length) return;
    chosen = (next + all.length) % all.length;
    all.forEach((hit, at) => hit.setAttribute("aria-selected", String(at === chosen)));
    all[chosen].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const close = () => {
    hits.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    const found = find(box.value);
    if (!box.value.trim()) return close();
    hits.replaceChildren(...(found.length ? found.slice(0, MAX_SHOWN).map(line) : [none(hits.dataset.none)]));
    hits.hidden = false;
    box.setAttribute("aria-expanded", "true");
    if (found.length) choose(0);
  };
  if (box && hits) {
    box.addEventListener("input", show);
    box.addEventListener("focus", () => { if (box.value.trim()) show(); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && chosen >= 0 && !hits.hidden) {
        event.preventDefault();
        hits.querySelectorAll(".hit")[chosen]?.click();
      }
    });
    document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
    document.addEventListener("keydown", (event) => {
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) { event.preventDefault(); box.focus(); }
    });
    if (asked.has("q")) {
      box.value = asked.get("q");
      const results = document.getElementById("results");
      if (results) {
        const found = find(box.value).slice(0, MAX_LISTED);
        results.replaceChildren(...(found.length ? found.map((entry) => line(entry)) : [none(results.dataset.none)]));
      } else {
        show();
      }
    }
  }

  // Tables: a click sorts, letters and tiers filter.
  const table = document.querySelector("table.sortable");
  if (table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const key = (row, column) => row.cells[column]?.dataset.key ?? "";
    const compare = (a, b) => {
      const numbers = a !== "" && b !== "" && !isNaN(a) && !isNaN(b);
      return numbers ? a - b : a.localeCompare(b, html.lang, { numeric: true });
    };
    table.querySelectorAll("th").forEach((head, column) => {
      head.querySelector("button")?.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th").forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        rows.sort((a, b) => compare(key(a, column), key(b, column)) * (falls ? -1 : 1));
        body.append(...rows);
      });
    });
    const filter = document.getElementById("filter");
    const buttons = [...document.querySelectorAll(".tiers button")];
    const count = document.getElementById("count");
    const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));
    const sift = () => {
      const words = fold(filter?.value || "").split(/\s+/).filter(Boolean);
      const tiers = buttons.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.tier);
      let shown = 0;
      for (const row of rows) {
        const fits = words.every((word) => texts.get(row).includes(word));
        row.hidden = !(fits && (!tiers.length || tiers.includes(row.dataset.tier)));
        if (!row.hidden) shown += 1;
      }
      if (count) count.textContent = shown;
    };
    filter?.addEventListener("input", sift);
    buttons.forEach((button) => button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      sift();
    }));
    if (asked.has("tier")) {
      buttons.find((button) => button.dataset.tier === asked.get("tier"))?.setAttribute("aria-pressed", "true");
      sift();
    }
  }
})();
