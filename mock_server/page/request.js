// The fields of a request: shown, edited, and written as OpenAPI 3.0 writes parameters and bodies.

import { byId, element, here, withSession } from "./served.js";

const ONLY_BROWSERS =
  /^(accept-charset|accept-encoding|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;
const PLACES = { path: "路径 path", query: "查询 query", header: "请求头 header", cookie: "Cookie" };
const BODILESS = /^(GET|HEAD)$/;
const DELIMITERS = { spaceDelimited: " ", pipeDelimited: "|" };

let call = null;
let fields = []; // of the parameters
let parts = []; // of a form
let text0 = ""; // of a body, before it was edited

// Showing

// Show the request of an operation. If it is shown again, because the spec was saved, what was typed stays.
export function showCall(sample) {
  if (JSON.stringify(sample) === JSON.stringify(call)) return;
  const edited = call?.operationId === sample.operationId ? edits() : null;
  showSample(sample);
  if (edited) restore(edited);
}

function showSample(sample) {
  call = sample;
  fields = sample.parameters.map((each, index) => new Field(each, `parameter-${index}`, PLACES[each.in]));
  byId("parameters").hidden = !fields.length;
  byId("parameters").lastElementChild.replaceChildren(...fields.flatMap((each) => each.nodes));
  byId("body").hidden = !sample.bodies.length;
  const types = sample.bodies.map((each) => new Option(each.mediaType));
  const none = new Option("不发送 none", "");
  const optional = sample.bodies.length && !sample.bodies[0].required;
  byId("media-type").replaceChildren(...types, none);
  byId("media-type").value = optional && !hasExamples(sample.bodies[0]) ? "" : types[0]?.value ?? "";
  showBody();
}

function edits() {
  const focused = document.activeElement;
  const { id, selectionStart, selectionEnd } = focused;
  return {
    fields: [...fields, ...parts].filter((each) => each.edited || each.input === focused || each.sent === focused),
    mediaType: byId("media-type").value,
    shown: byId("shown").value,
    text: byId("text")?.value === text0 ? undefined : byId("text")?.value,
    files: byId("text")?.files,
    focused: { element: focused, id, selectionStart, selectionEnd },
  };
}

function restore(edited) {
  choose("media-type", edited.mediaType);
  showBody();
  choose("shown", edited.shown);
  showExample();
  for (const old of edited.fields) {
    const { name, in: place } = old.described;
    const same = [...fields, ...parts].find((each) => each.described.name === name && each.described.in === place);
    if (!same) continue;
    if (old.edited) same.take(old);
    if (old.input === edited.focused.element) edited.focused.id = same.input.id;
    if (old.sent === edited.focused.element) edited.focused.id = same.sent.id;
  }
  if (edited.text !== undefined && byId("text")?.type === "textarea") byId("text").value = edited.text;
  if (edited.files?.length && byId("text")?.type === "file") byId("text").files = edited.files;
  const focused = edited.focused.id && document.getElementById(edited.focused.id);
  if (!focused || focused === document.activeElement) return;
  focused.focus({ preventScroll: true });
  if (/^text/.test(focused.type)) focused.setSelectionRange(edited.focused.selectionStart, edited.focused.selectionEnd);
}

function choose(id, value) {
  if ([...byId(id).options].some((each) => each.value === value)) byId(id).value = value;
}

const hasExamples = (body) => Object.keys(body.examples).some(Boolean);

function body() {
  return call.bodies.find((each) => each.mediaType === byId("media-type").value);
}

export function showBody() {
  const names = Object.keys(body()?.examples ?? {});
  byId("shown").replaceChildren(...names.map((each) => new Option(each || "自动生成 made up", each)));
  for (const each of [byId("shown"), byId("shown").previousElementSibling]) each.hidden = names.length < 2;
  showExample();
}

export function showExample() {
  const content = byId("content");
  const chosen = body();
  parts = [];
  if (!chosen) return content.replaceChildren();
  const shown = chosen.examples[byId("shown").value];
  if (Array.isArray(shown)) {
    parts = shown.map((each, index) => new Field(each, `part-${index}`, ""));
    return content.replaceChildren(...parts.flatMap((each) => each.nodes));
  }
  const name = { textContent: chosen.form === "file" ? "文件 file" : "内容 content", htmlFor: "text" };
  const properties = chosen.form === "file" ? { type: "file" } : { value: shown, spellcheck: false, rows: rows(shown) };
  text0 = shown;
  const input = element(chosen.form === "file" ? "input" : "textarea", { id: "text", className: "whole", ...properties });
  return content.replaceChildren(element("label", { className: "whole", ...name }), input);
}

const rows = (text) => Math.min(14, Math.max(3, text.split("\n").length));

class Field {
  constructor(described, id, place) {
    this.described = described;
    this.sent = element("input", { type: "checkbox", checked: described.sent, id: `${id}-sent` });
    this.sent.setAttribute("aria-label", `发送 send ${described.name}`);
    const label = element("label", { htmlFor: id }, element("code", { textContent: described.name }));
    if (described.required) label.append(element("abbr", { title: "必填 required", textContent: " *" }));
    if (place) label.append(element("small", { textContent: ` ${place}` }));
    this.input = described.file
      ? element("input", { type: "file", id, multiple: described.structured })
      : element("input", { type: "text", id, value: described.value, autocomplete: "off", spellcheck: false });
    this.input.addEventListener("input", () => { this.sent.checked = true; });
    const told = [described.description, described.file ? "未选择时发送一个小文件 without a choice, a small file is sent" : ""];
    const hint = element("small", { id: `${id}-hint`, textContent: told.filter(Boolean).join(" · ") });
    this.input.setAttribute("aria-describedby", hint.id);
    this.nodes = [this.sent, label, this.input, ...(hint.textContent ? [hint] : [])];
  }

  get edited() {
    const chosen = this.described.file ? this.input.files.length > 0 : this.input.value !== this.described.value;
    return chosen || this.sent.checked !== this.described.sent;
  }

  take(old) {
    this.sent.checked = old.sent.checked;
    if (!this.described.file) this.input.value = old.input.value;
    else if (old.input.files) this.input.files = old.input.files;
  }

  get value() {
    return typed(this.described, this.input.value);
  }

  get texts() {
    return Array.isArray(this.value) ? texts(this.value) : [this.input.value];
  }

  files() {
    if (this.input.files.length) return [...this.input.files];
    const [type] = (this.described.contentType ?? "application/octet-stream").split(",");
    const content = [`${this.described.name} of the mock server's page\n`];
    const several = this.described.structured ? [typed({ structured: true }, this.described.value)].flat() : [""];
    return several.map((_, index) => new File(content, `${this.described.name}${index || ""}.bin`, { type: concrete(type) }));
  }
}

// A type that stands for a range such as image/*: a request names one.
function concrete(type, chosen = "") {
  const [kind, inner] = type.trim().split("/");
  if (inner !== "*") return type.trim();
  if (chosen.startsWith(`${kind}/`) || (kind === "*" && chosen)) return chosen;
  return { image: "image/png", text: "text/plain", audio: "audio/mpeg", video: "video/mp4" }[kind] ?? "application/octet-stream";
}

// What the mock server holds values to: the last captcha, the last token

export function expects() {
  const bodies = body()?.expects ?? [];
  return [...fields, ...parts].map((each) => each.described.expects).filter(Boolean).concat(bodies.map((each) => each.what));
}

export function fill(known) {
  for (const each of [...fields, ...parts]) {
    const value = known[each.described.expects];
    if (value) Object.assign(each.input, { value }), each.sent.checked = true;
  }
  const chosen = body();
  if (chosen?.form !== "json") return;
  const value = JSON.parse(byId("text").value);
  for (const { what, path } of chosen.expects) {
    const inner = path.slice(0, -1).reduce((node, step) => node?.[step === "*" ? 0 : step], value);
    if (inner && known[what]) inner[path.at(-1)] = known[what];
  }
  byId("text").value = JSON.stringify(value, null, 2);
}

// Writing

// A list or an object is typed as JSON; what is none is sent as it was typed, as is JSON within JSON.
function typed({ structured, json }, value) {
  if (!structured || json) return value;
  try {
    return JSON.parse(value, exactly);
  } catch {
    return value;
  }
}

// An integer of many digits is kept as the text that it was, if the browser tells it.
function exactly(_, value, context) {
  return typeof value === "number" && !Number.isSafeInteger(value) ? context?.source ?? value : value;
}

const texts = (value) => (value && typeof value === "object" ? Object.values(value).flatMap(texts) : [text(value)]);
const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const pairs = (value, explode) =>
  Object.entries(value).flatMap(([key, each]) => (explode ? [`${key}=${text(each)}`] : [key, text(each)]));
const listed = (value, explode) => (isObject(value) ? pairs(value, explode) : texts(value));

function inPath({ described, value }) {
  const { name, style, explode } = described;
  const prefix = { label: ".", matrix: ";" }[style] ?? "";
  const encoded = (part) => encodeURIComponent(part);
  if (style === "matrix" && !isObject(value) && explode) {
    return texts(value).map((part) => `;${name}=${encoded(part)}`).join("");
  }
  const delimiter = prefix && explode ? prefix : ",";
  const parted = listed(value, explode).map((part) => (explode ? encoded(part).replaceAll("%3D", "=") : encoded(part)));
  const named = style === "matrix" && !(isObject(value) && explode) ? `${name}=` : "";
  return prefix + named + parted.join(delimiter);
}

function* inQuery({ described, value }) {
  const { name, style, explode } = described;
  if (described.json) yield [name, text(value)];
  else if (isObject(value) && style === "deepObject") yield* deeply(name, value);
  else if (isObject(value) && explode) {
    for (const [key, each] of Object.entries(value)) yield [key, text(each)];
  } else if (Array.isArray(value) && explode) {
    for (const each of texts(value)) yield [name, each];
  } else yield [name, listed(value, false).join(DELIMITERS[style] ?? ",")];
}

function* deeply(name, value) {
  for (const [key, each] of Object.entries(value)) {
    if (isObject(each)) yield* deeply(`${name}[${key}]`, each);
    else for (const one of texts(each)) yield [`${name}[${key}]`, one];
  }
}

const inHeader = ({ described, value }) => (described.json ? text(value) : listed(value, described.explode).join(","));
const inCookie = (value) => value.replace(/[^!#-+\--:<-[\]-~]/gu, encodeURIComponent);
const literal = (path) => encodeURI(path).replace(/%25([0-9a-f]{2})/gi, "%$1").replaceAll("?", "%3F").replaceAll("#", "%23");

function pathOf(path, sent) {
  const values = Object.fromEntries(sent.map((each) => [each.described.name, inPath(each)]));
  const steps = path.split(/(\{[^{}/]*\})/);
  return steps.map((step) => (step.startsWith("{") ? values[step.slice(1, -1)] ?? encodeURIComponent(step) : literal(step))).join("");
}

// Give the request as it stands: its URL, headers, cookies and body, and what a browser cannot send of it.
export function request(preferences) {
  return made(call, fields.filter((each) => each.sent.checked), bodyOf(), preferences);
}

// Give a request that nobody has edited.
export function sampled(sample) {
  const sent = sample.parameters.filter((each) => each.sent).map((each) => ({ described: each, value: typed(each, each.value) }));
  const [first] = sample.bodies;
  const shown = first?.required ? Object.values(first.examples)[0] : undefined;
  return made(sample, sent, typeof shown === "string" ? { kind: "text", type: first.mediaType, text: shown } : {}, []);
}

function made(sample, sent, written, preferences) {
  const within = (place) => sent.filter((each) => each.described.in === place);
  const query = [...within("query").flatMap((each) => [...inQuery(each)]), ...preferences];
  const asked = query.length ? `?${query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}` : "";
  const path = pathOf(sample.path, within("path"));
  const headers = withSession(within("header").map((each) => [each.described.name, inHeader(each)]));
  const cookies = within("cookie").map((each) => [each.described.name, inCookie(inHeader(each))]);
  if (written.type) headers.push(["Content-Type", written.type]);
  const notes = notesOf(sample.method, path, headers, written);
  return { method: sample.method, url: here(path + asked), headers, cookies, ...written, notes };
}

function notesOf(method, path, headers, { kind }) {
  const theirs = headers.map(([name]) => name).filter((name) => ONLY_BROWSERS.test(name));
  const told = theirs.length ? [`浏览器不允许页面设置 browsers do not let a page set: ${theirs.join(", ")}`] : [];
  if (kind && BODILESS.test(method)) told.push("浏览器不发送 GET 的请求体，请用 curl browsers send no body with GET: use curl");
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) told.push("浏览器会化简路径中的 . 和 ..，请用 curl browsers resolve . and .. in a path: use curl");
  if (method === "TRACE") told.push("浏览器不发送 TRACE，请用 curl browsers send no TRACE: use curl");
  return told;
}

function bodyOf() {
  const chosen = body();
  if (!chosen) return {};
  const type = concrete(chosen.mediaType, byId("text")?.files?.[0]?.type);
  const sent = parts.filter((each) => each.sent.checked);
  if (chosen.form === "multipart") return { kind: "multipart", parts: sent.flatMap(partsOf) };
  if (chosen.form === "form") {
    const written = sent.flatMap((each) => [...inQuery(each)]);
    return { kind: "text", type, text: new URLSearchParams(written).toString() };
  }
  if (chosen.form === "file") {
    const file = byId("text").files[0] ?? new File(["bytes of the mock server's page\n"], "file.bin");
    return { kind: "file", type, file };
  }
  return { kind: "text", type, text: byId("text").value };
}

function partsOf(field) {
  const { name, file, contentType } = field.described;
  if (file) return field.files().map((each) => ({ name, file: each }));
  const type = contentType?.split(",")[0].trim() ?? (field.described.json ? "application/json" : "");
  return field.texts.map((value) => ({ name, value, type }));
}

// Give what a browser sends for a request: its headers and its body.
export function sendable({ kind, headers, text: written, file, parts: some, method }) {
  if (!kind || BODILESS.test(method)) return { headers };
  if (kind !== "multipart") return { headers, body: kind === "file" ? file : written };
  const { sent, label } = multipart(some);
  return { headers: [...headers, ["Content-Type", label]], body: sent };
}

// The parts of a form: a FormData would label each part that states its type a file.
function multipart(some) {
  const boundary = `mock-server-page-${crypto.getRandomValues(new Uint32Array(4)).join("")}`;
  const named = (name) => name.replace(/[\r\n"]/g, encodeURIComponent);
  const written = some.flatMap(({ name, file, value, type }) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${named(name)}"`;
    const kind = file ? `; filename="${named(file.name)}"\r\nContent-Type: ${file.type || "application/octet-stream"}` : type && `\r\nContent-Type: ${type}`;
    return [`${head}${kind}\r\n\r\n`, file ?? value, "\r\n"];
  });
  return { sent: new Blob([...written, `--${boundary}--\r\n`]), label: `multipart/form-data; boundary=${boundary}` };
}

// As code

const quoted = (value) => `'${value.replaceAll("'", "'\\''")}'`;
const inForm = (value) => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const CODE = {
  curl(made) {
    const lines = [`curl -i -X ${made.method} ${quoted(made.url)}`];
    if (made.method === "HEAD") lines[0] = `curl -I ${quoted(made.url)}`;
    if (/[[\]{}]/.test(made.url)) lines[0] = lines[0].replace("curl", "curl -g");
    for (const [name, value] of made.headers) lines.push(`-H ${quoted(value ? `${name}: ${value}` : `${name};`)}`);
    if (made.cookies.length) lines.push(`-b ${quoted(made.cookies.map((pair) => pair.join("=")).join("; "))}`);
    if (made.kind === "text") lines.push(`--data-raw ${quoted(made.text)}`);
    if (made.kind === "file") lines.push(`--data-binary ${quoted(`@${made.file.name}`)}`);
    for (const { name, file, value, type } of made.parts ?? []) {
      if (file) lines.push(`-F ${quoted(`${name}=@${inForm(file.name)};type=${file.type}`)}`);
      else if (type) lines.push(`-F ${quoted(`${name}=${inForm(value)};type=${type}`)}`);
      else lines.push(`--form-string ${quoted(`${name}=${value}`)}`);
    }
    return lines.join(" \\\n  ");
  },
  fetch(made) {
    const options = [`method: ${JSON.stringify(made.method)}`, ...headersIn(made), ...bodyIn(made, "body")];
    return `${formIn(made)}const answer = await fetch(${JSON.stringify(made.url)}, {\n  ${options.join(",\n  ")},\n});`;
  },
  axios(made) {
    const options = [`method: ${JSON.stringify(made.method)}`, `url: ${JSON.stringify(made.url)}`, ...headersIn(made), ...bodyIn(made, "data")];
    return `${formIn(made)}const { data: answer } = await axios.request({\n  ${options.join(",\n  ")},\n});`;
  },
};

const headersIn = ({ headers }) =>
  headers.length ? [`headers: { ${headers.map((pair) => pair.map((each) => JSON.stringify(each)).join(": ")).join(", ")} }`] : [];

function bodyIn({ kind, text: written }, name) {
  if (!kind) return [];
  const value = { text: () => JSON.stringify(written), file: () => "file", multipart: () => "form" }[kind]();
  return [`${name}: ${value}`];
}

function formIn({ kind, parts: some }) {
  if (kind !== "multipart") return "";
  const lines = some.map(({ name, file, value }) => `form.append(${JSON.stringify(name)}, ${file ? "file" : JSON.stringify(value)});`);
  return `const form = new FormData();\n${lines.join("\n")}\n`;
}
