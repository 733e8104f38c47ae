// What every answer gets whose request asks for nothing: the defaults, and the rules of operations.

import { admin, byId, element, say, write } from "./served.js";

let defaults = {};

function delayed({ fixedDelay, delayDistribution: spread }) {
  if (fixedDelay !== null) return `${fixedDelay} ms`;
  if (!spread) return "无 none";
  return spread.type === "uniform" ? `${spread.lower}-${spread.upper} ms` : `≈ ${spread.median} ms`;
}

export function showDefaults(settings) {
  defaults = settings;
  write(byId("defaults"), `默认 by default: 故障 fault ${settings.fault || "无 none"} · 延迟 delay ${delayed(settings)}`);
  byId("ruling").hidden = settings.operations === undefined;
  showRules(settings.operations ?? {});
}

function showRules(ruled) {
  const list = byId("rules");
  const shown = JSON.stringify(ruled);
  if (list.dataset.shown === shown) return;
  list.dataset.shown = shown;
  const entries = Object.entries(ruled).flatMap(([id, rules]) => [rules].flat().map((rule, index) => [id, rule, index]));
  list.hidden = !entries.length;
  list.replaceChildren(...entries.map(([id, rule, index]) => {
    const stated = Object.entries(rule).filter(([, value]) => value !== null && JSON.stringify(value) !== "{}");
    const told = stated.map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`).join(", ");
    const remove = element("button", { type: "button", className: "quiet" }, "删除 ", element("span", { lang: "en", textContent: "remove" }));
    remove.setAttribute("aria-label", `删除规则 remove the rule: ${id} ${told}`);
    remove.addEventListener("click", () => ruleAgain(id, (rules) => rules.filter((_, other) => other !== index)));
    return element("li", {}, element("span", {}, "规则 ", element("span", { lang: "en", textContent: "rule" }), ": ", element("code", { textContent: `${id}: ${told}` })), remove);
  }));
}

async function ruleAgain(id, edit) {
  const rules = edit([defaults.operations?.[id] ?? []].flat());
  const others = Object.entries(defaults.operations).filter(([name]) => name !== id);
  await change({ ...defaults, operations: Object.fromEntries(rules.length ? [[id, rules], ...others] : others) });
}

export async function rule(asked) {
  if (!byId("delay").reportValidity() || !byId("times").reportValidity()) return;
  const { operation, code, ...others } = asked;
  const made = { ...others, code: Number(code), times: Number(byId("times").value) };
  const stated = Object.fromEntries(Object.entries(made).filter(([, value]) => value));
  await ruleAgain(operation, (rules) => [stated, ...rules]);
}

export async function keep(asked) {
  if (!byId("delay").reportValidity()) return;
  const wanted = { ...defaults };
  const { fault, delay } = asked;
  if (fault) wanted.fault = fault === "none" ? null : fault;
  if (delay) {
    const [lower, upper = lower] = delay.split("-").map(Number);
    wanted.fixedDelay = lower === upper ? lower : null;
    wanted.delayDistribution = lower === upper ? null : { type: "uniform", lower, upper };
  }
  await change(wanted);
}

async function change(wanted) {
  try {
    showDefaults(await admin("/settings", "PUT", wanted));
    say(byId("defaults").textContent);
  } catch (error) {
    say(error.message);
    write(byId("note"), error.message);
  }
}
