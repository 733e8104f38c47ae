"use strict";

const { url } = document.currentScript.dataset;
const status = document.getElementById("live");
let known = url.split("#")[1];

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(url, { cache: "no-store" });
    const token = await answer.text();
    if (!answer.ok) throw new Error(token);
    known ??= token;
    announce(status.dataset.following);
    if (token !== known) {
      known = token;
      sessionStorage.setItem("scrolled", String(scrollY));
      location.reload();
    }
  } catch {
    announce(status.dataset.stopped);
  }
}

function announce(text) {
  if (status.textContent !== text) status.textContent = text;
}

const scrolled = sessionStorage.getItem("scrolled");
sessionStorage.removeItem("scrolled");
if (scrolled !== null) {
  history.scrollRestoration = "manual";
  scrollTo(0, Number(scrolled));
}
setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
look();
