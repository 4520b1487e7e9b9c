// Groups as bars: below each other with their names, or beside each other in their order. A bar with something behind it is a button.
import type { KeyboardEvent } from 'react';
import { Bar, BarChart, CartesianGrid, LabelList, ResponsiveContainer, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts';
import type { Write } from '../columns';
import type { Tick } from '../plot';
import { Hint, NAMES, NUMBERS, SIZE, type ChartProps } from './axes';

/** A bar with its name needs this much height. */
const ROW = 30;
/** More names than these are a list, and the table is a better one. */
const MOST_ROWS = 20;

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
    <g
      role="button"
      tabIndex={0}
      aria-label={`${label}: ${write(values[0] ?? null)}. Show what is behind it`}
      className="way"
      onClick={open}
      onKeyDown={press}
    >
      <rect {...reach} className="reach" rx={4} />
      {rect}
    </g>
  );
}

export function Bars({ plot, name, write }: ChartProps) {
  const inRows = plot.axis === 'rows';
  const isOne = plot.series.length === 1;
  const shown = inRows ? plot.ticks.slice(0, MOST_ROWS) : plot.ticks;
  const hidden = plot.ticks.length - shown.length;
  const drawn = (
    <div className="plot" role="group" aria-label={name} tabIndex={inRows ? 0 : undefined} style={inRows ? { minHeight: shown.length * ROW } : {}}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={SIZE}>
        <BarChart
          data={shown}
          layout={inRows ? 'vertical' : 'horizontal'}
          accessibilityLayer={false}
          margin={inRows ? { top: 0, right: 52, bottom: 0, left: 0 } : { top: 20, right: 0, bottom: 0, left: 0 }}
        >
          {!inRows && <CartesianGrid vertical={false} />}
          {inRows ? <XAxis {...NUMBERS} hide /> : <XAxis {...NAMES} dataKey="short" minTickGap={12} />}
          {inRows ? <YAxis {...NAMES} dataKey="label" interval={0} width={118} tick={{ width: 106 }} /> : <YAxis {...NUMBERS} width={44} tickFormatter={write} />}
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
              {isOne && (inRows || shown.length <= 14) && (
                <LabelList
                  dataKey={(({ values }: Tick) => values[0]) as never}
                  position={inRows ? 'right' : 'top'}
                  formatter={(value) => write(Number(value))}
                />
              )}
            </Bar>
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
  return (
    <>
      {drawn}
      {hidden > 0 && (
        <p className="legend" aria-hidden="true">
          and {hidden} more in the table
        </p>
      )}
    </>
  );
}
