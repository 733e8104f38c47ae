// The last requests: rows are added and filled in, never drawn again, so focus and selection stay.

import { byId, element, write } from "./served.js";

const KEPT = 50;
const VERDICTS = { conforms: "符合 conforms", violates: "不符合 violates", inconclusive: "无法判定 inconclusive" };
const rows = new Map(); // by the number of the request, the oldest first

export function forget() {
  rows.clear();
  byId("requests").replaceChildren();
}

export function showRequests(entries) {
  const newest = entries[0]?.number ?? 0;
  if (!rows.size || newest < Math.max(...rows.keys())) forget();
  for (const entry of [...entries].reverse()) {
    const known = rows.get(entry.number);
    if (known && known.entry.loggedDate !== entry.loggedDate) return forget(); // the journal began again
    if (known) known.fill(entry);
    else add(entry);
  }
  for (const number of [...rows.keys()].sort((one, other) => one - other).slice(0, -KEPT)) {
    rows.get(number).item.remove();
    rows.delete(number);
  }
}

function add(entry) {
  const row = new Row(entry);
  rows.set(entry.number, row);
  byId("requests").prepend(row.item);
}

class Row {
  constructor(entry) {
    this.cells = Array.from({ length: 5 }, () => element("span"));
    this.why = element("small");
    const summary = element("summary", {}, element("span", { className: "entry" }, ...this.cells), this.why);
    this.inside = element("div", { className: "exchange" });
    this.details = element("details", {}, summary, this.inside);
    this.details.addEventListener("toggle", () => this.open());
    this.item = element("li", {}, this.details);
    this.fill(entry);
  }

  fill(entry) {
    const seen = JSON.stringify(entry);
    if (seen === this.seen) return;
    Object.assign(this, { entry, seen });
    const moment = new Date(entry.loggedDate);
    const status = entry.status ?? "✕";
    const took = entry.milliseconds.toFixed(1);
    const texts = [entry.number, moment.toLocaleTimeString([], { hour12: false }), status, took, `${entry.method} ${entry.url}`];
    texts.forEach((text, index) => write(this.cells[index], String(text)));
    this.cells[1].title = moment.toLocaleString();
    this.cells[2].title = entry.status === null ? "没有发出状态码 no status was sent" : "";
    const { verdict, why, answeredBy } = entry.upstream ?? {};
    const here = answeredBy === "mock" ? "由模拟服务应答 answered by the mock server" : "";
    const ids = findings(entry.upstream).map((each) => each.id);
    write(this.why, [entry.why, VERDICTS[verdict] ?? verdict, here, why, ...ids].filter(Boolean).join(" · "));
    this.item.className = entry.why || verdict === "violates" ? "unmatched" : "";
    if (this.details.open) this.open();
  }

  open() {
    if (!this.details.open) return;
    const { entry } = this;
    const told = [
      ["请求 request", [entry.operationId, ...lines(entry.headers)].filter(Boolean).join("\n")],
      ["请求体 request body", readable(entry.body)],
      ["应答 answer", readable(entry.answer)],
      ["上游 upstream", judged(entry.upstream)],
    ].filter(([, text]) => text);
    const shown = JSON.stringify(told);
    if (shown === this.shown) return;
    this.shown = shown;
    this.inside.replaceChildren(...told.flatMap(([title, text]) => {
      const pre = element("pre", { textContent: text, tabIndex: 0 });
      pre.setAttribute("role", "region");
      pre.setAttribute("aria-label", `${title} ${entry.number}`);
      return [element("h3", { textContent: title }), pre];
    }));
  }
}

const lines = (headers) => Object.entries(headers ?? {}).map((pair) => pair.join(": "));

// A body as the journal keeps it: its content, or the digest of bytes.
function readable(body) {
  if (!body) return "";
  const { mediaType, length, content, sha256 } = body;
  const told = `${mediaType || "没有类型 no media type"} · ${length} 字节 bytes${sha256 ? ` · sha256 ${sha256}` : ""}`;
  if (content === undefined) return told;
  return `${told}\n${typeof content === "string" ? content : JSON.stringify(content, null, 2)}`;
}

// What the upstream's answer was judged to be, and who answered instead.
function judged(upstream) {
  if (!upstream) return "";
  const { verdict, why, answeredBy } = upstream;
  const by = answeredBy ? `应答方 answered by: ${answeredBy}` : "";
  return [VERDICTS[verdict] ?? verdict, why, by, ...findings(upstream).map(told)].filter(Boolean).join("\n");
}

const told = ({ id, level, waived, promise, evidence }) =>
  `${id} (${level}${waived ? ", 已豁免 waived" : ""}): ${promise}${evidence ? ` → ${evidence}` : ""}`;
const findings = (upstream) => upstream?.findings ?? [];
