// The codebook: its tree with counts that follow the work, and beside it what one code means.

import { get } from "./api.js";
import { ask, choose, confirm } from "./choose.js";
import { CodeCard } from "./codecard.js";
import { CodeTree } from "./codetree.js";
import { button, fill, h, later } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { change, may, on, store, tell } from "./store.js";

export function make() {
  const state = { usage: {}, colours: [], chosen: null, coming: null, open: false }; // coming: a code to choose when it is there
  const title = h("header", { class: "book-head" });
  const leading = (does) => (...given) => (may("code_edit") ? does(...given) : tell("said", t(`role_${store.study.role}`)));
  const tree = new CodeTree(state, { pick, move: leading(move), remove: leading(remove), rename: leading(() => card.name()),
    renameGroup: leading(renameGroup), removeGroup: leading(removeGroup), add: leading(add), merge: leading(merge) });
  const card = new CodeCard(state, { edit, add, move: moveTo, merge, remove, back });
  const element = h("div", { class: "book" }, h("section", { class: "book-tree" }, title, tree.element), card.element);

  const count = later(async () => {
    if (!state.open) return;
    try {
      const answer = await get("usage");
      state.usage = answer.codes;
      state.colours = answer.colours;
      draw();
    } catch (error) {
      tell("trouble", error);
    }
  }, 150);

  function draw() {
    if (store.codes.has(state.coming)) {
      state.chosen = state.coming;
      state.coming = null;
    }
    if (!store.codes.has(state.chosen)) state.chosen = null;
    element.classList.toggle("picked", state.chosen !== null);
    drawTitle();
    tree.draw();
    card.draw();
  }

  function drawTitle() {
    fill(title,
      h("h1", {}, t("page_codebook")),
      h("p", { class: "hint" }, t("book_summary", { codes: store.codes.size, groups: store.groups.length, version: store.study.codebook.version })),
      may("code_add") && h("div", { class: "title-tools" },
        button(t("add_code"), () => add(here().group, ""), { class: "quiet" }),
        button(t("add_group"), addGroup, { class: "quiet" })),
      may("code_edit") && h("p", { class: "hint book-keys" }, t("book_keys")));
  }

  /** Group and parent of what is chosen. */
  function here() {
    const code = store.codes.get(state.chosen);
    return code ? { group: code.group.id, parent: code.parent } : { group: state.group ?? store.groups[0]?.id, parent: "" };
  }

  function pick(path, { focus = false } = {}) {
    if (card.busy()) card.leave();
    state.chosen = path;
    element.classList.toggle("picked", path !== null);
    history.replaceState(null, "", path ? `#/codebook/${encodeURIComponent(path)}` : "#/codebook");
    tree.mark();
    card.draw();
    if (focus) card.focus();
  }

  function back() {
    const path = state.chosen;
    pick(null);
    tree.focus(path);
  }

  async function done(name, values, said) {
    const answer = await change(name, { ...values, language });
    if (!answer) return null;
    if (said) tell("said", said);
    if (answer.conflicts) tell("said", t("book_conflicts", { n: answer.conflicts }));
    return answer;
  }

  function edit(path, was, values) {
    return done("code_edit", { path, was, ...values });
  }

  async function add(group, parent) {
    const name = await ask(t("add_code"), t("code_name"));
    if (!name) return;
    const answer = await done("code_add", { group, parent, name });
    if (answer) {
      if (parent) tree.unfold(`${group}/${parent}`);
      tree.wanted = state.coming = answer.path;
      draw();
    }
  }

  async function addGroup() {
    const exclusive = h("input", { type: "checkbox" });
    const name = await ask(t("add_group"), t("group_name"), "", h("label", { class: "check" }, exclusive, t("exclusive")));
    if (name) await done("group_add", { name, exclusive: exclusive.checked });
  }

  async function renameGroup(group) {
    const was = group.names[language] ?? "";
    const name = await ask(t("rename_group"), t("group_name"), nameOf(group));
    if (name && name !== was) await done("group_edit", { group: group.id, name, was });
  }

  async function removeGroup(group) {
    state.usage = (await get("usage")).codes;
    const codings = group.codes.reduce((sum, one) => sum + (state.usage[one.path]?.codings ?? 0), 0);
    const names = { name: nameOf(group), n: group.codes.length, codings };
    const what = [t("remove_sure", names), group.codes.length && t("remove_codes", names), codings && t("remove_codings", names)];
    if (!(await confirm(what.filter(Boolean).join(" "), t("remove")))) return;
    tree.wanted = tree.beside(group.id);
    await done("group_remove", { group: group.id, codings }, t("removed", names));
  }

  /** Put a code below a parent of a group, in front of another code ("": last) or where it falls. */
  function move(path, { group, parent = "", before }) {
    const code = store.codes.get(path);
    const id = path.slice(path.indexOf("/") + 1);
    tree.wanted = `${group}/${id}`;
    if (state.chosen === path && tree.wanted !== path) state.coming = tree.wanted;
    if (parent) tree.unfold(`${group}/${parent}`);
    return done("code_move", { path, group, parent, before, was: code.parent }, t("moved", { name: nameOf(code) }));
  }

  async function moveTo(path) {
    const below = new Set([path, ...tree.below(path)]);
    const code = store.codes.get(path);
    const places = store.groups.flatMap((group) => [
      { value: `${group.id}/`, name: nameOf(group), hint: t("top_of_group") },
      ...group.codes.filter((one) => !below.has(one.path)).map((one) => option(one)),
    ]);
    const place = await choose(t("move_title", { name: nameOf(code) }), places);
    if (place === null) return;
    const [group, parent] = [place.slice(0, place.indexOf("/")), place.slice(place.indexOf("/") + 1)];
    move(path, { group, parent });
  }

  async function merge(path) {
    const code = store.codes.get(path);
    const others = [...store.codes.values()].filter((one) => one.path !== path).map((one) => option(one));
    const into = await choose(t("merge_title", { name: nameOf(code) }), others);
    if (into === null) return;
    const names = { name: nameOf(code), into: nameOf(store.codes.get(into)), n: state.usage[path]?.codings ?? 0 };
    if (!(await confirm(t("merge_sure", names), t("merge")))) return;
    const answer = await done("code_merge", { paths: [path], into }, t("merged", names));
    if (answer) {
      tree.wanted = state.chosen = into;
      draw();
    }
  }

  async function remove(path) {
    state.usage = (await get("usage")).codes; // what is asked is what is removed
    const gone = [path, ...tree.below(path)];
    const codings = gone.reduce((sum, one) => sum + (state.usage[one]?.codings ?? 0), 0);
    const names = { name: nameOf(store.codes.get(path)), n: gone.length - 1, codings };
    const what = [t("remove_sure", names), gone.length > 1 && t("remove_below", names), codings && t("remove_codings", names)];
    if (!(await confirm(what.filter(Boolean).join(" "), t("remove")))) return;
    tree.wanted = tree.beside(path);
    if (await done("code_remove", { path, codings }, t("removed", names))) state.chosen = null;
  }

  function option(code) {
    return { value: code.path, name: nameOf(code), hint: nameOf(code.group), colour: code.colour };
  }

  on("study", () => {
    if (state.open) draw();
    count();
  });
  on("codings", count);

  return {
    element,
    keys: () => false,
    redraw: draw,
    async open(part, path) {
      state.open = true;
      if (store.codes.has(path)) state.chosen = path;
      draw();
      count();
      window.scrollTo(0, 0);
    },
    close() {
      if (card.busy()) card.leave();
      state.open = false;
    },
  };
}
