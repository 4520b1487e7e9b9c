// Bars for counts, each beside its count in the range before. A bar with doctors behind it is a button, for the mouse and for the
// keyboard; the empty rest of its row belongs to it, so that a short bar is as easy to hit as a long one.
import { memo, type KeyboardEvent } from 'react';
import { Bar, BarChart, CartesianGrid, LabelList, ResponsiveContainer, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts';
import { heightOf, inWords, type Count, type Lying } from './count';
import { whole } from './format';

const onBar = (value: unknown) => whole(Number(value));

/** What belongs to a bar: its whole row or column, and the bar of the range before beside it. At least 24 pixels either way. */
function reachOf(lying: Lying, { x, y, width, height }: { x?: number | null; y?: number | null; width?: number | null; height?: number | null }) {
  const [left, top, wide, high] = [x ?? 0, y ?? 0, width ?? 0, height ?? 0];
  return lying === 'rows' ? { x: left, y: top - 5, width: wide, height: high + 18 } : { x: left - 1, y: top, width: wide + 10, height: high };
}

function Shape({ x, y, width, height, background, payload, lying }: BarShapeProps & { lying: Lying }) {
  const bar = payload as Count;
  const rect = <rect x={x ?? 0} y={y ?? 0} width={Math.max(width, 0)} height={Math.max(height, 0)} rx={3} className={`now ${bar.tone ?? ''}`} />;
  const { open } = bar;
  if (!open || !background) return rect;
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  };
  return (
    <g role="button" tabIndex={0} aria-label={`${inWords(bar)}. Show them`} className="way" onClick={open} onKeyDown={press}>
      <rect {...reachOf(lying, background)} className="reach" rx={4} />
      {rect}
    </g>
  );
}

const InRow = (props: BarShapeProps) => <Shape {...props} lying="rows" />;
const InColumn = (props: BarShapeProps) => <Shape {...props} lying="columns" />;

function Hint({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const bar = payload?.[0]?.payload as Count | undefined;
  if (!active || !bar) return null;
  const { change } = bar;
  return (
    <div className="tip">
      <strong>{bar.label}</strong>
      <br />
      {whole(bar.count)}
      {bar.before !== null && change !== null && (
        <>
          , before {whole(bar.before)} ({change > 0 ? '▲ ' : change < 0 ? '▼ ' : '= '}
          {whole(Math.abs(change))})
        </>
      )}
    </div>
  );
}

function Bars({ bars, lying, name }: { bars: Count[]; lying: Lying; name: string }) {
  const inRows = lying === 'rows';
  const height = heightOf(lying, bars.length);
  const numbers = { type: 'number', allowDecimals: false, axisLine: false, tickLine: false } as const;
  const names = { type: 'category', dataKey: 'label', axisLine: false, tickLine: false, interval: 0 } as const;
  return (
    <div className="bars" role="group" aria-label={name}>
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 480, height }}>
        <BarChart
          data={bars}
          layout={inRows ? 'vertical' : 'horizontal'}
          accessibilityLayer={false}
          barGap={2}
          margin={inRows ? { top: 0, right: 44, bottom: 0, left: 0 } : { top: 20, right: 0, bottom: 0, left: 0 }}
        >
          {!inRows && <CartesianGrid vertical={false} />}
          {inRows ? <XAxis {...numbers} hide /> : <XAxis {...names} dataKey={({ short, label }: Count) => short ?? label} />}
          {/* Narrower than the axis, which has its ticks to the right of them. */}
          {inRows ? <YAxis {...names} width={104} tick={{ width: 94 }} /> : <YAxis {...numbers} width={34} />}
          <Tooltip content={<Hint />} cursor={false} isAnimationActive={false} />
          <Bar dataKey="count" shape={inRows ? InRow : InColumn} barSize={inRows ? 16 : 14} isAnimationActive={false} activeBar={false}>
            <LabelList dataKey="count" position={inRows ? 'right' : 'top'} formatter={onBar} />
          </Bar>
          {bars.some(({ before }) => before !== null) && (
            <Bar dataKey="before" className="before" barSize={6} radius={2} isAnimationActive={false} activeBar={false} />
          )}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

export default memo(Bars);
