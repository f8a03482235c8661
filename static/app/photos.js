/* Photos are made smaller in the browser before they are sent (a telephone's picture has 4 MB, what is kept of it 0.4),
   several shots of the camera add up, and what was chosen can be seen and taken out again. The server looks at every
   file all the same; where anything here does not work, the files go as they are. */
(function () {
  "use strict";
  if (window.appPhotos) { return; }
  window.appPhotos = true;
  var LONGEST = 2560, SMALL_ENOUGH = 400000;

  function smaller(file) {
    if (!/^image\//.test(file.type) || file.size < SMALL_ENOUGH || !window.createImageBitmap) { return Promise.resolve(file); }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var by = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * by);
      canvas.height = Math.round(picture.height * by);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          done(blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }
  function shown(file) {
    var canvas = document.createElement("canvas");
    canvas.width = canvas.height = 144;
    canvas.setAttribute("aria-hidden", "true");
    if (/^image\//.test(file.type) && window.createImageBitmap) {
      createImageBitmap(file).then(function (picture) {
        var side = Math.min(picture.width, picture.height);
        canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 144, 144);
        picture.close();
      }).catch(function () { canvas.remove(); });
    } else { canvas.hidden = true; }
    return canvas;
  }

  var refused = {};  // what was chosen in a form that comes back with errors: nothing is lost
  function key(box) { var files = box.querySelector("[data-photos-files]"); return (files.form ? files.form.action : "") + " " + files.name; }

  function chooser(box) {
    if (box.dataset.ready || typeof DataTransfer === "undefined") { return; }
    box.dataset.ready = "1";
    var files = box.querySelector("[data-photos-files]"), camera = box.querySelector("[data-photos-camera]");
    var list = box.querySelector("[data-photos-chosen]"), chosen = [], form = files.form;

    function write() {
      var all = new DataTransfer();
      chosen.forEach(function (file) { all.items.add(file); });
      files.files = all.files;
      if (camera) { camera.value = ""; }
      list.textContent = "";
      chosen.forEach(function (file, place) {
        var row = document.createElement("li"), name = document.createElement("span"), out = document.createElement("button");
        name.textContent = file.name;
        out.type = "button";
        out.className = "btn-close";
        out.setAttribute("aria-label", box.dataset.wordRemove + ": " + file.name);
        out.addEventListener("click", function () { chosen.splice(place, 1); write(); });
        row.append(shown(file), name, out);
        list.append(row);
      });
      if (form && form.dataset.guard !== undefined) { form.dataset.dirty = chosen.length ? "1" : ""; if (!chosen.length) { delete form.dataset.dirty; } }
    }
    function add(more) {
      var wait = document.createElement("li"), ends = form ? form.querySelectorAll("[type=submit]") : [];
      wait.textContent = box.dataset.wordBusy;
      list.append(wait);
      ends.forEach(function (end) { end.disabled = true; });
      Array.from(more).reduce(function (before, file) {
        return before.then(function () { return smaller(file); }).then(function (one) { chosen.push(one); });
      }, Promise.resolve()).then(function () { ends.forEach(function (end) { end.disabled = false; }); write(); });
    }
    box.appChosen = chosen;
    if (refused[key(box)]) { Array.prototype.push.apply(chosen, refused[key(box)]); delete refused[key(box)]; write(); }
    files.addEventListener("change", function () { var more = Array.from(files.files); add(more); });
    if (camera) { camera.addEventListener("change", function () { add(camera.files); }); }
    box.addEventListener("dragover", function (e) { e.preventDefault(); box.classList.add("is-over"); });
    box.addEventListener("dragleave", function () { box.classList.remove("is-over"); });
    box.addEventListener("drop", function (e) { e.preventDefault(); box.classList.remove("is-over"); if (e.dataTransfer.files.length) { add(e.dataTransfer.files); } });
  }
  function look(within) { within.querySelectorAll("[data-photos]").forEach(chooser); }
  document.addEventListener("htmx:xhr:progress", function (e) {
    var bar = e.target.querySelector && e.target.querySelector("[data-upload-progress]");
    if (bar && e.detail.lengthComputable) { bar.hidden = false; bar.value = Math.round(100 * e.detail.loaded / e.detail.total); }
  });
  document.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.xhr.status !== 422) { return; }
    e.target.querySelectorAll("[data-photos]").forEach(function (box) { if (box.appChosen) { refused[key(box)] = box.appChosen.slice(); } });
  });
  document.addEventListener("htmx:load", function (e) { look(e.target); });
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", function () { look(document); }); } else { look(document); }
})();
