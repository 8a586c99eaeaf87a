// A slider beside each number of the policy model. Without it the numbers alone do the same.
"use strict";
(() => {
  for (const field of document.querySelectorAll("input[data-slide]")) {
    const slide = Object.assign(document.createElement("input"), { type: "range" });
    for (const key of ["min", "max", "step"]) slide.setAttribute(key, field.getAttribute(key));
    slide.value = field.value;
    slide.setAttribute("aria-label", field.dataset.slide);
    slide.addEventListener("input", () => { field.value = slide.value; });
    slide.addEventListener("change", () => field.form.requestSubmit());
    field.addEventListener("input", () => { slide.value = field.value; });
    field.before(slide);
  }
  for (const select of document.querySelectorAll("select[data-at-once]")) select.addEventListener("change", () => select.form.requestSubmit());
})();
