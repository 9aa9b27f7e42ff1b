// Says on the page what allauth's scripts would only write to the console: that a passkey could not be used.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const notice = document.getElementById("passkey-error");
  if (!notice) return;
  event.preventDefault();
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
