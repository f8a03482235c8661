/* Charts of a page: json_script "chart-data" holds {charts: [{el, kind, ...}]}; kinds: bars, lines, hbar, donut, spark. */
(function () {
  "use strict";
  var source = document.getElementById("chart-data");
  if (!source || !window.echarts) { return; }
  var TONES = { blue: "#2563eb", azure: "#0ea5e9", purple: "#8b5cf6", orange: "#f59e0b", green: "#16a34a", red: "#ef4444", cyan: "#06b6d4", gray: "#94a3b8", secondary: "#94a3b8", light: "#93c5fd" };
  var PALETTE = ["#2563eb", "#93c5fd", "#f59e0b", "#10b981", "#8b5cf6", "#94a3b8", "#06b6d4", "#ef4444"];
  var still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  function color(name, place) { return TONES[name] || name || PALETTE[place % PALETTE.length]; }
  function look() {
    var dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    return { dark: dark, ink: dark ? "#c3ccd7" : "#475569", strong: dark ? "#e6ebf1" : "#1f2937", line: dark ? "rgba(255,255,255,.085)" : "rgba(15,23,42,.085)", surface: dark ? "#1c242e" : "#ffffff" };
  }
  function number(value) {
    if (value === null || value === undefined || value === "-") { return "–"; }
    return typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 2 }) : String(value);
  }
  function short(value) {
    if (Math.abs(value) < 10000) { return number(value); }
    return document.documentElement.lang.indexOf("zh") === 0 ? number(value / 10000) + "万" : number(value / 1000) + "k";
  }
  function withUnit(unit) { return function (value) { return number(value) + (unit ? " " + unit : ""); }; }
  function tooltip(c, unit, trigger) {
    return { trigger: trigger, renderMode: "richText", confine: true, backgroundColor: c.surface, borderColor: c.line, borderWidth: 1, padding: [8, 10], textStyle: { color: c.strong, fontSize: 12 }, axisPointer: { type: "shadow", shadowStyle: { color: "rgba(37,99,235,.07)" } }, valueFormatter: withUnit(unit) };
  }
  function legend(c, where) { return Object.assign({ itemWidth: 10, itemHeight: 10, itemGap: 14, icon: "roundRect", type: "scroll", textStyle: { color: c.ink, fontSize: 12 } }, where); }
  function axisText(c) { return { color: c.ink, fontSize: 11 }; }
  function xy(c, spec, type) {
    var rows = spec.series || [], many = rows.length > 1 || spec.line;
    var category = { type: "category", data: spec.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } }, axisLabel: Object.assign(axisText(c), spec.slant ? { interval: 0, rotate: 40, width: 84, overflow: "truncate" } : { hideOverlap: true }), triggerEvent: false };
    var value = { type: "value", splitLine: { lineStyle: { color: c.line } }, axisLabel: Object.assign(axisText(c), { formatter: short }), minInterval: spec.whole ? 1 : 0, max: spec.max };
    var lying = type === "hbar";
    if (lying) { category.inverse = true; category.axisLine = { show: false }; category.axisLabel = { color: c.ink, fontSize: 12, width: 96, overflow: "truncate" }; }
    var tops = {};
    rows.forEach(function (row, place) { if (row.stack) { tops[row.stack] = place; } });
    var series = rows.map(function (row, place) {
      var tint = color(row.color, place), round = !row.stack || tops[row.stack] === place;
      if (type === "lines") {
        return { name: row.name, type: "line", data: row.data, smooth: .25, connectNulls: false, symbol: "circle", symbolSize: 6, showSymbol: (row.data || []).length < 16, lineStyle: { width: 2, color: tint }, itemStyle: { color: tint }, areaStyle: rows.length === 1 ? { color: tint, opacity: .1 } : undefined };
      }
      return { name: row.name, type: "bar", stack: row.stack, barMaxWidth: lying ? 14 : 34, barCategoryGap: lying ? "45%" : "42%", data: row.data, itemStyle: { color: tint, borderRadius: round ? (lying ? [0, 4, 4, 0] : [4, 4, 0, 0]) : 0 }, cursor: spec.urls ? "pointer" : "default" };
    });
    var share = spec.line && spec.line.share ? { type: "value", max: 100, min: 0, splitLine: { show: false }, axisLabel: Object.assign(axisText(c), { formatter: "{value}%" }) } : null;
    if (spec.line) { series.push({ name: spec.line.name, type: "line", data: spec.line.data, yAxisIndex: share ? 1 : 0, tooltip: share ? { valueFormatter: withUnit("%") } : undefined, symbol: "none", lineStyle: { type: "dashed", width: 1.5, color: color(spec.line.color || "orange", 2) }, itemStyle: { color: color(spec.line.color || "orange", 2) }, z: 5 }); }
    return { tooltip: tooltip(c, spec.unit, "axis"), legend: many ? legend(c, { top: 0, left: 0 }) : { show: false }, grid: { left: 4, right: lying ? 20 : 8, top: many ? 36 : 12, bottom: 0, containLabel: true }, xAxis: lying ? value : category, yAxis: lying ? category : share ? [value, share] : value, series: series };
  }
  var builders = {
    bars: function (c, spec) { return xy(c, spec, "bars"); },
    lines: function (c, spec) { return xy(c, spec, "lines"); },
    hbar: function (c, spec) {
      if (!spec.series && spec.items) { spec = Object.assign({}, spec, { labels: spec.items.map(function (i) { return i[0]; }), urls: spec.items.some(function (i) { return i[2]; }) ? spec.items.map(function (i) { return i[2]; }) : null, series: [{ name: spec.title || "", data: spec.items.map(function (i) { return i[1]; }) }] }); }
      return xy(c, spec, "hbar");
    },
    donut: function (c, spec, el) {
      var total = spec.items.reduce(function (sum, item) { return sum + Number(item[1] || 0); }, 0), narrow = el.clientWidth < 420;
      return { color: PALETTE, tooltip: Object.assign(tooltip(c, spec.unit, "item"), { formatter: function (p) { return p.name + "  " + number(p.value) + (spec.unit ? " " + spec.unit : "") + "  " + p.percent + "%"; } }),
        legend: legend(c, { bottom: 0, left: "center" }),
        title: { text: spec.center || number(Math.round(total * 100) / 100), subtext: spec.unit || "", left: "center", top: narrow ? "34%" : "35%", itemGap: 2, textStyle: { fontSize: 24, fontWeight: 600, color: c.strong }, subtextStyle: { fontSize: 12, color: c.ink } },
        series: [{ type: "pie", radius: ["56%", "78%"], center: ["50%", "43%"], padAngle: 2, itemStyle: { borderRadius: 4 }, label: { show: false }, labelLine: { show: false }, emphasis: { scaleSize: 4 }, cursor: spec.items.some(function (i) { return i[2]; }) ? "pointer" : "default", data: spec.items.map(function (item, place) { return { name: item[0], value: item[1], itemStyle: { color: color(item[3], place) } }; }) }] };
    },
    spark: function (c, spec) {
      var tint = color(spec.color || spec.tone, 0), data = spec.data || (spec.series && spec.series[0].data) || [];
      return { animation: false, grid: { left: 1, right: 1, top: 3, bottom: 1 }, xAxis: { type: "category", show: false, boundaryGap: false, data: data.map(function (v, i) { return i; }) }, yAxis: { type: "value", show: false, min: "dataMin", max: "dataMax" }, series: [{ type: "line", data: data, smooth: .3, symbol: "none", silent: true, lineStyle: { width: 2, color: tint }, areaStyle: { color: tint, opacity: .1 } }] };
    }
  };
  var charts = [];
  function follow(spec, place) {
    var url = spec.urls && spec.urls[place] || spec.items && spec.items[place] && spec.items[place][2];
    if (url) { location.assign(url); }
  }
  function start(spec) {
    var el = document.getElementById(spec.el);
    if (!el || !builders[spec.kind]) { return; }
    var chart = null;
    function draw() {
      if (!chart) { return; }
      var option = builders[spec.kind](look(), spec, el);
      option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
      if (still) { option.animation = false; }
      chart.setOption(option, true);
    }
    new ResizeObserver(function () {
      if (!el.clientWidth) { return; }
      if (chart) { chart.resize(); return; }
      chart = echarts.init(el, null, { renderer: "canvas" });
      if (spec.kind === "donut") { chart.on("click", function (p) { follow(spec, p.dataIndex); }); }
      else if (spec.urls || spec.items) {
        /* the whole column counts, so that a gloved finger need not hit a low bar */
        chart.getZr().on("click", function (e) {
          var point = [e.offsetX, e.offsetY];
          if (chart.containPixel("grid", point)) { follow(spec, chart.convertFromPixel("grid", point)[spec.kind === "hbar" ? 1 : 0]); }
        });
      }
      draw();
    }).observe(el);
    charts.push(draw);
  }
  (JSON.parse(source.textContent).charts || []).forEach(start);
  document.addEventListener("app:theme", function () { charts.forEach(function (draw) { draw(); }); });
})();
