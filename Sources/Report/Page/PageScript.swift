/// What runs in the page: a still picture becomes a live plot when it comes near the window, and its legend's buttons
/// show and hide series. Where anything fails, the picture stays.
enum PageScript {
  static let text = """
    (function () {
      "use strict";
      if (typeof window.vegaEmbed !== "function") { return; }

      function toggles(figure, view) {
        var buttons = Array.prototype.slice.call(figure.querySelectorAll(".legend button"));
        function isShown(button) { return button.getAttribute("aria-pressed") === "true"; }
        buttons.forEach(function (button) {
          button.disabled = false;
          button.addEventListener("click", function () {
            button.setAttribute("aria-pressed", String(!isShown(button)));
            // An empty plot says nothing: hiding the last series brings all back, as an empty selection does in Vega.
            if (!buttons.some(isShown)) { buttons.forEach(function (one) { one.setAttribute("aria-pressed", "true"); }); }
            var shown = buttons.filter(isShown);
            var selection = shown.length === buttons.length ? [] : shown.map(function (one) {
              return { unit: "", fields: [{ type: "E", field: "series" }], values: [one.dataset.series] };
            });
            view.data("\(VegaLite.shown)_store", selection).runAsync();
          });
        });
      }

      function start(figure) {
        var plot = figure.querySelector(".plot");
        var live = plot.querySelector(".live");
        live.hidden = false;
        var spec = JSON.parse(figure.querySelector("script.spec").textContent);
        window.vegaEmbed(live, spec, {
          renderer: "svg", actions: false, tooltip: { theme: "page", disableDefaultStyle: true }
        }).then(function (result) {
          plot.classList.add("is-live");
          toggles(figure, result.view);
        }).catch(function (error) {
          live.hidden = true;
          console.warn("The plot stays a picture:", error);
        });
      }

      var figures = Array.prototype.filter.call(document.querySelectorAll("figure"), function (figure) {
        return figure.querySelector("script.spec");
      });
      if (typeof window.IntersectionObserver !== "function") { figures.forEach(start); return; }
      var observer = new IntersectionObserver(function (entries) {
        entries.forEach(function (entry) {
          if (!entry.isIntersecting) { return; }
          observer.unobserve(entry.target);
          start(entry.target);
        });
      }, { rootMargin: "400px" });
      figures.forEach(function (figure) { observer.observe(figure); });
    })();
    """
}
