// What the page will ask for is asked for while the rest of it is still on its way.

const document_ = location.hash.match(/^#\/text\/([^?]+)/)?.[1];
const asked = new Map();

function ask(address) {
  asked.set(address, fetch(address));
  asked.get(address).catch(() => {}); // it is told where it is used
}

ask("/api/study?");
if (document_) ask(`/api/texts?${new URLSearchParams({ document: decoded(document_) })}`);
setTimeout(() => asked.clear(), 10_000); // an answer that nobody took is old

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The answer to what was asked early, once; undefined where it was not. */
export function early(address) {
  const answer = asked.get(address);
  asked.delete(address);
  return answer;
}
