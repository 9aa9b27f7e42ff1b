// What is typed while the checkout is being updated stays: the answer holds what was there when it was asked for.
const typed = "#checkout :is(input[type=text], input[type=email], input[type=tel], input[type=checkbox], textarea)";
let newest = [];

document.addEventListener("htmx:beforeSwap", () => {
  newest = [...document.querySelectorAll(typed)].map(({ id, value, checked }) => ({ id, value, checked }));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const { id, value, checked } of newest) {
    const field = document.getElementById(id);
    if (!field?.matches(typed)) continue;
    if (field.value !== value) field.value = value;
    field.checked = checked;
  }
  newest = [];
});
