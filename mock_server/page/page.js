// The page for people: everything it shows comes from the mock server itself.
"use strict";

const ADMIN = "/__admin";
const POLL = 1000;
const SHOWN = 120;
const byId = (id) => document.getElementById(id);

let operations = [];
let faults = [];
let number = null;
let form = "curl";

// Asking

async function admin(path) {
  const token = sessionStorage.getItem("token");
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(ADMIN + path, { headers });
  const told = await answer.json();
  if (answer.status === 401 || answer.status === 403) {
    byId("access").hidden = answer.status !== 401;
    throw new Error(told.detail);
  }
  if (!answer.ok) throw new Error(told.detail);
  byId("access").hidden = true;
  return told;
}

function tellProblem(text) {
  const problem = byId("problem");
  if (problem.textContent !== text) problem.textContent = text;
  problem.hidden = !text;
}

// What an answer holds

function* strings(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const each of Object.values(value)) yield* strings(each);
}

function shortened(value) {
  if (typeof value === "string" && value.length > SHOWN) return `${value.slice(0, 48)}… (${value.length})`;
  if (Array.isArray(value)) return value.map(shortened);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each)]));
  }
  return value;
}

// The captcha

async function refresh() {
  byId("answer").textContent = "····";
  const operation = operations[0];
  if (!operation) return;
  try {
    const answer = await fetch(operation.path, { method: operation.method });
    const all = [...strings(await answer.json())];
    const picture = all.find((each) => each.startsWith("data:image/"));
    number = all.find((each) => /^[0-9A-Z]{6}$/.test(each)) || null;
    byId("picture").src = picture || "data:,";
    byId("number").textContent = number || "–";
    byId("where").textContent = `GET ${ADMIN}/captchas/${number || "…"}`;
  } catch (error) {
    byId("number").textContent = String(error);
  }
}

async function reveal() {
  if (!number) return;
  try {
    byId("answer").textContent = (await admin(`/captchas/${number}`)).text;
  } catch (error) {
    byId("answer").textContent = error.message;
  }
}

// The request that does it

function chosen() {
  return operations.find((each) => each.operationId === byId("operation").value) || operations[0];
}

function target() {
  const operation = chosen();
  const query = ["example", "code", "fault", "delay"]
    .filter((key) => byId(key).value && byId(key).validity.valid)
    .map((key) => `__${key}=${encodeURIComponent(byId(key).value)}`)
    .join("&");
  return operation.path + (query ? `?${query}` : "");
}

function written() {
  const { method } = chosen();
  const url = JSON.stringify(location.origin + target());
  if (form === "fetch") {
    return `const answer = await fetch(${url}, { method: "${method}" });\nconst { data } = await answer.json();`;
  }
  if (form === "axios") {
    return `const { data: answer } = await axios.request({\n  method: "${method}",\n  url: ${url},\n});`;
  }
  return `curl -i -X ${method} '${location.origin}${target()}'`;
}

function rewrite() {
  if (!operations.length) return;
  byId("request").textContent = written();
  const fault = faults.find((each) => each.name === byId("fault").value);
  byId("sentence").textContent = fault ? fault.sentence : "";
}

function choose(tab) {
  form = tab.id.slice("tab-".length);
  for (const each of document.querySelectorAll("[role=tab]")) {
    each.setAttribute("aria-selected", String(each === tab));
    each.tabIndex = each === tab ? 0 : -1;
  }
  byId("request").setAttribute("aria-labelledby", tab.id);
  rewrite();
}

async function send(event) {
  event.preventDefault();
  const response = byId("response");
  response.textContent = "…";
  try {
    const answer = await fetch(target(), { method: chosen().method });
    const head = [`HTTP ${answer.status} ${answer.statusText}`, ...[...answer.headers].map((pair) => pair.join(": "))];
    const text = await answer.text();
    let body = text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length})` : text;
    try {
      body = JSON.stringify(shortened(JSON.parse(text)), null, 2);
    } catch { /* no JSON: it is shown as it came */ }
    response.textContent = `${head.join("\n")}\n\n${body}`;
  } catch (error) {
    response.textContent = `没有应答 no answer: ${error.message}`;
  }
}

function fill(id, names, nothing) {
  const select = byId(id);
  const before = select.value;
  select.replaceChildren(...(nothing === undefined ? [] : [new Option(nothing, "")]), ...names.map((each) => new Option(each)));
  if (names.map(String).includes(before)) select.value = before;
}

function offer() {
  const operation = chosen();
  fill("example", operation.examples, "新的 a fresh one");
  fill("code", operation.codes.slice(1), `${operation.codes[0]}`);
  rewrite();
}

// The last requests

function row(entry) {
  const line = document.createElement("tr");
  line.className = entry.why ? "unmatched" : "";
  const status = entry.status === null ? "✕" : entry.status;
  const cells = [entry.number, entry.loggedDate.slice(11, 19), `${entry.method} ${entry.url}`, status, entry.milliseconds.toFixed(1)];
  line.append(...cells.map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  }));
  if (entry.why) {
    const why = document.createElement("small");
    why.textContent = entry.why;
    line.cells[2].append(why);
  }
  return line;
}

async function look() {
  if (document.hidden) return;
  try {
    const health = await admin("/health");
    byId("health").textContent = `种子 seed ${health.seed} · 已运行 up ${health.uptimeInSeconds} s`;
    tellProblem(health.spec.problem ? `契约文件有误，仍使用上一个正确的版本 the spec is broken, the last good one is served:\n${health.spec.problem}` : "");
    if (!operations.length || health.spec.loaded !== look.loaded) await load();
    look.loaded = health.spec.loaded;
    byId("requests").replaceChildren(...(await admin("/requests?limit=20")).requests.map(row));
    byId("refused").hidden = true;
  } catch (error) {
    if (error instanceof TypeError) byId("health").textContent = "已停止 stopped";
    byId("refused").textContent = error.message;
    byId("refused").hidden = false;
  }
}

async function load() {
  const first = !operations.length;
  operations = (await admin("/operations")).operations;
  faults = (await admin("/faults")).faults;
  fill("operation", operations.map((each) => each.operationId));
  fill("fault", faults.map((each) => each.name), "无 none");
  offer();
  if (first) await refresh();
}

byId("refresh").addEventListener("click", refresh);
byId("reveal").addEventListener("click", reveal);
byId("wishes").addEventListener("input", (event) => (event.target.id === "operation" ? offer() : rewrite()));
byId("wishes").addEventListener("submit", send);
byId("copy").addEventListener("click", () => navigator.clipboard.writeText(written()));
byId("access").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", byId("token").value);
  look();
});
const tabs = [...document.querySelectorAll("[role=tab]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}
look();
setInterval(look, POLL);
