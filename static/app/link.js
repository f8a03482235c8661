/* The customer's page: the total follows the choices, and the page itself says that it was opened.
   At the desk: the address goes to the clipboard. Everything works without it, only less quickly. */
(function () {
  "use strict";
  var doc = document;

  function total(form) {
    var shown = form.querySelector("[data-total]"), choices = form.querySelectorAll("input[data-own]"), fen = 0;
    if (!shown || !choices.length) { return; }
    choices.forEach(function (one) { if (one.checked) { fen += Math.round(Number(one.dataset.own) * 100); } });
    shown.textContent = "¥ " + (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
  doc.addEventListener("change", function (e) {
    var form = e.target.closest && e.target.closest("form[data-link]");
    if (form) { total(form); }
  });
  doc.addEventListener("click", function (e) {
    var button = e.target.closest("[data-copy]");
    if (!button) { return; }
    var field = doc.getElementById(button.dataset.copy);
    function said() { if (window.appToast) { window.appToast(button.dataset.copied, "green"); } }
    var text = "value" in field ? field.value : field.textContent;
    if (field.select) { field.select(); } else { doc.getSelection().selectAllChildren(field); }
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(said, function () { doc.execCommand("copy"); said(); }); }
    else if (doc.execCommand("copy")) { said(); }
  });
  doc.addEventListener("DOMContentLoaded", function () {
    var form = doc.querySelector("form[data-link]");
    if (!form) { return; }
    total(form);
    var mark = form.querySelector("[name=csrfmiddlewaretoken]"), body = new FormData();
    body.set("step", "opened");
    fetch(location.pathname, { method: "POST", body: body, headers: { "X-CSRFToken": mark ? mark.value : "" } }).catch(function () { /* nothing hangs on it */ });
  });
})();
