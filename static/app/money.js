/* Money at the desk: one tap fills a field, the change and the rest are worked out while one types. */
(function () {
  "use strict";
  var doc = document;
  function all(css, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(css)); }
  /* in fen, so that no cent is lost; what is no number yet counts as nothing */
  function fen(text) {
    var plain = String(text || "").normalize("NFKC").replace(/[\s,¥]/g, "").replace("。", ".");
    return /^\d+(\.\d{0,2})?$/.test(plain) ? Math.round(parseFloat(plain) * 100) : 0;
  }
  function yuan(amount) {
    var parts = (Math.abs(amount) / 100).toFixed(2).split(".");
    return (amount < 0 ? "−" : "") + "¥ " + parts[0].replace(/\B(?=(\d{3})+$)/g, ",") + "." + parts[1];
  }
  function show(box, amount, tone) {
    if (!box) { return; }
    box.hidden = amount === null;
    if (amount === null) { return; }
    box.querySelector("output").textContent = yuan(amount);
    box.classList.toggle("text-red", tone === "red");
  }

  doc.addEventListener("click", function (e) {
    var button = e.target.closest("[data-fill]"), field = button && doc.getElementById(button.dataset.fill);
    if (!field) { return; }
    e.preventDefault();
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function pay(form) {
    var chosen = form.querySelector("[name=method]:checked"), first = chosen ? chosen.value : "";
    var amount = form.querySelector("[name=amount]"), given = form.querySelector("[name=given]");
    var paid = fen(amount.value), cash = first === "cash" ? paid : 0;
    all("[name^='more-'][name$='-amount']", form).forEach(function (field) {
      var part = fen(field.value), means = form.querySelector("[name='" + field.name.replace("-amount", "-method") + "']");
      paid += part;
      if (means && means.value === "cash") { cash += part; }
    });
    form.querySelector("[data-cash]").hidden = !cash;
    form.querySelector("[data-reference]").hidden = first === "cash";
    if (!cash) { given.value = ""; }
    var back = given.value && cash ? fen(given.value) - cash : null;
    show(form.querySelector("[data-change]"), back, back !== null && back < 0 ? "red" : "");
    var left = fen(form.dataset.pay) - paid;
    show(form.querySelector("[data-left]"), left ? left : null, left < 0 ? "red" : "");
  }
  function sum(form) {
    var total = 0, count = 0, amount = form.querySelector("[name=amount]");
    all("[name='" + form.dataset.sumOf + "']:checked", form).forEach(function (box) { total += fen(box.dataset.amount); count += 1; });
    show(form.querySelector("[data-sum]"), count ? total : null);
    if (!form.dataset.typed) { amount.value = count ? (total / 100).toFixed(2) : ""; }
  }
  function look(form) { if (form.dataset.pay !== undefined) { pay(form); } if (form.dataset.sumOf) { sum(form); } }
  ["input", "change"].forEach(function (kind) {
    doc.addEventListener(kind, function (e) {
      var form = e.target.closest("form[data-pay], form[data-sum-of]");
      if (!form) { return; }
      if (e.target.name === "amount" && e.isTrusted && form.dataset.sumOf) { form.dataset.typed = "1"; }
      look(form);
    });
  });
  all("form[data-pay], form[data-sum-of]").forEach(look);
})();
