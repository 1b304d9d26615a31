// The tree of codes: folded and unfolded, walked with the arrows, and moved by dragging or with Alt and the arrows.

import { button, fill, h } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { prefs } from "./prefs.js";
import { may, store } from "./store.js";

const written = (n) => (n ? n.toLocaleString(language) : "");

export class CodeTree {
  /** state: {usage, chosen}; does: pick, move, remove, rename, renameGroup, removeGroup, add, merge */
  constructor(state, does) {
    this.state = state;
    this.does = does;
    this.folded = new Set();
    this.focused = null; // the row that Tab comes to
    this.wanted = null; // a row to go to when it is there
    this.head = h("div", { class: "row columns", "aria-hidden": "true" });
    this.list = h("div", { role: "tree", class: "tree", on: {
      focusin: (event) => this.#came(event), keydown: (event) => this.#key(event), click: (event) => this.#click(event), dragstart: (event) => this.#lift(event),
      dragover: (event) => this.#over(event), dragleave: () => this.#mark(null), drop: (event) => this.#drop(event), dragend: () => this.#end(),
    } });
    this.element = h("div", { class: "tree-frame" }, this.head, this.list);
  }

  /** Draw all rows anew; the focus stays where it was. */
  draw() {
    if (this.lifted) return;
    const held = this.list.contains(document.activeElement);
    const { usage } = this.state;
    const most = Math.max(1, ...Object.values(usage).map((one) => one.segments));
    fill(this.head, h("span", { class: "name" }, t("code")), h("span", { class: "count" }, t("respondents")), h("span", { class: "count" }, t("segments")), h("span", { class: "count open" }, t("waiting")));
    this.list.setAttribute("aria-label", t("page_codebook"));
    this.rows = store.groups.flatMap((group) => [{ key: group.id, group, level: 1, parent: null }, ...this.#codes(group, "", 2)]);
    const shown = this.rows.filter((row) => !this.#hidden(row));
    if (this.wanted && shown.some(({ key }) => key === this.wanted)) {
      this.focused = this.wanted;
      this.wanted = null;
    }
    if (!shown.some(({ key }) => key === this.focused)) this.focused = this.state.chosen ?? shown[0]?.key;
    fill(this.list, shown.map((row) => this.#row(row, most)));
    if (held) this.#element(this.focused)?.focus();
  }

  #codes(group, parent, level) {
    return group.codes.filter((code) => code.parent === parent).flatMap((code) => [
      { key: code.path, code, group, level, parent: parent ? `${group.id}/${parent}` : group.id },
      ...this.#codes(group, code.id, level + 1),
    ]);
  }

  #hidden(row) {
    for (let above = row.parent; above; above = this.rows.find(({ key }) => key === above)?.parent) {
      if (this.folded.has(above)) return true;
    }
    return false;
  }

  #row({ key, code, group, level }, most) {
    const below = this.rows.some((row) => row.parent === key);
    const folded = this.folded.has(key);
    const props = {
      role: "treeitem", "aria-level": level, "data-key": key, tabindex: key === this.focused ? 0 : -1,
      "aria-expanded": below ? String(!folded) : null, "aria-selected": String(key === this.state.chosen),
      vars: { "--level": level - 1, ...(code ? { "--code": code.colour } : {}) },
    };
    const caret = h("span", { class: "caret", "aria-hidden": "true" }, below ? (folded ? "▸" : "▾") : "");
    if (!code) {
      return h("div", { ...props, class: "row group-row" }, caret, h("span", { class: "name" }, nameOf(group)),
        group.exclusive && h("span", { class: "tag" }, t("one_at_most")), group.experimental && h("span", { class: "tag" }, t("experimental")),
        may("group_edit") && h("span", { class: "group-tools" },
          button("✎", () => this.does.renameGroup(group), { class: "icon", tabindex: -1, "aria-label": `${t("rename_group")}: ${nameOf(group)}`, title: `${t("rename_group")} F2` }),
          button("×", () => this.does.removeGroup(group), { class: "icon", tabindex: -1, "aria-label": `${t("remove")}: ${nameOf(group)}`, title: `${t("remove")} Delete` })));
    }
    const used = this.state.usage[key]; // not counted yet where there is none
    const [people, places] = folded ? [used?.all_respondents, used?.all_segments] : [used?.respondents, used?.segments];
    const spoken = [nameOf(code), used && t("n_respondents", { n: people }), used && t("n_segments", { n: places }), used?.open && t("open_suggestions", { n: used.open })];
    return h("div", { ...props, class: "row", draggable: String(may("code_move")), "aria-label": spoken.filter(Boolean).join(", ") },
      caret, h("span", { class: "dot" }), h("span", { class: "name" }, nameOf(code)),
      h("span", { class: "bar", "aria-hidden": "true" }, h("i", { vars: { "--share": (places ?? 0) / most } })),
      h("span", { class: "count" }, used ? written(people) || "·" : ""), h("span", { class: "count" }, used ? written(places) || "·" : ""), h("span", { class: "count open" }, written(used?.open)));
  }

  #element(key) {
    return key === null ? null : this.list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  /** Go to a row. */
  focus(key) {
    if (key) this.focused = key;
    for (const row of this.list.children) row.tabIndex = row.dataset.key === this.focused ? 0 : -1;
    this.#element(this.focused)?.focus();
  }

  /** Show which row is chosen. */
  mark() {
    for (const row of this.list.children) row.setAttribute("aria-selected", String(row.dataset.key === this.state.chosen));
  }

  unfold(key) {
    this.folded.delete(key);
  }

  /** All codes below one. */
  below(key) {
    const next = this.rows.filter((row) => row.parent === key).map((row) => row.key);
    return next.flatMap((one) => [one, ...this.below(one)]);
  }

  /** The row to go to when one goes away. */
  beside(key) {
    const row = this.rows.find((one) => one.key === key);
    const peers = this.#peers(row);
    const at = peers.indexOf(row);
    return (peers[at + 1] ?? peers[at - 1])?.key ?? row.parent; // groups have no parent, and are each other's peers
  }

  #peers(row) {
    return this.rows.filter((one) => one.parent === row.parent);
  }

  /** However the focus came to a row: drawing anew leaves it there. */
  #came(event) {
    this.focused = event.target.closest("[data-key]")?.dataset.key ?? this.focused;
  }

