/* Reception and estimate: promises with one tap, sums of what is ticked, lines out of the catalogue. Every page works
   without it; here only taps are saved. */
(function () {
  "use strict";
  if (window.appReception) { return; }
  window.appReception = true;
  var doc = document, started = Date.now();

  function one(css, within) { return (within || doc).querySelector(css); }
  function all(css, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(css)); }
  function number(text) { var found = parseFloat(String(text).replace(/[\s,¥]/g, "").replace("。", ".")); return isFinite(found) ? found : 0; }
  function money(value) { return "¥ " + value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }); }
  function two(value) { return (value < 10 ? "0" : "") + value; }
  function stamp(at) { return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + "T" + two(at.getHours()) + ":" + two(at.getMinutes()); }
  function touched(el) { el.dispatchEvent(new Event("input", { bubbles: true })); }

  /* ---- the promised time: the server's clock, moved on by the time this page is open ---- */
  function promise(box) {
    var field = one("input[type='datetime-local']", box), own = false, hours = 0;
    var by = one("[data-by-work]", box), told = one("[data-by-work-at]", box);
    function from(minutes, step) {
      var at = new Date(new Date(box.dataset.now).getTime() + (Date.now() - started) + minutes * 60000);
      var rest = at.getMinutes() % step;
      at.setMinutes(at.getMinutes() + (rest ? step - rest : 0), 0, 0);
      return at;
    }
    function mark(pill) { all(".app-pill", box).forEach(function (other) { other.classList.toggle("is-on", other === pill); other.setAttribute("aria-pressed", String(other === pill)); }); }
    function work() { return from(hours * 60 + 30, 15); }
    box.addEventListener("click", function (e) {
      var pill = e.target.closest(".app-pill");
      if (!pill) { return; }
      own = !pill.hasAttribute("data-by-work");
      field.value = pill.dataset.at || stamp(own ? from(+pill.dataset.minutes, 5) : work());
      mark(pill);
      touched(field);
    });
    field.addEventListener("input", function (e) { if (e.isTrusted) { own = true; mark(null); } });
    return function (sum) {
      hours = sum;
      by.hidden = !sum;
      if (!sum) { return; }
      var at = work();
      told.textContent = two(at.getHours()) + ":" + two(at.getMinutes());
      if (!own) { field.value = stamp(at); mark(by); }
    };
  }

  function reception(form) {
    var box = one("[data-promise]", form), tell = box ? promise(box) : null;
    var out = one("[data-sum-out]", form), frame = one("[data-sum-box]", form);
    function count() {
      var sum = 0, hours = 0;
      all("input[data-sum]:checked", form).forEach(function (tick) { sum += number(tick.dataset.sum); hours += number(tick.dataset.hours); });
      if (out) { out.textContent = sum || out.hasAttribute("data-sum-always") ? money(sum) : ""; }
      if (frame) { frame.hidden = !sum; }
      if (tell) { tell(hours); }
    }
    form.addEventListener("change", count);
    count();
  }

  /* ---- lines of the estimate ---- */
  function part(row, name) { return one("[name$='-" + name + "']", row); }
  function amounts(form) {
    var total = 0;
    all("[data-line]", form).forEach(function (row) {
      var out = one("[data-line-amount]", row);
      if (!out) { return; }
      var sum = Math.round(number(part(row, "quantity").value) * number(part(row, "price").value) * 100) / 100;
      var named = part(row, "name").value || part(row, "item").value;
      out.textContent = named && sum ? money(sum) : "";
      total += named ? sum : 0;
    });
    var box = one("[data-lines-box]", form);
    if (box) { box.hidden = !total; one("[data-lines-out]", form).textContent = money(total); }
  }
  function untouched(row) { var name = part(row, "name"); return name && !name.value && !part(row, "item").value && !part(row, "quantity").value; }
  function fresh(list) {
    var spare = one("template[data-rows-spare]", list), count = 0;
    all("[name]", list).forEach(function (el) { var found = /-(\d+)-/.exec(el.name); if (found) { count = Math.max(count, +found[1] + 1); } });
    var holder = doc.createElement("div");
    holder.append(spare.content.cloneNode(true));
    all("*", holder).forEach(function (el) { ["name", "id", "for", "aria-describedby"].forEach(function (key) { if (el.hasAttribute(key)) { el.setAttribute(key, el.getAttribute(key).replace("__n__", count)); } }); });
    var row = holder.firstElementChild;
    spare.before(row);
    return row;
  }
  function take(form, hit) {
    var list = one("[data-rows-of]", form), data = hit.dataset;
    var same = all("[data-line]", list).find(function (row) { return part(row, "item").value === data.item; });
    if (same && list.hasAttribute("data-menu-items")) { part(same, "quantity").focus(); return; }
    var row = all("[data-line]", list).find(untouched) || fresh(list), none = one("[data-rows-none]", list);
    if (none) { none.remove(); }
    part(row, "item").value = data.item;
    ["kind", "name", "code", "quantity", "unit", "price", "supply"].forEach(function (name) { var field = part(row, name); if (field) { field.value = data[name]; } });
    var code = one("[data-line-code]", row), name = one("[data-line-name]", row);
    if (code) { code.textContent = data.code; }
    if (name) { name.textContent = data.name; }
    row.classList.add("is-new");
    touched(part(row, "quantity"));
    form.dataset.dirty = "1";
    amounts(form);
    var find = one("[data-find]", form);
    find.value = "";
    one("[data-item-hits]", form).replaceChildren();
    find.focus();
  }
  function estimate(form) {
    var find = one("[data-find]", form);
    form.addEventListener("click", function (e) {
      var hit = e.target.closest("[data-item]"), gone = e.target.closest("[data-line-remove]");
      if (hit && hit.type === "submit") { e.preventDefault(); take(form, hit); }
      if (gone) { gone.closest("[data-line]").remove(); form.dataset.dirty = "1"; amounts(form); }
    });
    form.addEventListener("input", function () { amounts(form); });
    form.addEventListener("change", function (e) {
      if (!/-kind$/.test(e.target.name)) { return; }
      var row = e.target.closest("[data-line]"), price = part(row, "price"), unit = part(row, "unit"), rate = form.dataset.rate;
      if (e.target.value !== "labour" && price.value === rate) { price.value = ""; if (unit.value === "h") { unit.value = ""; } }
      if (e.target.value === "labour" && !price.value) { price.value = rate; unit.value = unit.value || "h"; }
      amounts(form);
    });
    if (find) {
      find.addEventListener("keydown", function (e) {
        if (e.isComposing || e.keyCode === 229) { return; }
        var hits = all("[data-item]", one("[data-item-hits]", form)), at = hits.findIndex(function (hit) { return hit.classList.contains("is-on"); });
        if (e.key === "ArrowDown" || e.key === "ArrowUp") {
          e.preventDefault();
          hits.forEach(function (hit) { hit.classList.remove("is-on"); });
          var next = hits[(at + (e.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length];
          if (next) { next.classList.add("is-on"); next.scrollIntoView({ block: "nearest" }); }
        } else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) {
          e.preventDefault();
          if (hits.length) { take(form, hits[Math.max(0, at)]); }
        }
      });
      form.addEventListener("submit", function () { find.value = ""; }, true);
    }
    amounts(form);
  }

  doc.addEventListener("DOMContentLoaded", function () {
    all("form[data-reception]").forEach(reception);
    all("form[data-estimate]").forEach(estimate);
    all("[data-first-hit]").forEach(function (field) {
      field.addEventListener("keydown", function (e) {
        if (e.key !== "Enter" || e.isComposing || e.keyCode === 229) { return; }
        var hits = all(".app-hit", one(field.dataset.firstHit));
        if (hits.length === 1) { e.preventDefault(); hits[0].click(); }
      });
    });
  });
})();
