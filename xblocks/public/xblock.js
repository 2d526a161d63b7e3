/* The one classic script of the suite: every host can load it by URL and call SchoolBlock, and it
   brings in the block's own ES module. */
(function () {
  'use strict';

  function readCookie(name) {
    var match = document.cookie.match(new RegExp('(?:^|; )' + name + '=([^;]*)'));
    return match ? decodeURIComponent(match[1]) : '';
  }

  function readToken() {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : readCookie('csrftoken');
  }

  function HandlerError(status, data) {
    this.name = 'HandlerError';
    this.status = status;
    this.data = data || {};
    this.message = this.data.error || '';
  }
  HandlerError.prototype = Object.create(Error.prototype);

  window.SchoolBlock = function SchoolBlock(runtime, element, args) {
    var root = element.jquery || Array.isArray(element) ? element[0] : element;

    /* call(handler, data) -> Promise of the handler's answer. Rejects with status and data when
       the host refuses, and with status 0 when it cannot be reached. */
    function call(handler, data, options) {
      var headers = {
        'Content-Type': 'application/json',
        'X-CSRFToken': readToken(),
        'X-Requested-With': 'XMLHttpRequest',
      };
      return send(handler, headers, JSON.stringify(data || {}), Boolean(options && options.keepalive));
    }

    function send(handler, headers, body, keepalive) {
      return fetch(runtime.handlerUrl(root, handler), {
        method: 'POST',
        credentials: 'same-origin',
        keepalive: keepalive,
        headers: headers,
        body: body,
      }).then(
        function (response) {
          return response.json().catch(function () { return {}; }).then(function (answer) {
            if (!response.ok) throw new HandlerError(response.status, answer);
            if (response.headers.get('X-Progress')) document.dispatchEvent(new CustomEvent('libschool:answered'));
            return answer;
          });
        },
        function () { throw new HandlerError(0); }
      );
    }

    /* call.url(handler, suffix) is where a handler hands out a file; call.upload(handler, file) sends one. */
    call.url = function (handler, suffix) { return runtime.handlerUrl(root, handler, suffix || ''); };
    call.upload = function (handler, file) {
      var form = new FormData();
      form.append('file', file, file.name);
      return send(handler, { 'X-CSRFToken': readToken(), 'X-Requested-With': 'XMLHttpRequest' }, form, false);
    };

    /* host.notify(event, data) tells Studio, or whatever shows an editor, how saving goes and when to close. */
    var host = {
      notify: function (event, data) { if (runtime.notify) runtime.notify(event, data); },
    };

    return import(args.module).then(function (module) { return module.start(root, call, host); });
  };
})();
