// The fields of a widget's question that its kind and its source have.
import type { OverviewFigure, TimeUnit, WidgetDimension } from '../generated/graphql';
import { useSay } from '../terms';
import { KIND_WORDS, RISK_WORDS, STATUS_WORDS } from '../words';
import { hasGroups, hasIntervals, hasTime, type Draft, type Order } from './draft';
import { Choice, Text } from './Field';
import { DIMENSIONS, isGrouped, MEASURES, TIMES, type Only, type Source } from './query';
import { DIMENSION_NAMES, FIGURE_NAMES, measureName, TIME_NAMES, UNIT_NAMES } from './say';

const VALUES: Record<Exclude<Source, 'overview'>, { name: string; words: Record<string, string> }> = {
  doctors: { name: 'Only at these risks', words: RISK_WORDS },
  doctorList: { name: 'Only at these risks', words: RISK_WORDS },
  activities: { name: 'Only of these kinds', words: KIND_WORDS },
  cases: { name: 'Only in these states', words: STATUS_WORDS },
};

const LIST_ORDERS: readonly (readonly [string, string])[] = [
  ['NAME:ASC', 'By name'],
  ['RISK:DESC', 'The riskiest first'],
  ['LAST_CONTACT:ASC', 'The longest without contact first'],
  ['PERIOD:ASC', 'By period'],
  ['JOINED_AT:DESC', 'The latest to join first'],
];

/** The usual options, and the saved one if it is another. */
function withSaved(options: readonly (readonly [string, string])[], saved: string): readonly (readonly [string, string])[] {
  return saved === '' || options.some(([value]) => value === saved) ? options : [...options, [saved, saved]];
}

interface WhatProps {
  draft: Draft;
  wrong: Map<string, string>;
  onChange(change: Partial<Draft>): void;
}

function OnlyThese({ draft, wrong, onChange }: WhatProps) {
  const say = useSay();
  if (draft.source === 'overview') return null;
  const { name, words } = VALUES[draft.source];
  const toggle = (value: Only) =>
    onChange({ only: draft.only.includes(value) ? draft.only.filter((other) => other !== value) : [...draft.only, value] });
  const sentence = wrong.get('filter');
  return (
    <fieldset className="field">
      <legend>{say(name)}</legend>
      <div className="ticks">
        {Object.entries(words).map(([value, word]) => (
          <label key={value}>
            <input type="checkbox" checked={draft.only.includes(value as Only)} onChange={() => toggle(value as Only)} />
            {word}
          </label>
        ))}
      </div>
      {sentence !== undefined && (
        <p className="wrong" role="alert">
          {sentence}
        </p>
      )}
    </fieldset>
  );
}

function Groups({ draft, wrong, onChange }: WhatProps) {
  const say = useSay();
  const { source } = draft;
  if (!isGrouped(source)) return null;
  const dimensions = DIMENSIONS[source].map((key) => [key, say(DIMENSION_NAMES[key as WidgetDimension])] as const);
  const measures = MEASURES[source].map((measure) => [measure, measure === 'count' ? 'How many' : say(measureName(source, measure))] as const);
  const units = Object.entries(UNIT_NAMES).map(([unit, name]) => [unit, name] as const);
  const isLine = draft.kind === 'LINE';
  const orders: readonly (readonly [Order, string])[] = [
    ['usual', 'In their own order'],
    ['largest', 'The largest first'],
    ...(draft.order === 'written' ? ([['written', 'As it was written']] as const) : []),
  ];
  return (
    <>
      <Choice
        label="Figure"
        value={draft.measure}
        options={withSaved(measures, draft.measure)}
        onChoose={(measure) => onChange({ measure })}
        wrong={wrong.get('measure')}
      />
      {hasIntervals(draft) && (
        <Choice
          label="Over time, by"
          value={draft.unit}
          options={isLine ? (units as [TimeUnit, string][]) : [['', 'Not over time'], ...(units as [TimeUnit, string][])]}
          onChoose={(unit) => onChange({ unit })}
          wrong={wrong.get('bucket')}
        />
      )}
      {hasIntervals(draft) && draft.unit !== '' && TIMES[source].length > 1 && (
        <Choice
          label="Which time"
          value={draft.time}
          options={withSaved(
            TIMES[source].map((time) => [time, TIME_NAMES[time] ?? time] as const),
            draft.time,
          )}
          onChoose={(time) => onChange({ time })}
          wrong={wrong.get('field')}
        />
      )}
      {hasGroups(draft) && (
        <Choice
          label="Grouped by"
          value={draft.groupBy}
          options={withSaved([['', 'Not grouped'], ...dimensions], draft.groupBy)}
          onChoose={(groupBy) => onChange({ groupBy })}
          wrong={wrong.get('groupBy')}
        />
      )}
      {hasTime(draft) && (
        <Text
          label="Only the last … days"
          hint="1 to 3650; empty for all time. A range that a reader chooses takes its place."
          value={draft.lastDays}
          onWrite={(lastDays) => onChange({ lastDays })}
          wrong={wrong.get('lastDays')}
        />
      )}
      {hasGroups(draft) && !isLine && (
        <>
          <Choice label="Order" value={draft.order} options={orders} onChoose={(order) => onChange({ order })} wrong={wrong.get('orderBy')} />
          <Text label="At most … groups" usual="100" value={draft.first} onWrite={(first) => onChange({ first })} wrong={wrong.get('first')} />
        </>
      )}
    </>
  );
}

export function WhatIsAsked(props: WhatProps) {
  const say = useSay();
  const { draft, wrong, onChange } = props;
  if (draft.source === 'overview') {
    const figures = Object.entries(FIGURE_NAMES) as [OverviewFigure, string][];
    return (
      <Choice
        label="Which figure"
        hint="In the last 30 days, unless a reader chooses another range."
        value={draft.figure}
        options={figures.map(([figure, name]) => [figure, say(name)] as const)}
        onChoose={(figure) => onChange({ figure })}
      />
    );
  }
  return (
    <>
      <Groups {...props} />
      {draft.source === 'doctorList' && (
        <>
          <Text
            label="Only without contact for … days"
            hint="1 to 3650; empty for all."
            value={draft.withoutContactDays}
            onWrite={(withoutContactDays) => onChange({ withoutContactDays })}
            wrong={wrong.get('withoutContactDays')}
          />
          <Choice
            label="Order"
            value={draft.listOrder}
            options={withSaved(
              LIST_ORDERS.map(([value, name]) => [value, say(name)] as const),
              draft.listOrder,
            )}
            onChoose={(listOrder) => onChange({ listOrder })}
            wrong={wrong.get('orderBy')}
          />
          <Text label={say('At most … doctors')} usual="25" value={draft.first} onWrite={(first) => onChange({ first })} wrong={wrong.get('first')} />
        </>
      )}
      <OnlyThese {...props} />
    </>
  );
}
