// A list of radio buttons that is searched by typing; of a long one only the first are drawn.

import { element } from "./served.js";

const DRAWN = 60;

export class Choices {
  // `draw` gives what a label shows of an item; an item has a name, the words it is found by, a kind.
  constructor(list, search, draw, onchange) {
    Object.assign(this, { list, search, draw, items: [], kinds: [], most: Infinity, left: 0, value: "" });
    search.addEventListener("input", () => this.show());
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault(); // Enter would send the form
      const first = this.list.querySelector("input");
      first?.focus();
      if (event.key === "Enter") first?.click();
    });
    list.addEventListener("change", (event) => {
      this.value = event.target.value;
      onchange();
    });
  }

  offer(items, kinds = []) {
    Object.assign(this, { items, kinds, most: kinds.length ? Infinity : DRAWN });
    if (!items.some((each) => each.name === this.value)) this.value = items.length ? items[0].name : "";
    this.show();
  }

  get chosen() {
    return this.items.find((each) => each.name === this.value);
  }

  show() {
    const wanted = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = this.items.filter((each) => wanted.every((word) => each.words.includes(word)));
    const drawn = fitting.slice(0, this.most);
    this.left = fitting.length - drawn.length;
    this.found = fitting.length;
    if (!wanted.length && this.chosen && !drawn.includes(this.chosen)) drawn.unshift(this.chosen);
    const focused = this.list.contains(document.activeElement);
    const legend = this.list.querySelector("legend");
    this.list.replaceChildren(legend, ...this.groups(drawn));
    if (focused) this.list.querySelector("input:checked")?.focus();
    this.search.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  groups(drawn) {
    const plain = drawn.filter((each) => !each.kind).map((each) => this.radio(each));
    const grouped = this.kinds.map((kind) => {
      const inside = drawn.filter((each) => each.kind === kind.name);
      if (!inside.length) return "";
      const legend = element("legend", {}, `${kind.chinese} `, element("span", { lang: "en", textContent: kind.english }));
      return element("fieldset", {}, legend, ...inside.map((each) => this.radio(each)));
    });
    return [...plain, ...grouped.filter(Boolean)];
  }

  radio(item) {
    const input = element("input", { type: "radio", name: this.list.id, value: item.name });
    input.checked = item.name === this.value;
    return element("label", {}, input, element("span", {}, ...this.draw(item)));
  }
}
