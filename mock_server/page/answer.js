// One call: sent, cancelled, and its answer as a person can look at it.

import { byId, here, say, write } from "./served.js";
import { CODE, sendable } from "./request.js";

const MOST = 20 << 20; // bytes of an answer that are read
const SHOWN = 200_000; // characters of a body that are shown
const LONG = 160; // characters of a text within JSON that are shown
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

let sending = null;
let link = "";

export function cancel() {
  sending?.abort();
}

// Send a request; give the JSON of the answer, if it is some.
export async function send(made) {
  sending?.abort();
  const mine = new AbortController();
  sending = mine;
  const started = performance.now();
  const spent = () => `${(performance.now() - started).toFixed(0)} ms`;
  const ticking = setInterval(() => write(byId("timing"), `… ${spent()}`), 200);
  byId("cancel").disabled = false;
  write(byId("timing"), "…");
  write(byId("repeat"), CODE.curl(made));
  try {
    const answer = await withCookies(made.cookies, () => fetch(made.url, {
      method: made.method,
      ...sendable(made),
      redirect: "manual",
      cache: "no-store",
      signal: mine.signal,
    }));
    const first = spent();
    const { bytes, cut } = await read(answer, mine);
    if (sending !== mine) return undefined;
    const timing = `${first} 首字节 first byte · ${spent()} 全部 in all`;
    write(byId("timing"), timing);
    say(`${answer.status}, ${timing}`);
    return await show(answer, bytes, cut);
  } catch (error) {
    if (sending === mine) fail(error, spent());
    return undefined;
  } finally {
    clearInterval(ticking);
    if (sending === mine) {
      sending = null;
      if (document.activeElement === byId("cancel")) byId("send").focus();
      byId("cancel").disabled = true;
    }
  }
}

function fail(error, spent) {
  const told = error.name === "AbortError" ? `已取消 cancelled · ${spent}` : `没有应答 no answer: ${error.message} · ${spent}`;
  write(byId("timing"), told);
  say(told);
  blank("", "");
  byId("response").textContent = told;
}

// A page cannot set the header: for the time of the call, the browser keeps the cookies.
async function withCookies(cookies, sent) {
  const path = `; path=${new URL(here("/")).pathname}`;
  for (const [name, value] of cookies) document.cookie = `${name}=${value}${path}`;
  try {
    return await sent();
  } finally {
    for (const [name] of cookies) document.cookie = `${name}=; max-age=0${path}`;
  }
}

async function read(answer, mine) {
  const parts = [];
  let size = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return { bytes: new Blob(parts), cut: false };
    parts.push(value);
    size += value.length;
    if (size > MOST) {
      reader.cancel().catch(() => undefined);
      if (sending === mine) return { bytes: new Blob(parts), cut: true };
    }
  }
}

// Showing

function blank(status, headers) {
  byId("answered").hidden = false;
  byId("status").textContent = status;
  byId("headers").textContent = headers;
  byId("received").hidden = true;
  byId("drawing").textContent = "";
  byId("download").hidden = true;
  byId("size").textContent = "";
  byId("response").textContent = "";
  URL.revokeObjectURL(link);
}

async function show(answer, bytes, cut) {
  const type = answer.headers.get("content-type") ?? "";
  const redirected = answer.type === "opaqueredirect";
  blank(redirected ? "3xx" : `${answer.status} ${answer.statusText}`, [...answer.headers].map((pair) => pair.join(": ")).join("\n"));
  const response = byId("response");
  if (redirected) {
    response.textContent = "重定向，浏览器不让页面读取：状态见下方的请求记录 a redirect, which a browser lets no page read: its status is in the journal below";
    return undefined;
  }
  if (!bytes.size) {
    response.textContent = answer.status === 204 ? "204：没有正文 no content" : "没有正文 no body";
    return undefined;
  }
  write(byId("size"), `${bytes.size.toLocaleString()} 字节 bytes${cut ? "，到此为止 and cut off here" : ""} · ${type || "没有类型 no media type"}`);
  offer(bytes, type, answer.headers.get("content-disposition") ?? "");
  if (/^image\//i.test(type)) {
    draw(await asUrl(new Blob([bytes], { type })));
    response.textContent = "图片 a picture";
    return undefined;
  }
  const text = decoded(await bytes.arrayBuffer(), type);
  if (text === null) {
    response.textContent = "二进制数据 binary data";
    return undefined;
  }
  const [value, isJson] = parsed(text);
  if (isJson) draw([...strings(value)].find((each) => each.startsWith("data:")));
  const written = isJson ? formatted(text) : text;
  response.textContent = written.length > SHOWN ? `${written.slice(0, SHOWN)}… (${written.length})` : written;
  return isJson ? value : undefined;
}

function offer(bytes, type, disposition) {
  const download = byId("download");
  link = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  download.href = link;
  const named = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? /filename="?([^";]+)/i.exec(disposition)?.[1];
  const ending = type.split(";")[0].split("/")[1]?.replace(/[^a-z0-9]/gi, "") || "bin";
  download.download = named ? readable(named) : `answer.${ending}`;
  download.hidden = false;
}

function readable(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function decoded(bytes, type) {
  const charset = /charset="?([^";\s]+)/i.exec(type)?.[1] ?? "utf-8";
  if (/octet-stream|zip|pdf|msword|officedocument|ms-excel|protobuf/i.test(type)) return null;
  for (const each of ["utf-8", charset]) {
    try {
      const text = new TextDecoder(each, { fatal: true }).decode(bytes);
      if (!text.includes("\0")) return text;
    } catch { /* another one, or none */ }
  }
  return null;
}

function parsed(text) {
  try {
    return [JSON.parse(text), true];
  } catch {
    return [undefined, false];
  }
}

const asUrl = (blob) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(blob);
  });

function draw(picture) {
  byId("received").hidden = !picture;
  if (picture) byId("drawn").src = picture;
}

export function* strings(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const each of Object.values(value)) yield* strings(each);
}

// Indent JSON; every number, and a name that stands twice, stay as they were sent.
function formatted(text) {
  const tokens = text.match(TOKEN) ?? [];
  const lines = [];
  let depth = 0;
  let line = "";
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (/^[}\]]$/.test(token)) {
      depth -= 1;
      if (!/^[{[]$/.test(tokens[index - 1])) {
        lines.push(line);
        line = "  ".repeat(depth);
      }
      line += token;
    } else if (token === ",") {
      lines.push(`${line},`);
      line = "  ".repeat(depth);
    } else if (/^[{[]$/.test(token)) {
      depth += 1;
      line += token;
      if (!/^[}\]]$/.test(next)) {
        lines.push(line);
        line = "  ".repeat(depth);
      }
    } else if (token === ":") line += ": ";
    else line += token.startsWith('"') ? shortened(token) : token;
  });
  return [...lines, line].join("\n");
}

function shortened(token) {
  const value = JSON.parse(token);
  return value.length > LONG ? `${JSON.stringify(value.slice(0, 64))}… (${value.length})` : JSON.stringify(value);
}

byId("drawn").addEventListener("load", () => {
  const { naturalWidth, naturalHeight } = byId("drawn");
  byId("drawing").textContent = `浏览器显示的图片 as the browser shows it: ${naturalWidth}×${naturalHeight}`;
});
byId("drawn").addEventListener("error", () => {
  byId("drawing").textContent = "浏览器无法显示这张图片 the browser cannot show this picture";
});
