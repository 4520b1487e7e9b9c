// Groups as lines over intervals of time.
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Tick } from '../plot';
import { Hint, NAMES, NUMBERS, SIZE, type ChartProps } from './axes';

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
              // Straight: between two intervals nothing was counted that a curve could show.
              type="linear"
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
