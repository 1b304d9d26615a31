// What leaves the study: files to keep, and what to look at before anything is handed on.

import { get } from "./api.js";
import { button, fill, h } from "./dom.js";
import { language, t } from "./labels.js";
import { placeOf } from "./places.js";
import { store, tell } from "./store.js";

const FILES = ["report", "shared", "tables", "qdpx", "codings", "qdc"];
const SHOWN = 50;

export function make() {
  const files = h("div", { class: "files" });
  const lost = h("div", { role: "status" });
  const review = h("section", { class: "review" });
  const title = h("h1", {});
  const note = h("p", { class: "note", hidden: true });
  const element = h("div", { class: "share-part" }, title, note, files, lost, review);
  let shown = SHOWN;

  function drawFiles() {
    fill(title, t("see_share"));
    note.hidden = !store.study.blind;
    fill(note, t("blind_export"));
    fill(files, FILES.map((what) => h("article", { class: "file" }, h("h2", {}, t(`file_${what}`)), h("p", { class: "hint" }, t(`file_${what}_text`)),
      button(t("download"), (event) => download(what, event.currentTarget), { class: "main-button", "aria-label": `${t("download")}: ${t(`file_${what}`)}` }))));
  }

  async function download(what, pressed) {
    pressed.disabled = true;
    fill(pressed, t("file_being_made"));
    try {
      const response = await fetch(`/api/export?${new URLSearchParams({ what, language })}`, { headers: { "Accept-Language": language } });
      if (!response.ok) throw new Error((response.headers.get("content-type") ?? "").includes("json") ? (await response.json()).error : await response.text());
      const name = response.headers.get("content-disposition")?.match(/filename="([^"]+)"/)?.[1] ?? "cxtext";
      const address = URL.createObjectURL(await response.blob());
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      tell("said", t("file_made", { name }));
      const left = JSON.parse(response.headers.get("x-lost") ?? "[]");
      fill(lost, left.length > 0 && h("div", { class: "note" }, h("p", {}, t("file_lost", { name })), h("ul", { class: "plain" }, left.map((text) => h("li", {}, text)))));
    } catch (error) {
      tell("trouble", error);
    } finally {
      pressed.disabled = false;
      fill(pressed, t("download"));
    }
  }

  function drawReview(answer) {
    const rows = answer.rows;
    fill(review,
      h("h2", {}, t("privacy_list")),
      h("p", { class: "lede" }, h("strong", {}, t("to_check", { n: rows.length })), " ", t("of_coded", { n: answer.coded })),
      h("p", { class: "hint" }, t("privacy_note", { n: answer.shared_from })),
      h("ul", { class: "board" }, rows.slice(0, shown).map(row)),
      rows.length > shown && button(t("show_more", { n: rows.length - shown }), () => { shown += SHOWN; drawReview(answer); }, { class: "quiet" }));
  }

  return {
    element,
    async open() {
      drawFiles();
      fill(review, h("h2", {}, t("privacy_list")), h("p", { class: "hint busy", role: "status" }, t("counting")));
      drawReview(await get("privacy"));
    },
  };
}

function row(one) {
  const points = [...one.text];
  const parts = [];
  let at = 0;
  for (const { start, end, kind } of one.found) {
    if (start < at) continue;
    parts.push(points.slice(at, start).join(""), h("mark", { title: t(`kind_${kind}`) }, points.slice(start, end).join("")));
    at = end;
  }
  parts.push(points.slice(at).join(""));
  return h("li", { class: "quote-card" },
    h("blockquote", {}, h("a", { href: placeOf(one) }, parts)),
    h("p", { class: "where" }, [one.name, one.speaker].filter(Boolean).join(" · "), [...new Set(one.found.map((some) => some.kind))].map((kind) => h("span", { class: "check" }, t(`kind_${kind}`)))));
}
