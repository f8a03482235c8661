/* Small behaviour of every page: theme before the first paint, menus, search, keys, toasts, forms. */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;

  /* ---- theme: runs at once, so that nothing flashes ---- */
  var night = matchMedia("(prefers-color-scheme: dark)");
  function stored(value) {
    try { if (value) { localStorage.setItem("theme", value); } return localStorage.getItem("theme"); } catch (e) { return null; }
  }
  function applyTheme(choice) {
    root.dataset.appTheme = choice;
    var now = choice === "auto" ? (night.matches ? "dark" : "light") : choice;
    if (root.getAttribute("data-bs-theme") === now) { return; }
    root.setAttribute("data-bs-theme", now);
    doc.dispatchEvent(new CustomEvent("app:theme"));
  }
  root.classList.add("js");
  if (root.hasAttribute("data-app-theme-kept")) { applyTheme(stored() || "auto"); } else { applyTheme(stored(root.dataset.appTheme || "auto") || "auto"); }
  night.addEventListener("change", function () { applyTheme(root.dataset.appTheme || "auto"); });

  function one(css, within) { return (within || doc).querySelector(css); }
  function all(css, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(css)); }
  function shown(el) { return !!el && el.getClientRects().length > 0; }
  function typing(el) { return !!el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit)$/.test(el.type)); }
  function csrf() { var field = one("[name=csrfmiddlewaretoken]"); return field ? field.value : ""; }

  /* ---- toasts ---- */
  function later(toast) {
    if (toast.dataset.timed || /tone-(red|orange)/.test(toast.className)) { return; }
    toast.dataset.timed = "1";
    setTimeout(function () { toast.remove(); }, 6000);
  }
  function mark(name) {
    var any = one("svg.icon use"), ns = "http://www.w3.org/2000/svg", svg = doc.createElementNS(ns, "svg"), use = doc.createElementNS(ns, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    if (any) { use.setAttribute("href", any.getAttribute("href").split("#")[0] + "#" + name); }
    svg.append(use);
    return svg;
  }
  function toast(text, tone) {
    var box = one("#toasts");
    if (!box || !text) { return; }
    var el = doc.createElement("div"), words = doc.createElement("span"), close = doc.createElement("button");
    el.className = "app-toast tone-" + (tone || "green");
    el.setAttribute("role", tone === "red" ? "alert" : "status");
    words.textContent = text;
    close.type = "button"; close.className = "app-toast-close"; close.dataset.toastClose = ""; close.append(mark("x"));
    close.setAttribute("aria-label", box.dataset.close || "×");
    el.append(mark({ red: "alert-triangle", orange: "alert-triangle", blue: "info-circle" }[tone] || "circle-check"), words, close);
    box.append(el);
    later(el);
  }
  var TONES = { success: "green", error: "red", danger: "red", warning: "orange", info: "blue" };
  doc.addEventListener("toast", function (e) {
    var list = Array.isArray(e.detail.value) ? e.detail.value : [e.detail];
    list.forEach(function (one) { toast(one.text || one.value, TONES[one.tone] || one.tone); });
  });

  /* ---- the menu at the side, on telephones and tablets ---- */
  function side(open, opener) {
    var panel = one("#side"), scrim = one("#scrim");
    if (!panel) { return; }
    panel.classList.toggle("is-open", open);
    if (scrim) { scrim.classList.toggle("is-open", open); }
    all("[data-side-open]").forEach(function (el) { el.setAttribute("aria-expanded", String(open)); });
    all(".app-top, .app-body, .app-bottom").forEach(function (el) { el.inert = open; });
    if (open) { side.opener = opener; var first = one("a, button, summary", panel); if (first) { first.focus(); } } else if (side.opener) { side.opener.focus(); side.opener = null; }
  }
  matchMedia("(min-width: 992px)").addEventListener("change", function (e) { if (e.matches) { side(false); } });

  /* ---- search ---- */
  function palette() {
    var box = one("#palette");
    if (!box || !box.showModal) { return false; }
    if (!box.open) { side(false); box.showModal(); }
    var field = one("input", box);
    field.select();
    return true;
  }
  function choose(box, step) {
    var hits = all(".app-hit", box);
    if (!hits.length) { return; }
    var at = hits.findIndex(function (hit) { return hit.classList.contains("is-on"); });
    hits.forEach(function (hit) { hit.classList.remove("is-on"); });
    var next = hits[(at + step + hits.length) % hits.length];
    if (at < 0) { next = step > 0 ? hits[0] : hits[hits.length - 1]; }
    next.classList.add("is-on");
    one("#palette-q").setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  /* ---- rows ---- */
  function rowOf(el) { return el && el.closest("[data-rows] > *"); }
  function linkOf(row) { return one("a[data-row-link], a[href]", row); }
  function walk(step) {
    var rows = all("[data-rows] > *").filter(function (row) { return shown(row) && linkOf(row); });
    if (!rows.length) { return false; }
    var here = rowOf(doc.activeElement), at = rows.indexOf(here);
    var next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    all("[data-rows] > .is-here").forEach(function (row) { row.classList.remove("is-here"); });
    next.classList.add("is-here");
    linkOf(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  doc.addEventListener("click", function (e) {
    var at = e.target, hit;
    if ((hit = at.closest("[data-palette]")) && !(e.ctrlKey || e.metaKey)) { if (palette()) { e.preventDefault(); } return; }
    if ((hit = at.closest("[data-side-open]"))) { e.preventDefault(); side(true, hit); return; }
    if (at.closest("[data-side-close]") || at.closest("#scrim")) { e.preventDefault(); side(false); return; }
    if (at.closest("[data-keys]")) { one("#keys").showModal(); return; }
    if ((hit = at.closest("[data-toast-close]"))) { hit.closest(".app-toast").remove(); return; }
    if ((hit = at.closest("[data-close]"))) { hit.closest("dialog").close(); return; }
    if (at.tagName === "DIALOG" && at.open) { at.close(); return; }
    if ((hit = at.closest("[data-rows-add]"))) {
      var list = hit.closest("[data-rows-of]"), spare = one("template[data-rows-spare]", list), count = 0;
      all("[name]", list).forEach(function (el) { var found = new RegExp("^" + list.dataset.rowsOf + "-(\\d+)-").exec(el.name); if (found) { count = Math.max(count, +found[1] + 1); } });
      var copy = doc.createElement("div");
      copy.append(spare.content.cloneNode(true));
      all("*", copy).forEach(function (el) { ["name", "id", "for", "aria-describedby"].forEach(function (key) { if (el.hasAttribute(key)) { el.setAttribute(key, el.getAttribute(key).replace("__n__", count)); } }); });
      var fresh = copy.firstElementChild;
      spare.before(fresh);
      var start = all("input, select, textarea", fresh).find(shown);
      if (start) { start.focus(); }
      return;
    }
    if ((hit = at.closest("[data-filter-more]"))) { hit.setAttribute("aria-expanded", String(hit.closest("form").classList.toggle("is-open"))); return; }
    if ((hit = at.closest("[data-print]"))) { e.preventDefault(); print(); return; }
    if ((hit = at.closest("[data-reveal]"))) {
      var field = doc.getElementById(hit.dataset.reveal), open = field.type === "password";
      field.type = open ? "text" : "password";
      hit.setAttribute("aria-pressed", String(open));
      return;
    }
    if ((hit = at.closest(".app-errors a[href^='#']"))) {
      var goal = doc.getElementById(hit.hash.slice(1));
      if (goal) { e.preventDefault(); var inner = /^(INPUT|SELECT|TEXTAREA)$/.test(goal.tagName) ? goal : one("input, select, textarea", goal); if (inner) { inner.focus(); } }
      return;
    }
    all("details.app-menu[open]").forEach(function (menu) { if (!menu.contains(at)) { menu.open = false; } });
    var row = at.closest("tbody[data-rows] > tr");
    if (row && !at.closest("a, button, input, select, textarea, label, summary") && !String(getSelection())) {
      var link = linkOf(row);
      if (link) { if (e.ctrlKey || e.metaKey) { open(link.href); } else { link.click(); } }
    }
  });
  doc.addEventListener("focusin", function (e) {
    var row = rowOf(e.target);
    all("[data-rows] > .is-here").forEach(function (other) { if (other !== row) { other.classList.remove("is-here"); } });
  });

  /* ---- keys; a key pressed while Chinese is being composed belongs to the input method ---- */
  doc.addEventListener("keydown", function (e) {
    if (e.isComposing || e.keyCode === 229) { return; }
    var box = one("#palette");
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "k") { if (palette()) { e.preventDefault(); } return; }
    if (box && box.open) {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); choose(box, e.key === "ArrowDown" ? 1 : -1); }
      else if (e.key === "Enter" && doc.activeElement === one("input", box)) {
        var on = one(".app-hit.is-on", box);
        if (on) { e.preventDefault(); on.click(); }
      }
      return;
    }
    if (e.key === "Escape") {
      all("details.app-menu[open]").forEach(function (menu) { menu.open = false; one("summary", menu).focus(); });
      if (one("#side.is-open")) { side(false); }
      return;
    }
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter" && e.target.form && e.target.form.method === "post") { e.preventDefault(); e.target.form.requestSubmit(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || one("dialog[open]") || typing(e.target)) { return; }
    if (e.key === "/") { if (palette()) { e.preventDefault(); } }
    else if (e.key === "?") { var help = one("#keys"); if (help) { e.preventDefault(); help.showModal(); } }
    else if (e.key === "n") { var fresh = all("[data-new]").find(shown); if (fresh) { e.preventDefault(); fresh.click(); } }
    else if (e.key === "j" || e.key === "k") { if (walk(e.key === "j" ? 1 : -1)) { e.preventDefault(); } }
    else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && rowOf(e.target)) { if (walk(e.key === "ArrowDown" ? 1 : -1)) { e.preventDefault(); } }
  });
  ["input", "compositionend"].forEach(function (kind) {
    doc.addEventListener(kind, function (e) {
      if (!e.target.closest || !e.target.closest("[hx-get], [data-filter]")) { return; }
      if (kind === "input" && e.isComposing) { e.stopImmediatePropagation(); }
      else if (kind === "compositionend") { var field = e.target; setTimeout(function () { field.dispatchEvent(new Event("input", { bubbles: true })); }, 0); }
    }, true);
  });

  /* ---- forms: one request a click, nothing typed lost ---- */
  function busy(form, by, on) {
    var buttons = by && by.hasAttribute && by.hasAttribute("data-busy") ? [by] : all("[data-busy]", form);
    buttons.forEach(function (button) {
      button.classList.toggle("is-busy", on);
      button.setAttribute("aria-busy", String(on));
      button.disabled = on;
    });
    if (on) { form.dataset.sent = "1"; } else { delete form.dataset.sent; }
  }
  function free() { all("form[data-sent]").forEach(function (form) { busy(form, null, false); }); }
  doc.addEventListener("submit", function (e) {
    var form = e.target;
    if (form.matches("[data-theme-form]") && e.submitter) {
      e.preventDefault();
      var choice = e.submitter.value, body = new FormData(form);
      body.set("theme", choice);
      stored(choice);
      applyTheme(choice);
      all("button[name=theme]", form).forEach(function (button) { button.setAttribute("aria-pressed", String(button.value === choice)); });
      fetch(form.action, { method: "POST", body: body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" }, redirect: "manual" }).catch(function () { toast(one("#toasts").dataset.offline, "orange"); });
      return;
    }
    if (!one("[data-busy]", form)) { return; }
    if (form.dataset.sent) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    if (form.dataset.guard !== undefined) { form.dataset.clean = "1"; }
    var by = e.submitter;
    setTimeout(function () {
      busy(form, by, true);
      if (!e.defaultPrevented) { progress(true); }
      setTimeout(function () { if (form.isConnected) { busy(form, by, false); progress(false); } }, 30000);
    }, 0);
  }, true);
  addEventListener("pageshow", function (e) { if (e.persisted) { free(); progress(false); all("form[data-clean]").forEach(function (form) { delete form.dataset.clean; }); } });
  doc.addEventListener("input", function (e) { var form = e.target.closest("form[data-guard]"); if (form && e.isTrusted) { form.dataset.dirty = "1"; delete form.dataset.clean; } });
  addEventListener("beforeunload", function (e) {
    if (all("form[data-guard][data-dirty]").some(function (form) { return !form.dataset.clean; })) { e.preventDefault(); e.returnValue = ""; }
  });
  function focusFirst(within) {
    var wrong = all("[aria-invalid=true]", within).find(shown) || all(".btn-check[aria-invalid=true]", within)[0] || one(".app-errors", within);
    if (wrong) { var form = wrong.closest("form[data-guard]"); if (form) { form.dataset.dirty = "1"; } wrong.focus(); wrong.scrollIntoView({ block: "center" }); return; }
    if (within !== doc || doc.activeElement !== doc.body || one("main [autofocus]") || matchMedia("(pointer: coarse)").matches) { return; }
    var first = all("form[data-first] input, form[data-first] select, form[data-first] textarea").filter(function (el) { return shown(el) && el.type !== "hidden" && !el.disabled && !el.readOnly; }).find(function (el) {
      if (el.type === "radio") { return !one("input[name='" + el.name + "']:checked", el.form); }
      return el.type !== "checkbox" && !el.value;
    });
    if (first) { first.focus({ preventScroll: true }); }
  }

  /* ---- htmx ---- */
  var running = 0, timer = null;
  function progress(on) {
    var bar = one("#progress");
    if (!bar) { return; }
    running = Math.max(0, running + (on ? 1 : -1));
    clearTimeout(timer);
    if (running) { timer = setTimeout(function () { bar.className = "app-progress is-on"; }, 120); }
    else if (bar.classList.contains("is-on")) { bar.className = "app-progress is-done"; }
  }
  doc.addEventListener("htmx:beforeRequest", function () { progress(true); });
  doc.addEventListener("htmx:afterRequest", function (e) { progress(false); var form = e.target.closest && e.target.closest("form[data-sent]"); if (form) { busy(form, null, false); } });
  doc.addEventListener("htmx:configRequest", function (e) {
    var d = e.detail;
    if (d.verb === "get" && e.target.closest("[data-filter]")) {
      var now = new URLSearchParams(location.search);
      ["sort", "tab"].forEach(function (name) { if (now.has(name)) { d.parameters[name] = now.get(name); } });
      Object.keys(d.parameters).forEach(function (name) { if (d.parameters[name] === "") { delete d.parameters[name]; } });
    }
  });
  doc.addEventListener("htmx:beforeSwap", function (e) {
    var xhr = e.detail.xhr, door = doc.body.dataset.login;
    if (door && xhr.responseURL && new URL(xhr.responseURL).pathname === door && location.pathname !== door) { e.detail.shouldSwap = false; location.reload(); }
  });
  doc.addEventListener("htmx:responseError", function (e) {
    var box = one("#toasts"), status = e.detail.xhr.status;
    if (!box || /"toast"/.test(e.detail.xhr.getResponseHeader("HX-Trigger") || "")) { return; }
    var word = { 403: "denied", 404: "gone", 409: "changed", 412: "changed", 429: "often" }[status] || "failed";
    toast(box.dataset[word], status >= 500 ? "red" : "orange");
  });
  doc.addEventListener("htmx:sendError", function () { toast(one("#toasts").dataset.offline, "red"); });
  doc.addEventListener("htmx:afterSettle", function (e) {
    if (e.target.closest && e.target.closest("#palette-hits")) { return; }
    if (one("[aria-invalid=true], .app-errors", e.target)) { focusFirst(e.target); }
  });
  doc.addEventListener("htmx:afterSwap", function (e) { if (e.target.id === "palette-hits" && one(".app-hit", e.target)) { choose(e.target, 1); } });

  doc.addEventListener("DOMContentLoaded", function () {
    all("[data-toast]").forEach(later);
    all("form[data-filter]").forEach(function (form) { if (all(".app-field ~ .app-field :is(input, select)", form).some(function (el) { return el.type === "checkbox" || el.type === "radio" ? el.checked : el.value; })) { form.classList.add("is-open"); } });
    all("[data-back]").forEach(function (link) { if (link.getAttribute("href") === "/" && doc.referrer && new URL(doc.referrer).origin === location.origin && history.length > 1) { link.addEventListener("click", function (e) { e.preventDefault(); history.back(); }); } });
    focusFirst(doc);
  });
  window.appToast = toast;
})();
