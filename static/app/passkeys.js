/* What went wrong with a passkey, in a sentence; the ceremony itself is the package's own script. */
(function () {
  "use strict";
  function say(word) {
    var box = document.querySelector("[data-passkey-error]");
    if (box) { box.textContent = box.dataset[word]; box.hidden = false; }
  }
  document.addEventListener("allauth.error", function (e) {
    e.preventDefault();
    say(e.detail.exception && e.detail.exception.name === "InvalidStateError" ? "wordKnown" : "wordCancelled");
  });
  document.addEventListener("DOMContentLoaded", function () {
    if (window.PublicKeyCredential) { return; }
    document.querySelectorAll("[data-passkey]").forEach(function (button) { button.disabled = true; });
    if (document.querySelector("[data-passkey][data-passkey-only]")) { say("wordNone"); }
  });
})();
