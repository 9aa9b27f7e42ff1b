// The number beside “Cart”. Pages are shared between visitors, so it is asked for apart, and only by whom has a cart.
document.addEventListener("DOMContentLoaded", () => {
  const badge = document.getElementById("cart-badge");
  const hasCart = /(?:^|; )cart_hint=/.test(document.cookie);
  if (badge && window.htmx && (hasCart || "always" in badge.dataset) && !badge.textContent.trim()) {
    window.htmx.ajax("GET", badge.dataset.address, { target: badge, swap: "innerHTML" });
  }
});

// A number that was changed before htmx was there, on a slow line: it is sent now.
document.addEventListener("DOMContentLoaded", () => {
  const changed = [...document.querySelectorAll("#cart .cart-line input[type=number]")].find(
    (field) => field.value !== field.defaultValue,
  );
  if (changed && window.htmx) window.htmx.trigger(changed, "change");
});
