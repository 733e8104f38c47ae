// The page for people: everything it shows comes from the mock server itself.
"use strict";

const ADMIN = "/__admin";
const POLL = 1000;
const SHOWN = 120;
const byId = (id) => document.getElementById(id);
const here = (path) => new URL(`.${path}`, location.href).href; // below the path that a proxy gives

let operations = [];
let faults = [];
let kinds = [];
let defaults = {};
let number = null;
let form = "curl";

// The admin interface

async function admin(path, method = "GET", body = undefined) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(here(ADMIN + path), { method, headers, body: JSON.stringify(body) });
  const result = await answer.json();
  if (answer.status === 401) location.reload(); // the server has another token by now: it asks for it
  byId("main").hidden = answer.status === 401 || answer.status === 403;
  if (answer.status === 403) showProblem(result.detail);
  if (!answer.ok) throw new Error(result.detail);
  return result;
}

function showProblem(text) {
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
    const answer = await fetch(here(operation.path), { method: operation.method });
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
  const url = JSON.stringify(here(target()));
  if (form === "fetch") {
    return `const answer = await fetch(${url}, { method: "${method}" });\nconst { data } = await answer.json();`;
  }
  if (form === "axios") {
    return `const { data: answer } = await axios.request({\n  method: "${method}",\n  url: ${url},\n});`;
  }
  return `curl -i -X ${method} '${here(target())}'`;
}

function rewrite() {
  if (!operations.length) return;
  byId("request").textContent = written();
  const fault = faults.find((each) => each.name === byId("fault").value);
  for (const language of ["chinese", "english"]) byId(language).textContent = fault ? fault[language] : "";
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
  byId("received").hidden = true;
  try {
    const answer = await fetch(here(target()), { method: chosen().method });
    const head = [`HTTP ${answer.status} ${answer.statusText}`, ...[...answer.headers].map((pair) => pair.join(": "))];
    const text = await answer.text();
    let body = text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length})` : text;
    try {
      const value = JSON.parse(text);
      draw([...strings(value)].find((each) => each.startsWith("data:")));
      body = JSON.stringify(shortened(value), null, 2);
    } catch { /* no JSON: it is shown as it came */ }
    response.textContent = `${head.join("\n")}\n\n${body}`;
  } catch (error) {
    response.textContent = `没有应答 no answer: ${error.message}`;
  }
}

function draw(picture) {
  byId("received").hidden = !picture;
  byId("drawing").textContent = "";
  if (picture) byId("drawn").src = picture;
}

function fill(id, names, nothing) {
  const select = byId(id);
  const before = select.value;
  select.replaceChildren(...(nothing === undefined ? [] : [new Option(nothing, "")]), ...names.map((each) => new Option(each)));
  if (names.map(String).includes(before)) select.value = before;
}

function offer() {
  const operation = chosen();
  fill("example", operation.examples, "新生成 a fresh one");
  fill("code", operation.codes.slice(1), `${operation.codes[0]}`);
  rewrite();
}

function offerFaults() {
  const select = byId("fault");
  const before = select.value;
  const groups = kinds.map((kind) => {
    const group = document.createElement("optgroup");
    group.label = `${kind.chinese} ${kind.english}`;
    group.append(...faults.filter((each) => each.kind === kind.name).map((each) => new Option(each.name)));
    return group;
  });
  select.replaceChildren(new Option("按默认设置 the default", ""), new Option("无 none", "none"), ...groups);
  select.value = before;
}

// The defaults

function delayed({ fixedDelay, delayDistribution: spread }) {
  if (fixedDelay !== null) return `${fixedDelay} ms`;
  if (!spread) return "无 none";
  return spread.type === "uniform" ? `${spread.lower}-${spread.upper} ms` : `≈ ${spread.median} ms`;
}

function showDefaults(settings) {
  defaults = settings;
  const text = `默认 by default: 故障 fault ${settings.fault || "无 none"} · 延迟 delay ${delayed(settings)}`;
  if (byId("defaults").textContent !== text) byId("defaults").textContent = text;
  byId("standing").hidden = false;
}

async function keep() {
  if (!byId("preferences").reportValidity()) return;
  const wanted = { ...defaults };
  const [fault, delay] = [byId("fault").value, byId("delay").value];
  if (fault) wanted.fault = fault === "none" ? null : fault;
  if (delay) {
    const [lower, upper = lower] = delay.split("-").map(Number);
    wanted.fixedDelay = lower === upper ? lower : null;
    wanted.delayDistribution = lower === upper ? null : { type: "uniform", lower, upper };
  }
  try {
    showDefaults(await admin("/settings", "PUT", wanted));
  } catch (error) {
    byId("response").textContent = error.message;
  }
}

async function reset() {
  await admin("/reset", "POST");
  await look();
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
  if (entry.status === null) line.cells[3].title = "没有发出状态码 no status was sent";
  if (entry.why) {
    const why = document.createElement("small");
    why.textContent = entry.why;
    line.cells[2].append(why);
  }
  return line;
}

function problems(spec) {
  const told = spec.problem ? [`契约有误，仍使用上一个正确的版本 the spec is broken, the last good one is served:\n${spec.problem}`] : [];
  if (spec.unserved.length) told.push("以下接口无法提供，返回 501 these operations cannot be served, and are answered with 501:");
  return [...told, ...spec.unserved.map((each) => `${each.method} ${each.path}: ${each.place}: ${each.reason}`)];
}

async function look() {
  if (document.hidden) return;
  try {
    const health = await admin("/health");
    byId("health").textContent = `种子 seed ${health.seed} · 已运行 up ${health.uptimeInSeconds} s`;
    showProblem(problems(health.spec).join("\n"));
    if (!operations.length || health.spec.loaded !== look.loaded) await load();
    look.loaded = health.spec.loaded;
    if (health.workers === 1) showDefaults(await admin("/settings"));
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
  ({ faults, kinds } = await admin("/faults"));
  fill("operation", operations.map((each) => each.operationId));
  offerFaults();
  offer();
  if (first) await refresh();
}

byId("refresh").addEventListener("click", refresh);
byId("reveal").addEventListener("click", reveal);
byId("preferences").addEventListener("input", (event) => (event.target.id === "operation" ? offer() : rewrite()));
byId("preferences").addEventListener("submit", send);
byId("keep").addEventListener("click", keep);
byId("reset").addEventListener("click", reset);
byId("drawn").addEventListener("load", () => {
  const { naturalWidth, naturalHeight } = byId("drawn");
  byId("drawing").textContent = `浏览器显示的图片 as the browser shows it: ${naturalWidth}×${naturalHeight}`;
});
byId("drawn").addEventListener("error", () => {
  byId("drawing").textContent = "浏览器无法显示这张图片 the browser cannot show this picture";
});
byId("copy").addEventListener("click", () => navigator.clipboard.writeText(written()));
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
