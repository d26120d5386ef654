// Warns before an idle session ends, and lets the person extend it. Without this script the page
// says at what time the session ends and offers a link that extends it.
"use strict";

(() => {
  const strip = document.getElementById("session");
  const warning = document.getElementById("session-warning");
  const token = document.querySelector("form input[name=csrf_token]");
  if (!strip || !warning || !token) return;
  const before = Number(strip.dataset.warn);
  let timer = 0;
  let focused = null;

  const ask = async (method) => {
    const headers = method === "POST" ? { "X-CSRFToken": token.value } : {};
    const answer = await fetch("/session", { method, headers, cache: "no-store" });
    return answer.ok ? (await answer.json()).seconds : 0;
  };

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  };

  // Another tab may have extended the session meanwhile: the server knows.
  const look = async () => {
    let left;
    try {
      left = await ask("GET");
    } catch {
      wait(15);
      return;
    }
    if (left <= 0) location.replace(strip.dataset.ended);
    else if (left > before) {
      hide();
      wait(left - before);
    } else {
      show(left);
      wait(Math.min(left, 20));
    }
  };

  const show = (left) => {
    const minutes = Math.max(1, Math.ceil(left / 60));
    warning.querySelector("[data-minutes]").textContent = String(minutes);
    if (warning.open) return;
    focused = document.activeElement;
    warning.showModal();
  };

  const hide = () => {
    if (!warning.open) return;
    warning.close();
    if (focused) focused.focus();
  };

  const extend = async (event) => {
    event.preventDefault();
    try {
      const left = await ask("POST");
      if (left <= 0) location.replace(strip.dataset.ended);
      hide();
      wait(left - before);
    } catch {
      location.reload();
    }
  };

  warning.querySelector("[data-extend]").addEventListener("click", extend);
  warning.addEventListener("cancel", extend);
  wait(Number(strip.dataset.left) - before);
})();
