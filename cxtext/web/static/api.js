// Asking the server, one change after another.

import { early } from "./early.js";

let queue = Promise.resolve();
let waiting = 0;

/** What went wrong, in a sentence; `conflict` where somebody else was first. */
class Refusal extends Error {
  constructor(message, conflict) {
    super(message);
    this.conflict = conflict;
  }
}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal("offline", false);
  }
  if (!(response.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new Refusal(await response.text(), false);
  }
  const answer = await response.json();
  if (!response.ok) throw new Refusal(answer.error, answer.conflict === true);
  return answer;
}

/** Ask for something. */
export function get(name, params = {}) {
  const address = `/api/${name}?${new URLSearchParams(params)}`;
  return answerOf(early(address) ?? fetch(address));
}

/** Whether a change was made of which the server has not said that it is kept. */
export const isWaiting = () => waiting > 0;

/** Change something; changes go out in the order in which they were made. `body` is a function of that moment. */
export function post(name, body) {
  const sent = queue.then(() =>
    answerOf(
      fetch(`/api/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body()),
      }),
    ),
  );
  waiting += 1;
  queue = sent.catch(() => {}).then(() => { waiting -= 1; });
  return sent;
}