  #find(key) {
    return this.rows.find((one) => one.key === key);
  }

  #click(event) {
    const row = this.#find(event.target.closest("[data-key]")?.dataset.key);
    if (!row || event.target.closest("button")) return;
    if (event.target.closest(".caret") || !row.code) this.#fold(row.key, !this.folded.has(row.key));
    if (row.code && !event.target.closest(".caret")) this.does.pick(row.key);
    this.state.group = row.group.id;
    this.focus(row.key);
  }

  #fold(key, fold) {
    if (fold) this.folded.add(key);
    else this.folded.delete(key);
    this.focused = key;
    this.draw();
    this.focus(key);
  }

  #key(event) {
    const row = this.#find(event.target.closest("[data-key]")?.dataset.key);
    if (!row || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (event.altKey ? !this.#shift(row, key) : !this.#walk(row, key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #walk(row, key) {
    const shown = [...this.list.children].map((one) => one.dataset.key);
    const at = shown.indexOf(row.key);
    const below = this.rows.some((one) => one.parent === row.key);
    const folded = this.folded.has(row.key);
    const letters = prefs.keys === "on" ? key : "";
    if (key === "ArrowDown" || key === "ArrowUp") this.#go(shown[at + (key === "ArrowDown" ? 1 : -1)]);
    else if (key === "Home" || key === "End") this.#go(key === "Home" ? shown[0] : shown[shown.length - 1]);
    else if (key === "ArrowRight" && below) folded ? this.#fold(row.key, false) : this.#go(shown[at + 1]);
    else if (key === "ArrowLeft" && below && !folded) this.#fold(row.key, true);
    else if (key === "ArrowLeft" && row.parent) this.#go(row.parent);
    else if (key === "Enter" || key === " ") row.code ? this.does.pick(row.key, { focus: key === "Enter" }) : this.#fold(row.key, !folded);
    else if (key === "Insert" || letters === "n") this.does.add(row.group.id, row.code?.id ?? "");
    else if (row.code && key === "F2") this.does.pick(row.key), this.does.rename();
    else if (row.code && key === "Delete") this.does.remove(row.key);
    else if (key === "F2") this.does.renameGroup(row.group);
    else if (key === "Delete") this.does.removeGroup(row.group);
    else if (row.code && letters === "m") this.does.merge(row.key);
    else return false;
    return true;
  }

  #go(key) {
    if (!key) return;
    this.focus(key);
    const row = this.#find(key);
    this.state.group = row.group.id;
    if (row.code && !matchMedia("(max-width: 760px)").matches) this.does.pick(key);
  }

  /** Alt and an arrow: up or down among its equals, below the one before it, or out from below its parent. */
  #shift(row, key) {
    if (!row.code || !["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key)) return false;
    const peers = this.#peers(row);
    const at = peers.indexOf(row);
    const place = { group: row.group.id, parent: row.code.parent };
    if (key === "ArrowUp" && at > 0) this.does.move(row.key, { ...place, before: peers[at - 1].code.id });
    if (key === "ArrowDown" && at + 1 < peers.length) this.#after(row.key, peers[at + 1]);
    if (key === "ArrowRight" && at > 0) this.does.move(row.key, { ...place, parent: peers[at - 1].code.id });
    if (key === "ArrowLeft" && row.code.parent) this.#after(row.key, this.#find(row.parent));
    return true;
  }

  /** Put a code behind another. */
  #after(key, row) {
    const peers = this.#peers(row).filter((one) => one.key !== key);
    const next = peers[peers.indexOf(row) + 1];
    return this.does.move(key, { group: row.group.id, parent: row.code.parent, before: next?.code.id ?? "" });
  }

  #lift(event) {
    const row = this.#find(event.target.closest?.("[data-key]")?.dataset.key);
    if (!row?.code) return event.preventDefault();
    this.lifted = row.key;
    event.dataTransfer.setData("text/plain", nameOf(row.code));
    event.dataTransfer.effectAllowed = "move";
    event.target.classList.add("lifted");
  }

  /** Where a drop at this place would put what is dragged. */
  #place(event) {
    const element = event.target.closest?.("[data-key]");
    const row = element && this.#find(element.dataset.key);
    if (!row || !this.lifted || row.key === this.lifted || this.below(this.lifted).includes(row.key)) return null;
    if (!row.code) return { element, row, how: "inside" };
    const box = element.getBoundingClientRect();
    const at = (event.clientY - box.top) / box.height;
    return { element, row, how: at < 0.28 ? "before" : at > 0.72 ? "after" : "inside" };
  }

  #over(event) {
    const place = this.#place(event);
    this.#mark(place);
    if (place) event.preventDefault();
  }

  #mark(place) {
    for (const row of this.list.querySelectorAll("[data-drop]")) delete row.dataset.drop;
    if (place) place.element.dataset.drop = place.how;
  }

  #drop(event) {
    const place = this.#place(event);
    const key = this.lifted;
    this.#end();
    if (!place) return;
    event.preventDefault();
    const { row, how } = place;
    if (how === "inside") this.does.move(key, { group: row.group.id, parent: row.code?.id ?? "" });
    else if (how === "before") this.does.move(key, { group: row.group.id, parent: row.code.parent, before: row.code.id });
    else this.#after(key, row);
  }

  #end() {
    this.#mark(null);
    this.list.querySelector(".lifted")?.classList.remove("lifted");
    this.lifted = null;
  }
}
