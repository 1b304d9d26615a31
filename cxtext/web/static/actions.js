// What a coder does, by whatever key or button.

import { t } from "./labels.js";
import { change, codingsOn, loadStudy, may, store, stretchOf, tell } from "./store.js";

const place = (coding) => ({ id: coding.id, was: coding.was });

/** Give codes (paths) to a stretch; an own code of an exclusive group on the same stretch gives way. */
export async function giveCodes(stretch, paths) {
  const fresh = [];
  const swapped = [];
  for (const path of paths) {
    const group = store.codes.get(path)?.group;
    const old = group?.exclusive && codingsOn(stretch).find((one) => own(one) && same(one, stretch) && one.group === group.id);
    if (old && old.path !== path) swapped.push({ ...place(old), path });
    else fresh.push(path);
  }
  let answer = null;
  if (swapped.length) answer = await change("change", { codings: swapped });
  if (fresh.length) answer = await change("code", { stretches: [stretchOf(stretch)], codes: fresh });
  return answer;
}

/** Accept or reject suggestions, or make them suggestions again. */
export const decide = (codings, status) => change("decide", { codings: codings.map(place), status });

/** Take codings away. */
export const remove = (codings) => change("remove", { codings: codings.map(place) });

/** Give a coding another code. */
export const recode = (coding, path) => change("change", { codings: [{ ...place(coding), path }] });

/** Give a coding another stretch. */
export function move(coding, { start, end }) {
  const { offsets } = store.texts.get(coding.document);
  return change("change", { codings: [{ ...place(coding), start: offsets.point(start), end: offsets.point(end) }] });
}

/** Make a code named by what was said, or by a name in a group, and give it to a stretch. */
export function newCode(stretch, name, language, group) {
  return change("new_code", { name, language, ...(group ? { group } : {}), stretches: [stretchOf(stretch)] });
}

/** Write a memo, or change one. */
export const writeMemo = (about, target, text) => change("memo", { about, target, text });
export const changeMemo = (memo, text) => change("memo", { id: memo.id, was: memo.text, text });

/** Say that a document is done, or not yet. */
export async function finish(document, finished) {
  if (await change("finish", { document, finished })) await loadStudy();
}

/** Take back, or do again, the last change of one's own. */
export async function turn(name) {
  const answer = await change(name, {});
  if (!answer) return;
  const [last] = answer.done;
  const what = last && t(`did_${last.action}`);
  tell("said", last ? t(`${name}_done`, { what: what.startsWith("did_") ? last.summary : what }) : t(`${name}_nothing`));
}

export const own = (coding) => coding.coder === store.study.coder;
export const isOpen = (coding) => coding.status === "suggested";
export const byMachine = (coding) => store.study.coders[coding.coder] === "machine";
export const same = (coding, { start, end }) => coding.start === start && coding.end === end;
/** Of suggestions of the same code on the same stretch, by several machines, the surest: they are shown as one. */
export function once(codings) {
  const surest = new Map();
  const key = (one) => `${one.document} ${one.start} ${one.end} ${one.path}`;
  for (const one of codings.filter(isOpen)) {
    if (!((surest.get(key(one))?.score ?? -1) >= (one.score ?? 0))) surest.set(key(one), one);
  }
  return codings.filter((one) => !isOpen(one) || surest.get(key(one)) === one);
}

/** What is decided about together: all suggestions that are shown as one. */
export const twinsOf = (coding) => codingsOn(coding).filter((one) => isOpen(one) && one.path === coding.path && same(one, coding));

/** A coder of a team leaves what somebody else decided about a suggestion. */
const decidedByOther = (coding) => store.study.role === "coder" && ![undefined, "", store.study.coder].includes(coding.decided_by);
/** Whether the coder at work may change it: one's own, and what a machine made. */
export const mine = (coding) => may("change") && (own(coding) || (byMachine(coding) && !decidedByOther(coding)));
