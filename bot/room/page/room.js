// Runs before SimCord's page and mends what that page leaves open: finding the room again after
// a restart, saying in plain words when something went wrong, sending what was entered while it
// was busy, and sending a command once its options are chosen.

if (!window.location.hash) window.location.replace("/");  // the address without its random part

const ask = window.fetch;
window.fetch = async (...request) => {
  const answer = await ask(...request);
  // 401 and 410: this page's session ended with the process that served it. The stable
  // address leads to the new one; the draft in the composer is not worth a dead page.
  if ((answer.status === 401 || answer.status === 410) && String(request[0]).startsWith("/api/")) {
    window.location.replace("/");
  }
  return answer;
};

const NOT_RUNNING = "Warmstart is not running. Start it again: this page comes back by itself.";
const TROUBLE = {
  "Connection interrupted; trying again…": NOT_RUNNING,
  "Action outcome uncertain. It will not be retried.": NOT_RUNNING,
  "Action was not completed.": "That did not work. Please try once more.",
};

document.addEventListener("DOMContentLoaded", () => {
  const status = document.getElementById("action-status");
  if (!status) return;
  const trouble = document.createElement("span");
  trouble.id = "room-trouble";
  trouble.setAttribute("role", "status");
  status.after(trouble);
  const show = () => { trouble.textContent = TROUBLE[status.textContent] ?? ""; };
  new MutationObserver(show).observe(status, { childList: true, characterData: true, subtree: true });
});

// SimCord drops what is sent while it is still busy with something else; here it waits.
let waiting = false;
document.addEventListener("input", () => { waiting = false; }, true);
document.addEventListener("submit", (event) => {
  if (event.target.id !== "channel-composer" || !document.getElementById("send-message")?.disabled) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = true;
}, true);
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("send-message");
  if (!button) return;
  new MutationObserver(() => {
    if (!waiting || button.disabled) return;
    waiting = false;
    button.form?.requestSubmit();
  }).observe(button, { attributeFilter: ["disabled"] });
});

// Having chosen an option's value, SimCord opens its list again and chooses again at each Enter.
// Enter on a value that was chosen and not typed over sends.
let typed = false;
document.addEventListener("input", () => { typed = true; }, true);
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || !field.matches(".command-option-input")) return;
  const active = document.querySelector(".command-popup:not([hidden]) .command-suggestion[aria-selected='true']");
  const label = active?.querySelector(".command-suggestion-label")?.textContent;
  const chosen = !typed && active && [label, active.dataset.value].includes(field.value);
  typed = false;
  if (!chosen) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.form?.requestSubmit();
}, true);

// SimCord often leaves the page where it was. Who opens it, sends something or presses a button
// sees what comes of it: the newest message, from its top where it is higher than the page.
let following = true;
for (const kind of ["submit", "click"]) document.addEventListener(kind, () => { following = true; }, true);
for (const kind of ["wheel", "touchmove"]) document.addEventListener(kind, () => { following = false; }, { passive: true });
document.addEventListener("DOMContentLoaded", () => {
  const pane = document.querySelector(".channel-timeline");
  if (!pane) return;
  const app = document.getElementById("preview-app");
  let newest = "";
  const show = (message) => {
    const [box, bounds] = [message.getBoundingClientRect(), pane.getBoundingClientRect()];
    pane.scrollTop += box.height > bounds.height ? box.top - bounds.top : box.bottom - bounds.bottom;
  };
  const look = () => {
    const message = [...pane.querySelectorAll("article.channel-message")].at(-1);
    if (app?.ariaBusy === "true" || !message || message.dataset.messageId === newest) return;
    newest = message.dataset.messageId;
    if (following) requestAnimationFrame(() => show(message));
  };
  new MutationObserver(look).observe(pane, { childList: true, subtree: true });
  if (app) new MutationObserver(look).observe(app, { attributeFilter: ["aria-busy"] });
});
