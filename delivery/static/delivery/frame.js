/* The client runtime inside a block's frame: what blocks written for Open edX expect of a page.
   Only elements that the server made are started: each carries the token of this page. */
(function ($) {
  "use strict";

  const token = document.querySelector('meta[name="csrf-token"]').content;
  const pageToken = document.body.dataset.requestToken;

  // --- Requests -------------------------------------------------------------------------------

  function isOwn(url) {
    return new URL(url, window.location.href).origin === window.location.origin;
  }

  $.ajaxSetup({
    beforeSend(request, settings) {
      if (isOwn(settings.url)) request.setRequestHeader("X-CSRFToken", token);
    },
  });
  // Scripts are fetched as elements, so that the page's policy is asked about their source.
  $.ajaxPrefilter("script", (settings) => {
    settings.scriptAttrs = settings.scriptAttrs || {};
  });
  for (const name of ["get", "post", "getJSON", "ajax"]) {
    $[`${name}WithPrefix`] = $[name].bind($);
  }

  // --- Editors: which revision they were opened on, and what became of a save --------------------

  const isEditor = document.body.classList.contains("is-editor");
  let revision = document.body.dataset.revision;

  function tellEditor(message) {
    if (isEditor) window.parent.postMessage({ type: "block-editor", ...message }, window.location.origin);
  }

  function noteAnswer(header) {
    revision = header("X-Draft-Revision") || revision;
    const conflict = header("X-Draft-Conflict");
    if (conflict) tellEditor({ conflict });
  }

  if (isEditor) {
    $.ajaxPrefilter((settings, original, request) => {
      if (isOwn(settings.url)) request.setRequestHeader("X-Draft-Revision", revision);
      request.always(() => noteAnswer((name) => request.getResponseHeader(name)));
    });
    document.addEventListener("input", () => tellEditor({ dirty: true }), { once: true });
  }

  const send = window.fetch.bind(window);
  window.fetch = (resource, options = {}) => {
    const url = resource instanceof Request ? resource.url : String(resource);
    if (!isOwn(url) || resource instanceof Request) return send(resource, options);
    const headers = new Headers(options.headers);
    if (!headers.has("X-CSRFToken")) headers.set("X-CSRFToken", token);
    if (isEditor) headers.set("X-Draft-Revision", revision);
    return send(resource, { ...options, headers }).then((response) => {
      if (isEditor) noteAnswer((name) => response.headers.get(name));
      if (response.headers.get("X-Progress")) tellProgress();
      return response;
    });
  };
  $(document).on("ajaxSuccess", (event, request) => {
    if (request.getResponseHeader("X-Progress")) tellProgress();
  });

  function tellProgress() {
    window.parent.postMessage({ type: "block-frame-answered" }, window.location.origin);
  }

  // --- What Open edX's pages have -------------------------------------------------------------

  window.Logger = { log() {}, listen() {}, bind() {} };
  window.SR = window.SR || {
    readText(text) { announce([].concat(text).join(". ")); },
    readTexts(texts) { announce([].concat(texts).join(". ")); },
    clear() { announce(""); },
  };
  window.analytics = window.analytics || { track() {}, page() {} };

  function announce(text) {
    let region = document.getElementById("frame-announcer");
    if (!region) {
      region = document.createElement("div");
      region.id = "frame-announcer";
      region.className = "sr";
      region.setAttribute("aria-live", "polite");
      document.body.append(region);
    }
    region.textContent = text;
  }

  class HtmlSnippet {
    constructor(text) { this.text = text; }
    valueOf() { return this.text; }
    toString() { return this.text; }
  }
  const StringUtils = {
    interpolate(text, values) {
      return text.replace(/{\w+}/g, (name) => String(values[name.slice(1, -1)]));
    },
  };
  const HTML = (text) => new HtmlSnippet(text);
  const ensureHtml = (text) => (text instanceof HtmlSnippet ? text : HTML(_.escape(text)));
  const HtmlUtils = {
    HtmlSnippet,
    HTML,
    ensureHtml,
    interpolateHtml(text, values) {
      return HTML(StringUtils.interpolate(String(ensureHtml(text)), _.mapObject(values, ensureHtml)));
    },
    joinHtml(...parts) { return HTML(parts.map((part) => String(ensureHtml(part))).join("")); },
    template(text, settings) {
      return (data) => HTML(_.template(text, settings)({ HtmlUtils, StringUtils, ...data }));
    },
    setHtml: (element, text) => $(element).html(String(ensureHtml(text))),
    append: (element, text) => $(element).append(String(ensureHtml(text))),
    prepend: (element, text) => $(element).prepend(String(ensureHtml(text))),
  };
  window.edx = { ...window.edx, HtmlUtils, StringUtils };

  // --- Formulas: MathJax 3 behind the calls of MathJax 2, loaded when there is something to set --

  const FORMULA = /\\\(|\\\[|\[mathjax(?:inline)?\]|`[^`]*`/;
  let loading = null;

  window.MathJax = {
    loader: { load: [] },
    options: { enableMenu: false, skipHtmlTags: ["script", "noscript", "style", "textarea", "pre", "code"] },
    tex: {
      inlineMath: [["\\(", "\\)"], ["[mathjaxinline]", "[/mathjaxinline]"]],
      displayMath: [["\\[", "\\]"], ["[mathjax]", "[/mathjax]"]],
    },
    startup: { typeset: false },
  };

  function loadMathJax() {
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.body.dataset.mathjax;
      script.onload = () => {
        offerHub();
        window.MathJax.startup.promise.then(resolve, reject);
      };
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function typeset(element) {
    const target = element?.jquery ? element[0] : element || document.body;
    const node = typeof target === "string" ? document.getElementById(target) : target;
    if (!node || !FORMULA.test(node.textContent)) return Promise.resolve();
    return loadMathJax().then(() => window.MathJax.typesetPromise([node])).then(tellHeight);
  }

  // A formula that is set anew as the learner types takes the place of the empty one in the page.
  function holderIn(target) {
    const known = target.querySelector(":scope > [data-formula]");
    if (known) return known;
    const holder = document.createElement("span");
    holder.dataset.formula = "";
    for (const node of [...target.childNodes]) {
      if (node.nodeType === Node.TEXT_NODE) node.remove();
    }
    target.prepend(holder);
    return holder;
  }

  function setFormula(holder, tex) {
    if (!tex) return Promise.resolve(holder.replaceChildren());
    return loadMathJax()
      .then(() => window.MathJax.tex2chtmlPromise(tex, { display: false }))
      .then((set) => {
        holder.replaceChildren(set);
        window.MathJax.startup.document.clear();
        window.MathJax.startup.document.updateDocument();
      })
      .then(tellHeight);
  }

  function formulaIn(element) {
    const node = element?.jquery ? element[0] : element;
    const target = typeof node === "string" ? document.getElementById(node) : node;
    if (!target) return null;
    const holder = holderIn(target);
    return {
      root: { toMathML: () => holder.querySelector("math")?.outerHTML || "" },
      Text: (tex, done) => setFormula(holder, tex).then(() => run(done)),
    };
  }

  function run(step) {
    if (typeof step === "function") return step();
    if (!Array.isArray(step)) return undefined;
    const [what, ...rest] = step;
    if (what === "Typeset") return typeset(rest[1] || rest[0]);
    if (typeof rest[0]?.[what] === "function") return rest[0][what](...rest.slice(1));
    return typeof what === "function" ? what(...rest) : undefined;
  }

  function offerHub() {
    window.MathJax.Hub = {
      Queue(...steps) {
        return steps.reduce((before, step) => before.then(() => run(step)), Promise.resolve());
      },
      Typeset: (element) => typeset(element),
      getAllJax: (element) => [formulaIn(element)].filter(Boolean),
      getJaxFor: formulaIn,
      Register: { MessageHook() {}, StartupHook: (stage, step) => run(step) },
      Startup: { signal: { Interest: (step) => step("End") } },
      Config() {},
    };
    window.MathJax.Callback = Object.assign((step) => () => run(step), {
      After: (step, ...before) => Promise.all(before).then(() => run(step)),
      Queue: (...steps) => window.MathJax.Hub.Queue(...steps),
    });
    window.MathJax.Ajax = { Load() {} };
  }

  offerHub();

  // --- Blocks ---------------------------------------------------------------------------------

  const started = new Map();

  function elementOf(element) {
    const node = element?.jquery || Array.isArray(element) ? element[0] : element;
    return node.closest(".xblock");
  }

  function directly(element) {
    return [...element.querySelectorAll(".xblock")].filter(
      (child) => child.parentElement.closest(".xblock") === element,
    );
  }

  const runtime = {
    handlerUrl(element, name, suffix, query) {
      const url = `${elementOf(element).dataset.handlerBase}${name}/${suffix || ""}`;
      return query ? `${url}?${query}` : url;
    },
    children: (element) => directly(elementOf(element)).map((child) => started.get(child)).filter(Boolean),
    childMap(element, name) {
      return this.children(element).find((child) => child.name === name);
    },
    notify(name, data) {
      tellEditor({ name, data: JSON.parse(JSON.stringify(data ?? {})) });
      $(document).trigger(name, [data]);
    },
    listenTo: (name, callback) => $(document).on(name, (event, data) => callback(data)),
    refreshXBlock: () => window.location.reload(),
  };

  function initialise(element) {
    for (const child of directly(element)) initialise(child);
    if (element.dataset.requestToken !== pageToken || started.has(element)) return;
    let block = {};
    const start = element.dataset.init && window[element.dataset.init];
    if (typeof start === "function") {
      const island = element.querySelector(":scope > .xblock_json_init_args");
      const data = island ? JSON.parse(island.textContent) : undefined;
      // As in Open edX: a constructor, or a function that may return what the block can do.
      block = (start.prototype ? new start(runtime, element, data) : start(runtime, element, data)) || {};
    }
    block.element = element;
    block.name = element.dataset.name;
    block.type = element.dataset.blockType;
    started.set(element, block);
    $(element).addClass("xblock-initialized");
  }

  window.XBlock = {
    runtime,
    initializeBlock: (element) => initialise(elementOf(element)),
    initializeBlocks: (element) => directly($(element)[0]).forEach(initialise),
    Runtime: { LmsRuntime: function LmsRuntime() { return runtime; } },
  };

  // --- Pictures to point at -------------------------------------------------------------------

  /* What `problem` writes for one brings its own script and the picture's address as a style; both
     stop at the gate for authors' markup, and are put back here from what stands in the page. */
  function startPicture(input) {
    const id = input.id.replace("inputtype_", "");
    const [picture, address, size] = ["imageinput", "input", "answer"].map((name) => document.getElementById(`${name}_${id}`));
    if (!picture || picture.dataset.started || typeof window.ImageInput !== "function") return;
    picture.dataset.started = "true";
    Object.assign(picture.style, {
      backgroundImage: `url("${encodeURI(decodeURI(address.getAttribute("src")))}")`,
      height: `${size.dataset.height}px`,
      position: "relative",
      width: `${size.dataset.width}px`,
    });
    new window.ImageInput(id);
  }

  function startPictures() {
    document.querySelectorAll(".imageinput.capa_inputtype").forEach(startPicture);
  }

  // --- Choices with a text to fill in -----------------------------------------------------------

  /* Their script reads attributes where a jQuery of long ago gave the state: both are kept alike. */
  const CHOICE = ".ctinput:not([type=text])";

  function chooseBeside(event) {
    const beside = event.target.closest(".choicetextinput :is(.mock_label, .ctinput[type=text])");
    const choice = beside?.closest("section[id^=forinput]").querySelector(CHOICE);
    if (choice && (choice.type === "radio" || beside.matches("input"))) choice.checked = true;
  }

  function noteChoices(event) {
    const choices = event.target.closest(".choicetextinput")?.querySelectorAll(CHOICE) || [];
    choices.forEach((choice) => choice.toggleAttribute("checked", choice.checked));
    $(choices[0]).triggerHandler("change");
  }

  document.addEventListener("click", chooseBeside, true);
  document.addEventListener("click", noteChoices);
  document.addEventListener("change", noteChoices);

  // A link that only carries a script's handler leads nowhere, and the page's policy forbids it.
  document.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="javascript:"]')) event.preventDefault();
  });

  // --- Height ---------------------------------------------------------------------------------

  let told = 0;

  function tellHeight() {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (window.parent === window || height === told) return;
    told = height;
    window.parent.postMessage({ type: "block-frame-height", height }, window.location.origin);
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.data?.type !== "block-frame-ask") return;
    told = 0;
    tellHeight();
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("#content > .xblock").forEach(initialise);
    typeset(document.getElementById("content"));
    startPictures();
    new MutationObserver(startPictures).observe(document.getElementById("content"), { childList: true, subtree: true });
    new ResizeObserver(tellHeight).observe(document.documentElement);
    tellHeight();
  });
})(jQuery);
