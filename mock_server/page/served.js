// What the mock server tells of itself, for the session that the page has chosen.

export const ADMIN = "/__admin";
export const byId = (id) => document.getElementById(id);
export const here = (path) => new URL(`.${path}`, location.href).href; // below the path that a proxy gives

export function session() {
  const chosen = byId("session");
  return chosen.validity.valid ? chosen.value : "";
}

export function withSession(headers = []) {
  return session() ? [...headers, ["X-Mock-Session", session()]] : headers;
}

export async function admin(path, method = "GET", body = undefined) {
  const headers = withSession([["Content-Type", "application/json"]]);
  const answer = await fetch(here(ADMIN + path), { method, headers, body: JSON.stringify(body) });
  const result = await answer.json();
  if (answer.status === 401) location.reload(); // the server has another token by now: it asks for it
  byId("main").hidden = answer.status === 401 || answer.status === 403;
  if (answer.status === 403) showProblem(result.detail);
  if (!answer.ok) throw new Error(result.detail);
  return result;
}

export function showProblem(text) {
  write(byId("problem"), text);
  byId("problem").hidden = !text;
}

// Only what the user has caused is said aloud.
export function say(text) {
  byId("said").textContent = text;
}

// A text is touched only where it differs, so that a selection in it survives.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function element(name, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

export function bilingual(chinese, english) {
  return [chinese, english && chinese ? " " : "", element("span", { lang: "en", textContent: english })];
}
