// Groups as shares of a whole: a ring for the eye, and beside it a list that says the same.
import { Pie, PieChart, ResponsiveContainer, Sector, type PieSectorShapeProps } from 'recharts';
import { percent } from '../../format';
import type { Plot } from '../plot';
import { SIZE, type ChartProps } from './axes';

/** More shares than these are too thin to see. */
const MOST_SHARES = 6;

interface Share {
  key: string;
  label: string;
  value: number;
  tone: string;
}

function sharesOf({ ticks }: Plot): Share[] {
  const all = ticks.map(({ key, label, values, own }) => ({ key, label, value: values[0] ?? 0, tone: own }));
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
