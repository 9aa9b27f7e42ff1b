// What allauth's scripts leave out: a button that cannot work yet, or never will, is not shown; and what the browser refuses
// is said on the page, not only in the console.
"use strict";

// After theirs, which make the buttons work at the same event.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  const notice = document.getElementById("passkey-error");
  if (!notice) return;
  event.preventDefault();
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
