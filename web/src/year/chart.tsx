import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

register([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export interface Bar {
  readonly name: string;
  readonly values: readonly number[];
}

const COLOURS = ['#1c4e94', '#c46a00'];
const ROW = 30;

/** Bars, the first on top. The table beside it says the same to whoever does not see it. */
export function Chart({
  title,
  series,
  bars,
  onChoose,
}: {
  title: string;
  series: readonly string[];
  bars: readonly Bar[];
  onChoose: (bar: number, series: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  useEffect(() => {
    if (!place.current) return;
    const drawn = init(place.current);
    drawn.setOption({
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: 'inherit', fontSize: 13 },
      grid: { left: 4, right: 48, top: series.length > 1 ? 34 : 6, bottom: 4, containLabel: true },
      ...(series.length > 1 ? { legend: { top: 0, left: 0 } } : {}),
      // As drawn text: the usual tooltip writes inline styles, which the CSP forbids.
      tooltip: { renderMode: 'richText', trigger: 'item' },
      xAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: '#e4e8ee' } } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ name }) => name),
        axisTick: { show: false },
        axisLabel: { color: '#1b1f26' },
      },
      series: series.map((name, i) => ({
        type: 'bar',
        name,
        barMaxWidth: 18,
        label: { show: true, position: 'right', color: '#1b1f26' },
        data: bars.map(({ values }) => values[i] ?? null),
      })),
    });
    drawn.on('click', ({ dataIndex, seriesIndex }) => choose.current(dataIndex, seriesIndex ?? 0));
    const watcher = new ResizeObserver(() => drawn.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      drawn.dispose();
    };
  }, [bars, series]);
  const height = bars.length * ROW * Math.max(1, series.length * 0.8) + 50;
  return <div ref={place} role="img" aria-label={title} className="chart" style={{ height }} />;
}
