// Charts: drawn from the JSON beside them, in the page's own colours, again when light turns dark. A click opens the rows.
import { BarChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, AriaComponent, GridComponent, LegendComponent,
  MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]); // prettier-ignore

const language = document.documentElement.lang;
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const part = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const write = { percent: (v) => part.format(v), count: (v) => whole.format(v), money: (v) => short.format(v), days: (v) => whole.format(v), points: (v) => short.format(v * 100) };

// A custom property keeps both colours of light-dark(); only an element that uses it knows which one holds.
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function look() {
  return {
    ink: colour("ink"), soft: colour("ink-soft"), line: colour("line"), surface: colour("surface"), accent: colour("accent"),
    accentSoft: colour("accent-soft"), palette: [1, 2, 3, 4, 5, 6].map((n) => colour(`chart-${n}`)),
  }; // prettier-ignore
}

const values = (series) => series.values.map((value, i) => ({ value, url: series.urls[i] }));

function axes(data, theme, turned) {
  const narrow = turned && window.innerWidth < 640 ? { width: 110, overflow: "break" } : {}; // else names leave the bars no room
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.soft, hideOverlap: true, ...narrow }, inverse: turned }; // prettier-ignore
  const whole = data.unit === "percent" && data.series.some((item) => item.stack); // shares of one whole end at 100 %
  const amounts = { type: "value", max: whole ? 1 : undefined, splitLine: { lineStyle: { color: theme.line } }, axisLabel: { color: theme.soft, hideOverlap: true, formatter: (v) => (data.unit === "points" ? write.points(v) : (data.unit === "percent" ? part : short).format(v)) } };
  const notes = turned && data.notes.length && window.innerWidth >= 640 ? [{ ...names, data: data.notes, position: "right", axisLine: { show: false } }] : [];
  return turned ? { xAxis: amounts, yAxis: [names, ...notes] } : { xAxis: names, yAxis: amounts };
}

const tones = { good: "share-good", bad: "share-bad" }; // the colours of words are too loud for areas

function plot(data, theme) {
  const turned = data.kind === "bars";
  const series = data.series.map((item) => {
    const line = item.look || data.kind === "lines";
    return {
      name: item.name, type: line ? "line" : "bar", stack: item.stack || undefined, data: values(item), barMaxWidth: 28,
      symbolSize: 6, smooth: false, lineStyle: { width: 2, type: item.look === "dashed" ? "dashed" : "solid" },
      areaStyle: item.look === "area" ? { opacity: 0.12 } : undefined,
      color: item.tone ? colour(tones[item.tone] ?? item.tone) : undefined,
      itemStyle: line || item.stack ? undefined : { borderRadius: turned ? [0, 4, 4, 0] : [4, 4, 0, 0] },
    }; // prettier-ignore
  });
  return { ...axes(data, theme, turned), series, tooltip: { trigger: "axis", axisPointer: { type: "shadow" } } };
}

// From a quarter to three quarters a bar, with a dot between and a mark; a bar whose end is not known goes on to the edge.
function ranges(data, theme) {
  const [from, middle, to, mark] = data.series;
  const most = Math.max(1, ...data.series.flatMap((item) => item.values.map((value) => value ?? 0))) * 1.08;
  const bar = (i) => (from.values[i] == null ? null : (to.values[i] ?? most) - from.values[i]);
  const dots = (item, symbol, symbolSize, tone) => ({ name: item.name, type: "scatter", symbol, symbolSize, color: colour(tone),
    data: item.values.map((value, i) => ({ value: [value ?? "-", i], url: item.urls[i] })) }); // prettier-ignore
  const { xAxis, yAxis } = axes(data, theme, true);
  return {
    xAxis: { ...xAxis, max: most, axisLabel: { ...xAxis.axisLabel, showMaxLabel: false } }, yAxis,
    series: [
      { type: "bar", stack: "range", data: from.values, color: "transparent", silent: true, barWidth: 10 },
      { type: "bar", stack: "range", name: `${from.name} – ${to.name}`, color: theme.accent, barWidth: 10,
        data: data.labels.map((_, i) => ({ value: bar(i), url: from.urls[i], itemStyle: { opacity: to.values[i] == null ? 0.15 : 0.35, borderRadius: 4 } })) },
      dots(middle, "circle", 12, "accent"), dots(mark, "rect", [3, 20], "share-bad"),
    ],
    tooltip: { trigger: "item", formatter: ({ dataIndex }) => `${data.labels[dataIndex]}\n${data.notes[dataIndex]}` },
  }; // prettier-ignore
}

