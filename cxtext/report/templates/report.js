"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 50;
  const CONTEXT = 3;
  const get = (id) => document.getElementById(id);
  const numbers = new Intl.NumberFormat(data.language);
  const scores = new Intl.NumberFormat(data.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const { compare } = new Intl.Collator(data.language, { numeric: true });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const count = (forms, n) => (n === 1 ? forms.one : fill(forms.many, { n: numbers.format(n) }));

  /** Make an element; text goes in as text, never as markup. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // ---- data -------------------------------------------------------------------------------------
  const codeNames = new Map(data.codes);
  const groupNames = new Map(data.groups);
  const phaseNames = new Map(data.phases);
  const themeNames = new Map(data.themes);
  const order = (pairs) => new Map(pairs.map(([id], i) => [id, i]));
  const codeOrder = order(data.codes);
  const phaseOrder = order(data.phases);
  const fields = ["segment", "document", "name", "file", "case", "who", "speaker", "text", "prompt", "time", "phase", "theme", "language", "attributes"];
  const quotes = data.quotes.map((row, index) => {
    const quote = Object.fromEntries(fields.map((field, i) => [field, row[i]]));
    return Object.assign(quote, { index, codings: [], folded: fold(quote.text) });
  });
  for (const [index, path, score, evidence] of data.codings) {
    quotes[index].codings.push({ path, group: path.split("/")[0], score, evidence });
  }
  for (const quote of quotes) quote.codings.sort((a, b) => codeOrder.get(a.path) - codeOrder.get(b.path));
  const bySegment = new Map(quotes.map((quote) => [quote.segment, quote]));
  const cells = new Map(data.cells.map(([phase, lane, item, name, members]) => [[phase, lane, item].join("\n"), { name, members: new Set(members) }]));

  // ---- filters, and the address that holds them ---------------------------------------------------
  const form = get("filters");
  let filters = {};
  let sorting = { key: "order", down: false };
  let hits = [];
  let shown = 0;

  function cellOf({ phase = "", lane, item = "" }) {
    return lane ? cells.get([phase, lane, item].join("\n")) : undefined;
  }

  /** Codings of a quote that pass the filters on codes, or null where the quote itself does not pass. */
  function passing(quote) {
    const { q, group, code, phase, theme, file, lane, min } = filters;
    if (lane) {
      if (!cellOf(filters)?.members.has(quote.index)) return null;
    } else if (phase && quote.phase !== phase) return null;
    if (theme && quote.theme !== theme) return null;
    if (file && quote.file !== file) return null;
    if (filters.case && quote.case !== filters.case) return null;
    if (q && !fold(q).split(/\s+/).every((word) => quote.folded.includes(word))) return null;
    for (const [i, name] of data.attributes.entries()) {
      if (filters[`attribute.${name}`] && quote.attributes[i] !== filters[`attribute.${name}`]) return null;
    }
    const codings = quote.codings.filter((coding) =>
      (!group || coding.group === group) && (!code || coding.path === `${group}/${code}`) && (!min || coding.score >= Number(min)));
    return codings.length || (!group && !code && !min) ? codings : null;
  }

  const sorters = {
    order: (hit) => hit.quote.index,
    code: (hit) => Math.min(...hit.codings.map((coding) => codeOrder.get(coding.path)), codeOrder.size),
    phase: (hit) => phaseOrder.get(hit.quote.phase) ?? phaseOrder.size,
    who: (hit) => hit.quote.who,
    file: (hit) => hit.quote.file,
    score: (hit) => Math.max(...hit.codings.map((coding) => coding.score ?? 0), 0),
  };

  function search() {
    hits = [];
    let codings = 0;
    for (const quote of quotes) {
      const passed = passing(quote);
      if (passed) {
        hits.push({ quote, codings: passed });
        codings += passed.length;
      }
    }
    const key = sorters[sorting.key];
    for (const hit of hits) hit.key = key(hit);
    const direction = sorting.down ? -1 : 1;
    hits.sort((a, b) => direction * (typeof a.key === "number" ? a.key - b.key : compare(a.key, b.key)) || a.quote.index - b.quote.index);
    const found = fill(data.labels.hits, { quotes: count(data.labels.quote, hits.length), codings: count(data.labels.coding, codings) });
    get("hits").textContent = hits.length ? found : data.labels.no_hits;
    get("hits").dataset.quotes = hits.length;
    get("hits").dataset.codings = codings;
    document.body.classList.toggle("filtered", Object.keys(filters).length > 0);
    get("rows").replaceChildren();
    shown = 0;
    showMore();
    showSorting();
    showChips();
  }

  function nameOf(key, value) {
    if (key === "group") return groupNames.get(value) ?? value;
    if (key === "code") return codeNames.get(`${filters.group}/${value}`) ?? value;
    if (key === "phase") return phaseNames.get(value) ?? value;
    if (key === "theme") return themeNames.get(value) ?? value;
    if (key === "case") return quotes.find((quote) => quote.case === value)?.who ?? value;
    if (key === "min") return scores.format(value);
    if (key === "lane") return [phaseNames.get(filters.phase), data.lanes[value], cellOf(filters)?.name].filter(Boolean).join(" › ");
    return value;
  }

  const titles = { q: "search", group: "group", code: "code", phase: "phase", theme: "theme", file: "document_one", case: "respondent_one", min: "min_score", lane: "selection" };

  function showChips() {
    const chips = Object.entries(filters)
      .filter(([key]) => key !== "item" && !(key === "phase" && filters.lane))
      .map(([key, value]) => {
        const title = titles[key] ? data.labels[titles[key]] : key.replace("attribute.", "");
        const text = `${title}: ${nameOf(key, value)}`;
        const button = make("button", { type: "button", "aria-label": fill(data.labels.remove_filter, { name: text }) }, text);
        button.addEventListener("click", () => {
          const { [key]: _, ...rest } = filters;
          if (key === "lane") { delete rest.item; delete rest.phase; }
          if (key === "group") delete rest.code;
          use(rest);
          form.elements.q.focus();
        });
        return make("li", {}, button);
      });
    get("chips").replaceChildren(...chips);
  }

  function options(select, pairs) {
    select.replaceChildren(make("option", { value: "" }, data.labels.all), ...pairs.map(([value, text]) => make("option", { value }, text)));
  }

  function codeOptions(group) {
    const codes = data.codes.filter(([path]) => path.startsWith(`${group}/`)).map(([path, name]) => [path.split("/")[1], name]);
    options(form.elements.code, codes);
    form.elements.code.disabled = !group;
  }

  /** Take filters, show them in the form and in the address, and search. */
  function use(next, { keepAddress = false } = {}) {
    filters = Object.fromEntries(Object.entries(next).filter(([, value]) => value && value !== "0"));
    codeOptions(filters.group ?? "");
    for (const control of form.elements) {
      if (control.name && control.name !== "sort") control.value = filters[control.name] ?? (control.type === "range" ? "0" : "");
    }
    get("min-shown").textContent = scores.format(filters.min ?? 0);
    if (!keepAddress) history.replaceState(null, "", `#codes?${new URLSearchParams(filters)}`);
    search();
  }

  function readForm() {
    const { lane, item, phase } = filters;
    const next = lane ? { lane, item } : {};
    for (const control of form.elements) {
      if (control.name && control.name !== "sort") next[control.name] = control.value;
    }
    if (lane && next.phase !== phase) { delete next.lane; delete next.item; }
    if (next.group !== filters.group && !(next.group === "" && !filters.group)) delete next.code;
    return next;
  }

  function readAddress() {
    const [target, query = ""] = location.hash.slice(1).split("?");
    const values = Object.fromEntries(new URLSearchParams(query));
    if (target === "quote" && bySegment.has(values.id)) openContext(bySegment.get(values.id), [], document.activeElement);
    if (target !== "codes" || !location.hash.includes("?")) return;
    use(values, { keepAddress: true });
    get("results").scrollIntoView();
    get("hits").focus({ preventScroll: true });
  }

  // ---- rows -------------------------------------------------------------------------------------
  /** Text of a quote in which evidence is marked: of the codes filtered by, or else of the first group. */
  function marked(quote, codings) {
    const group = filters.group ?? data.groups[0]?.[0];
    const ranges = [];
    for (const piece of codings.filter((coding) => coding.group === group).flatMap((coding) => coding.evidence.split("; "))) {
      const word = piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const match = piece && new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "iu").exec(quote.text);
      if (match) ranges.push([match.index, match.index + piece.length]);
    }
    ranges.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let end = 0;
    for (const [from, to] of ranges) {
      if (to <= end) continue;
      const start = Math.max(from, end);
      parts.push(quote.text.slice(end, start), make("mark", {}, quote.text.slice(start, to)));
      end = to;
    }
    return [...parts, quote.text.slice(end)];
  }

  function chip(coding) {
    const score = coding.score === null ? [] : [make("span", { class: "chip-score" }, scores.format(coding.score))];
    return make("li", { class: `chip ${coding.path.replace("/", "-")}` }, codeNames.get(coding.path), ...score);
  }

  function row(hit, index) {
    const { quote, codings } = hit;
    const button = make("button", { type: "button", class: "quote-text", "aria-haspopup": "dialog" }, ...marked(quote, codings));
    if (quote.language && quote.language !== data.language) button.lang = quote.language;
    button.addEventListener("click", () => openContext(quote, hits, button));
    const cell = (...children) => make("td", { role: "cell" }, ...children);
    const theme = themeNames.get(quote.theme);
    return make("tr", { role: "row" },
      cell(button, ...(theme ? [make("span", { class: "row-theme" }, theme)] : [])),
      cell(make("ul", { class: "chips" }, ...codings.map(chip))),
      cell(phaseNames.get(quote.phase) ?? quote.phase),
      cell(quote.speaker || quote.who),
      cell(quote.file.replace(/\.\w+$/, "")),
      cell(codings.length ? scores.format(sorters.score(hit)) : "–"));
  }

  function showMore() {
    const next = hits.slice(shown, shown + PAGE);
    get("rows").append(...next.map(row));
    shown += next.length;
    get("shown").textContent = hits.length ? fill(data.labels.shown, { n: numbers.format(shown), total: numbers.format(hits.length) }) : "";
    get("more").hidden = shown >= hits.length;
    get("more").textContent = fill(data.labels.more, { n: numbers.format(Math.min(PAGE, hits.length - shown)) });
    get("no-hits").hidden = hits.length > 0;
  }

  function showSorting() {
    for (const head of document.querySelectorAll("th[data-key]")) {
      if (head.dataset.key === sorting.key) head.setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    form.elements.sort.value = sorting.key;
  }

  function sortBy(key) {
    sorting = { key, down: sorting.key === key ? !sorting.down : key === "score" };
    search();
  }

  // ---- a quote in its context ---------------------------------------------------------------------
  const dialog = get("context");
  let opener = null;

  function openContext(quote, list, from) {
    opener = from;
    showContext(quote, list);
    if (!dialog.open) dialog.showModal();
  }

  function showContext(quote, list) {
    const facts = [quote.who, quote.file, quote.time, phaseNames.get(quote.phase) ?? data.labels.no_phase, themeNames.get(quote.theme) ?? data.labels.no_theme];
    data.attributes.forEach((name, i) => quote.attributes[i] && facts.push(`${name}: ${quote.attributes[i]}`));
    get("context-meta").textContent = facts.filter(Boolean).join(" · ");
    const lines = [];
    let prompt = "";
    let speaker = quote.speaker;
    for (const near of quotes.slice(Math.max(0, quote.index - CONTEXT), quote.index + CONTEXT + 1)) {
      if (near.document !== quote.document) continue;
      const question = data.prompts[near.prompt];
      if (question && question !== prompt) {
        lines.push(make("p", { class: "prompt" }, make("span", {}, data.labels.question), question));
        prompt = question;
      }
      const here = near === quote;
      const who = near.speaker && near.speaker !== speaker ? [make("span", { class: "speaker" }, near.speaker)] : [];
      speaker = near.speaker;
      lines.push(make("p", { class: here ? "line here" : "line", lang: near.language || data.language }, ...who, ...(here ? marked(near, near.codings) : [near.text])));
    }
    get("context-lines").replaceChildren(...lines);
    get("context-codes").replaceChildren(...quote.codings.map((coding) => {
      const evidence = coding.evidence ? [make("span", { class: "evidence" }, `${data.labels.evidence}: ${coding.evidence}`)] : [];
      return make("li", {}, `${groupNames.get(coding.group)} / ${codeNames.get(coding.path)}`, make("span", { class: "chip-score" }, coding.score === null ? "–" : scores.format(coding.score)), ...evidence);
    }));
    const at = list.findIndex((hit) => hit.quote === quote);
    for (const [id, step] of [["previous", -1], ["next", 1]]) {
      const target = at < 0 ? undefined : list[at + step];
      get(id).disabled = !target;
      get(id).onclick = () => showContext(target.quote, list);
    }
    dialog.classList.toggle("single", at < 0);
  }

  get("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => opener?.focus());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#quote?"]');
    if (!link) return;
    event.preventDefault();
    openContext(bySegment.get(new URLSearchParams(link.hash.split("?")[1]).get("id")), [], link);
  });

  // ---- start --------------------------------------------------------------------------------------
  const unique = (pairs) => [...new Map(pairs)];
  options(form.elements.group, data.groups);
  options(form.elements.phase, data.phases);
  options(form.elements.theme, data.themes);
  options(form.elements.file, unique(quotes.map((quote) => [quote.file, quote.file])));
  options(form.elements.case, unique(quotes.map((quote) => [quote.case, quote.who])));
  for (const [i, name] of data.attributes.entries()) {
    const select = make("select", { name: `attribute.${name}` });
    const values = unique(quotes.map((quote) => [quote.attributes[i], quote.attributes[i]])).filter(([value]) => value);
    options(select, values.sort(([a], [b]) => compare(a, b)));
    get("attributes").append(make("label", {}, name, select));
  }
  for (const head of document.querySelectorAll("th[data-key]")) {
    const button = head.querySelector("button");
    button.addEventListener("click", () => sortBy(head.dataset.key));
    form.elements.sort.append(make("option", { value: head.dataset.key }, button.textContent));
  }
  let timer = 0;
  form.addEventListener("input", (event) => {
    if (event.target.name === "sort") return;
    clearTimeout(timer);
    timer = setTimeout(() => use(readForm()), event.target.name === "q" ? 150 : 0);
  });
  form.elements.sort.addEventListener("change", () => sortBy(form.elements.sort.value));
  form.addEventListener("reset", (event) => { event.preventDefault(); use({}); form.elements.q.focus(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  get("more").addEventListener("click", () => {
    const first = shown;
    showMore();
    get("rows").rows[first]?.querySelector("button").focus();
  });
  get("codes-app").hidden = false;
  use({}, { keepAddress: true });
  window.addEventListener("hashchange", readAddress);
  readAddress();

  const contents = document.querySelector(".side details");
  const wide = matchMedia("(min-width: 1100px)");
  const unfold = () => { for (const part of [contents, get("selects")]) part.open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  const spy = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = contents.querySelector(`a[href="#${entry.target.id}"]`);
      if (entry.isIntersecting) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
  }, { rootMargin: "-45% 0px -50% 0px" });
  for (const section of document.querySelectorAll("main > section")) spy.observe(section);
})();
