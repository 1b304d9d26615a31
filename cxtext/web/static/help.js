// The keys, and whether single letters are keys at all.

import { button, h } from "./dom.js";
import { t } from "./labels.js";
import { prefs, remember } from "./prefs.js";
import { may } from "./store.js";

const KEYS = [
  ["reading", [["↓ ↑", "key_sentence"], ["⇧ ↓ / ⇧ ↑", "key_extend"], ["⇧ → / ⇧ ←", "key_word"], ["Alt ⇧ → / ←", "key_word_start"], ["n  p", "key_next"], ["u", "key_uncertain"], ["o", "key_uncoded"], ["x", "key_read"], ["/", "key_search"]]],
  ["coding", [["Enter", "key_type"], ["1–9", "key_number"], ["v", "key_in_vivo"], ["a  r", "key_decide"], ["b", "key_edges"], ["Delete", "key_remove"], ["m", "key_memo"], ["Ctrl Z  Ctrl Y", "key_undo"], ["s", "key_suggestions"]]],
];

/** Show the keys. */
export function openHelp() {
  if (document.querySelector("dialog[open]")) return;
  const single = h("input", { type: "checkbox", checked: prefs.keys === "on", on: { change: () => remember("keys", single.checked ? "on" : "off") } });
  const dialog = h("dialog", { class: "help", "aria-label": t("help"), on: { close: () => dialog.remove() } },
    h("div", { class: "dialog-head" }, h("h2", {}, t("help")), button(t("close"), () => dialog.close(), { class: "quiet" })),
    h("div", { class: "key-lists" }, KEYS.filter(([name]) => name === "reading" || may("code")).map(([name, keys]) => h("section", {}, h("h3", {}, t(`keys_${name}`)),
      h("dl", { class: "keys" }, keys.flatMap(([key, what]) => [h("dt", {}, key.split("  ").map((one) => h("kbd", {}, one))), h("dd", {}, t(what))]))))),
    h("label", {}, single, ` ${t("single_keys")}`));
  document.body.append(dialog);
  dialog.showModal();
}
