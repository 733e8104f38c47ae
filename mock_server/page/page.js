// The page for people: everything it shows comes from the mock server itself.

import { ADMIN, admin, bilingual, byId, element, say, session, showProblem, write } from "./served.js";
import { Choices } from "./choices.js";
import { cancel, send, strings } from "./answer.js";
import { CODE, expects, fill, request, sampled, sendable, showBody, showCall, showExample } from "./request.js";
import { forget, showRequests } from "./journal.js";
import { keep, rule, showDefaults } from "./settings.js";

const POLL = 1000;
const REMEMBERED = "mock-server-session";

let form = "curl";
let made = null;
let number = null;
let sample = null;
let loaded = null;
let since = NaN;
const known = {}; // what the mock server gave last: a captcha, its answer, a token

// What can be called

const operations = new Choices(byId("operations"), byId("find-operation"), (each) => [
  element("code", {}, element("b", { textContent: each.method }), ` ${each.path}`),
  element("small", { textContent: each.summary === each.name ? each.name : [each.name, each.summary].filter(Boolean).join(" · ") }),
], choose);
const faults = new Choices(byId("faults"), byId("find-fault"), (each) => [
  element("code", { textContent: each.name ? each.title ?? each.name : "–" }),
  element("small", {}, ...bilingual(each.chinese, each.english)),
], rewrite);

byId("find-operation").addEventListener("shown", () => {
  const { found, left } = operations;
  const told = found ? `另有 ${left} 个，输入文字查找 ${left} more: type to find them` : "没有符合的接口 none is found";
  write(byId("more-operations"), told);
  byId("more-operations").hidden = found > 0 && !left;
});

byId("find-fault").addEventListener("shown", () => {
  byId("no-fault").hidden = faults.found > 0;
});

async function load() {
  const served = (await admin("/operations")).operations;
  const told = await admin("/faults");
  operations.offer(served.map((each) => ({
    ...each, name: each.operationId, words: `${each.operationId} ${each.method} ${each.path} ${each.summary}`.toLowerCase(),
  })));
  const standard = [
    { name: "", title: "", chinese: "按默认设置。", english: "As the settings say." },
    { name: "none", chinese: "没有故障。", english: "None." },
  ].map((each) => ({ ...each, words: `${each.name} ${each.chinese} ${each.english}`.toLowerCase() }));
  const kinds = Object.fromEntries(told.kinds.map((each) => [each.name, each]));
  faults.offer([...standard, ...told.faults.map((each) => ({
    ...each, words: `${each.name} ${each.chinese} ${each.english} ${each.kind} ${kinds[each.kind].chinese} ${kinds[each.kind].english}`.toLowerCase(),
  }))], told.kinds);
  byId("captcha").hidden = !served.some((each) => each.captcha);
  await choose();
  if (!number) await refresh();
}

async function choose() {
  const operation = operations.chosen;
  byId("call").hidden = !operation;
  const again = operation && sample?.operationId === operation.operationId;
  if (!again) {
    sample = null;
    made = null;
    byId("send").disabled = true;
  }
  if (!operation) return;
  try {
    const told = await called(operation);
    if (operation !== operations.chosen) return; // another was chosen meanwhile
    sample = told;
    byId("send").disabled = false;
    byId("chosen").replaceChildren(element("code", { textContent: `${operation.method} ${operation.path}` }));
    write(byId("summary"), operation.summary);
    offer("example", operation.examples, "默认 the usual one");
    offer("code", operation.codes.slice(1), `${operation.codes[0]}`);
    showCall(sample);
    rewrite();
  } catch (error) {
    say(error.message);
  }
}

const called = (operation) => admin(`/operations/call?operation=${encodeURIComponent(operation.operationId)}`);

function offer(id, names, nothing) {
  const select = byId(id);
  const before = select.value;
  select.replaceChildren(new Option(nothing, ""), ...names.map((each) => new Option(each)));
  if (names.map(String).includes(before)) select.value = before;
}

// The request that does it

function asked() {
  const [example, code, delay] = ["example", "code", "delay"].map((key) => (byId(key).validity.valid ? byId(key).value : ""));
  return { example, code, fault: faults.value, delay };
}

function preferences() {
  return Object.entries(asked()).filter(([, value]) => value).map(([key, value]) => [`__${key}`, value]);
}

function rewrite() {
  const fault = faults.chosen;
  byId("chosen-fault").textContent = fault?.name || "按默认设置 as the settings say";
  if (!sample) return;
  try {
    made = request(preferences());
    write(byId("request"), CODE[form](made));
    write(byId("note"), made.notes.join("; "));
    byId("fill").hidden = !expects().length;
  } catch (error) {
    made = null; // half of a character, for example
    write(byId("note"), error.message);
  }
}

function show(tab) {
  form = tab.id.slice("tab-".length);
  for (const each of tabs) {
    each.setAttribute("aria-selected", String(each === tab));
    each.tabIndex = each === tab ? 0 : -1;
  }
  byId("request").setAttribute("aria-labelledby", tab.id);
  rewrite();
}

async function submit(event) {
  event.preventDefault();
  rewrite();
  if (!made) return;
  const { gives } = sample;
  const answer = await send(made);
  if (answer !== undefined) remember(gives, answer);
  await look();
}