// Differences with their intervals about a line at nothing; a row without a dot is grey: too little is known.
function differences(data, theme) {
  const [from, middle, to] = data.series;
  const { xAxis, yAxis } = axes(data, theme, true);
  const [names, ...notes] = yAxis;
  const known = (i) => middle.values[i] != null;
  const sure = (i) => from.values[i] > 0 || to.values[i] < 0;
  const faint = (list) => list.map((value, i) => (known(i) ? value : { value, textStyle: { color: theme.line } }));
  const tone = (i) => (sure(i) ? theme.accent : theme.soft);
  const bars = data.labels.map((_, i) => ({ type: "line", data: known(i) ? [[from.values[i], i], [to.values[i], i]] : [], color: tone(i),
    symbol: "rect", symbolSize: [2, 12], showSymbol: true, lineStyle: { width: 2 }, silent: true })); // prettier-ignore
  return {
    xAxis: { ...xAxis, scale: false }, legend: { show: false }, grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    yAxis: [{ ...names, data: faint(data.labels), axisLine: { show: false } }, ...notes.map((axis) => ({ ...axis, data: faint(data.notes) }))],
    series: [...bars, { type: "scatter", symbol: "circle", symbolSize: 11,
      data: middle.values.map((value, i) => ({ value: [value ?? "-", i], itemStyle: { color: tone(i) } })),
      markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: theme.soft, type: "solid", width: 1 }, data: [{ xAxis: 0 }] } }],
    tooltip: { trigger: "item", formatter: ({ dataIndex }) => `${data.labels[dataIndex]}\n${data.notes[dataIndex]}` },
  }; // prettier-ignore
}

// Rates against how many they are of, between the limits of luck: a funnel plot.
function scatter(data, theme) {
  const [many, rate, drawn, beyond, along, ...curves] = data.series;
  const { yAxis } = axes(data, theme, false);
  const outside = (i) => beyond.values[i] !== 0;
  const curve = (item, i) => ({ type: "line", name: item.name, symbol: "none", silent: true, color: i ? theme.soft : theme.accent,
    lineStyle: { width: i ? 1 : 1.5, type: i > 2 ? "dotted" : i ? "dashed" : "solid" }, data: item.values.map((value, at) => [along.values[at], value]) }); // prettier-ignore
  return {
    xAxis: { type: "value", name: many.name, nameLocation: "middle", nameGap: 24, nameTextStyle: { color: theme.soft }, min: 0, splitLine: { show: false }, axisLabel: { color: theme.soft } },
    yAxis: { ...yAxis, min: 0, max: 1 }, legend: { show: false }, grid: { left: 8, right: 24, top: 16, bottom: 24, containLabel: true },
    series: [...curves.map(curve),
      { type: "scatter", name: drawn.name, symbol: "emptyCircle", symbolSize: 6, color: theme.soft, silent: true, data: drawn.values.map((value, i) => [many.values[i], value]) },
      { type: "scatter", name: rate.name, symbolSize: 11, data: rate.values.map((value, i) => ({ value: [many.values[i], value], url: rate.urls[i], itemStyle: { color: outside(i) ? colour(beyond.values[i] > 0 ? "share-good" : "share-bad") : theme.accent },
        label: { show: outside(i), position: "right", formatter: data.labels[i], color: theme.ink } })) }],
    tooltip: { trigger: "item", formatter: ({ dataIndex }) => `${data.labels[dataIndex]}\n${data.notes[dataIndex]}` },
  }; // prettier-ignore
}

function funnel(data, theme) {
  const [item] = data.series;
  const rows = values(item).map((row, i) => ({ ...row, name: data.labels[i] }));
  return { series: [{ type: "funnel", data: rows, sort: "none", gap: 2, left: 8, top: 8, bottom: 8, minSize: "6%",
    itemStyle: { borderWidth: 0 }, right: "28%", label: { position: "right", color: theme.ink,
    formatter: ({ name, value }) => `${name}  ${write[data.unit](value)}` } }], legend: { show: false } }; // prettier-ignore
}

