// Ticks the rules of a password as it is typed, and shows it on demand. Without this script the
// rules are listed all the same, and checked once the form is sent.
"use strict";

(() => {
  const met = {
    length: (text) => [...text].length >= 8,
    lower: (text) => /\p{Ll}/u.test(text),
    upper: (text) => /\p{Lu}/u.test(text),
    digit: (text) => /\p{Nd}/u.test(text),
    special: (text) => /[^\p{L}\p{N}]/u.test(text),
  };

  for (const field of document.querySelectorAll("input[data-rules]")) {
    const lines = document.getElementById(field.dataset.rules).querySelectorAll("[data-rule]");
    field.addEventListener("input", () => {
      for (const line of lines) {
        const done = met[line.dataset.rule](field.value);
        line.classList.toggle("met", done);
        line.querySelector("[data-met]").hidden = !done;
      }
    });
  }

  for (const button of document.querySelectorAll("button[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const show = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = shown ? show : button.dataset.hide;
    });
    // A password is never sent from a field that browsers remember.
    field.form.addEventListener("submit", () => { field.type = "password"; });
  }
})();
