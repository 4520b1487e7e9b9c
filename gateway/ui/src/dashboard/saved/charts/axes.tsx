// What the charts of widgets have in common: their axes, and what the mouse is told.
import type { Write } from '../columns';
import type { Plot, Tick } from '../plot';

export interface ChartProps {
  plot: Plot;
  name: string;
  write: Write;
}

export const NUMBERS = { type: 'number', axisLine: false, tickLine: false } as const;
export const NAMES = { type: 'category', axisLine: false, tickLine: false } as const;
/** Before the first measurement. */
export const SIZE = { width: 480, height: 240 };

export function Hint({
  plot,
  write,
  active,
  payload,
}: Pick<ChartProps, 'plot' | 'write'> & { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
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
