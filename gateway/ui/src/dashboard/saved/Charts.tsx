// Groups as bars, as lines over time, or as shares of a whole. A bar with something behind it is a button. What is drawn is for the eye:
// the table beside it says the same.
import type { KeyboardEvent } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  LabelList,
  Line,
  LineChart,
  Pie,
  PieChart,
  ResponsiveContainer,
  Sector,
  Tooltip,
  XAxis,
  YAxis,
  type BarShapeProps,
  type PieSectorShapeProps,
} from 'recharts';
import { percent } from '../format';
import type { Write } from './columns';
import type { Plot, Tick } from './plot';

interface ChartProps {
  plot: Plot;
  name: string;
  write: Write;
}

const NUMBERS = { type: 'number', axisLine: false, tickLine: false } as const;
const NAMES = { type: 'category', dataKey: 'label', axisLine: false, tickLine: false } as const;
const SIZE = { width: 480, height: 240 };
/** A bar with its name needs this much height. */
const ROW = 30;

function BarShape({ x, y, width, height, background, payload, tone, write }: BarShapeProps & { tone: string; write: Write }) {
  const tick = payload as Tick;
  const rect = <rect x={x ?? 0} y={y ?? 0} width={Math.max(width, 0)} height={Math.max(height, 0)} rx={2} className={tick.tone ?? tone} />;
  const { open, label, values } = tick;
  if (!open) return rect;
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  };
  const reach = { x: background?.x ?? 0, y: (background?.y ?? 0) - 4, width: background?.width ?? 0, height: (background?.height ?? 0) + 8 };
  return (
    <g role="button" tabIndex={0} aria-label={`${label}: ${write(values[0] ?? null)}. Show what is behind it`} className="way" onClick={open} onKeyDown={press}>
      <rect {...reach} className="reach" rx={4} />
      {rect}
    </g>
  );
}

function Hint({ plot, write, active, payload }: Pick<ChartProps, 'plot' | 'write'> & { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const tick = payload?.[0]?.payload as Tick | undefined;
  if (!active || !tick) return null;
  return (
    <div className="tip">
      <strong>{tick.label}</strong>
      {plot.series.map(({ key, label, tone }, index) => (
        <div key={key}>
          {plot.series.length > 1 && <i className={`dot ${tone}`} />} {label} {write(tick.values[index] ?? null)}
        </div>
      ))}
    </div>
  );
}

export function Bars({ plot, name, write }: ChartProps) {
  const inRows = plot.axis === 'rows';
  const isOne = plot.series.length === 1;
  return (
    <div className="plot" role="group" aria-label={name} tabIndex={inRows ? 0 : undefined} style={inRows ? { minHeight: plot.ticks.length * ROW } : {}}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={SIZE}>
        <BarChart
          data={plot.ticks}
          layout={inRows ? 'vertical' : 'horizontal'}
          accessibilityLayer={false}
          margin={inRows ? { top: 0, right: 52, bottom: 0, left: 0 } : { top: 20, right: 0, bottom: 0, left: 0 }}
        >
          {!inRows && <CartesianGrid vertical={false} />}
          {inRows ? <XAxis {...NUMBERS} hide /> : <XAxis {...NAMES} dataKey="short" minTickGap={12} />}
          {inRows ? <YAxis {...NAMES} interval={0} width={118} /> : <YAxis {...NUMBERS} width={44} tickFormatter={write} />}
          <Tooltip content={<Hint plot={plot} write={write} />} cursor={false} isAnimationActive={false} />
          {plot.series.map(({ key, tone }, index) => (
            <Bar
              key={key}
              dataKey={({ values }: Tick) => values[index]}
              stackId="all"
              maxBarSize={inRows ? 20 : 34}
              isAnimationActive={false}
              activeBar={false}
              shape={(props: BarShapeProps) => <BarShape {...props} tone={tone} write={write} />}
            >
              {isOne && (inRows || plot.ticks.length <= 14) && <LabelList dataKey={(({ values }: Tick) => values[0]) as never} position={inRows ? 'right' : 'top'} formatter={(value) => write(Number(value))} />}
            </Bar>
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

export function Lines({ plot, name, write }: ChartProps) {
  return (
    <div className="plot" role="group" aria-label={name}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={SIZE}>
        <LineChart data={plot.ticks} accessibilityLayer={false} margin={{ top: 12, right: 12, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} />
          <XAxis {...NAMES} dataKey="short" minTickGap={16} padding={{ left: 20, right: 20 }} />
          <YAxis {...NUMBERS} width={44} tickFormatter={write} />
          <Tooltip content={<Hint plot={plot} write={write} />} cursor={{ className: 'cursor' }} isAnimationActive={false} />
          {plot.series.map(({ key, tone }, index) => (
            <Line
              key={key}
              type="monotone"
              dataKey={({ values }: Tick) => values[index]}
              className={tone}
              strokeWidth={2}
              dot={plot.ticks.length <= 40 ? { r: 2.5, className: tone } : false}
              activeDot={{ r: 4, className: tone }}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** More shares than these are too thin to see. */
const MOST_SHARES = 6;

interface Share {
  key: string;
  label: string;
  value: number;
  tone: string;
}

function sharesOf({ ticks }: Plot): Share[] {
  const all = ticks.map(({ key, label, values, tone }) => ({ key, label, value: values[0] ?? 0, tone }));
  const isMany = all.length > MOST_SHARES;
  const largest = isMany ? [...all].sort((a, b) => b.value - a.value).slice(0, MOST_SHARES - 1) : all;
  const rest = all.filter((share) => !largest.includes(share)).reduce((sum, { value }) => sum + value, 0);
  const shown = largest.map((share, index) => ({ ...share, tone: share.tone ?? `s${index}` }));
  return isMany ? [...shown, { key: 'rest', label: `${all.length - largest.length} others`, value: rest, tone: 'none' }] : shown;
}

function SectorShape({ cx, cy, innerRadius, outerRadius, startAngle, endAngle, payload }: PieSectorShapeProps) {
  const { tone } = payload as Share;
  return <Sector {...{ cx, cy, innerRadius, outerRadius, startAngle, endAngle }} className={tone} />;
}

export function Shares({ plot, name, write }: ChartProps) {
  const shares = sharesOf(plot);
  const all = shares.reduce((sum, { value }) => sum + value, 0);
  return (
    <div className="shares">
      <div className="plot" role="img" aria-label={`${name}, as the list beside it says`}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={SIZE}>
          <PieChart accessibilityLayer={false}>
            <Pie
              data={shares}
              dataKey="value"
              nameKey="label"
              innerRadius="58%"
              outerRadius="96%"
              startAngle={90}
              endAngle={-270}
              isAnimationActive={false}
              rootTabIndex={-1}
              shape={SectorShape}
            />
          </PieChart>
        </ResponsiveContainer>
      </div>
      <ul>
        {shares.map(({ key, label, value, tone }) => (
          <li key={key}>
            <i className={`dot ${tone}`} />
            <span>{label}</span>
            <b>{write(value)}</b>
            <small>{all > 0 ? percent(value / all) : ''}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One chunk for all of them: half of it is the library. */
export default function Chart({ kind, ...props }: ChartProps & { kind: 'BAR' | 'LINE' | 'PIE' }) {
  switch (kind) {
    case 'BAR':
      return <Bars {...props} />;
    case 'LINE':
      return <Lines {...props} />;
    case 'PIE':
      return <Shares {...props} />;
  }
}
