// Charts from the page's own data. All there is to say (the macro `chart` of _macros/charts.html writes it):
//
//   <figure data-chart>
//     <figcaption>…  <button data-chart-table> <button data-chart-picture data-name="file">  </figcaption>
//     <div data-chart-plot></div>
//     <script type="application/json"> an ECharts option: categories, series, nothing of looks </script>
//     <div data-chart-rows> the same figures as a table, which is what remains without this script </div>
//   </figure>
//
// Values are numbers or decimal texts; an item {value, text, url} says in `text` how it reads (tooltip,
// label) and leads to `url` when clicked. Colours, fonts, dark theme, aria and tooltips come from here.

const LIBRARY = new URL("../vendor/echarts/echarts.min.js", import.meta.url);
const CANVAS_SCALE = 2;
let library = null;

function load() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = () => (window.echarts ? done(window.echarts) : failed());
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

/** The page's own colours, as they are in the theme that is on. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  const axis = {
    axisLine: { lineStyle: { color: of("--edge") } },
    axisTick: { lineStyle: { color: of("--edge") } },
    axisLabel: { color: of("--ink-2") },
    nameTextStyle: { color: of("--ink-3") },
    splitLine: { lineStyle: { color: of("--line") } },
  };
  const words = { color: of("--ink"), fontFamily: of("--house-font") };
  return {
    color: ["--chart", "--ink", "--warn", "--good", "--edge"].map(of),
    backgroundColor: "transparent",
    textStyle: words,
    title: { textStyle: words },
    legend: { textStyle: { color: of("--ink-2") }, inactiveColor: of("--edge") },
    tooltip: { backgroundColor: of("--surface"), borderColor: of("--line"), textStyle: words },
    visualMap: { textStyle: { color: of("--ink-2") } },
    bar: { barMaxWidth: 40 },
    line: { symbol: "circle", symbolSize: 7, lineStyle: { width: 2 } },
    categoryAxis: axis,
    valueAxis: axis,
  };
}

const said = (item) => item.data?.text ?? (item.value === undefined || item.value === "-" ? "—" : String(item.value));

function tooltip(items) {
  const list = Array.isArray(items) ? items : [items];
  const head = list[0]?.axisValueLabel ?? list[0]?.name ?? "";
  return [head, ...list.map((item) => `${item.marker ?? ""}${item.seriesName ?? ""}  ${said(item)}`)].join("\n");
}

/** The page's option with what every chart of the house has. */
function dressed(option, description) {
  const series = option.series ?? [];
  const filled = series.filter((one) => one.type !== "line").length;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
    legend: series.length > 1 ? { top: 0, left: 0, itemGap: 16 } : undefined,
    ...option,
    animation: !still,
    tooltip: { trigger: "axis", ...option.tooltip, renderMode: "richText", confine: true, formatter: tooltip },
    aria: { enabled: true, label: { description }, decal: { show: filled > 1 } },
  };
}

function picture(figure, chart, button) {
  const link = document.createElement("a");
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
  link.href = chart.getDataURL({ type: "png", pixelRatio: CANVAS_SCALE, backgroundColor: ground });
  link.download = `${button.dataset.name || "chart"}.png`;
  figure.append(link);
  link.click();
  link.remove();
}

function draw(echarts, figure) {
  const plot = figure.querySelector("[data-chart-plot]");
  const option = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const locale = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  figure.classList.add("is-drawn");
  const chart = echarts.init(plot, theme(), { locale });
  chart.setOption(dressed(option, figure.dataset.chart));
  chart.on("click", (item) => item.data?.url && location.assign(item.data.url));
  new ResizeObserver(() => chart.resize()).observe(plot);
  new MutationObserver(() => chart.setTheme(theme())).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
  figure.querySelector("[data-chart-picture]")?.addEventListener("click", (event) => {
    picture(figure, chart, event.currentTarget);
  });
}

function watchTable(figure) {
  const rows = figure.querySelector("[data-chart-rows]");
  const button = figure.querySelector("[data-chart-table]");
  if (!rows || !button) return;
  rows.hidden = button.getAttribute("aria-expanded") !== "true";
  button.addEventListener("click", () => {
    rows.hidden = !rows.hidden;
    button.setAttribute("aria-expanded", String(!rows.hidden));
  });
}

async function start(figures) {
  if (!figures.length) return;
  for (const figure of figures) figure.dataset.chartStarted = ""; // at once: htmx tells of the same part again
  try {
    const echarts = await load();
    for (const figure of figures) {
      draw(echarts, figure);
      watchTable(figure);
    }
  } catch {
    // Without the library the tables stand there, as they do without any script.
  }
}

export function startCharts(page) {
  const fresh = (root) => [...root.querySelectorAll("[data-chart]:not([data-chart-started])")];
  start(fresh(page));
  page.addEventListener("htmx:load", (event) => start(fresh(event.detail.elt)));
}
