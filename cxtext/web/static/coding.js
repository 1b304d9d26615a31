// The part where one reads and codes.

import { decide, finish, giveCodes, isOpen, move, newCode, once, own, recode, remove, twinsOf } from "./actions.js";
import { chosenColumns, columnTools, drawHeads, orderAnswers } from "./columns.js";
import { Cursor } from "./cursor.js";
import { Dock } from "./dock.js";
import { countDocuments, drawDocuments, entries } from "./documents.js";
import { button, fill, h, later, refill } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { Panel } from "./panel.js";
import { prefs, remember } from "./prefs.js";
import { Reader } from "./reader.js";
import { change, codingsOn, may, on, openTexts, store, tell } from "./store.js";

export function make() {
  const list = h("ul", { class: "documents" });
  const filter = h("input", { type: "search", class: "filter", on: { input: () => drawDocuments(list, filter.value, here?.hash) } });
  const side = h("nav", { class: "side" }, filter, list);
  const title = h("div", { class: "title" });
  const heads = h("div", { class: "answer-heads", "aria-hidden": "true", hidden: true });
  const text = h("div", { class: "text", tabindex: "0", role: "region" });
  const spoken = h("p", { class: "hidden-text", "aria-live": "polite" });
  const reader = new Reader(text);
  const cursor = new Cursor(reader);
  let survey = false;
  let here = null; // the entry that is open

  const next = (step, read = false) => {
    if (read && cursor.stretch) reading(cursor.stretch);
    if (!cursor.go(step)) tell("said", t("no_more"));
  };
  const give = async (paths) => {
    if (!cursor.stretch) return void tell("said", t("choose_stretch"));
    if (cursor.coding) cursor.set(cursor.stretch);
    const stretch = cursor.stretch;
    const answer = await giveCodes(stretch, paths);
    if (answer) spoken.textContent = t("gave", { codes: paths.map((path) => nameOf(store.codes.get(path))).join(", ") });
  };
  const create = (name) => cursor.stretch && newCode(cursor.stretch, name, language);
  const leave = () => text.focus({ preventScroll: true });
  const dock = new Dock({ give, create, leave, next });
  const panel = new Panel(cursor, dock);
  panel.does = { inVivo: () => create(cursor.said()), leave, recode };

  /** Note that a sentence was read with all codes in mind. */
  function reading({ document, start, end }) {
    if (!may("code")) return;
    const { segments, seen } = store.texts.get(document);
    const fresh = segments.filter((one) => one.start >= start && one.end <= end && !seen.has(one.id));
    if (!fresh.length) return;
    for (const one of fresh) seen.add(one.id);
    change("code", { seen: fresh.map(({ id }) => ({ segment: id, document })) });
  }

  /** The next coding for which a test holds, from the stretch at hand on, and round. */
  function jump(step, test) {
    const found = [...store.texts.values()].flatMap((one, at) =>
      once([...one.codings.values()].filter(test)).map((coding) => ({ coding, at })));
    found.sort((a, b) => a.at - b.at || a.coding.start - b.coding.start || a.coding.end - b.coding.end || a.coding.path.localeCompare(b.coding.path));
    if (!found.length) return void tell("said", t("no_suggestions"));
    let index = found.findIndex(({ coding }) => coding.id === cursor.coding);
    if (index < 0 && cursor.stretch) {
      const here = [...store.texts.keys()].indexOf(cursor.stretch.document);
      index = found.findIndex(({ coding, at }) => at > here || (at === here && coding.start >= cursor.stretch.start));
      if (step > 0) index = (index < 0 ? found.length : index) - 1;
    }
    cursor.choose(found[(index + step + found.length) % found.length].coding, "center");
  }

  function uncertain() {
    const open = [...store.texts.values()].flatMap((one) => once([...one.codings.values()].filter(isOpen)));
    open.sort((a, b) => (a.score ?? 1) - (b.score ?? 1));
    if (!open.length) return void tell("said", t("no_suggestions"));
    const at = open.findIndex((one) => one.id === cursor.coding);
    cursor.choose(open[(at + 1) % open.length], "center");
  }

  const uncoded = (step) => {
    const free = (sentence) => !codingsOn(sentence).some((one) => own(one) && !isOpen(one));
    if (!cursor.go(step, free)) tell("said", t("all_coded"));
  };

  /** What is at hand: the chosen coding, or all of a kind on the stretch. */
  function atHand(test) {
    if (!cursor.stretch) return [];
    const chosen = store.texts.get(cursor.stretch.document)?.codings.get(cursor.coding);
    return chosen && test(chosen) ? [chosen] : codingsOn(cursor.stretch).filter(test);
  }

  async function decided(status) {
    const open = atHand(isOpen);
    if (!open.length) return void tell("said", t("no_suggestion_here"));
    if (await decide(twinsOf(open[0]), status)) jump(1, isOpen);
  }

  function keys(event) {
    const { key, shiftKey: shift, altKey: alt } = event;
    if (event.ctrlKey || event.metaKey) return false;
    if (event.target.closest(".panel, .side, .head, .dock") && !["Escape"].includes(key)) {
      if (!/^[a-z?]$/.test(key)) return false;
    }
    if (key === "ArrowDown" || key === "ArrowUp") {
      const step = key === "ArrowDown" ? 1 : -1;
      if (alt) return false;
      if (shift) cursor.extend(step);
      else next(step);
      return true;
    }
    if ((key === "ArrowRight" || key === "ArrowLeft") && shift) {
      cursor.edge(alt ? "start" : "end", key === "ArrowRight" ? 1 : -1);
      return true;
    }
    if (key === "Escape") {
      document.getSelection()?.removeAllRanges();
      cursor.set(null);
      leave();
      return true;
    }
    if (key === "Enter" && !event.target.closest("button, a")) return dock.open(), true;
    if (key === "Delete" || key === "Backspace") {
      const own_ = atHand((one) => own(one) && !isOpen(one));
      if (own_.length) remove(own_.length > 1 ? own_.slice(-1) : own_);
      return true;
    }
    if (prefs.keys !== "on" || alt) return false;
    if (/^[1-9]$/.test(key)) return dock.paths[key - 1] && dock.use([dock.paths[key - 1]]), true;
    const does = {
      j: () => next(1), k: () => next(-1), c: () => dock.open(), v: () => panel.does.inVivo(), m: () => panel.memo(),
      n: () => jump(1, isOpen), p: () => jump(-1, isOpen), u: uncertain, o: () => uncoded(1), O: () => uncoded(-1),
      a: () => decided("accepted"), r: () => decided("rejected"), x: () => next(1, true),
      b: () => edges(), s: () => suggestions(), f: () => filter.focus(),
    }[key];
    if (!does) return false;
    does();
    return true;
  }

  /** Give the coding that was chosen last the stretch at hand. */
  function edges() {
    const coding = store.texts.get(cursor.stretch?.document)?.codings.get(cursor.coding);
    if (coding && cursor.stretch) move(coding, cursor.stretch);
  }

  function suggestions() {
    remember("suggestions", prefs.suggestions === "on" ? "off" : "on");
    reader.suggestions = prefs.suggestions === "on";
    reader.redrawAll();
    drawTitle();
  }

  text.addEventListener("click", (event) => {
    const more = event.target.closest(".more");
    if (more) reader.fold(Number(more.closest(".block").dataset.index));
    const chip = event.target.closest("[data-coding]");
    if (!chip) return;
    const coding = [...store.texts.values()].map((one) => one.codings.get(chip.dataset.coding)).find(Boolean);
    if (coding) cursor.choose(coding, !reader.sees(coding));
  });
  text.addEventListener("pointerover", (event) => light(event.target.closest?.(".chip")));
  text.addEventListener("pointerleave", () => light(null));
  text.addEventListener("focusin", (event) => light(event.target.closest(".chip")));
  const glow = typeof Highlight === "function" ? new Highlight() : null;
  if (glow) CSS.highlights.set("light", glow);
  const tip = h("div", { class: "tip", role: "tooltip", hidden: true });

  /** Show where the codings of a chip are, and why: on hover or focus. */
  function light(chip) {
    glow?.clear();
    tip.hidden = true;
    const document = chip && store.texts.get(reader.blocks[chip.closest(".block").dataset.index].document);
    const codings = chip ? chip.dataset.all.split(" ").map((id) => document.codings.get(id)).filter(Boolean) : [];
    if (!codings.length) return;
    for (const coding of codings) {
      const range = reader.range(coding);
      if (range) glow?.add(range);
    }
    const box = chip.getBoundingClientRect();
    fill(tip, ...panel.explain(codings));
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${box.bottom + tip.offsetHeight + 12 > innerHeight ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
  }

  function drawTitle() {
    const entry = entries().find((one) => one.hash === here?.hash);
    const open = [...store.texts.values()];
    const prompt = open[0]?.prompt;
    const document = open.length === 1 ? open[0].id : null;
    drawHeads(heads, survey);
    refill(title,
      h("h1", {}, entry?.name ?? ""),
      prompt && h("p", { class: "prompt" }, prompt),
      h("div", { class: "title-tools" },
        button(t(prefs.suggestions === "on" ? "hide_suggestions" : "show_suggestions"), suggestions, { class: "quiet" }),
        survey && columnTools(arranged),
        document && may("finish") && button(t(entry?.done ? "reopen" : "finish"), () => finish(document, !entry?.done), { class: "quiet", "aria-pressed": String(Boolean(entry?.done)) })));
  }

  /** Other columns, or another order, were chosen. */
  function arranged(again) {
    const open = title.querySelector(".column-menu")?.hidden === false;
    const { stretch } = cursor;
    const held = document.activeElement.dataset.key;
    show();
    if (open && !again) title.querySelector("[data-key=columns]").click();
    if (stretch) cursor.set(stretch, { reveal: true });
    if (held) title.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }

  const update = (touched) => {
    reader.update(touched);
    cursor.paint();
    panel.draw();
  };
  on("codings", update);
  on("counts", later(countDocuments, 300));
  on("memos", () => panel.draw());
  const phone = matchMedia("(max-width: 760px)"); // where the panel lies over the text
  function uncover(stretch) {
    const box = reader.range(stretch)?.getBoundingClientRect();
    const hidden = box ? box.bottom + 12 - panel.element.getBoundingClientRect().top : 0;
    if (hidden > 0) window.scrollBy({ top: Math.min(hidden, box.top - 110), behavior: "instant" });
  }
  on("cursor", (stretch) => {
    panel.draw();
    if (stretch && phone.matches) uncover(stretch);
    if (stretch) spoken.textContent = cursor.said().slice(0, 300);
  });
  on("study", () => {
    drawDocuments(list, filter.value, here?.hash);
    if (store.texts.size && reader.blocks) reader.redrawAll(), drawTitle(), panel.draw();
  });
  on("texts", () => show());

  function show() {
    reader.suggestions = prefs.suggestions === "on";
    cursor.stretch = cursor.coding = null;
    reader.chosen = null;
    cursor.whole = survey;
    if (survey) orderAnswers();
    reader.show([...store.texts.values()], survey, survey ? chosenColumns().shown : []);
    drawTitle();
    panel.draw();
    drawDocuments(list, filter.value, here?.hash);
  }

  return {
    element: h("div", { class: "coding" }, side, h("section", { class: "sheet" }, title, heads, text, spoken), panel.element, dock.element, tip),
    keys,
    redraw() {
      filter.placeholder = t("filter");
      filter.setAttribute("aria-label", t("filter"));
      side.setAttribute("aria-label", t("documents"));
      text.setAttribute("aria-label", t("text"));
      dock.draw();
      drawTitle();
      panel.draw();
      reader.redrawAll();
      drawDocuments(list, filter.value, here?.hash);
    },
    async open(part, id, query) {
      const all = entries();
      const named = all.find((one) => one.hash === `#/${part}/${encodeURIComponent(id)}`);
      here = named ?? all[0];
      if (!named) history.replaceState(null, "", here.hash);
      if (!named && id) tell("said", t("not_found"));
      survey = Boolean(here.survey);
      await openTexts(here.which);
      this.redraw();
      const at = new URLSearchParams(query);
      const document = at.get("document") ?? id;
      const [start, end] = (at.get("at") ?? "").split("-").map(Number);
      const found = end > start && store.texts.get(document);
      if (found) {
        const { offsets } = found;
        cursor.set({ document, start: offsets.unit(start), end: offsets.unit(end) }, { reveal: "center" });
      } else {
        window.scrollTo(0, 0);
        if (survey) cursor.go(1);
      }
    },
    close() {},
  };
}
