// What the page knows of the study: it changes only by what the server tells.

import { get, post } from "./api.js";
import { later } from "./dom.js";
import { t } from "./labels.js";
import { Offsets } from "./offsets.js";

/** number: last entry of the log that is in here; texts: open documents by id; codes: by path. */
export const store = { study: null, groups: [], codes: new Map(), texts: new Map(), number: 0, opened: null };

const events = new EventTarget();

/** Listen: "study", "texts", "codings" (detail: ids of documents and codings), "memos", "counts", "trouble" (detail: error). */
export function on(name, listener) {
  events.addEventListener(name, (event) => listener(event.detail));
}

/** Tell those who listen. */
export function tell(name, detail) {
  events.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Read the study, without its texts. */
export async function loadStudy() {
  store.study = await get("study");
  if (!store.opened) store.number = store.study.number;
  store.groups = store.study.codebook.groups;
  store.codes = new Map();
  for (const group of store.groups) {
    for (const code of group.codes) store.codes.set(code.path, { ...code, group });
  }
  tell("study");
}

/** Open a document ({document}) or the answers of a file ({source}). */
export async function openTexts(which) {
  const answer = await get("texts", which);
  store.opened = which;
  store.number = Math.min(store.number, answer.number); // what changed between is told again
  store.texts = new Map(answer.documents.map((row, position) => [row.id, { ...textOf(row), position }]));
  tell("texts");
}

/** Whether the role of who works here may make a change; those that it may not are not offered. */
export const may = (name) => store.study.may.includes(name);

/** Make a change: the answer holds it, and what others changed meanwhile. */
export async function change(name, values) {
  if (!may(name)) return void tell("said", t(`role_${store.study.role}`));
  try {
    const answer = await post(name, () => ({ ...values, since: store.number }));
    apply(answer);
    return answer;
  } catch (error) {
    tell("trouble", error);
    if (error.conflict) await refresh();
    return null;
  }
}

/** Ask what others changed. */
export async function refresh() {
  if (!store.study) return;
  try {
    apply(await get("changes", { since: store.number }));
    tell("online");
  } catch (error) {
    tell("offline", error);
  }
}

const reread = later(() => loadStudy().catch((error) => tell("trouble", error)), 1500);

function apply(answer) {
  if (answer.number <= store.number && !answer.everything) return;
  store.number = answer.number;
  tell("position", answer.number);
  if (answer.everything) {
    loadStudy().then(() => store.opened && openTexts(store.opened)).catch((error) => tell("trouble", error));
    return;
  }
  const touched = [];
  for (const [id, row] of Object.entries(answer.codings)) {
    const text = row ? store.texts.get(row.document) : [...store.texts.values()].find((one) => one.codings.has(id));
    if (!text) {
      reread();
      continue;
    }
    const before = text.codings.get(id);
    if (row) text.codings.set(id, codingOf(row, text));
    else text.codings.delete(id);
    touched.push({ text, before, after: text.codings.get(id) });
  }
  if (touched.length) count(new Set(touched.map(({ text }) => text)));
  for (const [id, row] of Object.entries(answer.memos)) {
    for (const text of store.texts.values()) {
      if (row && (row.target === text.id || text.codings.has(row.target))) text.memos.set(id, row);
      else if (!row) text.memos.delete(id);
    }
  }
  if (answer.tables.includes("codebooks")) loadStudy().then(() => tell("codings", touched));
  else if (touched.length) tell("codings", touched);
  if (answer.tables.includes("finished")) reread();
  if (answer.tables.includes("memos")) tell("memos");
  if (answer.tables.includes("runs")) tell("runs");
}

/** Count again what is coded in some documents. */
function count(texts) {
  for (const text of texts) {
    const row = store.study.documents.find((one) => one.id === text.id);
    const codings = [...text.codings.values()];
    row.coded = codings.filter((one) => one.status === "accepted").length;
    row.open = codings.filter((one) => one.status === "suggested").length;
  }
  tell("counts");
}

/** A document with its places in UTF-16 units. */
function textOf(row) {
  const offsets = new Offsets(row.text);
  const text = {
    ...row,
    offsets,
    turns: row.turns.map((turn) => ({ ...turn, start: offsets.unit(turn.start), end: offsets.unit(turn.end) })),
    segments: row.segments.map(([id, start, end]) => ({ id, start: offsets.unit(start), end: offsets.unit(end) })),
    seen: new Set(row.seen),
    memos: new Map(row.memos.map((memo) => [memo.id, memo])),
  };
  text.codings = new Map(row.codings.map((coding) => [coding.id, codingOf(coding, text)]));
  return text;
}

function codingOf(row, text) {
  return {
    ...row,
    path: `${row.group}/${row.code}`,
    was: [row.start, row.end, row.group, row.code, row.status],
    start: text.offsets.unit(row.start),
    end: text.offsets.unit(row.end),
  };
}

/** A stretch as the server knows it: in code points, with the segment that it is, where it is one. */
export function stretchOf({ document, start, end }) {
  const text = store.texts.get(document);
  const segment = text.segments.find((one) => one.start === start && one.end === end);
  const place = { document, start: text.offsets.point(start), end: text.offsets.point(end) };
  return segment ? { ...place, segment: segment.id } : place;
}

/** Codings that share a character with a stretch and hold, or wait for a decision, in the order of the text. */
export function codingsOn({ document, start, end }) {
  const text = store.texts.get(document);
  return [...text.codings.values()]
    .filter((one) => one.status !== "rejected" && one.start < end && start < one.end)
    .sort((a, b) => a.start - b.start || a.end - b.end || a.path.localeCompare(b.path));
}