function flow(data, theme) {
  return { series: [{ type: "sankey", animation: false, data: data.labels.map((name) => ({ name })), links: data.flows, nodeGap: 14, left: 4, right: "24%", top: 8, bottom: 8,
    draggable: false, label: { color: theme.ink }, lineStyle: { color: "gradient", opacity: 0.35 }, emphasis: { focus: "adjacency" } }],
    legend: { show: false } }; // prettier-ignore
}

function heat(data, theme) {
  const cells = data.series.flatMap((row, y) => row.values.map((value, x) => ({ value: [x, y, value ?? "-"], url: row.urls[x] })));
  const most = Math.max(1e-9, ...data.series.flatMap((row) => row.values.map((value) => value ?? 0)));
  const names = (list) => ({ type: "category", data: list, axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false }, axisLabel: { color: theme.soft } });
  return { xAxis: names(data.labels), yAxis: { ...names(data.series.map((row) => row.name)), inverse: true },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [theme.accentSoft, theme.accent] } },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: theme.surface, borderWidth: 2, borderRadius: 3 } }], legend: { show: false } }; // prettier-ignore
}

// What there was, each change from where the one before it ended, and what there is.
function waterfall(data, theme) {
  const [item] = data.series;
  const last = item.values.length - 1;
  let now = 0;
  const steps = item.values.map((value, i) => {
    const from = i === 0 || i === last ? 0 : now;
    now = from + value;
    const tone = i === 0 || i === last ? theme.accent : colour(value < 0 ? "share-bad" : "share-good");
    return { base: Math.min(from, now), bar: Math.abs(value), value, url: item.urls[i], itemStyle: { color: tone } };
  });
  const between = steps.slice(1, last).flatMap(({ base, bar: size }) => [base, base + size]);
  const [lowest, highest] = [Math.min(...between), Math.max(...between)];
  const cut = lowest - 2 * (highest - lowest); // what did not change is cut off, or the changes could not be seen
  const { xAxis, yAxis } = axes(data, theme, false);
  const bar = { type: "bar", stack: "steps", barMaxWidth: 48 };
  return { xAxis, yAxis: { ...yAxis, min: cut > 0 ? cut : 0, axisLabel: { ...yAxis.axisLabel, showMinLabel: cut <= 0 } }, legend: { show: false },
    series: [
      { ...bar, data: steps.map(({ base }) => base), color: "transparent", silent: true },
      { ...bar, name: item.name, data: steps.map(({ bar: size, url, itemStyle }) => ({ value: size, url, itemStyle })),
        label: { show: window.innerWidth >= 640, position: "top", color: theme.soft, formatter: ({ dataIndex }) => short.format(steps[dataIndex].value) } },
    ],
    tooltip: { trigger: "item", formatter: ({ dataIndex }) => `${data.labels[dataIndex]}\n${write[data.unit](steps[dataIndex].value)}` },
  }; // prettier-ignore
}

const kinds = { columns: plot, lines: plot, bars: plot, funnel, flow, heat, ranges, differences, scatter, waterfall };

function option(data) {
  const theme = look();
  const own = kinds[data.kind](data, theme);
  return {
    color: theme.palette,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: theme.ink },
    animationDuration: 250,
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 12, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: theme.soft }, type: "scroll" },
    ...own,
    tooltip: { renderMode: "richText", confine: true, backgroundColor: theme.surface, borderColor: theme.line, textStyle: { color: theme.ink },
      valueFormatter: (value) => (value == null || value === "-" ? "–" : write[data.unit](Array.isArray(value) ? value[2] : value)), ...own.tooltip },
  }; // prettier-ignore
}

const drawn = new Map();

function draw(element) {
  const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
  const picture = echarts.init(element);
  picture.setOption(option(data));
  picture.on("click", ({ data: point }) => point?.url && location.assign(point.url));
  const watch = new ResizeObserver(() => picture.resize());
  watch.observe(element);
  drawn.set(element, { picture, data, watch });
}

export function charts(elements) {
  for (const [element, { picture, watch }] of drawn) {
    if (element.isConnected) continue;
    watch.disconnect();
    picture.dispose();
    drawn.delete(element);
  }
  for (const element of elements) if (!drawn.has(element)) draw(element);
}

function again() {
  for (const { picture, data } of drawn.values()) picture.setOption(option(data), true);
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
