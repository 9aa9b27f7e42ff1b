// The number beside “Cart”. Pages are shared between visitors, so it is asked for apart, and only by whom has a cart.
document.addEventListener("DOMContentLoaded", () => {
  const badge = document.getElementById("cart-badge");
  const hasCart = /(?:^|; )cart_hint=/.test(document.cookie);
  if (badge && window.htmx && (hasCart || "always" in badge.dataset) && !badge.textContent.trim()) {
    window.htmx.ajax("GET", badge.dataset.address, { target: badge, swap: "innerHTML" });
  }
});

// An option or a number that was chosen before htmx was there, on a slow line: it is sent now.
document.addEventListener("DOMContentLoaded", () => {
  const chosen = "#cart .cart-line input[type=number], .variant-form input[type=radio]:checked";
  const changed = [...document.querySelectorAll(chosen)].find(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
  if (changed && window.htmx) window.htmx.trigger(changed, "change");
});