function remember(gives, answer) {
  for (const { what, path } of gives) {
    const value = path.reduce((node, step) => node?.[step === "*" ? 0 : step], answer);
    if (typeof value === "string") known[what] = value;
  }
}

// The captcha

async function refresh() {
  write(byId("answer"), "····");
  const operation = operations.items.find((each) => each.captcha);
  if (!operation) return;
  try {
    const drawn = await called(operation);
    const usual = sampled(drawn);
    const answer = await fetch(usual.url, { method: usual.method, ...sendable(usual) });
    const isPicture = answer.headers.get("Content-Type")?.startsWith("image/");
    const value = isPicture ? {} : await answer.json();
    remember(drawn.gives, value);
    if (!drawn.gives.some((each) => each.what === "captcha.id")) {
      known["captcha.id"] = (await admin("/captchas?limit=1")).captchas[0]?.img_code_id;
    }
    number = known["captcha.id"] ?? null;
    const picture = isPicture ? await dataUrl(await answer.blob()) : undefined;
    byId("picture").src = picture ?? [...strings(value)].find((each) => each.startsWith("data:image/")) ?? "data:,";
    write(byId("number"), number ?? "–");
    write(byId("where"), `GET ${ADMIN}/captchas/${number ?? "…"}`);
  } catch (error) {
    write(byId("number"), String(error));
  }
}

function dataUrl(blob) {
  const reader = new FileReader();
  return new Promise((done) => {
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
}

async function reveal() {
  if (!number) return undefined;
  try {
    const { text } = await admin(`/captchas/${encodeURIComponent(number)}`);
    write(byId("answer"), text);
    return text;
  } catch (error) {
    write(byId("answer"), error.message);
    return undefined;
  }
}

async function fillIn() {
  if (expects().some((each) => each.startsWith("captcha."))) {
    await refresh();
    known["captcha.answer"] = await reveal();
  }
  try {
    fill(known);
  } catch (error) {
    say(error.message);
  }
  rewrite();
}

// What is going on

async function reset() {
  await admin("/reset", "POST");
  forget();
  await look();
  say(byId("defaults").textContent);
}

function showUnserved(unserved) {
  const list = byId("unserved");
  list.hidden = !unserved.length;
  write(list.firstElementChild, `无法提供，返回 501 cannot be served, answered with 501: ${unserved.length}`);
  const texts = unserved.map((each) => `${each.method} ${each.path}: ${each.place}: ${each.reason}`);
  const shown = list.lastElementChild;
  if (texts.join("\n") === [...shown.children].map((each) => each.textContent).join("\n")) return;
  shown.replaceChildren(...texts.map((textContent) => element("li", { textContent })));
}

function showHealth({ seed, timestamp, uptimeInSeconds }) {
  const began = Date.parse(timestamp) - uptimeInSeconds * 1000; // in whole seconds only
  if (!(Math.abs(began - since) < 3000)) since = began;
  write(byId("health"), `种子 seed ${seed} · 启动于 up since ${new Date(since).toLocaleString([], { hour12: false })}`);
}

function showSessions(names) {
  const list = byId("sessions");
  if (names.join() === [...list.children].map((each) => each.value).join()) return;
  list.replaceChildren(...names.map((value) => element("option", { value })));
}

async function look() {
  if (document.hidden) return;
  try {
    const health = await admin("/health");
    showHealth(health);
    showSessions(health.sessions);
    const { problem } = health.spec;
    showProblem(problem ? `契约有误，仍使用上一个正确的版本 the spec is broken, the last good one is served:\n${problem}` : "");
    showUnserved(health.spec.unserved);
    if (health.spec.loaded !== loaded) {
      loaded = health.spec.loaded;
      await load();
    }
    if (health.workers === 1 || health.state.shared) showDefaults(await admin("/settings"));
    showRequests((await admin("/requests?limit=20")).requests);
    byId("refused").hidden = true;
  } catch (error) {
    if (error instanceof TypeError) write(byId("health"), "已停止 stopped");
    write(byId("refused"), error.message);
    byId("refused").hidden = false;
  }
}

const tabs = [...document.querySelectorAll("[role=tab]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    show(next);
    next.focus();
  });
}
byId("call").addEventListener("submit", submit);
byId("call").addEventListener("input", rewrite);
byId("media-type").addEventListener("change", () => { showBody(); rewrite(); });
byId("shown").addEventListener("change", () => { showExample(); rewrite(); });
byId("cancel").addEventListener("click", cancel);
byId("fill").addEventListener("click", fillIn);
byId("refresh").addEventListener("click", refresh);
byId("reveal").addEventListener("click", reveal);
byId("keep").addEventListener("click", () => keep(asked()));
byId("rule").addEventListener("click", () => rule({ operation: operations.value, ...asked() }));
byId("reset").addEventListener("click", reset);
byId("copy").addEventListener("click", async () => {
  const written = byId("request");
  getSelection().selectAllChildren(written); // all that a page without https may do
  await navigator.clipboard?.writeText(written.textContent);
  say(navigator.clipboard ? "已复制 copied" : "已选中 selected");
});
byId("session").value = sessionStorage.getItem(REMEMBERED) ?? "";
byId("session").addEventListener("change", async () => {
  sessionStorage.setItem(REMEMBERED, session());
  forget();
  rewrite();
  await Promise.all([look(), refresh()]); // a captcha belongs to its session
  say(`会话 session ${session() || "default"}`);
});
look();
setInterval(look, POLL);
