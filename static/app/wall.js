/* The wall and the dispatcher's list: which technicians fit the job that is chosen, and what becomes of a refusal.
   Both pages work without it. */
(function () {
  "use strict";
  var doc = document;

  function fit() {
    var list = doc.querySelector("[data-dispatch]");
    if (!list) { return; }
    var job = list.querySelector("input[name=job]:checked"), trade = job ? job.dataset.trade : "";
    list.querySelectorAll(".wall-bench").forEach(function (bench) {
      var fits = job && (!bench.dataset.trade || bench.dataset.trade === trade), button = bench.querySelector("button[name=technician]");
      bench.classList.toggle("is-other", !fits);
      if (button) { button.classList.toggle("btn-primary", Boolean(fits) && button.dataset.away === undefined); button.disabled = !fits || button.dataset.away !== undefined; }
    });
  }
  doc.addEventListener("change", function (e) { if (e.target.name === "job" && e.target.closest("[data-dispatch]")) { fit(); } });
  doc.addEventListener("htmx:afterSettle", fit);
  doc.addEventListener("DOMContentLoaded", fit);

  /* a new time that was refused: its own page says why, the wall stays */
  doc.addEventListener("htmx:beforeSwap", function (e) {
    var form = e.detail.requestConfig && e.detail.requestConfig.elt;
    if (e.detail.xhr.status === 422 && form && form.closest && form.closest("[data-wall]")) {
      e.detail.shouldSwap = false;
      location.assign(form.getAttribute("action"));
    }
  });
})();

/* Whom a job is given to: who has it is not on the team beside it. Without this the house leaves them out as well. */
(function () {
  "use strict";
  function team() {
    var chosen = document.querySelector("select[name=technician]");
    if (!chosen) { return; }
    document.querySelectorAll("input[name=helpers]").forEach(function (box) {
      var own = box.value === chosen.value, row = box.closest(".form-check") || box.parentNode;
      row.hidden = own;
      if (own) { box.checked = false; }
    });
  }
  document.addEventListener("change", function (e) { if (e.target.name === "technician") { team(); } });
  document.addEventListener("DOMContentLoaded", team);
})();

/* The customer's answer at the counter: the pad is there when somebody signs on it. */
(function () {
  "use strict";
  function show() {
    var form = document.querySelector("[data-via] form.app-form"), chosen = form && form.querySelector("input[name=via]:checked");
    var pad = form && form.querySelector("[data-sign]"), field = pad && pad.closest(".app-field");
    if (field) { field.hidden = !chosen || chosen.value !== "signature"; window.dispatchEvent(new Event("resize")); }
  }
  document.addEventListener("change", function (e) { if (e.target.name === "via") { show(); } });
  document.addEventListener("DOMContentLoaded", show);
})();
