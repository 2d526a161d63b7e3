/* Some old blocks listen to the mouse alone. This makes what they let one click into buttons for
   keyboards and screen readers. */
(function () {
  "use strict";

  const VOTES = ".poll_question .button:not(.reset-button)";
  const CLICKABLE = ".poll_question .button, .annotatable-span";

  function equip(node) {
    if (!node.hasAttribute("role")) {
      node.setAttribute("role", "button");
      node.tabIndex = 0;
      const text = node.matches(VOTES) && node.parentElement.querySelector(".text");
      if (text) node.setAttribute("aria-label", text.textContent);
    }
    if (node.matches(VOTES)) {
      node.setAttribute("aria-pressed", String(node.classList.contains("answered")));
    }
  }

  function equipAll() {
    document.querySelectorAll(CLICKABLE).forEach(equip);
  }

  new MutationObserver(equipAll).observe(document.body, {
    attributes: true,
    attributeFilter: ["class"],
    childList: true,
    subtree: true,
  });
  equipAll();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!(event.target instanceof Element) || !event.target.matches(CLICKABLE)) return;
    event.preventDefault();
    event.target.click();
  });
})();
