// Compares any two runs by the facts that the page holds (run_facts.py). Texts of reports are only
// ever written as text.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const verdicts = [["符合", "conforms"], ["不符合", "violates"], ["无法判定", "inconclusive"]];
  const worstFirst = [1, 2, 0];
  const outcomes = {
    k: ["符合", "kept"], v: ["不符合", "violated"], w: ["提示", "warning"], o: ["未判定", "not judged"],
  };
  const byId = (name) => document.getElementById(name);
  const moment = (run) => new Date((data.first + data.runs[run][0]) * 1000).toISOString();
  const days = new Map();
  data.runs.forEach((_, run) => {
    const day = moment(run).slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), run]);
  });

  for (const series of data.series) {
    let run = 0;
    series.places = new Map(series.runs.map((step, place) => [(run += step), place]));
  }

  // The value that is in force at a place of a list of changes.
  const at = (changes, place) => {
    let low = 0, high = changes.length / 2;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (changes[2 * middle] <= place) low = middle; else high = middle;
    }
    return changes[2 * low + 1];
  };
  const fact = (facts, place) => facts.texts[at(facts.changes, place)];

  const element = (name, text, lang) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (lang) made.lang = lang;
    return made;
  };
  const both = ([chinese, english]) => {
    const made = document.createElement("span");
    made.append(element("span", chinese, "zh-Hans"), ` ${english}`);
    return made;
  };

  const option = (value, text) => {
    const made = element("option", text);
    made.value = value;
    return made;
  };
  const fillRuns = (name, day) => {
    byId(`run-${name}`).replaceChildren(...days.get(day).map((run) => {
      const [, environment, verdict] = data.runs[run];
      const when = moment(run).slice(11, 16);
      return option(run, `${when} UTC ${data.environments[environment]} ${verdicts[verdict][0]}`);
    }));
  };
  const choose = (name, run) => {
    const day = moment(run).slice(0, 10);
    byId(`day-${name}`).value = day;
    fillRuns(name, day);
    byId(`run-${name}`).value = run;
  };
  const chosen = (name) => Number(byId(`run-${name}`).value);

  // The pairs of series: the same operation in the same environment, else by name alone.
  const pairs = (a, b) => {
    const there = data.series.filter((each) => each.places.has(b));
    const found = data.series.filter((each) => each.places.has(a)).map((one) => {
      const same = there.filter((each) => each.name === one.name);
      return [one, same.find((each) => each.environment === one.environment) ?? same[0]];
    });
    const new_ = there.filter((each) => !found.some(([, other]) => other === each));
    return [...found, ...new_.map((each) => [undefined, each])];
  };

  const changed = (series, is, low, high) => data.episodes.some((each) => (
    is(each) && each.operations.includes(series.name) && each.environment === series.environment
    && ((low < each.first && each.first <= high)
      || (each.after !== null && low < each.after && each.after <= high))
  ));

  const rows = (one, other, a, b) => {
    const made = [];
    const add = (name, was, now, usual) => made.push({ name, was, now, usual });
    const here = one?.places.get(a), there = other?.places.get(b);
    if (!one || !other) {
      add(["接口", "operation"], one ? ["有", "there"] : ["无", "–"], other ? ["有", "there"] : ["无", "–"]);
      return made;
    }
    const verdict = [[one, here], [other, there]].map(([each, place]) => {
      const [chinese, english] = verdicts[worstFirst[each.verdicts[place]]];
      const why = fact(each.reasons, place);
      return [chinese, why ? `${english}: ${why}` : english];
    });
    if (String(verdict[0]) !== String(verdict[1])) add(["结论", "verdict"], ...verdict);
    const [low, high] = a < b ? [a, b] : [b, a];
    const was = one.states[at(one.state, here)], now = other.states[at(other.state, there)];
    const places = new Map(other.claims.map((name, place) => [name, place]));
    one.claims.forEach((name, place) => {
      const then = was[place], later = places.has(name) ? now[places.get(name)] : "o";
      // That a claim is not judged follows from something else, which is told by itself.
      if (then !== later && !("ko".includes(then) && "ko".includes(later))) {
        add(["断言", name], outcomes[then], outcomes[later], false);
      }
    });
    for (const pointer of new Set([...Object.keys(one.members), ...Object.keys(other.members)])) {
      const seen = [[one, here], [other, there]].map(([each, place]) => (
        each.members[pointer] ? fact(each.members[pointer], place) : ""
      ));
      if (seen[0] !== seen[1] && seen[0] && seen[1]) {
        add(["字段", pointer], ["", seen[0]], ["", seen[1]], !changed(other, (each) => each.pointer === pointer, low, high));
      }
    }
    const times = [one.times[here], other.times[there]];
    if (times[0] !== times[1] && times.every((each) => each !== null)) {
      const told = changed(other, (each) => each.movement === "latency-moved", low, high);
      add(["耗时中位数", "median time"], ["", `${times[0]} ms`], ["", `${times[1]} ms`], !told);
    }
    return made;
  };

  const table = (found) => {
    const made = document.createElement("table");
    const head = made.createTHead().insertRow();
    for (const name of [["变化", "what"], ["", "A"], ["", "B"]]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.append(both(name));
      head.append(cell);
    }
    const body = made.createTBody();
    for (const each of found) {
      const row = body.insertRow();
      const name = document.createElement("th");
      name.scope = "row";
      name.append(both(each.name));
      row.append(name);
      for (const seen of [each.was, each.now]) row.insertCell().append(both(seen));
    }
    return made;
  };

  const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

  const show = () => {
    const [a, b] = [chosen("A"), chosen("B")];
    const parts = [];
    for (const [one, other] of pairs(a, b)) {
      const found = rows(one, other, a, b);
      const changes = found.filter((each) => !each.usual);
      const usual = found.filter((each) => each.usual);
      const series = other ?? one;
      const title = element("h3", "");
      const places = one && other && one.environment !== other.environment
        ? `${one.environment} → ${other.environment}` : series.environment;
      title.append(element("span", series.summary, "zh-Hans"), " ", element("code", series.name), " ",
        element("small", places));
      parts.push(title);
      if (changes.length) parts.push(table(changes));
      else {
        const none = document.createElement("p");
        none.append(both(["无变化", "nothing changed"]));
        parts.push(none);
      }
      if (usual.length) {
        const folded = document.createElement("details");
        const words = document.createElement("summary");
        words.append(both(["日常波动", `as it usually varies (${usual.length})`]));
        folded.append(words, table(usual));
        parts.push(folded);
      }
    }
    const command = document.createElement("p");
    command.append(element("code", `captcha-contract compare ${quoted(data.runs[a][3])} ${quoted(data.runs[b][3])}`));
    byId("picked").replaceChildren(...parts, command);
  };

  for (const name of ["A", "B"]) {
    byId(`day-${name}`).replaceChildren(...[...days.keys()].map((day) => option(day, day)));
    byId(`day-${name}`).addEventListener("change", (event) => { fillRuns(name, event.target.value); show(); });
    byId(`run-${name}`).addEventListener("change", show);
    for (const [id, step] of [[`back-${name}`, -1], [`on-${name}`, 1]]) {
      byId(id).addEventListener("click", () => {
        choose(name, Math.min(data.runs.length - 1, Math.max(0, chosen(name) + step)));
        show();
      });
    }
  }
  for (const button of document.querySelectorAll("button[data-a]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      choose("A", Number(button.dataset.a));
      choose("B", Number(button.dataset.b));
      show();
      byId("pick").scrollIntoView();
    });
  }
  document.querySelector(".pick").hidden = false;
  const newest = document.querySelector("button[data-a]");
  choose("A", newest ? Number(newest.dataset.a) : 0);
  choose("B", newest ? Number(newest.dataset.b) : data.runs.length - 1);
  show();
})();
