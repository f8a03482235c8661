/* A pad to sign on with finger, pen or mouse. Strokes are kept as numbers between 0 and 1 of the pad's width, so that
   turning the telephone keeps them; what is sent is a PNG of at most 1600 pixels. */
(function () {
  "use strict";
  if (window.appSign) { return; }
  window.appSign = true;
  var INK = "#101828", WIDEST = 1600;

  function pad(box) {
    if (box.dataset.ready) { return; }
    box.dataset.ready = "1";
    var canvas = box.querySelector("canvas"), field = box.querySelector("input[type=hidden]");
    var pen = canvas.getContext("2d"), strokes = [], now = null, before = null;

    function line(stroke, width) {
      pen.lineWidth = Math.max(1.5, width / 220);
      pen.beginPath();
      pen.moveTo(stroke[0][0] * width, stroke[0][1] * width);
      if (stroke.length === 1) { pen.lineTo(stroke[0][0] * width + 0.1, stroke[0][1] * width); }
      for (var i = 1; i < stroke.length; i += 1) {
        var last = stroke[i - 1], here = stroke[i];
        pen.quadraticCurveTo(last[0] * width, last[1] * width, (last[0] + here[0]) / 2 * width, (last[1] + here[1]) / 2 * width);
      }
      pen.stroke();
    }
    function draw() {
      var width = canvas.width;
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, width, canvas.height);
      if (before) { pen.drawImage(before, 0, 0, width, width * before.height / before.width); }
      pen.strokeStyle = INK;
      pen.lineCap = pen.lineJoin = "round";
      strokes.forEach(function (stroke) { line(stroke, width); });
    }
    function fit() {
      var seen = canvas.getBoundingClientRect();
      if (!seen.width) { return; }
      var sharp = Math.min(window.devicePixelRatio || 1, WIDEST / seen.width);
      var width = Math.round(seen.width * sharp), height = Math.round(seen.height * sharp);
      if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
      draw();
    }
    function keep() {
      field.value = strokes.length || before ? canvas.toDataURL("image/png") : "";
      box.classList.toggle("is-signed", Boolean(field.value));
      if (field.form && field.form.dataset.guard !== undefined) { field.form.dataset.dirty = "1"; delete field.form.dataset.clean; }
    }
    function at(e) {
      var seen = canvas.getBoundingClientRect();
      return [(e.clientX - seen.left) / seen.width, (e.clientY - seen.top) / seen.width];
    }
    canvas.addEventListener("pointerdown", function (e) {
      if (now || (e.pointerType === "mouse" && e.button !== 0)) { return; }
      e.preventDefault();
      now = { id: e.pointerId, stroke: [at(e)] };
      strokes.push(now.stroke);
      try { canvas.setPointerCapture(e.pointerId); } catch (gone) { /* the finger is already up */ }
      draw();
    });
    canvas.addEventListener("pointermove", function (e) {
      if (!now || e.pointerId !== now.id) { return; }
      e.preventDefault();
      var all = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
      (all.length ? all : [e]).forEach(function (one) { now.stroke.push(at(one)); });
      draw();
    });
    ["pointerup", "pointercancel"].forEach(function (kind) {
      canvas.addEventListener(kind, function (e) {
        if (!now || e.pointerId !== now.id) { return; }
        now = null;
        keep();
      });
    });
    box.querySelector("[data-sign-clear]").addEventListener("click", function () {
      strokes.length = 0;
      before = now = null;
      draw();
      keep();
      canvas.focus();
    });
    if (field.value.indexOf("data:image/png;base64,") === 0) {
      var kept = new Image();
      kept.onload = function () { before = kept; draw(); box.classList.add("is-signed"); };
      kept.src = field.value;
    } else { field.value = ""; }
    new ResizeObserver(fit).observe(canvas);
    fit();
  }
  function look(within) { within.querySelectorAll("[data-sign]").forEach(pad); }
  document.addEventListener("htmx:load", function (e) { look(e.target); });
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", function () { look(document); }); } else { look(document); }
})();
