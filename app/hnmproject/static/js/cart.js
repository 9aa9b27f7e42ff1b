// The number beside “Cart”. Pages are shared between visitors, so it is asked for apart, and only by whom has a cart.
document.addEventListener("DOMContentLoaded", () => {
  const badge = document.getElementById("cart-badge");
  const hasCart = /(?:^|; )cart_hint=/.test(document.cookie);
  if (badge && window.htmx && (hasCart || "always" in badge.dataset) && !badge.textContent.trim()) {
    window.htmx.ajax("GET", badge.dataset.address, { target: badge, swap: "innerHTML" });
  }
});
